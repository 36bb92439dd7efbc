"""readable: one character as the ASCII that a reader takes it for; what is invisible is nothing.

>>> plain_character("．"), plain_character("é"), plain_character("\u200b"), plain_text("ｂad。example")
('.', 'é', '', 'bad.example')
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from idna import IDNAError, uts46_remap

from linkgate.core.text.fold import INVISIBLE, LOOK_ALIKES, fold_characters

# Marks that belong to no script: strewn over letters they hide a word and change none.
_GENERIC_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


_SHARP_S = frozenset("\u00df\u1e9e")  # as browsers read it in hosts until IDNA2008 came


class _Table(dict[int, str]):
    """code point -> what a reader takes it for, each worked out when it is first met (`str.translate` asks for it)."""

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        found = self[code_point] = char if char.isascii() else _read(char)
        return found


_TABLE = _Table()


def plain_character(char: str) -> str:
    """A character as the ASCII that it stands for; "" for one that cannot be seen; itself for any other."""
    return _TABLE[ord(char)]


def plain_text(text: str) -> str:
    """The same for each character of a text."""
    return text if text.isascii() else text.translate(_TABLE)


def _read(char: str) -> str:
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    if char in _SHARP_S:
        return "ss"
    if char in INVISIBLE or unicodedata.category(char) == "Cf" or _is_ignored(char):
        return ""
    if _GENERIC_MARKS.match(char) and not fold_characters(char):  # U+0345 folds to a letter
        return ""
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if compatible.isascii() and not compatible.isspace() else char


def _is_ignored(char: str) -> bool:
    """True for what UTS 46 maps to nothing."""
    with suppress(IDNAError):
        return not uts46_remap(char, std3_rules=False)
    return False
