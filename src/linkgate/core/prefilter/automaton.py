"""automaton: Aho-Corasick over needles, read backwards; the only module that imports `ahocorasick`.

Needles go in reversed and text is read backwards, so that of all listed hosts only a dot leaves the root:
the cost of a character hardly grows with the list.

>>> automaton = Automaton([("bad.", 1), ("](", 2)])
>>> list(automaton.hits("see bad.example"[::-1]))
[(10, 1)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import ahocorasick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Meaning = TypeVar("Meaning")


class Automaton(Generic[Meaning]):
    """Needles, each with a meaning. Immutable once built; of a needle given twice the last meaning counts."""

    __slots__ = ("hits",)

    def __init__(self, needles: Iterable[tuple[str, Meaning]]) -> None:
        automaton = ahocorasick.Automaton()
        for needle, meaning in needles:
            automaton.add_word(needle[::-1], meaning)
        automaton.make_automaton()
        self.hits: Callable[[str], Iterator[tuple[int, Meaning]]] = automaton.iter if len(automaton) else _none
        """Where needles begin in a text that is given backwards, from its last character on, which is 0."""


def _none(_: str) -> Iterator[Any]:
    return iter(())
