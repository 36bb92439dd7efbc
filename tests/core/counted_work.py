"""Work as a number of calls, of Python's functions and of C's: the same on every machine, however busy."""

from collections.abc import Callable
from cProfile import Profile

GROWTH = 4.5
"""What four times the input may cost, at most, where work is linear."""


def calls(work: Callable[[], object]) -> int:
    """How many functions some work calls, in this thread; counted in C, as millions are."""
    profile = Profile(subcalls=False)
    profile.runcall(work)
    return sum(each.callcount for each in profile.getstats())


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes not much more than four times the calls."""
    return calls(lambda: work(4 * size)) <= GROWTH * calls(lambda: work(size)) + 200
