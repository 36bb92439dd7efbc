r"""words: the runs of a text between blanks and newlines; every reading of a link in a text lies in one of them.

Clients let a link hold any other white space.

>>> [word[0] for word in WORD.finditer("see bad.example/\x1fx\nnow")], word_around("see bad.example now", 8)
(['see', 'bad.example/\x1fx', 'now'], (4, 15))
"""

from __future__ import annotations

import re

WORD = re.compile(r"[^ \n]+")
_BLANK = re.compile(r"[ \n]")
_NEAR = 128
"""So far from a place its word is looked for at first: a text may have many newlines and no blank."""


def word_around(text: str, place: int) -> tuple[int, int]:
    """The start and end of the word in which a place lies; a place behind its last character counts as in it."""
    least, most = max(0, place - _NEAR), place + _NEAR
    before = max(text.rfind(" ", least, place), text.rfind("\n", least, place))
    if before < 0 < least:
        before = max(text.rfind(" ", 0, least), text.rfind("\n", 0, least))
    space = text.find(" ", place, most)
    newline = text.find("\n", place, most if space < 0 else space)
    if space < 0 and newline < 0:
        blank = _BLANK.search(text, place)
        return before + 1, len(text) if blank is None else blank.start()
    return before + 1, space if newline < 0 else newline
