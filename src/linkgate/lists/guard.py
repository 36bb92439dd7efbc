"""The guard: holds back entries that would block strangers (zeal, DESIGN §2).

A listed page is one page. A listed host is all who live there: a public suffix, a free host, a
shortener, a social network. Such an entry is nearly always a slip of the publisher (half a URL, a
redirector's front page), so it is quarantined with a reason and a person decides.

This is the only file that knows tldextract; it reads the copy of the public suffix list that tldextract
carries, imports it only where there is none, and never asks the network.

>>> from linkgate.lists.address import to_entry
>>> from linkgate.lists.formats import ListItem
>>> from linkgate.lists.packaged_rules import packaged_rules
>>> guard = Guard(packaged_rules())
>>> def objection(address):
...     return guard.objection(to_entry(ListItem(line=1, address=address), list_name="demo"))
>>> objection("*.com"), objection("github.io"), objection("https://twitter.com/")
('public suffix', 'shared host', 'front page of a popular host')
>>> objection("https://twitter.com/someone/status/1"), objection("bad.example")
(None, None)
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope
from linkgate.core.url.form import form_of
from linkgate.core.url.host import is_address
from linkgate.core.url.loose import Loosener
from linkgate.core.url.suffixes import a_label
from linkgate.core.url.telegram import is_telegram
from linkgate.lists.packaged_tables import table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from linkgate.core.index.entry import Entry
    from linkgate.core.url.canonical import CanonicalUrl
    from linkgate.core.url.suffixes import Rules

SHORTEST_BRAND = 4
_RULE = re.compile(r"^[.*!]*\w\S*", re.MULTILINE)
_PRIVATE_SECTION = "// ===BEGIN PRIVATE DOMAINS==="
_HOST, _PAGE = Scope.HOST, Scope.PAGE  # a look-up in an Enum takes as long as one in a set of suffixes

_KINDS = {
    "shorteners": "link shortener",
    "link_in_bio": "link-in-bio host",
    "dynamic_dns": "dynamic DNS suffix",
    "popular": "popular host",  # of some shorteners all know better what they are
}
# Of a path like this, the loose steps take away one segment at most (an index file).
_STAYS_DEEP = re.compile(r"(?:/[A-Za-z0-9_~+=,-][A-Za-z0-9_.~+=,-]*)+")
_PRIVATE = "private network address"
# Every home has these (RFC 1918, RFC 3927, RFC 1122): the listed one is not the stranger's, nor is a page of it.
_PRIVATE_NETWORK = re.compile(r"(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))\.|\[::1?\]")
_PRIVATE_START = "01["
_NOWHERE = "0."  # 0.0.0.0/8 is no destination (RFC 1122 §3.2.1.3); a listed one is a number that slipped


@cache
def suffix_rules() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The public suffix list that tldextract ships: its ICANN rules and its private rules, sorted.

    >>> icann, private = suffix_rules()
    >>> "co.uk" in icann, "*.ck" in icann, "github.io" in private
    (True, True, True)
    """
    try:
        text = _carried_list()
    except (ImportError, OSError):  # a tldextract that keeps it elsewhere
        return asked_rules()
    icann, private = (set(_RULE.findall(section)) for section in text.split(_PRIVATE_SECTION))
    return tuple(sorted(icann)), tuple(sorted(private - icann))


def _carried_list() -> str:
    """The public suffix list as a file of tldextract, which brings requests along where it is imported."""
    found = find_spec("tldextract")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("tldextract")
    return Path(found.origin).with_name(".tld_set_snapshot").read_text("utf-8")


