"""A gate for the tests of programs that use linkgate: `pytest_plugins = ["linkgate.pytest_fixtures"]` in conftest.py.

    @pytest.mark.linkgate("http://bad.example/page", "*.worse.example")
    def test_my_handler(linkgate_gate):
        assert my_handler("see http://bad.example/page", gate=linkgate_gate) == "rejected"

Without the mark the gate lists nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import linkgate

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "linkgate(*lines, policy=None): what the fixture `linkgate_gate` lists")


@pytest.fixture
def linkgate_gate(request: pytest.FixtureRequest) -> Iterator[linkgate.Gate]:
    """A gate in memory, which lists what the mark `linkgate` says, under its `policy` if it gives one."""
    mark = request.node.get_closest_marker("linkgate")
    compiled = linkgate.compile_lines(mark.args if mark else (), name="test")
    refused: list[linkgate.Rejected | linkgate.Quarantined] = [*compiled.report.rejected, *compiled.report.quarantined]
    for line in refused:
        raise linkgate.UsageError(f"line {line.line} of the mark `linkgate` cannot be listed: {line.reason}")
    with linkgate.Gate.fixed(compiled.engine, policy=mark.kwargs.get("policy") if mark else None) as gate:
        yield gate
