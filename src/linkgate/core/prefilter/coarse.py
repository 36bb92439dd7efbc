r"""coarse: what finds, in a million messages at once, every one that a gate might not find clear.

Who holds messages in columns (Arrow, Spark) has searches in C over a whole column; the gate is then
asked about what they find, a few texts in a hundred. They are made of the gate's own needles: a regular
expression in the dialect that RE2 and Python share, and, for who looks at bytes more quickly than
that, what stands around the last dots of the hosts. Meant for folded text; ASCII need not be folded.

>>> import re
>>> from linkgate.core.prefilter.hosts import Patterns
>>> coarse = coarse_of(Patterns.of(["bad.example"]))
>>> [bool(re.search(coarse.expression, text)) for text in ("Hello. You?", "x.EXAMPLE", "b%61d", "1.2.3.4")]
[False, True, True, False]
>>> coarse.dotted, coarse.dots[:10]
(True, b'\x00\x00\x00\x00bad.ex')
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.prefilter.addresses import TIGHT, Addresses
from linkgate.core.prefilter.cues import NUMBER, SPACED, has_words, triggers
from linkgate.core.text.fold import fold_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkgate.core.prefilter.hosts import Patterns

    Words = Sequence[tuple[str, str]]

_MOST_TAILS = 400
_MOST_NAMES = _MOST_WILD = 40
_DISGUISES = ((".etalsnart", "goog"), (".esnefedlru", ""))  # as in `needles`: `urldefense.`, turned round
_BEFORE_ANY_NAME = r"(?:[/\\@:.=?&\[({<\x00-\x08\x0e-\x1b]|[/\\][ \t]|__)"  # as in `needles`
_NO_BLANK = r"[^\x00-\x20]"  # what follows the dot of a host; that of a sentence has a blank behind it


BEFORE, BEHIND = 8, 2
"""Bytes of a row of `Coarse.dots`: up to a dot, with it, and behind it."""


@dataclass(frozen=True, slots=True)
class Coarse:
    """What to search for. Pieces of hosts are in it: never shown (law 9).

    expression: finds whatever must be looked at. dots: the hosts, a row of ten bytes each: up to eight
    characters that end in its last dot, filled up with zeros on the left, and the first two of what
    follows it, or zeros where that may be anything. addresses: what reads numbers and knows the listed
    ones. telegram: whether `tg:` links are looked for. dotted: whether every host has a dot, and every
    address is so high that a number of seven digits is none.
    """

    expression: str = field(repr=False)
    dots: bytes = field(repr=False)
    addresses: Addresses = field(repr=False)
    telegram: bool
    dotted: bool


def coarse_of(patterns: Patterns) -> Coarse:
    """What to search for on behalf of a gate of these patterns."""
    addresses = Addresses(patterns.addresses, literals=patterns.literals)
    words = [*patterns.words(), *_DISGUISES]
    tails = {tail for several in {tails for _, tails in words} for tail in several.split(" ")}
    return Coarse(
        f"(?is){'|'.join((*_triggers(patterns, addresses), *_hosts(words, tails - {''}, numeric=bool(addresses))))}",
        b"".join(_rows(words)),
        addresses,
        "tg:" in patterns.names,
        not has_words(patterns.names) and (addresses.tight or not addresses),
    )


def _triggers(patterns: Patterns, addresses: Addresses) -> list[str]:
    alone = {SPACED} if addresses and not addresses.tight else {SPACED, NUMBER}
    needles = [TIGHT] if addresses and addresses.tight else []
    asked = triggers(numeric=bool(addresses), named=has_words(patterns.names))
    needles += [_literal(trigger) + _any_of(after) for trigger, meaning, after in asked if meaning not in alone]
    names = [name for name in patterns.names if name]
    schemes, words = ([name for name in names if name.endswith(":") is scheme] for scheme in (True, False))
    needles += map(_literal, schemes)
    needles += [_BEFORE_ANY_NAME + (_any_of(words) if len(words) <= _MOST_NAMES else "")] if words else []
    return needles


def _hosts(words: Words, tails: set[str], *, numeric: bool) -> list[str]:
    wild = [word for word, tails in words if "" in tails.split(" ")]
    if len(wild) > _MOST_WILD or len(tails) > _MOST_TAILS:
        return [r"\." + _NO_BLANK, r"[ \t]\."]
    needles = [_literal(word[1:][::-1]) + rf"[ \t]*\.[ \t]*{_NO_BLANK}" for word in wild]
    needles += [r"\." + _any_of(sorted(tails))] if tails else []
    spaced = [*sorted(tails), *"])}>", *("0123456789" if numeric else "")]
    return [*needles, r"[ \t]\.[ \t]*" + _any_of(spaced)]


def _rows(words: Words) -> Iterator[bytes]:
    for word, tails in words:
        if word.isascii():
            before = word[:BEFORE][::-1].encode().rjust(BEFORE, b"\0")
            behind = {tail[:BEHIND] if len(tail) >= BEHIND else "" for tail in tails.split(" ") if tail.isascii()}
            yield from (before + each.encode().ljust(BEHIND, b"\0") for each in sorted(behind))


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
