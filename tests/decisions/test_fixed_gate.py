"""A gate in memory, and the fixture that hands one to other people's tests."""

from __future__ import annotations

import threading

import pytest

import linkgate
from linkgate import Gate, Kind, Policy, Rule

pytest_plugins = ["pytester"]

LISTED = "http://bad.example/page"
ENGINE = linkgate.compile_lines([LISTED], name="demo").engine


def test_it_answers_as_its_engine_and_starts_nothing() -> None:
    before = threading.active_count()
    with Gate.fixed(ENGINE) as gate:
        assert gate.check(f"see {LISTED}") == ENGINE.check(f"see {LISTED}")
        assert (gate.lookup(LISTED).action, gate.check("hello").flagged) == ("block", False)
        assert (gate.reload(), gate.reload(force=True), gate.status().ok, gate.lists) == (False, False, True, ())
        assert threading.active_count() == before


@pytest.mark.parametrize(
    ("policy", "action", "held"),
    [
        (Policy(), "block", None),
        (Policy(rules={"demo": Rule(shadow=True)}), "log", "shadow"),
        (Policy(rules={"demo": Rule(actions={Kind.EXACT: "review"})}), "review", None),
    ],
)
def test_it_follows_its_policy(policy: Policy, action: str, held: str | None) -> None:
    gate = Gate.fixed(ENGINE, policy=policy)
    verdict = gate.check(f"see {LISTED}", surface="forum", message="m")
    assert (verdict.action, verdict.rulings[0].held, verdict.surface) == (action, held, "forum")
    assert gate.lookup(LISTED).action == action


def test_a_surface_may_be_off() -> None:
    gate = Gate.fixed(ENGINE, policy=Policy(surfaces={"private": False}))
    assert gate.check(LISTED, surface="private").scanned is False
    assert gate.check(LISTED).flagged


def test_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["linkgate.pytest_fixtures"]')
    pytester.makepyfile(
        """
        import linkgate, pytest

        @pytest.mark.linkgate("http://bad.example/page")
        def test_listed(linkgate_gate):
            assert linkgate_gate.check("see bad.example/page").action == "block"

        @pytest.mark.linkgate("bad.example", policy=linkgate.Policy(rules={"test": linkgate.Rule(shadow=True)}))
        def test_policy(linkgate_gate):
            assert linkgate_gate.check("see bad.example").action == "log"

        def test_nothing(linkgate_gate):
            assert not linkgate_gate.check("see bad.example/page").flagged

        @pytest.mark.linkgate("no such address")
        def test_a_line_that_lists_nothing_is_said(linkgate_gate):
            pass
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--strict-markers")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*line 1 of the mark `linkgate` cannot be listed*"])
