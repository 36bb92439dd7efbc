"""needles: what a gate looks for. Host endings with their words, and triggers, without which mending changes nothing.

>>> dict(needles_of(Patterns.of(["bad.example"]), numeric=False))[".dab"]
(0, 4, ('example',), '.dab example')
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from string import ascii_lowercase
from typing import TYPE_CHECKING

from linkgate.core.prefilter.hosts import LONGEST, Patterns
from linkgate.core.text.fold import fold
from linkgate.core.text.refang import DOT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Word = tuple[str, str]
    # What a trigger asks for, its length, what must follow it, and the words of a host ending, a line each, as in
    # `Patterns`. Few objects, and none that the garbage collector would walk again and again.
    Hit = tuple[int, int, tuple[str, ...], str]

# How much of a host's ending the automaton holds: less of many hosts, so that its size is bounded, and more where it
# would be the ending of many words.
_ENDINGS = ((20_000, 6), (100_000, 5))
_SHORTEST_ENDING = 4
_MOST_WORDS = 8
_MOST_TAILS = 12
SURE, MEND, NUMBER, ESCAPE, SPACED, WORD, ENTITY, ATTRIBUTE, BACKSLASH, HALF = (1 << bit for bit in range(10))
"""What a trigger asks for."""
# Without one of these no host can be hidden from its letters: see `repair`, `fold` and `links`.
_MENDING = (
    *(fold(word) + blank + closing for word in DOT_WORDS for blank in ("", " ") for closing in "])}>"),
    *(fold(word) for word in DOT_WORDS if not word.isascii()),
)
_SPACED_DOTS = (" .", "\t.")
_SPACED_NEEDLES = tuple(dot[::-1] for dot in _SPACED_DOTS)
# A link in disguise that only the judge can read: base64 of `http`, a translation proxy, a mail gateway.
_DISGUISES = ("ahr0c", "sfruu", "shr0c", ".translate.goog", "urldefense.")
_BEFORE_NUMBERS = ("/", "\\", "/ ", "\\ ", "@", "http:", "https:")
_PARAMETERS = ("=", "&", "__", *(f"{end}?" for end in "/pg"))  # `.php?`, `outgoing?`: see the redirectors
_STRIPPED = tuple(map(chr, (*range(0x09), *range(0x0E, 0x1C))))  # from the front of a parameter; no white space
_BEFORE_NAMES = ("/", "\\", "/ ", "\\ ", "/\t", "\\\t", "__", *"@:.=?&[({<", *_STRIPPED)
_NUMBERS = ("0x", "[", "q=cache:", *(f"{digit}/" for digit in range(10)))
_NUMBER_ENDS = tuple(f"{one}{other}/" for one in "0123456789.x" for other in ".x")
_DIGIT_DOTS = tuple(f"{digit}." for digit in range(10))
_CLOSINGS = tuple("])}>")
_BROKEN_SCHEMES = tuple(f"{bracket}{mark}" for bracket in "[({<" for mark in ":/@")
_AFTER_BROKEN_SCHEME = ("/", *_CLOSINGS)
_ANY = ("",)
_DIGITS = tuple("0123456789")
# What the automaton holds together with the trigger before it: `/` alone is too common to be looked at each time.
_SPELLED_OUT = (*_DIGITS, "[", *_STRIPPED)
_ONE_CONTROL = dict.fromkeys(map(ord, _STRIPPED), "\0")
_NUMBER_STARTS = (*_DIGITS, "[", *_STRIPPED)
_AFTER_SCHEME = ("/", *ascii_lowercase)
_AFTER_PERCENT = (*_DIGITS, *"abcdef\t\r\n")
_AFTER_AMPERSAND = ("#", *ascii_lowercase)
_AFTER_BACKSLASH = (*"_*-.()[]~!+|", *(f"{escape}{digit}" for escape in ("u00", "x") for digit in "234567"))
_AFTER_ATTRIBUTE = tuple("= \t\r\n\f\v")
_AFTER_OPENED_DOT = (*_CLOSINGS, *(blank + closing for blank in " \t" for closing in _CLOSINGS))
_AFTER_DOT_WORD = (*" \t_-", *_CLOSINGS)
_AFTER_SPACED_DOT = (*ascii_lowercase, *_DIGITS, *" \t", *_CLOSINGS)


def needles_of(patterns: Patterns, *, numeric: bool) -> Iterator[tuple[str, Hit]]:
    """What the automaton holds, reversed: host endings with their words, and triggers; some are both.

    One after the other, for there may be many: a table of all would be walked by the garbage collector.
    """
    count = patterns.packed.count(b"\n") if isinstance(patterns.packed, bytes) else len(patterns.packed) // LONGEST
    kept = next((length for most, length in _ENDINGS if count <= most), _SHORTEST_ENDING)
    others = _triggers_of(patterns, numeric=numeric)
    few = cache(_few)  # many endings have the same tails
    for ending, words in _endings(patterns.words(), kept):
        tails = few(tuple(several for _, several in words))
        meaning, _, after, _ = others.pop(ending, (0, 0, tails, ""))
        yield ending, (meaning, len(ending), _either(tails, after), "\n".join(map(" ".join, words)))
    yield from others.items()


def _triggers_of(patterns: Patterns, *, numeric: bool) -> dict[str, Hit]:
    needles: dict[str, Hit] = {}
    for trigger, meaning, after in triggers(numeric=numeric, named=has_words(patterns.names)):
        for needle, follow in _spelled(trigger, after):
            known, length, either, _ = needles.get(needle, (0, len(trigger), follow, ""))
            needles[needle] = known | meaning, length, _either(either, follow), ""
    for name in in_places(patterns.names):
        known, length, _, _ = needles.get(searched(name), (0, len(name), _ANY, ""))
        follow = _AFTER_SCHEME if name.endswith(":") and not known else _ANY
        needles[searched(name)] = known | SURE, length, follow, ""
    return needles


def in_ascii(needle: str, hit: Hit) -> Hit:
    """What a needle is in ASCII text: what may follow a dot behind a blank is known there, not a dot."""
    meaning, length, _, words = hit
    return (meaning, length, _AFTER_SPACED_DOT, words) if meaning == SPACED and needle in _SPACED_NEEDLES else hit


def searched(folded: str) -> str:
    """A folded text as the automaton reads it: backwards, and every control character that is no white space as one."""
    return (folded if folded.isprintable() else folded.translate(_ONE_CONTROL))[::-1]


def has_words(names: Iterable[str]) -> bool:
    """Whether there are hosts without a dot: not an empty one, nor a scheme."""
    return any(name and not name.endswith(":") for name in names)


def in_places(names: Iterable[str]) -> Iterator[str]:
    """A host without a dot is a word like any other, but where a host may stand; a scheme is one everywhere."""
    for name in names:
        if name.endswith(":"):
            yield name
        else:
            yield from (before + name for before in _BEFORE_NAMES)


def triggers(*, numeric: bool, named: bool) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Each trigger: what it asks for, and what must follow it."""
    asked: list[tuple[tuple[str, ...], int, tuple[str, ...]]] = [
        (("%",), ESCAPE, _AFTER_PERCENT),
        (_DISGUISES, SURE, _ANY),
        (_SPACED_DOTS, SPACED, _ANY),
        (_MENDING, MEND, _ANY),
        (("(.", "{.", "<."), MEND, _AFTER_OPENED_DOT),
        (("[.", ".]"), HALF, _ANY),
        (("\\",), BACKSLASH, _AFTER_BACKSLASH),
        (("dot", "d0t"), WORD, _AFTER_DOT_WORD),
        (("&",), ENTITY, _AFTER_AMPERSAND),
        (("href", "src", "action"), ATTRIBUTE, _AFTER_ATTRIBUTE),
    ]
    if numeric:
        asked += [
            ((*_NUMBERS, *_NUMBER_ENDS), NUMBER, _ANY),
            (_DIGIT_DOTS, NUMBER, _DIGITS),
            (_BEFORE_NUMBERS, NUMBER, _NUMBER_STARTS),
            (_PARAMETERS, NUMBER, (*_DIGITS, *_STRIPPED)),
        ]
    asked += [(_BROKEN_SCHEMES, MEND, _AFTER_BROKEN_SCHEME)] if numeric or named else []
    return ((trigger, meaning, after) for triggers, meaning, after in asked for trigger in triggers)


def _either(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if one is other:
        return one
    return _ANY if "" in one or "" in other else tuple(dict.fromkeys((*one, *other)))


def _endings(words: Iterable[Word], kept: int) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """The endings to hold of sorted words, each with the few words that have it."""
    for _, group in groupby(words, key=lambda word: word[0][:kept]):
        yield from _burst(tuple(group), kept)


def _burst(words: tuple[Word, ...], kept: int) -> Iterator[tuple[str, tuple[Word, ...]]]:
    if len(words) <= _MOST_WORDS:
        yield words[0][0][:kept], words
    else:
        yield from _endings(words, kept + 1)


def _spelled(trigger: str, after: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The needles of a trigger, each with what must still follow it."""
    if all(char in _SPELLED_OUT for char in after):
        yield from ((searched(trigger + char), _ANY) for char in after)
    else:
        yield searched(trigger), after


def _few(all_tails: tuple[str, ...]) -> tuple[str, ...]:
    """The labels that may follow an ending, where they are few enough to be compared first."""
    tails = {tail for several in all_tails for tail in several.split(" ")}
    return tuple(sorted(tails)) if len(tails) <= _MOST_TAILS else _ANY
