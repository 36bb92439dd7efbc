"""Law 3: message text never raises and never takes more than linear time.

Cost per character is compared with the cost in a message eight times shorter, measured in the same
run. Noise only ever makes a measurement longer, so a step that looks too steep is measured again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from addresses import page_engine
from linkgate.core.url.canonical import canonicalize
from shapes import SHAPES
from strategies import noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.core.engine import Engine

SIZES = (125, 1_000, 8_000, 64_000)
LONG_SIZES = (8_000, 64_000, 512_000, 1_000_000)
STEEPEST = 4.0
TRIES = 6
FLOOR = 1e-6  # seconds a character: below it the clock and the caches are measured, not the parser


def listed() -> Engine:
    pages = [f"http://bad.example/view?id={number}" for number in range(2_000)]
    return page_engine("http://bad.example/page", "http://bad.example/dir/", "http://wicked.example/", *pages)


ENGINE = listed()


def cost(work: Callable[[], object], size: int) -> float:
    """Seconds a character."""
    start = time.thread_time()
    work()
    return (time.thread_time() - start) / size


def assert_flat(make: Callable[[int], str], check: Callable[[str], object], sizes: tuple[int, ...]) -> None:
    known = FLOOR
    for size in sizes:
        text = make(size)

        def once(text: str = text) -> object:
            return check(text)

        best = cost(once, len(text))
        for _ in range(TRIES):
            if best <= known * STEEPEST:
                break
            best = min(best, cost(once, len(text)))
        assert size == sizes[0] or best <= known * STEEPEST, f"{size} characters: {best * 1e6:.1f} µs each"
        known = max(known, best)


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
    few = SIZES if check in (in_text, hidden) else SIZES[:-1]
    assert_flat(SHAPES[shape], check, few)


@pytest.mark.usefixtures("long_run")
@pytest.mark.parametrize("check", [in_text, hidden])
def test_cost_is_linear_up_to_a_megabyte(check: Callable[[str], object]) -> None:
    for make in SHAPES.values():
        assert_flat(make, check, LONG_SIZES)


@given(noise(), noise())
def test_nothing_raises(text: str, link: str) -> None:
    ENGINE.check(f"{text} bad.example {link}", links=[text, f"http://bad.example{link}", f"tg:{link}"])
    ENGINE.lookup(text)
    ENGINE.explain(link)
    canonicalize(f"http://{link}")
