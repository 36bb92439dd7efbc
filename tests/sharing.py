"""Who of pytest-xdist's workers runs which test: a file stays whole, so that what its tests share is made once.

Engines, servers and browsers would otherwise be made in each of four workers, and a Spark is a Java machine. Long
files come first, or one worker would be left with the last of them; those whose tests share nothing are dealt out
test by test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest

_OF_SPARK = ("tests/test_spark.py", "tests/fronts/inputs/test_input_same_hits.py")
_TEST_BY_TEST = (
    *("tests/fronts/test_killed_scans.py", "tests/test_browser.py", "tests/lists/test_churn.py"),
    "tests/lists/test_killed.py",
)
_FIRST = (
    *_OF_SPARK,
    *("tests/fronts/inputs/test_input_servers.py", "tests/fronts/inputs/test_input_forms.py", "tests/test_linear.py"),
    *("tests/test_laws.py", "tests/fronts/test_nothing_leaves.py", "tests/selftest/test_selftesting.py"),
    *("tests/fronts/test_configured.py", "tests/fronts/server/test_stopping.py", "tests/test_recipes.py"),
    *("tests/fronts/test_every_command.py", "tests/fronts/server/test_sidecar.py", "tests/test_readme.py"),
    *_TEST_BY_TEST,
)


class WholeFiles(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Deals out files, each to a worker that has nearly done what it has."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path in _TEST_BY_TEST:
            return nodeid
        return _OF_SPARK[0] if path in _OF_SPARK else path


def long_ones_first(items: list[pytest.Item]) -> None:
    """Put the tests of the long files first, and leave the order of the others."""
    places = {path: place for place, path in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
