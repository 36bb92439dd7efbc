"""hosts: what the prefilter looks for of the listed hosts, packed for a snapshot and unpacked without a long pause.

>>> hosts = ListedHosts.of(["bad.example", "bad.test", "192.0.2.7"])
>>> list(hosts.words()), len(hosts.addresses)
([('.dab', 'example test')], 1)
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import msgspec

from linkgate.core.index.arrays import from_little, little
from linkgate.core.prefilter.automaton import alike
from linkgate.core.text.fold import fold
from linkgate.core.url import gateways, mega
from linkgate.core.url.host import dotted_numbers, ipv4_inside, is_address, without_www
from linkgate.core.url.telegram import HOSTS as TELEGRAM_HOSTS
from linkgate.core.url.telegram import is_telegram

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkgate.core.url.shorteners import ShortenerTable

LONGEST = 11
"""Characters of a word: the last dot of a host and up to ten before it."""

_CHUNK = 1 << 16
_MOST_MIXED = 4


@dataclass(frozen=True, slots=True)
class ListedHosts:
    """Hosts, ready for the prefilter.

    packed: a line for each word, `.dab example test`: what precedes a host's last dot, with that dot,
    reversed and cut, and the labels that may follow; sorted by what an automaton reads of the words.
    names: hosts without a dot. addresses: IPv4 hosts, sorted. literals: whether there are IPv6 hosts.
    """

    packed: bytes | memoryview = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    addresses: array[int] = field(repr=False)
    literals: bool = False

    @classmethod
    def of(cls, hosts: Iterable[str], *, short: ShortenerTable | None = None) -> ListedHosts:
        """From canonical hosts; a brand is its label with `.*`. short: shorteners, of which sisters are one host."""
        names: set[str] = set()
        addresses: list[str] = []
        literals = False
        for host in hosts:
            if host[-1:].isdigit() and is_address(host):
                addresses.append(host)
            elif host.startswith("["):
                literals = True
                addresses += filter(None, [ipv4_inside(host)])
            else:
                names.add(without_www(host.strip(".")))  # both are loose steps: a link may lack them
        names |= {each for name in names for each in gateways.names_of(name)}
        if short is not None:
            names |= {each for name in short.spelled & names for each in short.sisters_of(name)}
        if any(map(is_telegram, names)):
            names |= TELEGRAM_HOSTS | {"tg:"}
        if any(map(mega.is_mega, names)):
            names |= mega.HOSTS
        packed, dotless = _pack(names)
        return cls(packed, dotless, array("I", sorted(set(dotted_numbers(addresses)))), literals)

    def sections(self) -> dict[str, bytes]:
        """The hosts as bytes, for a snapshot."""
        names = msgspec.msgpack.encode((self.names, self.literals))
        return {"words": bytes(self.packed), "addresses": little(self.addresses), "hosts": names}

    @classmethod
    def from_sections(cls, sections: Mapping[str, bytes | memoryview]) -> ListedHosts:
        """The hosts whose `sections()` these are. Raises ValueError or KeyError where they do not fit."""
        names, literals = msgspec.msgpack.decode(sections["hosts"], type=tuple[tuple[str, ...], bool])
        return cls(sections["words"], names, from_little("I", sections["addresses"]), literals)

    def words(self) -> Iterator[tuple[str, str]]:
        """Each word with the labels that may follow its dot, parted by blanks, unpacked piece by piece."""
        shared: dict[str, str] = {}
        for line in self._lines():
            word, _, tails = line.partition(" ")
            yield word, shared.setdefault(tails, tails)

    def tlds(self) -> frozenset[str]:
        """The last labels of all listed hosts: they make a bare host a link, known to the world or not."""
        tails = {line.partition(" ")[2] for line in self._lines()}
        return frozenset(tail for several in tails for tail in several.split(" ") if tail.isascii()) - {""}

    def _lines(self) -> Iterator[str]:
        rest = b""
        for start in range(0, len(self.packed), _CHUNK):
            *lines, rest = (rest + bytes(self.packed[start : start + _CHUNK])).split(b"\n")
            yield from (line.decode("utf-8", "surrogatepass") for line in lines)


def _pack(names: Iterable[str]) -> tuple[bytes, tuple[str, ...]]:
    tails: dict[str, set[str]] = {}
    dotless: set[str] = set()
    for name in names:
        for folded in _spellings(name):
            before, dot, tail = folded.rpartition(".")
            if dot:
                tails.setdefault((before + dot)[::-1][:LONGEST], set()).add("" if tail == "*" else tail)
            else:
                dotless.add(tail)
    lines = (
        f"{word} {' '.join(sorted(tails[word]))}\n" for word in sorted(tails, key=lambda word: (alike(word), word))
    )
    return "".join(lines).encode("utf-8", "surrogatepass"), tuple(sorted(dotless))


def _spellings(host: str) -> Iterator[str]:
    """A host folded, with each of its A-labels also as the U-label that it stands for."""
    if "xn--" not in host:
        yield fold(host)
        return
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
