"""A list of kind `guard` -> the hosts that the guard takes instead of our own table, and well-known files' digests.

>>> sorted(popular_hosts(b'{"name": "top", "type": "string", "list": ["Good.example", "0.0.0.0/8", "com"]}'))
['good.example']
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import Digest
from linkgate.core.index.entry import Scope
from linkgate.errors import ListError
from linkgate.lists.address import locate
from linkgate.lists.digest_items import digest_of
from linkgate.lists.formats import FORMATS, ListItem, sniff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkgate.core.digests.digest import DigestType


def popular_hosts(
    data: bytes, *, name: str = "popular", kind: str | None = None, columns: Mapping[str, str] | None = None
) -> frozenset[str]:
    """The hosts of `guard_table`. Raises ListError when it cannot be read, or holds no host at all."""
    hosts = guard_table(data, name=name, kind=kind, columns=columns).hosts
    if not hosts:
        raise ListError(f"list {name!r} holds no host; a table of popular hosts needs some")
    return hosts


@dataclass(frozen=True, slots=True)
class GuardTable:
    """Popular hosts, and digests of files that everybody has."""

    hosts: frozenset[str] = field(repr=False)
    digests: frozenset[Digest] = field(repr=False)

    def __len__(self) -> int:
        return len(self.hosts) + len(self.digests)


def guard_table(
    data: bytes,
    *,
    name: str = "guard",
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    usual: DigestType | None = None,
) -> GuardTable:
    """The hosts and digests of a list of any format (MISP warninglists, plain hosts, …), in canonical form.

    In: the file, its name, its format where sniffing is not wanted, its columns, and the type of digests that say
    none. What is neither is left out. Raises ListError when it cannot be read, or holds neither.
    """
    items = [item for item in FORMATS[kind or sniff(data, name)](data, columns=columns) if isinstance(item, ListItem)]
    files = [item for item in items if item.type is not None or usual is not None]
    located = (locate(item.address, item.scope) for item in items if item.type is None and usual is None)
    hosts = frozenset(
        found[1].host for found in located if not isinstance(found, str) and found[0] in {Scope.HOST, Scope.DOMAIN}
    )
    digests = frozenset(digest for item in files if isinstance(digest := digest_of(item, usual), Digest))
    if not hosts and not digests:
        raise ListError(f"list {name!r} holds no host and no digest; a guard needs some")
    return GuardTable(hosts, digests)
