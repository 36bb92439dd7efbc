"""automaton: Aho-Corasick over needles, read backwards; the only module that imports `ahocorasick`.

Needles go in reversed and text is read backwards, so that of all listed hosts only a dot leaves the root:
the cost of a character hardly grows with the list.

>>> automaton = Automaton([("bad.", 1), ("](", 2)])
>>> list(automaton.hits("see bad.example"))
[(8, 1)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import ahocorasick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Meaning = TypeVar("Meaning")


class Automaton(Generic[Meaning]):
    """Needles, each with a meaning. Immutable once built; of a needle given twice the last meaning counts."""

    __slots__ = ("_iterate",)

    def __init__(self, needles: Iterable[tuple[str, Meaning]]) -> None:
        automaton = ahocorasick.Automaton()
        for needle, meaning in needles:
            automaton.add_word(needle[::-1], meaning)
        automaton.make_automaton()
        self._iterate = automaton.iter if len(automaton) else None

    def hits(self, text: str) -> Iterator[tuple[int, Meaning]]:
        """Every place where a needle begins, from the last one to the first, with the meaning of the needle.

        The first of a pair is counted from the end of the text to the start of the needle, the needle included.
        """
        return self._iterate(text[::-1]) if self._iterate else iter(())
