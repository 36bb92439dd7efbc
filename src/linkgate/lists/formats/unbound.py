r"""unbound configuration: local zones that are answered with a refusal, or with an address of nowhere.

`local-zone: "host" always_nxdomain` (and `refuse`, `redirect`, `static`, …) covers the host and its
subdomains: scope `domain`. Zones whose type lets names through are no listings and are skipped.
`local-data` that points at nowhere (`0.0.0.0`, `127.0.0.1`, `::`, `::1`) covers one name: scope `host`;
not so when a zone covers it already.

>>> text = b'server:\n local-zone: "bad.example." always_nxdomain\n local-zone: "x.example" transparent\n'
>>> [(item.address, item.scope) if isinstance(item, ListItem) else item.reason for item in read(text)]
[('bad.example.', 'domain'), 'unbound: lets names through']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# unbound.conf(5), local-zone: the types by which a name is not looked up.
_REFUSING = frozenset(
    {
        *("deny", "refuse", "static", "redirect", "inform_deny", "inform_redirect"),
        *("always_nxdomain", "always_nodata", "always_refuse", "always_deny", "always_null"),
    }
)
_PASSING = frozenset(
    {
        *("transparent", "typetransparent", "always_transparent", "inform", "nodefault"),
        *("block_a", "noview", "ipset"),
    }
)
ZONE = re.compile(r"local-zone:\s*([\"']?)(\S+?)\1\s+([\"']?)(\w+)\3\s*", re.IGNORECASE)
_DATA = re.compile(r"local-data:\s*([\"'])\s*(\S+)\s+(?:\d+\s+)?(?:IN\s+)?(A|AAAA)\s+(\S+?)\s*\1\s*", re.IGNORECASE)
_OPTION = re.compile(r"[a-z][a-z0-9-]*:.*", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_NOWHERE = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 - a line of a file, nothing is bound


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of an unbound configuration; `columns` has no meaning here and is ignored."""
    del columns
    zones: set[str] = set()
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line
            continue
        text = _COMMENT.sub("", line[1]).strip()
        found = _parse_option(line[0], text, zones) if text else None
        if found is not None:
            yield found


def _parse_option(number: int, text: str, zones: set[str]) -> ListItem | RejectedLine | None:
    """What one option says; `zones` holds the names of the zones so far."""
    if zone := ZONE.fullmatch(text):
        return _zone(number, zone[2], zone[4].lower(), zones)
    if data := _DATA.fullmatch(text):
        if data[2].rstrip(".").lower() in zones:
            return None
        nowhere = data[4] in _NOWHERE
        return (
            ListItem(line=number, address=data[2], scope="host") if nowhere else Skipped(number, "unbound: local data")
        )
    if text.lower() == "server:":
        return None
    known = _OPTION.fullmatch(text) is not None and not text.lower().startswith("local-zone:")
    return Skipped(number, "unbound: another option") if known else RejectedLine(number, "unbound: not an option")


def _zone(number: int, host: str, kind: str, zones: set[str]) -> ListItem | RejectedLine:
    if kind in _REFUSING:
        zones.add(host.rstrip(".").lower())
        return ListItem(line=number, address=host, scope="domain")
    passing = kind in _PASSING
    return Skipped(number, "unbound: lets names through") if passing else RejectedLine(number, "unbound: zone type")
