"""The laws of policy: the heaviest action counts, shadow never blocks, shares only grow, a surge only lightens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.index.entry import Entry, Scope
from linkgate.core.links.find import Link
from linkgate.core.url.canonical import canonicalize
from linkgate.core.verdict import ACTIONS, Kind, Match, Verdict, weigh
from linkgate.decisions.policy import Policy, Rule, in_share

if TYPE_CHECKING:
    from linkgate.core.verdict import Action

PAGE = canonicalize("http://bad.example/page")
LINK = Link(0, 23, "http://bad.example/page", "http://bad.example/page")
WEIGHTS: dict[str | None, int] = {None: 0, "log": 1, "review": 2, "block": 3}
NAMES = ("one", "two", "three")
SHARES = (0.0, 0.001, 0.1, 0.5, 0.99, 1.0)


def match(name: str, kind: Kind, number: int = 1) -> Match:
    entry = Entry(id=f"{name}:{number}", scope=Scope.PAGE, list=name, url=PAGE)  # type: ignore[arg-type]  # it is one
    return Match(link=LINK, entry=entry, kind=kind)


ACTION = st.sampled_from(("block", "review", "log"))
KINDS = st.sampled_from(list(Kind))
MATCHES = st.lists(st.builds(match, st.sampled_from(NAMES), KINDS, st.integers(1, 3)), max_size=5).map(tuple)
RULES = st.builds(Rule, actions=st.dictionaries(KINDS, ACTION), shadow=st.booleans(), share=st.sampled_from(SHARES))
KEYS = st.tuples(
    st.sampled_from(NAMES), st.none() | st.builds("{}:{}".format, st.sampled_from(NAMES), st.integers(1, 3))
)
POLICIES = st.builds(
    Policy, rules=st.dictionaries(st.sampled_from(NAMES), RULES), surges=st.frozensets(KEYS, max_size=4)
)
MESSAGES = st.none() | st.text()


def under(policy: Policy | None, matches: tuple[Match, ...], message: str | None) -> Verdict:
    return Verdict(snapshot="id", matches=matches, policy=policy, message=message)


@given(policy=POLICIES, matches=MATCHES, message=MESSAGES)
def test_the_heaviest_action_wins(policy: Policy, matches: tuple[Match, ...], message: str | None) -> None:
    verdict = under(policy, matches, message)
    asked = [WEIGHTS[ruling.action] for ruling in verdict.rulings]
    assert WEIGHTS[verdict.action] == max(asked, default=0)
    assert verdict.flagged == (max(asked, default=0) >= 2)
    assert len(verdict.rulings) == len(matches)


@given(policy=POLICIES, matches=MATCHES, message=MESSAGES)
def test_a_policy_never_makes_it_heavier_than_asked(
    policy: Policy, matches: tuple[Match, ...], message: str | None
) -> None:
    for found, ruling in zip(matches, under(policy, matches, message).rulings, strict=True):
        assert WEIGHTS[ruling.action] <= WEIGHTS[ruling.asked]
        assert ruling.asked == policy.asks(found.entry.list, found.kind)
        assert ruling.held is not None or ruling.action == ruling.asked


@given(policy=POLICIES, matches=MATCHES, message=MESSAGES)
def test_shadow_never_blocks(policy: Policy, matches: tuple[Match, ...], message: str | None) -> None:
    shadow = Policy(rules={name: Rule(shadow=True) for name in NAMES}, surges=policy.surges)
    verdict = under(shadow, matches, message)
    assert not verdict.flagged
    assert {ruling.action for ruling in verdict.rulings} <= {"log"}
    assert [ruling.asked for ruling in verdict.rulings] == [ACTIONS[found.kind] for found in matches]


@given(matches=MATCHES, message=MESSAGES)
def test_an_empty_policy_weighs_as_no_policy_does(matches: tuple[Match, ...], message: str | None) -> None:
    kinds = weigh(found.kind for found in matches)
    assert under(Policy(), matches, message).action == under(None, matches, message).action == kinds


@given(policy=POLICIES, matches=MATCHES, message=MESSAGES, more=st.frozensets(KEYS, min_size=1, max_size=3))
def test_a_surge_makes_it_review_at_most_and_nothing_else_heavier(
    policy: Policy, matches: tuple[Match, ...], message: str | None, more: frozenset[tuple[str, str | None]]
) -> None:
    before = under(policy, matches, message).rulings
    after = under(policy.capped(policy.surges | more), matches, message).rulings
    for found, was, now in zip(matches, before, after, strict=True):
        if (found.entry.list, None) in more or (found.entry.list, found.entry.id) in more:
            assert WEIGHTS[now.action] == min(WEIGHTS[was.action], 2)
        else:
            assert now == was


@given(name=st.sampled_from(NAMES), message=MESSAGES, shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_who_is_in_a_small_share_is_in_a_larger_one(
    name: str, message: str | None, shares: tuple[float, float]
) -> None:
    small, large = sorted(shares)
    assert in_share(name, message, large) or not in_share(name, message, small)
    assert in_share(name, message, 1.0)
    assert not in_share(name, message, 0.0)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_a_share_is_as_large_as_it_says_and_each_list_draws_its_own(share: float) -> None:
    one = {number for number in range(20_000) if in_share("one", str(number), share)}
    two = {number for number in range(20_000) if in_share("two", str(number), share)}
    assert abs(len(one) / 20_000 - share) < 0.015
    assert abs(len(one & two) / 20_000 - share * share) < 0.015


def test_a_message_without_an_id_waits_for_the_whole_share() -> None:
    policy = Policy(rules={"one": Rule(share=0.999999)})
    ruling = under(policy, (match("one", Kind.EXACT),), None).rulings[0]
    assert (ruling.action, ruling.asked, ruling.held) == ("log", "block", "share")


def test_half_a_character_in_an_id_is_an_id() -> None:
    assert in_share("one", "\ud800", 0.5) in {True, False}


@pytest.mark.parametrize("action", ["block", "review", "log"])
def test_a_list_says_what_a_kind_asks_for(action: Action) -> None:
    policy = Policy(rules={"one": Rule(actions={Kind.LOOSE: action})})
    assert under(policy, (match("one", Kind.LOOSE),), "id").action == action
    assert under(policy, (match("two", Kind.LOOSE),), "id").action == "review"
    assert under(policy, (match("one", Kind.EXACT),), "id").action == "block"


def test_a_verdict_under_a_policy_tells_it_and_no_address() -> None:
    told = under(Policy(rules={"one": Rule(shadow=True)}), (match("one", Kind.EXACT),), "secret id").as_dict()
    assert (told["flagged"], told["action"], told["scanned"]) == (False, "log", True)
    shown = {name: told["matches"][0][name] for name in ("action", "asked", "held")}
    assert shown == {"action": "log", "asked": "block", "held": "shadow"}
    assert "bad.example" not in json.dumps(told)
    assert "secret id" not in repr(under(Policy(), (), "secret id"))
