"""The slowest messages that a hill-climbing search finds: `python tests/bench/slowest.py [SECONDS]`.

Message texts are put together from units that are hard on a parser; the slowest of each length and kind of
list is mutated again and again. The cost is CPU time a character, the best of three calls, and of twelve where that
is the most so far: else a search for the slowest finds what was disturbed most. What it finds worse than the bound
becomes a row of `shapes.py`.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from linkgate import Source, compile_lists
from shapes import ENDS, INSIDE, REPEATED

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.core.engine import Engine

LISTS = {
    "a front page": ["http://bad.example/"],
    "pages": [f"http://bad.example/page/{number}" for number in range(2_000)],
    "pages by a query": [f"http://bad.example/?id={number}" for number in range(2_000)],
    "pages that share a parameter": [f"http://bad.example/?same=parameter&id={number}" for number in range(5_000)],
    "directories": ["http://bad.example/dir/*", "http://bad.example/a/b/c/*"],
    "a host and all below": ["bad.example", "*.example", "bad.*"],
    "addresses": [f"192.0.2.{number}" for number in range(256)] + ["http://192.0.2.7/"],
    "Telegram": ["https://t.me/badname", "badname.t.me"],
}
LENGTHS = (100, 400, 1_500, 4_096)
UNITS = (
    *REPEATED,
    *INSIDE,
    *ENDS,
    *("&=//bad.example/?", "http://bad.example/?same=parameter&id=7", "bad.example", "/page/1", "same=parameter&"),
    *("http://192.0.2.7/", "192.0.2.7", "t.me/badname", "tg://resolve?domain=badname", " ", "id=7&"),
)
MOST_REPEATS = 40


@dataclass(slots=True)
class Slowest:
    """The slowest text of one length, as units, and its cost in seconds a character."""

    length: int
    units: list[str] = field(default_factory=lambda: ["see http://bad.example/ "])
    cost: float = 0.0

    def text(self, units: list[str]) -> str:
        """A message of units, the last ones of which are kept when it is too long."""
        joined = "".join(units)
        return (joined * (self.length // max(1, len(joined)) + 1))[-self.length :]


def mutated(units: list[str], draw: random.Random) -> list[str]:
    """One change: a unit put in, repeated, dropped, or two exchanged."""
    new = list(units)
    place = draw.randrange(len(new) + 1)
    change = draw.randrange(4)
    if change == 0 or len(new) < 2:  # nothing to drop or exchange
        new[place:place] = [draw.choice(UNITS)]
    elif change == 1:
        new[place:place] = [draw.choice(UNITS)] * draw.randrange(2, MOST_REPEATS)
    elif change == 2:
        del new[draw.randrange(len(new))]
    else:
        one, other = draw.randrange(len(new)), draw.randrange(len(new))
        new[one], new[other] = new[other], new[one]
    return new


def seconds(engine: Engine, text: str, *, calls: int = 3) -> float:
    """CPU time a character, of a check in text or as a hidden link, what is dearer; the best of some calls."""
    return max(min(_timed(check, text) for _ in range(calls)) for check in (engine.check, _hidden(engine))) / len(text)


def _hidden(engine: Engine) -> Callable[[str], object]:
    return lambda text: engine.check("", links=[text])


def _timed(check: Callable[[str], object], text: str) -> float:
    start = time.thread_time()
    check(text)
    return time.thread_time() - start


def climb(engine: Engine, slowest: Slowest, until: float, draw: random.Random) -> None:
    """Mutate the slowest text until then."""
    while time.monotonic() < until:
        units = mutated(slowest.units, draw)
        text = slowest.text(units)
        if seconds(engine, text) > slowest.cost and (cost := seconds(engine, text, calls=12)) > slowest.cost:
            slowest.units, slowest.cost = units, cost


def main() -> None:
    """Search, and print the slowest text of each kind of list and length."""
    each = float(sys.argv[1] if len(sys.argv) > 1 else 60) / len(LISTS) / len(LENGTHS)
    draw = random.Random(7)  # noqa: S311  # a search that is the same each time
    for name, lines in LISTS.items():
        source = Source(name=name, data="\n".join(lines).encode())
        engine = compile_lists([source], accept=dict.fromkeys(lines, "a benchmark")).engine
        for length in LENGTHS:
            slowest = Slowest(length)
            climb(engine, slowest, time.monotonic() + each, draw)
            print(f"{name}, {length} characters: {slowest.cost * 1e6:.1f} µs each {slowest.units!r:.300}")  # noqa: T201


if __name__ == "__main__":
    main()
