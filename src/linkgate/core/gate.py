"""gate: could this text matter at all? An Aho-Corasick automaton over the hosts of the index.

It may suspect too much, it must never miss (DESIGN §2). A host goes in folded and *reversed*, from
its last dot on (`bad.example` as `.dab`, at most 11 characters), and text is read backwards. So only
a dot leaves the root of the automaton, whatever the size of the list: almost every character of a
message costs one comparison, hosts share their endings, and the top-level domain is compared only
where the rest has met. Beside the hosts stand *triggers*, short strings without which mending and
decoding change nothing: a text that meets neither is clear after one fold and one pass.

>>> gate = Gate.build(["bad.example", "192.0.2.7"])
>>> gate.suspects("nothing here"), gate.suspects("see BAD.example/x"), gate.suspects("b%61d[.]example")
(False, True, True)
>>> gate.suspects("http://0xC0000207/"), gate.suspects("http://3221225991/"), gate.suspects("192.0.2.70")
(True, True, False)
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import product
from typing import TYPE_CHECKING

import ahocorasick
import msgspec

from linkgate.core.fold import fold, fold_characters
from linkgate.core.host import ipv4_number, is_address
from linkgate.core.links import markup_urls
from linkgate.core.repair import DOT_WORDS, repair
from linkgate.core.telegram import HOSTS as TELEGRAM_HOSTS
from linkgate.core.telegram import is_telegram

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CONTROLS = str.maketrans("", "", "\t\r\n")
_LONGEST = 11
_MOST_MIXED = 4
_HOST, _DISGUISE, _NUMBER, _ESCAPE = 0, 1, 2, 4  # what a hit asks for: suspect, mend, read numbers, decode
# Without one of these no host can be hidden from its letters: see `repair`, `fold` and `links`.
_TRIGGERS = (
    *("&", "\\", "[.", "(.", "{.", "<.", ".]", "dot", "d0t", "href"),
    *(fold(word) + closing for word in DOT_WORDS for closing in "])}>"),
    *(fold(word) for word in DOT_WORDS if not word.isascii()),
)
_SPACED_DOTS = (" .", "\t.")
# A link in disguise that only the judge can read: base64 of `http`, a translation proxy.
_SURE_TRIGGERS = ("ahr0c", "sfruu", "shr0c", ".translate.goog")
_BEFORE_NUMBERS = ("/", "\\", "http:", "https:")
_NUMBER_TRIGGERS = ("0x", "[", *(f"{digit}{mark}" for digit in range(10) for mark in "./"))
_NUMBER_STARTS = (*"0123456789", "[")
_DIGITS = r"(?:0x[0-9a-f]*|[0-9]+)"
# One number alone is an address from 1.0.0.0 on: eight digits and more.
_NUMERIC_HOST = re.compile(
    rf"(?<![0-9a-z.])(?:{_DIGITS}(?:\.{_DIGITS}){{1,3}}|[0-9]{{8,}}|0x[0-9a-f]{{6,}})(?![0-9a-z])"
)
_IPV6_LITERAL = re.compile(r"\[[0-9a-f:.]*:[0-9a-f:.]*\]")
_Packed = tuple[tuple[tuple[str, tuple[str, ...]], ...], list[int], bool]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What a gate is built from, small enough for a snapshot.

    words: what precedes a host's last dot, with that dot, reversed and cut; and the labels that may
    follow it. addresses: IPv4 hosts, sorted. literals: whether there are IPv6 hosts.
    """

    words: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)
    addresses: array[int] = field(repr=False)
    literals: bool = False

    @classmethod
    def of(cls, hosts: Iterable[str]) -> Patterns:
        """From canonical hosts; a trailing dot marks the label of a brand."""
        names: set[str] = set()
        addresses: set[int] = set()
        literals = False
        for host in hosts:
            if host.startswith("["):
                literals = True
            elif is_address(host):
                addresses.add(int(IPv4Address(host)))
            else:
                names.add(host.removeprefix("www."))
        if any(map(is_telegram, names)):
            names |= TELEGRAM_HOSTS | {"tg:"}
        return cls(_words(names), array("I", sorted(addresses)), literals)

    @property
    def tlds(self) -> frozenset[str]:
        """The last labels of all listed hosts: they make a bare host a link, known to the world or not."""
        return frozenset(tail for _, tails in self.words for tail in tails if tail.isascii())

    def to_bytes(self) -> bytes:
        """For a snapshot."""
        return msgspec.msgpack.encode((self.words, list(self.addresses), self.literals))

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> Patterns:
        """The patterns that `to_bytes` wrote."""
        words, addresses, literals = msgspec.msgpack.decode(data, type=_Packed)
        return cls(words, array("I", addresses), literals)


