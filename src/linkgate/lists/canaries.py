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

from functools import cache
from typing import TYPE_CHECKING

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
    """The entry id of a canary; `name` is a key of `ADDRESSES`.

    >>> canary_id("page")
    'linkgate-canary:page'
    """
    return f"{CANARY_LIST}:{name}"


def canaries(hosts: frozenset[str]) -> tuple[Entry, ...]:
    """The canaries for an engine whose entries name these hosts.

    An address stands among them only beside listed addresses of its kind: without any, no message is
    searched for numbers, and it shall stay so.
    """
    literals = any(host.startswith("[") for host in hosts)
    numbers = any(is_address(host) for host in hosts if not host.startswith("["))
    absent = {"ipv4": not numbers, "ipv6": not literals}
    return tuple(entry for name, entry in _entries().items() if not absent.get(name))


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
