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
from typing import TYPE_CHECKING

import ahocorasick

from linkgate.core.prefilter.addresses import Addresses
from linkgate.core.prefilter.closer import decoded, forms
from linkgate.core.prefilter.cues import NUMBER, SURE, in_ascii, needles_of, searched
from linkgate.core.prefilter.hosts import LONGEST, Patterns
from linkgate.core.text.fold import fold_characters
from linkgate.core.text.refang import mended

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkgate.core.prefilter.closer import Form

_CONTROLS = str.maketrans("", "", "\t\r\n")
_BLANKS_IN_FRONT = re.compile(r"(?<=[/\\=?&])[\x00-\x20]+")  # a browser drops them, of a parameter that is a link too
_BEFORE_BLANKS = ("/ ", "= ", "? ", "& ", "\\ ")
_UNSETTLED = re.compile(r"[\t\r\n&\\]|[^\x00-\x7f]")


ANYWHERE = (-1,)
"""A listed host may be hidden in the text."""


class Gate:
    """The automaton, behind two verbs: build and suspects. Immutable once built."""

    __slots__ = ("_addresses", "_iterate", "_iterate_ascii")

    def __init__(self, patterns: Patterns) -> None:
        self._addresses = Addresses(patterns.addresses, literals=patterns.literals)
        # The fewer edges leave the root, the quicker: most text is ASCII, and needs no other needle.
        every, ascii_only = ahocorasick.Automaton(), ahocorasick.Automaton()
        for needle, hit in needles_of(patterns, numeric=self.numeric):
            every.add_word(needle, hit)
            if needle.isascii():
                ascii_only.add_word(needle, in_ascii(needle, hit))
        every.make_automaton()
        ascii_only.make_automaton()
        self._iterate, self._iterate_ascii = every.iter, ascii_only.iter

    def __del__(self) -> None:
        """Let go of one automaton after the other: to free one takes milliseconds, in which no other thread runs."""
        for name in ("_iterate", "_iterate_ascii"):  # between two turns of a loop, one may
            setattr(self, name, None)

    @classmethod
    def build(cls, hosts: Iterable[str]) -> Gate:
        """A gate for these canonical hosts."""
        return cls(Patterns.of(hosts))

    @property
    def numeric(self) -> bool:
        """Whether there are IP addresses to look for."""
        return bool(self._addresses)

    def suspects(self, text: str) -> bool:
        """False when no listed host can be in the text, however it is spelled; True when one may be."""
        return bool(self.places(text))

    def places(self, text: str, *, whole: bool = False) -> Sequence[int]:
        """Where listed hosts are named: right behind the last dot of each. None is there when there is no place.

        `ANYWHERE` where one may be hidden too, or the text is not all ASCII. whole: see `forms`.
        """
        plain = text.isascii()
        folded = text.lower() if plain else fold_characters(text)
        hits, found = self._seen(folded, plain=plain)
        if not hits:
            return found if plain or not found else ANYWHERE
        return ANYWHERE if self._looks_closer(text, folded, hits, named=bool(found), whole=whole) else found

    def _seen(self, folded: str, *, plain: bool) -> tuple[int, list[int]]:
        """What the triggers in a text ask for, and where listed hosts are named in it."""
        hits, found = 0, []
        iterate = self._iterate_ascii if plain else self._iterate
        last = len(folded) - 1
        for end, (meaning, length, tails, words) in iterate(searched(folded)):
            place = last - end + length
            if folded.startswith(tails, place):
                if words and _is_named(folded, place, words, apart=plain):
                    found.append(place)
                hits |= meaning
        return hits, found

    def suspects_link(self, link: str) -> bool:
        """The same for a hidden link: a browser drops tabs and newlines, and a bare number or word is a host."""
        if self._suspects_whole(link):
            return True
        if not _UNSETTLED.search(link):
            return False
        # Before a browser drops tabs and newlines, they end a link inside this one, and a reader mends what they part.
        after = mended(link)
        return bool(self.places(link, whole=True)) or (after != link and self._suspects_whole(after))

    def _suspects_whole(self, link: str) -> bool:
        link = _without_dropped("/" + link)
        return bool(self.places(link, whole=True)) or self._addresses.any_in(decoded(link), glued=True)

    def _looks_closer(self, text: str, folded: str, hits: int, *, named: bool, whole: bool) -> bool:
        """Whether a listed host may be hidden in a text. named: whether one stands in it in plain letters."""
        if hits & SURE or (named and not text.isascii()):
            return True
        if hits & NUMBER and self._addresses.any_in(folded, glued=not text.isascii()):
            return True
        return (hits != NUMBER or not text.isascii()) and any(
            named or self._names_a_host(form) for form in forms(text, folded, hits, whole=whole)
        )

    def _names_a_host(self, form: Form) -> bool:
        if form.settled:
            hits, found = self._seen(form.text, plain=True)
            return bool(found or hits & SURE) or (form.numbers and self._addresses.any_in(form.text))
        text = _without_dropped(form.text)
        iterate = self._iterate_ascii if text.isascii() else self._iterate
        for end, (meaning, length, tails, words) in iterate(searched(text)):
            place = len(text) - end - 1 + length
            if text.startswith(tails, place) and (meaning & SURE or _is_named(text, place, words)):
                return True
        # A newline behind a number ends it, but in an attribute, where it is dropped.
        numbers = {form.text, text} if form.numbers else ()
        return any(self._addresses.any_in(each, glued=form.glued) for each in numbers)


def _without_dropped(text: str) -> str:
    """A text without the tabs and newlines, and the blanks in front of a parameter, that a browser drops."""
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    elif not any(mark in text for mark in _BEFORE_BLANKS):
        return text
    return _BLANKS_IN_FRONT.sub("", text)


def _is_named(folded: str, place: int, words: str, *, apart: bool = False) -> bool:
    """True when what stands around a dot is a listed host; `place` is right behind the dot.

    apart: letters and digits right before or behind it make it another one, as where nothing is decoded or glued.
    """
    if folded[place : place + 1] <= " ":  # the dot of a sentence
        return False
    start = max(0, place - LONGEST)
    before = folded[start:place][::-1]
    for line in words.split("\n"):
        word, _, tails = line.partition(" ")
        if before.startswith(word) and not (apart and not _begins(folded, place - len(word), start)):
            for tail in tails.split(" "):
                if folded.startswith(tail, place) and not (apart and not _ends(folded, place, tail)):
                    return True
    return False


def _begins(folded: str, place: int, start: int) -> bool:
    """Whether a host may begin here; of a longer one than a word holds only its end is known."""
    return place == start or not folded[place - 1].isalnum()


def _ends(folded: str, place: int, tail: str) -> bool:
    end = place + len(tail)
    return not tail or not folded[end : end + 1].isalnum() or folded.startswith("http", end)