def _words(names: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    tails: dict[str, set[str]] = {}
    for name in names:
        for folded in _spellings(name):
            before, dot, tail = folded.rpartition(".")
            word = (before + dot)[::-1][:_LONGEST] if dot else tail[::-1]
            tails.setdefault(word, set()).add(tail if dot else "")
    return tuple((word, tuple(sorted(tails[word]))) for word in sorted(tails))


def _spellings(host: str) -> Iterator[str]:
    """A host folded, with each of its A-labels also as the U-label that it stands for."""
    labels = host.split(".")
    coded = [number for number, label in enumerate(labels) if label.startswith("xn--")]
    if len(coded) > _MOST_MIXED:  # its ending alone is enough to suspect
        labels = labels[coded[-_MOST_MIXED] :]
    yield from (
        fold(".".join(choice)) for choice in product(*(dict.fromkeys((label, _u_label(label))) for label in labels))
    )


def _u_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


class Gate:
    """The automaton, behind two verbs: build and suspects. Immutable once built."""

    __slots__ = ("_addresses", "_iterate", "_numeric")

    def __init__(self, patterns: Patterns) -> None:
        self._addresses = patterns.addresses
        self._numeric = bool(patterns.addresses) or patterns.literals
        automaton = ahocorasick.Automaton()
        for word, meaning, tails in _triggers(numeric=self._numeric):
            automaton.add_word(word[::-1], (meaning, len(word), tails))
        shared: dict[tuple[int, tuple[str, ...]], tuple[int, int, tuple[str, ...]]] = {}
        for word, tails in patterns.words:
            automaton.add_word(word, shared.setdefault((len(word), tails), (_HOST, len(word), tails)))
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
        for end, (meaning, length, tails) in self._iterate(folded[::-1]):
            if folded.startswith(tails, len(folded) - end - 1 + length):
                if meaning == _HOST:
                    return True
                hits |= meaning
        return bool(hits) and self._looks_closer(text, folded, hits)

    def suspects_link(self, link: str) -> bool:
        """The same for a hidden link: a browser drops tabs and newlines, and a bare number is a host."""
        link = link.translate(_CONTROLS)
        return self.suspects(link) or (self._numeric and self._holds_an_address(fold(link)))

    def _looks_closer(self, text: str, folded: str, hits: int) -> bool:
        if hits & _NUMBER and self._holds_an_address(folded):
            return True
        if hits & _ESCAPE and (decoded := fold(folded)) != folded and self._names_a_host(decoded):
            return True
        return bool(hits & _DISGUISE) and any(map(self._names_a_host, _forms(text)))

    def _names_a_host(self, form: str) -> bool:
        for end, (meaning, length, tails) in self._iterate(form[::-1]):
            if meaning == _HOST and form.startswith(tails, len(form) - end - 1 + length):
                return True
        return self._numeric and self._holds_an_address(form)

    def _holds_an_address(self, folded: str) -> bool:
        if _IPV6_LITERAL.search(folded):
            return True
        return any(self._is_listed(match[0]) for match in _NUMERIC_HOST.finditer(folded))

    def _is_listed(self, number: str) -> bool:
        address = ipv4_number(number)
        if address is None:
            return False
        place = bisect_left(self._addresses, address)
        return place < len(self._addresses) and self._addresses[place] == address


def _triggers(*, numeric: bool) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Each trigger, what it asks for, and what must follow it."""
    if numeric:
        yield from ((word, _NUMBER, ("",)) for word in _NUMBER_TRIGGERS)
        yield from ((word, _NUMBER, _NUMBER_STARTS) for word in _BEFORE_NUMBERS)
    yield "%", _ESCAPE, ("",)
    yield from ((word, _DISGUISE, ("",)) for word in _TRIGGERS)
    yield from ((word, _DISGUISE, (" ", "\t")) for word in _SPACED_DOTS)
    yield from ((word, _HOST, ("",)) for word in _SURE_TRIGGERS)


def _forms(text: str) -> Iterator[str]:
    """The text after everything that the judge may mend: broken-up links, entities, HTML attributes."""
    mended = repair(text).text
    if mended != text:
        yield fold_characters(mended)
        yield fold(mended)
    for _, _, url in markup_urls(text):
        yield fold(url.translate(_CONTROLS))
