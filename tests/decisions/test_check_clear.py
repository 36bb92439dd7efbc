"""`check_clear` says what `check` says, or nothing; and where it says nothing, it leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk import page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policed import RECORD, desk, gate_of, records

import linkgate
from linkgate import Gate, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from linkgate import Verdict

SURFACES = "[surfaces]\npublic = true\nprivate = false\n"
PIECES = ["good morning", page(0), "bad0 . example/page", "http://other.example/", "www.bad1.example/page/", "&#98;ad"]
KINDS = ("engine alone", "policy", "configuration")
messages = given(
    text=st.lists(st.sampled_from(PIECES), max_size=3).map(" ".join),
    links=st.lists(st.sampled_from(PIECES), max_size=2),
    surface=st.sampled_from(["public", "private", "forum"]),
)


@pytest.fixture(scope="module", params=KINDS)
def gate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    engine = linkgate.compile_lines([page(number) for number in range(4)]).engine
    if request.param == "configuration":
        made: Gate = gate_of(desk(tmp_path_factory.mktemp("clear"), rest=SURFACES))
    else:
        policy = Policy(surfaces={"private": False}) if request.param == "policy" else None
        made = Gate.fixed(engine, policy=policy)
    with made:
        yield made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@messages
def test_it_says_what_a_check_says(gate: Gate, text: str, links: list[str], surface: str) -> None:
    verdict, found = (
        gate.check(text, links=links, surface=surface),
        gate.check_clear(text, links=links, surface=surface),
    )
    if found is None:
        assert gate.engine.cleared(text, links) is None
    else:
        assert found == verdict
        assert (found.matches, found.links) == ((), None)


def test_each_message_is_counted_once(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=RECORD + SURFACES)
    seen: list[Verdict] = []
    with gate_of(made) as gate:
        gate.observe(lambda verdict, _seconds: seen.append(verdict))
        assert gate.check_clear(page(0), surface="forum") is None
        assert (seen, gate.status().unknown_surfaces, records(made)) == ([], {}, [])
        assert gate.check(page(0), surface="forum").flagged
        assert gate.check_clear("good morning", surface="forum") is seen[-1]
        assert gate.check_clear(page(0), surface="private") is seen[-1]  # off: not read
        assert [verdict.scanned for verdict in seen] == [True, True, False]
        assert gate.status().unknown_surfaces == {"forum": 2}
    assert len(records(made)) == 1


class LinksThatReload(list[str]):
    """Links that are read while another list takes the place of the one that is asked."""

    def __init__(self, links: list[str], reload: Callable[[], object]) -> None:
        super().__init__(links)
        self._reload = reload

    def __iter__(self) -> Iterator[str]:
        self._reload()
        return super().__iter__()


def test_a_reload_in_the_midst_of_it_changes_nothing(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=RECORD)
    with gate_of(made) as gate:
        before = gate.engine.snapshot
        made.put("partner.txt", "".join(f"{page(each)}\n" for each in range(5)).encode())
        made.update()
        found = gate.check_clear("good morning", links=LinksThatReload([page(4)], gate.reload))
        assert found is not None
        assert (found.snapshot, gate.engine.snapshot != before) == (before, True)
        assert gate.check_clear("good morning", links=[page(4)]) is None
