r"""words: the runs of a text between blanks and newlines; every reading of a link in a text lies in one of them.

Clients let a link hold any other white space.

>>> [word[0] for word in WORD.finditer("see bad.example/\x1fx\nnow")], word_around("see bad.example now", 8)
(['see', 'bad.example/\x1fx', 'now'], (4, 15))
"""

from __future__ import annotations

import re

WORD = re.compile(r"[^ \n]+")
_BLANK = re.compile(r"[ \n]")


def word_around(text: str, place: int) -> tuple[int, int]:
    """The start and end of the word in which a place lies; a place behind its last character counts as in it."""
    before = text.rfind(" ", 0, place)
    start = max(before, text.rfind("\n", before + 1, place)) + 1
    blank = _BLANK.search(text, place)
    return start, len(text) if blank is None else blank.start()
