r"""coarse: one regular expression that finds every text which the gate might not find clear.

Who holds a million messages in columns (Arrow, Spark) has a search in C over a whole column; the
gate is then asked about what that finds, one text in ten. The expression is made of the gate's own
needles, in the dialect that RE2 and Python share. It is meant for folded text; text that is ASCII
alone need not be folded.

>>> import re
>>> from linkgate.core.patterns import Patterns
>>> coarse = re.compile(expression(Patterns.of(["bad.example"])))
>>> [bool(coarse.search(text)) for text in ("Hello. You?", "x.EXAMPLE", "b%61d", "1.2.3.4")]
[False, True, True, False]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.core.fold import fold_characters
from linkgate.core.needles import NUMBER, SPACED, in_places, triggers
from linkgate.core.numbers import TIGHT, Addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkgate.core.patterns import Patterns

_MOST_TAILS = 400
_MOST_NAMES = _MOST_WILD = 40
_BEFORE_ANY_NAME = r"[/\\@:.=?&\[({<]"
_NO_BLANK = r"[^\x00-\x20]"  # what follows the dot of a host; that of a sentence has a blank behind it


def expression(patterns: Patterns) -> str:
    """The expression for a gate of these patterns."""
    addresses = Addresses(patterns.addresses, literals=patterns.literals)
    alone = {SPACED} if addresses and not addresses.tight else {SPACED, NUMBER}
    needles = [TIGHT] if addresses and addresses.tight else []
    asked = [each for each in triggers(numeric=bool(addresses)) if each[1] not in alone]
    needles += [_literal(trigger) + _any_of(after) for trigger, _, after in asked]
    names = [name for name in patterns.names if name]
    needles += map(_literal, in_places(names)) if len(names) <= _MOST_NAMES else [_BEFORE_ANY_NAME]
    wild = [word for word, tails in patterns.words() if "" in tails.split(" ")]
    tails = {tail for several in {tails for _, tails in patterns.words()} for tail in several.split(" ")} - {""}
    if len(wild) > _MOST_WILD or len(tails) > _MOST_TAILS:
        needles += [r"\." + _NO_BLANK, r"[ \t]\."]
    else:
        needles += [_literal(word[1:][::-1]) + rf"[ \t]*\.[ \t]*{_NO_BLANK}" for word in wild]
        needles += [r"\." + _any_of(sorted(tails))] if tails else []
        needles.append(r"[ \t]\.[ \t]*" + _any_of([*sorted(tails), *"])}>", *("0123456789" if addresses else "")]))
    return f"(?is){'|'.join(needles)}"


def fold_all(texts: Sequence[str]) -> list[str]:
    r"""Each text folded as the expression wants it, in one pass; a newline becomes a blank.

    >>> fold_all(["ｂad。ｅxample", "a\nb"])
    ['bad.example', 'a b']
    """
    # Code points are folded one by one, so the seam between two texts changes neither.
    return fold_characters("\n".join(text.replace("\n", " ") for text in texts)).split("\n") if texts else []


def _any_of(texts: Iterable[str]) -> str:
    choices = [_literal(text) for text in texts]
    return "" if "" in choices else f"(?:{'|'.join(choices)})"


def _literal(text: str) -> str:
    return "".join(char if char.isalnum() or not char.isascii() else f"\\x{ord(char):02x}" for char in text)
