"""needles: what a gate looks for. Host endings with their words, and triggers, without which mending changes nothing.

>>> needles_of(Patterns.of(["bad.example"]), numeric=False)[".dab"]
(0, 4, ('example',), {'.dab': 'example'})
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from linkgate.core.fold import fold
from linkgate.core.patterns import LONGEST, Patterns
from linkgate.core.repair import DOT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    # What a trigger asks for, the length of the needle, what must follow it, and the words of a host ending.
    Hit = tuple[int, int, tuple[str, ...], dict[str, str]]

# How much of a host's ending the automaton holds: less of many hosts, so that its size is bounded.
_ENDINGS = ((20_000, 6), (100_000, 5))
_SHORTEST_ENDING = 4
_MOST_TAILS = 12
SURE, MEND, NUMBER, ESCAPE, SPACED = 1, 2, 4, 8, 16  # what a trigger asks for
# Without one of these no host can be hidden from its letters: see `repair`, `fold` and `links`.
_MENDING = (
    *("[.", "(.", "{.", "<.", ".]", "dot", "d0t"),
    *(fold(word) + blank + closing for word in DOT_WORDS for blank in ("", " ") for closing in "])}>"),
    *(fold(word) for word in DOT_WORDS if not word.isascii()),
)
_SPACED_DOTS = (" .", "\t.")
# A link in disguise that only the judge can read: base64 of `http`, a translation proxy.
_DISGUISES = ("ahr0c", "sfruu", "shr0c", ".translate.goog")
_BEFORE_NUMBERS = ("/", "\\", "/ ", "\\ ", "@", "http:", "https:")
_BEFORE_NAMES = ("/", "\\", "/ ", "\\ ", "/\t", "\\\t", *"@:.=?&[({<")
_NUMBERS = ("0x", "[", *(f"{digit}/" for digit in range(10)))
_DIGIT_DOTS = tuple(f"{digit}." for digit in range(10))
_BROKEN_SCHEMES = tuple(f"{bracket}{mark}" for bracket in "[({<" for mark in ":/@")
_ANY = ("",)
_DIGITS = tuple("0123456789")
_NUMBER_STARTS = (*_DIGITS, "[")
_AFTER_AMPERSAND = ("#", *ascii_lowercase)
_AFTER_BACKSLASH = tuple("_*-.()[]~!+|ux")
_AFTER_ATTRIBUTE = tuple("= \t\r\n\f\v")


def needles_of(patterns: Patterns, *, numeric: bool) -> dict[str, Hit]:
    """What the automaton holds, reversed: host endings with their words, and triggers; some are both."""
    count = patterns.packed.count(b"\n") if isinstance(patterns.packed, bytes) else len(patterns.packed) // LONGEST
    kept = next((length for most, length in _ENDINGS if count <= most), _SHORTEST_ENDING)
    endings: dict[str, dict[str, str]] = {}  # of strings alone: the garbage collector never walks such a dictionary
    for word, tails in patterns.words():
        words = endings.get(word[:kept])
        if words is None:
            words = endings[word[:kept]] = {}
        words[word] = tails
    needles = {needle: (0, len(needle), _few(words), words) for needle, words in endings.items()}
    for trigger, meaning, after in triggers(numeric=numeric):
        known, length, follow, words = needles.get(trigger[::-1], (0, len(trigger), after, {}))
        needles[trigger[::-1]] = known | meaning, length, after if follow == after else _ANY, words
    for name in in_places(patterns.names):
        known, length, _, words = needles.get(name[::-1], (0, len(name), _ANY, {}))
        needles[name[::-1]] = known | SURE, length, _ANY, words
    return needles


def in_places(names: Iterable[str]) -> Iterator[str]:
    """A host without a dot is a word like any other, but where a host may stand; a scheme is one everywhere."""
    for name in names:
        if name.endswith(":"):
            yield name
        else:
            yield from (before + name for before in _BEFORE_NAMES)


def triggers(*, numeric: bool) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Each trigger: what it asks for, and what must follow it."""
    asked: list[tuple[tuple[str, ...], int, tuple[str, ...]]] = [
        (("%",), ESCAPE, _ANY),
        (_DISGUISES, SURE, _ANY),
        (_SPACED_DOTS, SPACED, _ANY),
        (_MENDING, MEND, _ANY),
        (("&",), MEND, _AFTER_AMPERSAND),
        (("\\",), MEND, _AFTER_BACKSLASH),
        (("href", "src", "action"), MEND, _AFTER_ATTRIBUTE),
    ]
    if numeric:
        asked += [
            (_NUMBERS, NUMBER, _ANY),
            (_DIGIT_DOTS, NUMBER, _DIGITS),
            (_BEFORE_NUMBERS, NUMBER, _NUMBER_STARTS),
            (_BROKEN_SCHEMES, MEND, _ANY),
        ]
    return ((trigger, meaning, after) for triggers, meaning, after in asked for trigger in triggers)


def _few(words: dict[str, str]) -> tuple[str, ...]:
    """The labels that may follow an ending, where they are few enough to be compared first."""
    tails = {tail for several in set(words.values()) for tail in several.split(" ")}
    return tuple(tails) if len(tails) <= _MOST_TAILS else _ANY
