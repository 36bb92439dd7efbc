r"""dnsmasq configuration: the names that it answers itself instead of asking for them.

`address=/host/…` (any answer), `server=/host/` and `local=/host/` (no server to ask) cover the host
and its subdomains, as in dnsmasq: scope `domain`. A `server=` with a server is a road and no
listing; it is skipped, as all other options are.

>>> text = b"address=/bad.example/worse.example/0.0.0.0\nserver=/lan.example/192.0.2.1\nno-resolv\n"
>>> [item.address if isinstance(item, ListItem) else item.reason for item in read(text)]
['bad.example', 'worse.example', 'dnsmasq: asks a server', 'dnsmasq: another option']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RULE = re.compile(r"(?:--)?(address|server|local)\s*=\s*/(.*)/([^/]*)", re.IGNORECASE)
_OPTION = re.compile(r"(?:--)?[a-z][a-z0-9-]*\s*(?:=.*)?", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)#.*$")


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a dnsmasq configuration; `columns` has no meaning here and is ignored."""
    del columns
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line
            continue
        text = _COMMENT.sub("", line[1]).strip()
        if text:
            yield from _parse_option(line[0], text)


def _parse_option(number: int, text: str) -> Iterator[ListItem | RejectedLine]:
    rule = RULE.fullmatch(text)
    if rule is None:
        known = _OPTION.fullmatch(text) is not None
        yield Skipped(number, "dnsmasq: another option") if known else RejectedLine(number, "dnsmasq: not an option")
    elif rule[1].lower() != "address" and rule[3].strip():
        yield Skipped(number, "dnsmasq: asks a server")
    else:
        for host in rule[2].split("/"):
            yield _item(number, host.strip())


def _item(number: int, host: str) -> ListItem | RejectedLine:
    """The item of one name; `#` stands for every name there is, and `*` for a part of one.

    >>> _item(1, "#").reason, _item(1, "*.bad.example").reason, _item(1, ".bad.example").address
    ('dnsmasq: wildcard', 'dnsmasq: wildcard', 'bad.example')
    """
    if "*" in host or "#" in host:
        return RejectedLine(number, "dnsmasq: wildcard")
    return ListItem(line=number, address=host.removeprefix("."), scope="domain")
