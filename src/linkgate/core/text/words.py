r"""words: the runs of a text between white space; every reading of a link in a text lies in one of them.

>>> [word[0] for word in WORD.finditer("see bad.example\nnow")], word_around("see bad.example now", 8)
(['see', 'bad.example', 'now'], (4, 15))
"""

from __future__ import annotations

import re

WORD = re.compile(r"\S+")
_BLANK = re.compile(r"\s")


def word_around(text: str, place: int) -> tuple[int, int]:
    """The start and end of the word in which a place lies; a place behind its last character counts as in it."""
    start = place
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    blank = _BLANK.search(text, place)
    return start, len(text) if blank is None else blank.start()
