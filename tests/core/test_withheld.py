"""No listed address, and no link as its poster wrote it, in what objects say of themselves (law 9)."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict

import pytest

import linkgate

LISTED = "http://bad.example/page"
ENGINE = linkgate.compile_lines([LISTED, "*.worse.example"], name="demo").engine
VERDICT = ENGINE.check(f"see {LISTED}?utm_source=x and a.worse.example", links=[LISTED])
EXPLANATION = ENGINE.explain("hxxp://www.bad[.]example/page/")
WORDS = ("bad.example", "bad[.]example", "worse", "/page")


def told(value: object) -> str:
    return f"{value!r} {value!s}"


def leaks(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


def test_repr() -> None:
    assert len(VERDICT.matches) == 3
    assert EXPLANATION.verdict.flagged
    for value in (VERDICT, EXPLANATION, VERDICT.matches, linkgate.find_links(LISTED), EXPLANATION.stages):
        assert not leaks(told(value))
    assert not leaks(repr(linkgate.canonicalize(LISTED)))
    assert str(linkgate.canonicalize(LISTED)) == LISTED


def test_asdict() -> None:
    for value in (VERDICT, VERDICT.matches[0], EXPLANATION):
        assert not leaks(told(asdict(value)))
    [one, *_] = asdict(VERDICT)["matches"]
    assert (one["entry"].id, one["link"].start, one["link"].text) == ("demo:1", 4, "")


def test_pickles_and_copies() -> None:
    for value in (VERDICT, VERDICT.matches[0], VERDICT.matches[0].entry, VERDICT.matches[0].link):
        assert not leaks(pickle.dumps(value).decode("latin-1"))
        assert not leaks(told(copy.deepcopy(value)))
    again = pickle.loads(pickle.dumps(VERDICT))  # noqa: S301  # ours
    assert again.as_dict() == VERDICT.as_dict()
    with pytest.raises(TypeError, match="an Explanation cannot be pickled: it holds an address"):
        pickle.dumps(EXPLANATION)


def test_links_are_equal_by_what_they_are() -> None:
    one, other = linkgate.find_links(LISTED), linkgate.find_links(LISTED)
    assert one == other
    assert {*one} == {*other}
    assert one[0] != one[0].text
