r"""Readers: one module a format, each turning the bytes of a file into items and rejected lines.

A reader knows its format and nothing of scopes or hosts: an `Item` carries the address as the
publisher wrote it. `FORMATS` maps a name to its reader, `sniff` guesses the name.

>>> from linkgate.lists.formats import FORMATS, sniff
>>> sorted(FORMATS)
['adblock', 'csv', 'hosts', 'jsonl', 'plain']
>>> data = b"# demo\nhttp://bad.example/page\n"
>>> [item.address for item in FORMATS[sniff(data, "demo.txt")](data)]
['http://bad.example/page']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.lists.formats import adblock, hosts, jsonl, plain, table
from linkgate.lists.formats.item import Item, Rejected
from linkgate.lists.formats.sniffing import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    class Reader(Protocol):
        """What every format module offers as `read`."""

        def __call__(self, data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | Rejected]:
            """Bytes of a whole file in, items and rejected lines out, in the file's order."""


FORMATS: dict[str, Reader] = {
    "adblock": adblock.read,
    "csv": table.read,
    "hosts": hosts.read,
    "jsonl": jsonl.read,
    "plain": plain.read,
}

__all__ = ["FORMATS", "Item", "Rejected", "sniff"]
