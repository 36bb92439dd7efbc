"""automaton: Aho-Corasick over needles, read backwards; the only module that imports `ahocorasick`.

Needles go in reversed and text is read backwards, so that of all listed hosts only a dot leaves the root:
the cost of a character hardly grows with the list. It grows with the characters in which needles end, as nearly
every character of a text is compared with all of them; so characters that need not be told apart are read as one.

>>> automaton = Automaton([(alike("bad7."), 1), ("](", 2)])
>>> list(automaton.hits(backwards("see BAD2.example")))
[(11, 1)]
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import ahocorasick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Meaning = TypeVar("Meaning")

ALIKE = (string.digits, "])}>", ":;", "*~`|")
"""Each as the first of them: digits, and signs that mean the same to cues and are rare in texts."""
ODD = 0
"""What a character is read as that makes a text one that is not plain: `%`, and controls that are no white space."""
CONTROLS = "".join(char for char in map(chr, (*range(0x20), 0x7F)) if char not in string.whitespace)
"""The controls that are no white space."""
CLASSES = bytes.maketrans(
    "".join((*ALIKE, "%", CONTROLS)).encode(),
    "".join((*(some[0] * len(some) for some in ALIKE), chr(ODD), chr(ODD) * len(CONTROLS))).encode(),
).lower()
"""How each octet of a text in UTF-8 is read: all but ASCII as it is, letters in lower case."""


def alike(text: str) -> str:
    """A text as it is read, character by character.

    >>> alike("Bad7[.}example")
    'bad0[.]example'
    """
    return text.encode("utf-8", "surrogatepass").translate(CLASSES).decode("utf-8", "surrogatepass")


def backwards(text: str) -> str:
    """A text as an automaton reads it: alike, and from its end."""
    return alike(text)[::-1]


class Automaton(Generic[Meaning]):
    """Needles, as `alike` gives them, each with a meaning; of a needle given twice the last one counts. Immutable."""

    __slots__ = ("hits",)

    def __init__(self, needles: Iterable[tuple[str, Meaning]]) -> None:
        automaton = ahocorasick.Automaton()
        for needle, meaning in needles:
            automaton.add_word(needle[::-1], meaning)
        automaton.make_automaton()
        self.hits: Callable[[str], Iterator[tuple[int, Meaning]]] = automaton.iter if len(automaton) else _none
        """Where needles begin in a text, given as `backwards` gives it, from its last character on, which is 0."""


def _none(_: str) -> Iterator[Any]:
    return iter(())
