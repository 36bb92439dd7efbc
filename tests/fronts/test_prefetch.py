"""Reading ahead: one item, in order, and no further when nobody wants more."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.fronts.archive.prefetch import feeding


@given(st.lists(st.none() | st.integers()))
def test_everything_in_order(items: list[int | None]) -> None:
    with feeding(iter(items)) as feed:
        assert list(feed) == items


def test_what_reading_raises_is_raised_where_the_item_is_awaited() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError

    with feeding(failing()) as feed:
        assert feed.take() == (1,)
        with pytest.raises(LookupError):
            feed.take()


@pytest.mark.parametrize("taken", range(5))
def test_an_early_end_closes_what_is_read(taken: int) -> None:
    given_out, closed = [], threading.Event()

    def reading() -> Iterator[int]:
        try:
            for number in range(1_000):
                given_out.append(number)
                yield number
        finally:
            closed.set()

    with feeding(reading()) as feed:
        for _ in range(taken):
            feed.take()
    assert closed.wait(60)
    assert len(given_out) <= taken + 3


def test_a_silent_source_holds_nobody_up() -> None:
    silent = threading.Event()

    def reading() -> Iterator[int]:
        yield 1
        silent.wait(60)

    with feeding(reading()) as feed:
        assert feed.take() == (1,)
        assert not feed.bell.poll(0)
    silent.set()
