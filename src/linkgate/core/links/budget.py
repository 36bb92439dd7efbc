"""Budget: how much may be read in one word of a message, in units of about a microsecond.

It depends on the length of the word alone, so the cost of a message is linear in its length, and the
answer is a function of message and snapshot. When it is spent, each link is read at its natural ends
only: where a client ends it, and, if it reaches into one that was read so, no farther than `spent_reach`.

>>> budget = Budget("bad.example")
>>> budget.take(500), budget.take(1_000), budget.take(10), budget.left
(True, True, False, 0)
"""

from __future__ import annotations

_LEAST, _EACH = 512, 8
_PLAIN, _ESCAPED = 8, 2
"""So many characters are parsed for a unit: without escapes, and with those that are there or must be made."""
_NEAR = 128


class Budget:
    """What is left for the readings of a word, and for the links inside them."""

    __slots__ = ("_rate", "left")

    def __init__(self, word: str) -> None:
        self.left = _LEAST + _EACH * len(word)
        self._rate = _PLAIN if word.isascii() and "%" not in word else _ESCAPED

    def take(self, units: int, *, characters: int = 0) -> bool:
        """Pay for a step, and for the characters that it parses; False when nothing was left to pay with."""
        some = self.left > 0
        self.left = max(0, self.left - units - characters // self._rate)
        return some


def spent_reach(start: int, following: int) -> int:
    """How far a link is read when the budget is spent: by its distance to where the next one begins.

    start: where its path begins, before which it is not cut; the next one may begin inside its host.

    >>> spent_reach(10, 20), spent_reach(400, 20)
    (158, 400)
    """
    return max(start, following + _NEAR + following - start)
