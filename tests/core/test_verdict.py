from __future__ import annotations

import json

import pytest

from linkgate.core.index.entry import Entry, Scope
from linkgate.core.links.find import Link
from linkgate.core.url.canonical import canonicalize
from linkgate.core.verdict import ACTIONS, Kind, Match, Verdict, weigh

URL = canonicalize("http://bad.example/page")
assert URL is not None
ENTRY = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=URL, category="phishing")
LINK = Link(4, 27, "http://bad.example/page", "http://bad.example/page")


def verdict(*kinds: Kind) -> Verdict:
    return Verdict(snapshot="id", matches=tuple(Match(link=LINK, entry=ENTRY, kind=kind) for kind in kinds))


@pytest.mark.parametrize(
    ("kinds", "action"),
    [((), None), ((Kind.LOOSE,), "review"), ((Kind.NESTED,), "block"), ((Kind.LOOSE, Kind.EXACT), "block")],
)
def test_the_heaviest_action_counts(kinds: tuple[Kind, ...], action: str | None) -> None:
    assert verdict(*kinds).action == weigh(kinds) == action
    assert verdict(*kinds).flagged == (action is not None)


def test_every_kind_has_its_action() -> None:
    assert set(ACTIONS) == set(Kind)


def test_as_dict_is_json_and_holds_no_address() -> None:
    told = json.dumps(verdict(Kind.EXACT).as_dict())
    assert json.loads(told)["matches"] == [
        {"start": 4, "end": 27, "entry": "demo:1", "scope": "page", "list": "demo", "category": "phishing"}
        | {"kind": "exact", "steps": []}
    ]
    assert "bad.example" not in told


def test_entry_and_match_do_not_tell_the_address() -> None:
    assert "bad.example" not in f"{ENTRY!r} {ENTRY} {verdict(Kind.EXACT)!r}"


@pytest.mark.parametrize("thing", [ENTRY, LINK, verdict(), Match(link=LINK, entry=ENTRY, kind=Kind.LOOSE)])
def test_things_that_cross_borders_are_frozen(thing: object) -> None:
    with pytest.raises((AttributeError, TypeError)):
        thing.id = "x"  # type: ignore[attr-defined]