def asked_rules() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same of tldextract itself, which takes a fifth of a second.

    >>> asked_rules() == suffix_rules()
    True
    """
    from tldextract import TLDExtract  # noqa: PLC0415 - see above

    icann = set(TLDExtract(suffix_list_urls=(), cache_dir=None).tlds)
    both = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True).tlds
    return tuple(sorted(icann)), tuple(sorted(set(both) - icann))


class Guard:
    """The judgement over entries, with its tables ready for look-up.

    `popular` stands in for our own table of popular hosts, such as `popular_hosts` of a file.
    """

    def __init__(self, rules: Rules, *, popular: Collection[str] | None = None) -> None:
        self._rules = rules
        tables = {name: table(name) for name in _KINDS if name != "shorteners"}
        tables |= {"shorteners": tuple(row.host for row in rules.short.rows if not row.path)}
        tables |= {} if popular is None else {"popular": tuple(popular)}
        self._hosts = {a_label(host): kind for name, kind in _KINDS.items() for host in tables[name]}
        self._brands = frozenset(
            registrable.partition(".")[0]
            for host, kind in self._hosts.items()
            if kind == "popular host" and (registrable := rules.registrable(host, private=False))
        )
        self._doors = frozenset(table("shared_paths"))
        self._deepest = max(door.count("/") for door in self._doors)
        self._busy = frozenset(self._hosts).union(door.partition("/")[0] for door in self._doors)
        suffixes = [a_label(rule) for rule in (*rules.suffixes, *rules.private)]
        self._suffixes = frozenset(suffixes)
        self._known = self._suffixes.union(self._hosts, (f"www.{host}" for host in self._hosts))
        self._starred = frozenset(rule[2:] for rule in suffixes if rule.startswith("*."))
        self._parents = frozenset(_parents(suffixes))
        self._above = frozenset(_parents(self._hosts))
        self._loosener = Loosener(tracking=rules.tracking, short=rules.short)
        self._pageless = _pageless(rules)

    def objection(self, entry: Entry) -> str | None:
        """The reason to hold the entry back, a short stable phrase; None lets it pass."""
        weigh = self.weigh_allowed if entry.allow else self.weigh
        return weigh(entry.scope, entry.url)

    def weigh(self, scope: Scope, url: CanonicalUrl) -> str | None:
        """The reason to hold back a listed address of this scope."""
        if scope is _PAGE:
            return self._page(url)
        if scope is _HOST:
            return self._host(url.host)
        if scope is Scope.BRAND:
            return self._brand(url.host)
        if scope is Scope.DOMAIN:
            return self._host(url.host) or self._parent(url.host)
        return self._host(url.host) if url.path == "/" and url.query is None else self._page(url)

    def is_pageless(self, host: str) -> bool:
        """Whether a host is a bare public suffix, on which no page can be: an entry of one would never match.

        What a private wildcard rule makes a suffix is a customer's own host, and has pages.
        """
        if host in self._pageless:
            return True
        return host.partition(".")[2] in self._starred and self._rules.public_suffix(host, private=False) == host

    def weigh_allowed(self, scope: Scope, url: CanonicalUrl) -> str | None:
        """The reason to hold back an allow entry: one for a whole suffix would switch the gate off there."""
        if scope is Scope.BRAND:
            return self._brand(url.host)
        if scope is not Scope.DOMAIN:
            return None
        return self._suffix(url.host) or ("parent of shared hosts" if url.host in self._parents else None)

    def _host(self, host: str) -> str | None:
        """Whether a whole host belongs to many."""
        if host not in self._known and host.partition(".")[2] not in self._starred and "." in host:
            # The longer way would say so too, at ten times the cost.
            return self._kind(host) if host[0] in _PRIVATE_START and _PRIVATE_NETWORK.match(host) else None
        return self._suffix(host) or self._kind(host)

    def _brand(self, label: str) -> str | None:
        if len(label) < SHORTEST_BRAND:
            return "brand shorter than 4 letters"
        return "brand of a popular host" if label in self._brands else None

    def _suffix(self, host: str) -> str | None:
        if self._rules.public_suffix(host, private=False) == host:
            return "public suffix"
        return "shared host" if self._rules.public_suffix(host) == host else None

    def _kind(self, host: str) -> str | None:
        """What the tables and the address ranges say of a host, `www.` or not."""
        if _PRIVATE_NETWORK.match(host) and is_address(host):
            return _PRIVATE
        return self._hosts.get(host) or self._hosts.get(host.removeprefix("www."))

    def _parent(self, host: str) -> str | None:
        if host in self._parents:
            return "parent of shared hosts"
        return "parent of a popular host" if host in self._above else None

    def _page(self, url: CanonicalUrl) -> str | None:
        """Whether an address is a door through which everyone goes, by the loosest form that it matches."""
        if url.host[0] in _PRIVATE_START and _PRIVATE_NETWORK.match(url.host) and is_address(url.host):
            return "address that no page has" if url.host.startswith(_NOWHERE) else _PRIVATE
        if "." not in url.host and not url.host.startswith("["):
            return "host of one label"
        if url.fragment is not None or url.host.removeprefix("www.") not in self._busy:
            return None
        if url.path.count("/") > self._deepest + 1 and _STAYS_DEEP.fullmatch(url.path) and not is_telegram(url.host):
            return None
        return self._door(url)

    def _door(self, url: CanonicalUrl) -> str | None:
        """What `_page` says of an address on a host with doors."""
        form = self._loosener.loosest(form_of(url))
        if form.params:
            return None
        if form.path.strip("/"):
            return "shared path" if form.host + form.path in self._doors else None
        kind = self._kind(form.host)
        return kind and f"front page of a {kind}"


def _pageless(rules: Rules) -> frozenset[str]:
    """The suffixes that are named in the public suffix list, less those that are stores of objects themselves."""
    stores = re.compile("|".join(map(translate, table("object_stores"))))
    named = (a_label(rule) for rule in (*rules.suffixes, *rules.private) if rule[:1] not in "!*")
    return frozenset(suffix for suffix in named if "." in suffix and not stores.match(suffix))


def _parents(suffixes: Iterable[str]) -> set[str]:
    """Every name above a suffix rule, and the name behind a wildcard rule.

    >>> sorted(_parents(("s3.cloud.example", "*.ck")))
    ['ck', 'cloud.example', 'example']
    """
    found: set[str] = set()
    for rule in suffixes:
        labels = a_label(rule.lstrip("!")).split(".")
        found.update(".".join(labels[start:]) for start in range(1, len(labels)))
    return found
