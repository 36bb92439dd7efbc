"""Canaries: entries that every compiled engine carries, so that an installed gate can be tested at any time.

They name nothing real: hosts under `.example` (RFC 2606), addresses for documentation (RFC 5737, RFC
3849), and one brand of a label that nobody owns. They stand under a list name of their own, which no
other list may take, so that whoever sees a match can tell a test from a find; reports and sizes do
not count them. Which ones an engine carries depends on its entries alone, so equal lists still give
equal snapshot ids.

>>> [entry.id for entry in canaries(frozenset())][-3:]
['linkgate-canary:domain', 'linkgate-canary:brand', 'linkgate-canary:idn']
>>> [entry.id for entry in canaries(frozenset({"198.51.100.7"}))][-1]
'linkgate-canary:ipv4'
>>> is_reserved("partner"), is_reserved("Linkgate-Canary")
(False, True)
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import DigestType, read_digest
from linkgate.core.digests.digest_records import file_entry
from linkgate.core.index.entry import Entry
from linkgate.core.url.host import is_address
from linkgate.lists.address import to_entry
from linkgate.lists.formats import ListItem

if TYPE_CHECKING:
    from collections.abc import Mapping

CANARY_LIST = "linkgate-canary"
"""The name of the list that canaries stand under."""

SHORT_LINKS = "linkgate-shorteners"
"""The name under which short links stand on record that nothing covers; no list is called so."""

RESERVED = f"the names {CANARY_LIST} and {SHORT_LINKS} are reserved for what linkgate itself puts on record"
"""What to say to who calls a list so."""

# One for each scope, and for each kind of address that has spellings of its own. All names end in
# `.example`: the last labels of listed hosts make bare words links, so one more is enough.
ADDRESSES: Mapping[str, str] = {
    "page": "http://linkgate-canary-page.example/album/photo",
    "query": "http://linkgate-canary-query.example/view?album=7&photo=2",
    "fragment": "http://linkgate-canary-fragment.example/#/album/7",
    "prefix": "http://linkgate-canary-prefix.example/users/mallory/*",
    "host": "linkgate-canary-host.example",
    "domain": "*.linkgate-canary-domain.example",
    "brand": "linkgate-canary-brand-6f1d0c9e5b7a.*",
    "idn": "http://linkgate-canary-bücher.example/album/photo",
    "ipv4": "http://192.0.2.77/linkgate-canary/photo",
    "ipv6": "http://[2001:db8::4d]/linkgate-canary/photo",
}
"""What each canary lists, spelled as a plain list spells it."""


def canary_id(name: str) -> str:
    """The entry id of a canary; `name` is a key of `LISTED`.

    >>> canary_id("page")
    'linkgate-canary:page'
    """
    return f"{CANARY_LIST}:{name}"


def canaries(hosts: frozenset[str], types: frozenset[DigestType] = frozenset()) -> tuple[Entry, ...]:
    """The canaries for an engine whose entries name these hosts, and have digests of these types.

    An address stands among them only beside listed addresses of its kind: without any, no message is
    searched for numbers, and it shall stay so. The same with digests.
    """
    literals = any(host.startswith("[") for host in hosts)
    numbers = any(is_address(host) for host in hosts if not host.startswith("["))
    absent = {"ipv4": not numbers, "ipv6": not literals}
    files = (entry for kind, entry in _files().items() if kind in types)
    return (*(entry for name, entry in _entries().items() if not absent.get(name)), *files)


DIGESTS: Mapping[DigestType, str] = {
    DigestType.SHA256: hashlib.sha256(b"linkgate canary").hexdigest(),
    DigestType.SHA1: hashlib.sha1(b"linkgate canary", usedforsecurity=False).hexdigest(),
    DigestType.MD5: hashlib.md5(b"linkgate canary", usedforsecurity=False).hexdigest(),
    DigestType.PDQ: hashlib.sha256(b"linkgate canary picture").hexdigest(),
}
"""The digest that each canary of a type lists: of these words; as PDQ of no picture, for which any 256 bits do."""

LISTED: Mapping[str, str] = {**ADDRESSES, **{kind.value: digits for kind, digits in DIGESTS.items()}}
"""What each canary lists, by its name."""
OPTIONAL = frozenset({"ipv4", "ipv6", *DIGESTS})
"""The canaries that stand only beside entries of their kind."""


@cache
def _files() -> Mapping[DigestType, Entry]:
    read = {kind: read_digest(kind, digits) for kind, digits in DIGESTS.items()}
    return {
        kind: file_entry(id=canary_id(kind), list=CANARY_LIST, digest=digest)
        for kind, digest in read.items()
        if digest is not None
    }


@cache
def _entries() -> Mapping[str, Entry]:
    read = {
        name: to_entry(ListItem(line=0, address=address), list_name=CANARY_LIST, entry_id=canary_id(name))
        for name, address in ADDRESSES.items()
    }
    return {name: entry for name, entry in read.items() if isinstance(entry, Entry)}


def is_reserved(name: str) -> bool:
    """Whether a list may not be called so: it would be taken for the canaries, or for no list."""
    return name.strip().casefold() in {CANARY_LIST, SHORT_LINKS}
