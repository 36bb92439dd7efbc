"""Work as a number of calls, of Python's functions and of C's: the same on every machine, however busy."""

import sys
from collections.abc import Callable

GROWTH = 4.5
"""What four times the input may cost, at most, where work is linear."""


def calls(work: Callable[[], object]) -> int:
    """How many functions some work calls, in this thread."""
    count = 0

    def counted(_frame: object, event: str, _value: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes not much more than four times the calls."""
    return calls(lambda: work(4 * size)) <= GROWTH * calls(lambda: work(size)) + 200
