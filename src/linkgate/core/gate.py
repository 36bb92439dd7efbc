"""gate: could this text matter at all? An Aho-Corasick automaton over the hosts of the index.

It may suspect too much, it must never miss (DESIGN §2). A host goes in folded and *reversed*, from
its last dot on: of `bad.example` the automaton holds `.dab`, three characters at most, and text is
read backwards. So only a dot leaves the root, the automaton stays small whatever the size of the
list, and almost every character of a message costs one comparison. Where the ending meets, the rest
(up to ten characters before the dot, and the top-level domain behind it) is looked up. Beside the
hosts stand *triggers*, short strings without which mending and decoding change nothing: a text that
meets neither is clear after one fold and one pass.

>>> gate = Gate.build(["bad.example", "192.0.2.7"])
>>> gate.suspects("nothing here"), gate.suspects("see BAD.example/x"), gate.suspects("b%61d[.]example")
(False, True, True)
>>> gate.suspects("http://0xC0000207/"), gate.suspects("http://3221225991/"), gate.suspects("192.0.2.70")
(True, True, False)
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

import ahocorasick

from linkgate.core.fold import decode_dropping, fold, fold_characters
from linkgate.core.links import markup_urls
from linkgate.core.numbers import Addresses
from linkgate.core.patterns import LONGEST, Patterns
from linkgate.core.repair import DOT_WORDS, repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    # What a trigger asks for, the length of the needle, what must follow it, and the words of a host ending.
    _Hit = tuple[int, int, tuple[str, ...], dict[str, str]]

_CONTROLS = str.maketrans("", "", "\t\r\n")
_STRIPPED = "".join(map(chr, range(0x21)))
# How much of a host's ending the automaton holds: less of many hosts, so that its size is bounded.
_ENDINGS = ((20_000, 6), (100_000, 5))
_SHORTEST_ENDING = 4
_MOST_TAILS = 12
_SURE, _MEND, _NUMBER, _ESCAPE, _SPACED = 1, 2, 4, 8, 16  # what a trigger asks for
# Without one of these no host can be hidden from its letters: see `repair`, `fold` and `links`.
_MENDING = (
    *("[.", "(.", "{.", "<.", ".]", "dot", "d0t"),
    *(fold(word) + blank + closing for word in DOT_WORDS for blank in ("", " ") for closing in "])}>"),
    *(fold(word) for word in DOT_WORDS if not word.isascii()),
)
_SPACED_DOTS = (" .", "\t.")
_SPACED_DOT = re.compile(r"[ \t]+\.[ \t]*(?=[^\W_])")
_BRACKETED_DOT = re.compile(r"[ \t]\.[ \t]?[\])}>]")
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


class Gate:
    """The automaton, behind two verbs: build and suspects. Immutable once built."""

    __slots__ = ("_addresses", "_iterate")

    def __init__(self, patterns: Patterns) -> None:
        self._addresses = Addresses(patterns.addresses, literals=patterns.literals)
        automaton = ahocorasick.Automaton()
        for needle, hit in _needles(patterns, numeric=bool(self._addresses)).items():
            automaton.add_word(needle, hit)
        automaton.make_automaton()
        self._iterate = automaton.iter

    @classmethod
    def build(cls, hosts: Iterable[str]) -> Gate:
        """A gate for these canonical hosts."""
        return cls(Patterns.of(hosts))

    def suspects(self, text: str) -> bool:
        """False when no listed host can be in the text, however it is spelled; True when one may be."""
        folded = text.lower() if text.isascii() else fold_characters(text)
        hits = 0
        for end, (meaning, length, tails, words) in self._iterate(folded[::-1]):
            place = len(folded) - end - 1 + length
            if folded.startswith(tails, place):
                if words and _is_named(folded, place, words):
                    return True
                hits |= meaning
        return bool(hits) and self._looks_closer(text, folded, hits)

    def suspects_link(self, link: str) -> bool:
        """The same for a hidden link: a browser drops tabs and newlines, and a bare number or word is a host."""
        link = "/" + link.translate(_CONTROLS).lstrip(_STRIPPED)
        return self.suspects(link) or self._addresses.any_in(_decoded(link), glued=True)

    def _looks_closer(self, text: str, folded: str, hits: int) -> bool:
        if hits & _SURE:
            return True
        if hits & _NUMBER and self._addresses.any_in(folded, glued=not text.isascii()):
            return True
        forms = [fold(folded), _decoded(folded)] if hits & _ESCAPE else []
        if hits & _SPACED:
            forms += [_SPACED_DOT.sub(".", form) for form in (folded, *forms) if _SPACED_DOT.search(form)]
            hits |= _MEND if _BRACKETED_DOT.search(folded) else 0
        if any(map(self._names_a_host, forms)):
            return True
        return bool(hits & _MEND) and any(map(self._names_a_host, _mended_forms(text)))

    def _names_a_host(self, form: str) -> bool:
        if "\t" in form or "\n" in form or "\r" in form:
            form = form.translate(_CONTROLS)
        for end, (meaning, length, tails, words) in self._iterate(form[::-1]):
            place = len(form) - end - 1 + length
            if form.startswith(tails, place) and (meaning & _SURE or _is_named(form, place, words)):
                return True
        return self._addresses.any_in(form, glued=True)


def _few(words: dict[str, str]) -> tuple[str, ...]:
    """The labels that may follow an ending, where they are few enough to be compared first."""
    tails = {tail for several in set(words.values()) for tail in several.split(" ")}
    return tuple(tails) if len(tails) <= _MOST_TAILS else _ANY


def _is_named(folded: str, place: int, words: dict[str, str]) -> bool:
    """True when what stands around a dot is a listed host; `place` is right behind the dot."""
    if folded[place : place + 1] <= " ":  # the dot of a sentence
        return False
    before = folded[max(0, place - LONGEST) : place][::-1]
    for length in range(len(before), 1, -1):
        tails = words.get(before[:length])
        if tails is not None and folded.startswith(tuple(tails.split(" ")), place):
            return True
    return False


def _needles(patterns: Patterns, *, numeric: bool) -> dict[str, _Hit]:
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
    for trigger, meaning, after in _triggers(numeric=numeric):
        known, length, follow, words = needles.get(trigger[::-1], (0, len(trigger), after, {}))
        needles[trigger[::-1]] = known | meaning, length, after if follow == after else _ANY, words
    for name in _in_places(patterns.names):
        known, length, _, words = needles.get(name[::-1], (0, len(name), _ANY, {}))
        needles[name[::-1]] = known | _SURE, length, _ANY, words
    return needles


def _in_places(names: Iterable[str]) -> Iterator[str]:
    """A host without a dot is a word like any other, but where a host may stand; a scheme is one everywhere."""
    for name in names:
        if name.endswith(":"):
            yield name
        else:
            yield from (before + name for before in _BEFORE_NAMES)


def _triggers(*, numeric: bool) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Each trigger: what it asks for, and what must follow it."""
    asked: list[tuple[tuple[str, ...], int, tuple[str, ...]]] = [
        (("%",), _ESCAPE, _ANY),
        (_DISGUISES, _SURE, _ANY),
        (_SPACED_DOTS, _SPACED, _ANY),
        (_MENDING, _MEND, _ANY),
        (("&",), _MEND, _AFTER_AMPERSAND),
        (("\\",), _MEND, _AFTER_BACKSLASH),
        (("href", "src", "action"), _MEND, _AFTER_ATTRIBUTE),
    ]
    if numeric:
        asked += [
            (_NUMBERS, _NUMBER, _ANY),
            (_DIGIT_DOTS, _NUMBER, _DIGITS),
            (_BEFORE_NUMBERS, _NUMBER, _NUMBER_STARTS),
            (_BROKEN_SCHEMES, _MEND, _ANY),
        ]
    return ((trigger, meaning, after) for triggers, meaning, after in asked for trigger in triggers)


def _mended_forms(text: str) -> Iterator[str]:
    """The text after everything that the judge may mend: broken-up links, entities, HTML attributes."""
    mended = repair(text).text
    if mended != text:
        yield fold_characters(mended)
        yield fold(mended)
        yield _decoded(mended)
    for _, _, url in markup_urls(text):
        yield _decoded(url)


def _decoded(text: str) -> str:
    """The text folded, and without tabs and newlines, which may part an escape that another one uncovers."""
    while (decoded := fold(decode_dropping(text))) != text:
        text = decoded
    return text
