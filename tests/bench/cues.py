"""How common the cues of each disguise and wrapper are: `python tests/bench/cues.py`; 1 where one is over its budget.

A cue costs a search of its row's pattern around it. What counts is how many of them stand in a thousand chat
messages, and in a thousand posts.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

import data
from linkgate.core.disguises import DISGUISES
from linkgate.core.prefilter.automaton import Automaton, backwards
from linkgate.core.prefilter.cues import PATTERNS, pattern_cues
from linkgate.core.text.fold import fold_characters
from linkgate.core.wrappers import WRAPPERS, Wrapper

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.core.text.undoing import Disguise

BUDGET = {"chat": 60.0, "posts": 2_000.0}
"""Cues of one row in a thousand messages, at most."""


def main() -> int:
    """Print a row for each pattern."""
    rows: list[Disguise | Wrapper] = [*DISGUISES, *WRAPPERS]
    names = {id(row.pattern): row.name for row in rows}
    counts = {"chat": counted(data.messages()[::10]), "posts": counted(data.posts()[::10])}
    table = Table("row", *counts, title="cues in a thousand messages")
    over = False
    for place, pattern in enumerate(PATTERNS):
        found = {corpus: count.get(place, 0.0) for corpus, count in counts.items()}
        over |= any(found[corpus] > BUDGET[corpus] for corpus in found)
        table.add_row(names.get(id(pattern), "attributes of HTML"), *(f"{count:,.1f}" for count in found.values()))
    Console(width=120).print(table)
    return 1 if over else 0


def counted(texts: Iterable[str]) -> dict[int, float]:
    """For each pattern, by its place, how many of its cues stand in a thousand texts."""
    bits: Counter[str] = Counter()
    for cue, bit in pattern_cues():
        bits[cue] |= bit
    automaton = Automaton(bits.items())
    found: Counter[int] = Counter()
    several = list(texts)
    for text in several:
        for _, bit in automaton.hits(backwards(fold_characters(text))):
            found.update(place for place in range(len(PATTERNS)) if bit >> place & 1)
    return {place: count * 1000 / len(several) for place, count in found.items()}


if __name__ == "__main__":
    sys.exit(main())
