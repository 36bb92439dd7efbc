"""Brackets of one kind in a word: the first closing one that closes nothing behind a place.

>>> closing = Brackets.of("a(b)c)d", ")", "(")
>>> closing.after(0, 9), closing.after(2, 9), closing.after(6, 9)
(5, 3, 9)
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brackets:
    """places: of all brackets; enclosing: for each, what closes the innermost pair around the text before it."""

    places: list[int]
    enclosing: list[int]

    @classmethod
    def of(cls, word: str, closing: str, opening: str) -> Brackets:
        """Read a word from its end: what is unmatched before a bracket depends on what follows."""
        places = [found.start() for found in re.finditer(f"[{re.escape(opening + closing)}]", word)]
        enclosing: list[int] = []
        pending: list[int] = []  # closing brackets that nothing behind the place opens, the nearest one last
        for place in reversed(places):
            if word[place] == closing:
                pending.append(place)
            elif pending:
                pending.pop()
            enclosing.append(pending[-1] if pending else len(word))
        return cls(places, enclosing[::-1])

    def after(self, place: int, last: int) -> int:
        """Where the first closing bracket stands, from `place` on, that closes nothing from there on; else `last`."""
        slot = bisect_left(self.places, place)
        return min(self.enclosing[slot], last) if slot < len(self.places) else last
