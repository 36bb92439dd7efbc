"""CPU time a character of messages up to a megabyte: `python tests/bench/linear.py`.

Of each shape of tests/shapes.py, in text and as a hidden link, the best of several tries; what grows more than
fourfold from one size to the next is marked. Calls are counted by tests/test_linear.py; here the time of single calls
of `re` shows.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from shapes import SHAPES
from test_linear import hidden, in_text

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (8_000, 64_000, 512_000, 1_000_000)
STEEPEST = 4.0
TRIES = 3
FLOOR = 1e-6
"""Seconds a character: below it the clock and the caches are measured."""


def seconds(check: Callable[[str], object], text: str) -> float:
    """CPU time a character, the best of some tries."""
    found = []
    for _ in range(TRIES):
        start = time.thread_time()
        check(text)
        found.append(time.thread_time() - start)
    return min(found) / len(text)


def main() -> int:
    """Print a line for each shape. Out: 1 where one is not linear."""
    steep = 0
    for check in (in_text, hidden):
        for name, make in SHAPES.items():
            each = [seconds(check, make(size)) for size in SIZES]
            known = [max(FLOOR, *each[:number]) for number in range(1, len(each))]
            worse = any(one > before * STEEPEST for one, before in zip(each[1:], known, strict=True))
            steep += worse
            shown = "  ".join(f"{one * 1e6:7.2f}" for one in each)
            mark = "  NOT LINEAR" if worse else ""
            sys.stdout.write(f"{check.__name__:8} {name[:40]:40} {shown} us a character{mark}\n")
    return int(bool(steep))


if __name__ == "__main__":
    sys.exit(main())
