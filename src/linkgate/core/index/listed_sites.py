"""sites: which hosts have listed pages or directories, as a sorted table of keys whose last two bits say which.

>>> table = sites_of({Scope.PAGE: {"www.bad.example"}, Scope.PREFIX: {"bad.example", "worse.example"}}, {})
>>> [listed_on(table, host, {}) for host in ("bad.example", "worse.example", "other.example")]
[3, 2, 0]
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope
from linkgate.core.index.keys import key_of, site_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HAS_PAGE, HAS_PREFIX = 1, 2
_SITE = ~(HAS_PAGE | HAS_PREFIX)


def sites_of(hosts: Mapping[Scope, Iterable[str]], sisters: Mapping[str, str]) -> array[int]:
    """The table for the hosts of the entries of each scope; sisters: hosts of one service."""
    sites: dict[int, int] = {}
    for scope, has in ((Scope.PAGE, HAS_PAGE), (Scope.PREFIX, HAS_PREFIX)):
        for site in {site_of(host, sisters) for host in hosts[scope]}:
            key = key_of(site) & _SITE
            sites[key] = sites.get(key, 0) | has
    return array("Q", sorted(key | has for key, has in sites.items()))


def listed_on(table: array[int], host: str, sisters: Mapping[str, str]) -> int:
    """Whether pages or directories of a host are listed, as bits."""
    site = key_of(site_of(host, sisters)) & _SITE
    slot = bisect_left(table, site)
    found = table[slot] if slot < len(table) else 0
    return found & ~_SITE if found & _SITE == site else 0
