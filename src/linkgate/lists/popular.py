"""A file of popular hosts -> the set that the guard takes instead of our own table.

>>> sorted(popular_hosts(b'{"name": "top", "type": "string", "list": ["Good.example", "0.0.0.0/8", "com"]}'))
['good.example']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope
from linkgate.errors import ListError
from linkgate.lists.address import locate
from linkgate.lists.formats import FORMATS, ListItem, sniff

if TYPE_CHECKING:
    from collections.abc import Mapping


def popular_hosts(
    data: bytes, *, name: str = "popular", kind: str | None = None, columns: Mapping[str, str] | None = None
) -> frozenset[str]:
    """The hosts of a list of any format (MISP warninglists, plain hosts, …), in canonical form.

    In: the file, its name, its format where sniffing is not wanted, its columns. What is no host is
    left out. Raises ListError when it cannot be read, or holds no host at all.
    """
    items = FORMATS[kind or sniff(data, name)](data, columns=columns)
    located = (locate(item.address, item.scope) for item in items if isinstance(item, ListItem))
    hosts = frozenset(
        found[1].host for found in located if not isinstance(found, str) and found[0] in {Scope.HOST, Scope.DOMAIN}
    )
    if not hosts:
        raise ListError(f"list {name!r} holds no host; a table of popular hosts needs some")
    return hosts
