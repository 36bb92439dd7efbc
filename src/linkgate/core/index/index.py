"""index: canonical key -> entries, compiled into a few flat tables that are the snapshot's sections too.

Every entry stands under one 64-bit key, made of its loosest form; a link asks for the few keys under
which an entry for it could stand, and what it meets is compared in full. An entry with a query
stands under one of its parameters, so that a link finds it whatever else its query holds; one with a fragment
may stand under the path of that.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from linkgate.core.index.arrays import from_big, from_little, little
from linkgate.core.index.entry import Scope
from linkgate.core.index.entry_records import Record, entry_of, record_of
from linkgate.core.index.keys import KEY_BYTES, anchors, anchors_of, entry_key, key_of, page_key, place_of
from linkgate.core.index.listed_sites import HAS_PAGE, HAS_PREFIX, listed_on, sites_of
from linkgate.core.index.path_heads import anchors_in, heads_of
from linkgate.core.url import gateways, telegram
from linkgate.core.url.form import Form, form_of, fragment_text
from linkgate.core.url.host import mapped_ipv4, nat64_ipv4
from linkgate.core.url.loose import SAME_TARGET, Linked, Loosener
from linkgate.core.verdict import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from linkgate.core.index.entry import Entry
    from linkgate.core.url.canonical import CanonicalUrl
    from linkgate.core.url.suffixes import Rules

_PAGE, _PREFIX = Scope.PAGE, Scope.PREFIX
_TABLES = {"sites": "Q", "heads": "I", "keys": "Q", "offsets": "Q"}
_HAS_HOST = 4  # beside HAS_PAGE and HAS_PREFIX
_COMPARISON = 24
"""What it costs to compare a page with a link, in the units of a budget."""
_KNOWN = 4096
"""So many hosts of links are remembered, with what is listed of them: messages name few hosts again and again."""
_FEW = 4096
"""So many hosts of one scope are held as a set too, which spares a link most of its keys."""
_LONGEST_HOST = 253  # RFC 1035 §2.3.4, as text


_Few = dict[Scope, tuple[str, ...]]
_Names = tuple[tuple[str, ...], tuple[Scope, ...], int, _Few]


class Meeting(NamedTuple):
    """An entry that a URL meets, how surely, and by which steps."""

    entry: Entry
    kind: Kind
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """All entries of all lists. Its tables hold addresses: never in `repr`, never logged (law 9).

    sites: keys of the hosts that have listed pages or directories, their last two bits saying which.
    heads: how the paths of the pages begin, see there.
    few: the hosts of a scope that has few, to be asked before the keys are.
    """

    rules: Rules = field(repr=False)
    sites: array[int] = field(repr=False)
    heads: array[int] = field(repr=False)
    keys: array[int] = field(repr=False)
    offsets: array[int] = field(repr=False)
    blob: bytes | memoryview = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    scopes: frozenset[Scope] = field(repr=False)
    depth: int = field(repr=False)
    few: Mapping[Scope, frozenset[str]] = field(repr=False)
    loosener: Loosener = field(repr=False)
    _known: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    _decoder: msgspec.msgpack.Decoder[Record] = field(
        init=False, repr=False, default_factory=lambda: msgspec.msgpack.Decoder(Record)
    )

    @classmethod
    def build(cls, entries: Iterable[Entry], *, rules: Rules) -> Index:
        """Compile entries into tables. Linear in their number, plus one sort."""
        loosener = Loosener(tracking=rules.tracking, short=rules.short)
        names: dict[str, int] = {"": 0}
        encode = msgspec.msgpack.Encoder().encode
        slots: list[bytes] = []  # key and record in one, which the garbage collector need not walk
        hosts: dict[Scope, set[str]] = {scope: set() for scope in Scope}
        heads: list[tuple[str, str, str]] = []
        asked: list[Form] = []  # pages with a query or a fragment, which wait until all are known
        records: list[bytes] = []
        depth = -1
        for entry in entries:
            scope, record = entry.scope, encode(record_of(entry, names))
            loosest = loosener.loosest(form_of(entry.url)) if scope is _PAGE or scope is _PREFIX else None
            hosts[scope].add(gateways.home(entry.url.host, entry.url.path))
            if loosest is not None and scope is _PAGE and anchors(loosest):
                asked.append(loosest)
                records.append(record)
                continue
            slots.append(entry_key(entry, loosest) + record)
            if loosest is not None and scope is _PREFIX:
                depth = max(depth, loosest.path.count("/") + 1)
            elif loosest is not None:
                heads.append((loosest.host, loosest.path, ""))
        for page, record, anchor in zip(asked, records, anchors_of(asked), strict=True):
            slots.append(page_key(page, anchor) + record)
            heads.append((page.host, page.path, anchor))
        slots.sort()
        return cls(
            rules,
            sites_of(hosts, rules.short.sisters),
            heads_of(heads),
            from_big(b"".join([slot[:KEY_BYTES] for slot in slots])),
            array("Q", accumulate((len(slot) - KEY_BYTES for slot in slots), initial=0)),
            b"".join([slot[KEY_BYTES:] for slot in slots]),
            tuple(names),
            frozenset(scope for scope, several in hosts.items() if several),
            depth,
            {scope: frozenset(several) for scope, several in hosts.items() if len(several) <= _FEW},
            loosener,
        )

    def __len__(self) -> int:
        return len(self.keys)

    def sections(self) -> dict[str, bytes]:
        """The tables as bytes, for a snapshot."""
        few = {scope: sorted(hosts) for scope, hosts in sorted(self.few.items())}
        names = msgspec.msgpack.encode((self.names, sorted(self.scopes), self.depth, few))
        tables = {name: little(getattr(self, name)) for name in _TABLES}
        return {**tables, "blob": bytes(self.blob), "names": names}

    @classmethod
    def from_sections(cls, sections: Mapping[str, bytes | memoryview], *, rules: Rules) -> Index:
        """The index that `sections` gave."""
        names, scopes, depth, few = msgspec.msgpack.decode(sections["names"], type=_Names)
        sites, heads, keys, offsets = (from_little(code, sections[name]) for name, code in _TABLES.items())
        if len(keys) + 1 != len(offsets) or offsets[-1] != len(sections["blob"]):
            raise ValueError("the tables of the index do not fit together")
        return cls(
            rules,
            sites,
            heads,
            keys,
            offsets,
            sections["blob"],
            names,
            frozenset(scopes),
            depth,
            {scope: frozenset(hosts) for scope, hosts in few.items()},
            Loosener(tracking=rules.tracking, short=rules.short),
        )

    def entries(self) -> Iterator[Entry]:
        """Give every entry, in the order of its key."""
        return map(self._entry, range(len(self)))

    def meet(self, url: CanonicalUrl, pay: Callable[[int], object] | None = None) -> Iterator[Meeting]:
        """All entries that cover a URL, each with its kind and steps. pay: told what each comparison costs."""
        if len(url.host) > _LONGEST_HOST:
            return
        listed = self.listed_of(url)
        if listed & _HAS_HOST:
            yield from self._hosts(url)
            yield from self._telegram_names(url)
        if not listed & ~_HAS_HOST:
            return
        linked = Linked(form_of(url))
        loosest = self.loosener.after(linked)
        if listed & HAS_PREFIX:
            yield from self._prefixes(url, loosest)
        if listed & HAS_PAGE:
            place = place_of(loosest)
            for anchor in anchors_in(self.heads, loosest.host, loosest.path, anchors(loosest)):
                for entry in self._at("page", place, loosest.path, anchor):
                    if pay is not None:
                        pay(_COMPARISON)
                    yield from self._page(entry, url, linked)

    def _page(self, entry: Entry, url: CanonicalUrl, linked: Linked) -> Iterator[Meeting]:
        if entry.url == url and entry.fragment in {None, url.fragment}:
            yield Meeting(entry, Kind.EXACT, ())
            return
        steps = self.loosener.steps_between(form_of(entry.url), linked)
        if steps is not None:
            yield Meeting(entry, Kind.EXACT if SAME_TARGET.issuperset(steps) else Kind.LOOSE, steps)

    def _hosts(self, url: CanonicalUrl) -> Iterator[Meeting]:
        shown = gateways.shown_host(url.host)
        for entry in self._of_host(url if shown is None else replace(url, host=shown)):
            own = shown is None and gateways.shown_host(entry.url.host) is None
            yield Meeting(entry, Kind.EXACT, () if own or entry.url.host == url.host else ("gateway",))
        for step, address in (("ipv4-mapped", mapped_ipv4(url.host)), ("nat64", nat64_ipv4(url.host))):
            if address is not None:
                yield from (Meeting(entry, Kind.LOOSE, (step,)) for entry in self._of_host(replace(url, host=address)))

    def _of_host(self, url: CanonicalUrl) -> Iterator[Entry]:
        return (entry for key in self._host_keys(url) for entry in self._at(*key))

    def _telegram_names(self, url: CanonicalUrl) -> Iterator[Meeting]:
        """Host entries `name.t.me` for links to `t.me/name` and below."""
        if Scope.HOST not in self.scopes or not telegram.is_telegram(url.host):
            return
        path = telegram.target(url.host, url.path, fragment_text(form_of(url).fragment)) or "/"
        name = path[1:].partition("/")[0]
        host = f"{name}.t.me"
        if name and host != url.host:
            yield from (Meeting(entry, Kind.EXACT, ("telegram",)) for entry in self._at("host", host, ""))

    def _host_keys(self, url: CanonicalUrl) -> Iterator[tuple[str, ...]]:
        ports = ("",) if url.port is None else ("", str(url.port))
        if self._may_be(Scope.HOST, url.host):
            yield from (("host", url.host, port) for port in ports)
        parent = url.host if Scope.DOMAIN in self.scopes else ""
        while parent:
            if self._may_be(Scope.DOMAIN, parent):
                yield from (("domain", parent, port) for port in ports)
            parent = parent.partition(".")[2]
        brands = self.few.get(Scope.BRAND)
        if brands is None or not brands.isdisjoint(url.host.split(".")):
            registrable = self.rules.registrable(url.host)
            yield from [("brand", registrable.partition(".")[0])] if registrable else []

    def _may_be(self, scope: Scope, host: str) -> bool:
        few = self.few.get(scope)
        return few is None or host in few

    def listed_of(self, url: CanonicalUrl) -> int:
        """Whether entries may cover the host of a URL, or its pages or directories are listed, as bits."""
        home = gateways.home(url.host, url.path)
        if url.port is not None or telegram.is_telegram(url.host) or home != url.host:
            return listed_on(self.sites, home, self.rules.short.sisters) | _HAS_HOST
        listed = self._known.get(url.host)
        if listed is None:
            listed = listed_on(self.sites, url.host, self.rules.short.sisters)
            listed |= _HAS_HOST if any(self._hosts(url)) else 0
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[url.host] = listed
        return listed

    def _prefixes(self, url: CanonicalUrl, loosest: Form) -> Iterator[Meeting]:
        place = place_of(loosest)
        for directory in islice(_directories(loosest.path), self.depth + 1):
            for entry in self._at("prefix", place, directory.removesuffix("/")):
                yield self._prefix(entry, url)

    def _prefix(self, entry: Entry, url: CanonicalUrl) -> Meeting:
        listed, linked = form_of(entry.url), replace(form_of(url), params=(), fragment=None)
        if (listed.host, listed.port) == (linked.host, linked.port) and linked.path.startswith(listed.path):
            return Meeting(entry, Kind.EXACT, ())
        for directory in islice(_directories(linked.path), 2 * self.depth + 8):
            steps = self.loosener.steps_between(listed, replace(linked, path=directory))
            if steps is not None:
                return Meeting(entry, Kind.EXACT if SAME_TARGET.issuperset(steps) else Kind.LOOSE, steps)
        return Meeting(entry, Kind.LOOSE, ("double-encoding",))  # a slash of the path was itself encoded

    def _at(self, *parts: str) -> Iterator[Entry]:
        key = key_of(*parts)
        slot = bisect_left(self.keys, key)
        while slot < len(self.keys) and self.keys[slot] == key:
            yield self._entry(slot)
            slot += 1

    def _entry(self, slot: int) -> Entry:
        record = self._decoder.decode(self.blob[self.offsets[slot] : self.offsets[slot + 1]])
        return entry_of(record, self.names)


def _directories(path: str) -> Iterator[str]:
    """Every leading part of a path that ends in a slash; the whole path last.

    >>> list(_directories("/a/b"))
    ['/', '/a/', '/a/b']
    """
    end = path.find("/")
    while end >= 0:
        yield path[: end + 1]
        end = path.find("/", end + 1)
    if not path.endswith("/"):
        yield path
