r"""Hosts files (hosts(5)): an IP address, then the names that shall lead there.

Every name is one item without a scope: a bare host, unless the operator says otherwise for the list. Names that
every hosts file carries for the machine itself (`localhost`, `ip6-allnodes`, …) are passed over in silence.

>>> [item.address for item in read(b"127.0.0.1 localhost\n0.0.0.0 bad.example worse.example # May\n")]
['bad.example', 'worse.example']
>>> list(read(b"http://bad.example/page\n"))
[RejectedLine(line=1, reason='not a hosts line')]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import ListItem, RejectedLine
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TARGET = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]*(?:%\w+)?)", re.IGNORECASE)

_OWN_NAMES = frozenset(
    {
        "0.0.0.0",  # noqa: S104 - a line of hosts files, nothing is bound
        "127.0.0.1",
        "::",
        "::1",
        "broadcasthost",
        "ip6-allhosts",
        "ip6-allnodes",
        "ip6-allrouters",
        "ip6-localhost",
        "ip6-localnet",
        "ip6-loopback",
        "ip6-mcastprefix",
        "local",
        "localhost",
        "localhost.localdomain",
        "localhost4",
        "localhost4.localdomain4",
        "localhost6",
        "localhost6.localdomain6",
    }
)


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a hosts file; `columns` has no meaning here and is ignored."""
    del columns
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line
        else:
            yield from parse_line(*line)


def parse_line(number: int, text: str) -> Iterator[ListItem | RejectedLine]:
    """The items of one line, none for a comment."""
    if text.lstrip()[:1] == "!":
        return
    fields = text.partition("#")[0].split()
    if not fields:
        return
    target, *names = fields
    if not names or not TARGET.fullmatch(target):
        yield RejectedLine(number, "not a hosts line")
        return
    for name in names:
        if name.lower() not in _OWN_NAMES:
            yield ListItem(line=number, address=name)
