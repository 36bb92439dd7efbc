"""Law 3: message text never raises and never takes more than linear time.

Work is counted, as calls of functions: no machine, however busy, changes it. What a single call of `re` costs is
measured as time by tests/bench/linear.py and tests/bench/slowest.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from counted_work import calls
from hypothesis import given

from addresses import page_engine
from linkgate.core.url.canonical import canonicalize
from shapes import SHAPES
from strategies import noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.core.engine import Engine

SIZES = (1_000, 8_000)  # shorter ones have more readings a character: the budget has a part that is constant
LOOKUP_SIZES = (4_000, 16_000)  # a URL is read with all that stands inside it, up to a number of levels
STEEPEST = 2.0
"""How much more work a character may be than in a message eight times shorter."""
FEW = 2.0  # calls a character: below it what a message costs is counted, not what a character does


def listed() -> Engine:
    pages = [f"http://bad.example/view?id={number}" for number in range(2_000)]
    return page_engine("http://bad.example/page", "http://bad.example/dir/", "http://wicked.example/", *pages)


ENGINE = listed()


def assert_flat(make: Callable[[int], str], check: Callable[[str], object], sizes: tuple[int, ...] = SIZES) -> None:
    check(make(sizes[0]))  # what is worked out once for all messages
    known = FEW
    for size in sizes:
        text = make(size)
        each = calls(lambda text=text: check(text)) / len(text)  # type: ignore[misc]  # it is called at once
        assert size == sizes[0] or each <= known * STEEPEST, (
            f"{size} characters: {each:.1f} calls each, not {known:.1f}"
        )
        known = max(known, each)


def in_text(text: str) -> object:
    """What is cleared at a glance is judged too, or the judge would see the long ones alone."""
    return ENGINE.check(text), ENGINE._matcher.message(text)


def hidden(text: str) -> object:
    return ENGINE.check("", links=[text])


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_reach_the_judge(shape: str) -> None:
    found = ENGINE._prefilter.search(SHAPES[shape](125))
    assert found.words or found.disguised


@pytest.mark.parametrize("check", [in_text, hidden, ENGINE.lookup, ENGINE.explain])
@pytest.mark.parametrize("shape", SHAPES)
def test_cost_is_linear(shape: str, check: Callable[[str], object]) -> None:
    assert_flat(SHAPES[shape], check, SIZES if check in (in_text, hidden) else LOOKUP_SIZES)


def test_what_is_not_linear_is_found() -> None:
    def compare(text: str) -> object:
        return [[char.upper() for char in text] for _ in text]

    with pytest.raises(AssertionError, match="calls each"):
        assert_flat(lambda size: "x" * (size // 16), compare)


@given(noise(), noise())
def test_nothing_raises(text: str, link: str) -> None:
    ENGINE.check(f"{text} bad.example {link}", links=[text, f"http://bad.example{link}", f"tg:{link}"])
    ENGINE.lookup(text)
    ENGINE.explain(link)
    canonicalize(f"http://{link}")
