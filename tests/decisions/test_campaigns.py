"""Campaigns and the early warning: counted as the plain way counts, in little room."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkgate.decisions import repeats
from linkgate.decisions.accounts import accounts_in
from linkgate.decisions.campaigns import campaigns_in
from linkgate.decisions.repeats import RepeatWindow
from linkgate.errors import UsageError
from linkgate.lists.accounts_config import RepeatRule

BEGAN = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)


def hit(actor: str, entry: str, second: float, message: str = "m", **more: Any) -> dict[str, Any]:
    time = (BEGAN + dt.timedelta(seconds=second)).isoformat()
    row = {"file": "f", "place": 1, "actor": actor, "list": "l", "entry": entry, "kind": "exact", "time": time}
    return row | {"id": message, "steps": [], "spelling": "00"} | more


def most(rows: list[tuple[float, str]], within: float) -> int:
    """The plain way: for each sighting all that are no older than that before it."""
    return max(len({name for other, name in rows if at - within < other <= at}) for at, _ in rows)


SEEN = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("12"), st.integers(0, 40), st.sampled_from("mno")), min_size=1
)


@settings(max_examples=60, deadline=None)
@given(seen=SEEN, within=st.sampled_from((1, 7, 1000)))
def test_windows_are_those_of_the_plain_way(seen: list[tuple[str, str, int, str]], within: int) -> None:
    hits = [hit(actor, entry, second * 60, message) for actor, entry, second, message in seen]
    found = {row.entry: row for row in campaigns_in(hits, min_actors=1, within=within * 60.0)}
    for entry in {each[1] for each in seen}:
        rows = [(second * 60.0, actor) for actor, name, second, _ in seen if name == entry]
        posts = [(second * 60.0, message) for _, name, second, message in seen if name == entry]
        assert found[entry].within == most(rows, within * 60.0)
        assert found[entry].burst == most(posts, 600.0)
        assert found[entry].actors == len({actor for _, actor in rows})


def test_entries_with_mostly_the_same_accounts_are_one_cluster() -> None:
    groups = {"1": "abcde", "2": "abcdef", "3": "vwxyz", "4": "cdefg", "5": "vwxyzabcdefg"}
    hits = [hit(actor, entry, 0) for entry, actors in groups.items() for actor in actors]
    found = {row.entry: row.cluster for row in campaigns_in(hits, min_actors=4)}
    assert found == {"1": 1, "2": 1, "4": 1, "3": None, "5": 1}  # 4 shares four of seven with 2; 5 six of twelve
    found = {row.entry: row.cluster for row in campaigns_in(hits[:16], min_actors=5)}
    assert found == {"1": 1, "2": 1, "3": None}


def test_names_may_hold_what_lists_of_names_are_made_of() -> None:
    hits = [hit("e1:ab", str(number), number, str(number), category='x,"y') for number in range(3)]
    (row,) = accounts_in(hits)
    assert row.categories == ('x,"y',)


def test_a_hit_without_a_time_or_an_account_is_no_campaign_and_no_account() -> None:
    hits = [hit("e1:ab", "1", 0), hit("", "1", 0), hit("e1:cd", "1", 0) | {"time": None}]
    assert [(row.actors, row.within) for row in campaigns_in(hits, min_actors=1)] == [(2, 1)]
    found = {row.actor: row.first for row in accounts_in(hits, min_messages=1, min_entries=1)}
    assert found == {"e1:ab": "2026-01-31T00:00:00Z", "e1:cd": None}


@pytest.mark.parametrize(("held", "kind"), [("disputed", "exact"), (None, "loose"), (None, "near")])
def test_what_says_nothing_of_anybody_is_not_counted(held: str | None, kind: str) -> None:
    hits = [hit("e1:ab", str(number), number, str(number), held=held, kind=kind) for number in range(3)]
    assert list(accounts_in(hits)) == []


def test_no_room_beside_is_told_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkgate.decisions.sightings._TABLES", "pragma max_page_count = 8; create table who (a text);")
    with pytest.raises(UsageError, match="set SQLITE_TMPDIR to a folder with more room"):
        list(accounts_in([hit("e1:ab", "1", 0)]))


# --- the early warning


def test_the_window_forgets_the_stillest_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST_ACTORS", 10)
    monkeypatch.setattr(repeats, "MOST_SEEN", 30)
    window = RepeatWindow(RepeatRule(messages=3, entries=2, within=1000))

    def add(actor: str, number: int) -> bool:
        entry = ("l", str(number % 2))
        return window.add(actor, message=str(number), entry=entry, now=float(number), day="d") is not None

    told = [number for number in range(3) if add("busy", number)]
    for number in range(3, 200):
        add(f"once{number}", number)
        assert len(window._seen) <= 10
        assert window.sightings == sum(len(each.recent) for each in window._seen.values()) <= 30
    assert told == [2]
    assert "busy" not in window._seen
    for number in range(200, 300):
        add("flood", number)
    assert window.sightings == sum(len(each.recent) for each in window._seen.values())


def test_a_message_id_of_any_length_takes_no_room() -> None:
    window = RepeatWindow(RepeatRule())
    window.add("a", message="m" * 10**6, entry=("l", "e" * 10**6), now=0.0, day="d")
    assert all(isinstance(each, int) for each in window._seen["a"].recent[0][1:])
