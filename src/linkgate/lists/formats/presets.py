r"""Known publishers: their formats by column maps and field paths, nothing more.

>>> row = b'"1","2026-01-01 00:00:00","http://bad.example/x","online","","malware_download","elf","u","r"\n'
>>> [(item.id, item.address, item.category) for item in urlhaus(b"# id,dateadded,url\n" + row)]
[('1', 'http://bad.example/x', 'malware_download')]

A map of the caller's own goes over the preset's:

>>> [item.category for item in urlhaus(row, columns={"category": "6"})]
['elf']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from linkgate.errors import ListError
from linkgate.lists.formats import delimited, document
from linkgate.lists.formats.item import Item, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE_HOST = re.compile(r"[^/?#*@:\s]+")

# Types of indicators that are web addresses, and their scope (`""`: as it is spelled).
TWEETFEED_KINDS = {"url": "", "domain": "host", "ip": "host"}
THREATEXCHANGE_KINDS = {"uri": "", "url": "", "domain": "host", "ip_address": "host", "": ""}


def urlhaus(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | RejectedLine]:
    """URLhaus CSV: id, dateadded, url, url_status, last_online, threat, tags, urlhaus_link, reporter."""
    known = {"id": "0", "added": "1", "url": "2", "category": "5"}
    return delimited.read(data, columns=known | dict(columns or {}), delimiter=",")


def tweetfeed(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | RejectedLine]:
    """TweetFeed CSV: date, user, type, value, tags, tweet; hashes of files are skipped."""
    known = {"added": "0", "kind": "2", "url": "3", "category": "4"}
    return delimited.read(data, columns=known | dict(columns or {}), kinds=TWEETFEED_KINDS, delimiter=",")


def phishtank(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | RejectedLine]:
    """PhishTank JSON: an array of objects; what is not verified is skipped.

    >>> [item.id for item in phishtank(b'[{"phish_id": 7, "url": "http://bad.example/", "verified": "yes"}]')]
    ['7']
    """
    known = {"url": "[].url", "id": "[].phish_id", "added": "[].submission_time", "active": "[].verified"}
    return document.read(data, columns=known | dict(columns or {}))


def threatexchange(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | RejectedLine]:
    """ThreatExchange descriptors: `data[]`, the indicator an object or, as `raw_indicator`, a text.

    >>> body = b'{"data": [{"id": "7", "type": "URI", "raw_indicator": "http://bad.example/", "status": "MALICIOUS"}]}'
    >>> [(item.id, item.address) for item in threatexchange(body)]
    [('7', 'http://bad.example/')]
    """
    address, kind = _threatexchange_paths(document.load(data))
    known = {
        "url": address,
        "kind": kind,
        "id": "data[].id",
        "category": "data[].tags[]",
        "active": "data[].status",
        "added": "data[].added_on",
        "expires": "data[].expired_on",
    }
    return document.read(data, columns=known | dict(columns or {}), kinds=THREATEXCHANGE_KINDS)


def _threatexchange_paths(found: object) -> tuple[str, str]:
    """Where this answer holds the indicator and its type: that depends on the fields that were asked for."""
    rows = found.get("data") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise ListError("it is no answer of ThreatExchange; one has its descriptors in data")
    row = next((row for row in rows if isinstance(row, dict)), {})
    if "raw_indicator" in row:
        return "data[].raw_indicator", "data[].type"
    if isinstance(row.get("indicator"), dict):
        kind = "data[].indicator.type" if "type" in row["indicator"] else "data[].type"
        return "data[].indicator.indicator", kind
    return "data[].indicator", "data[].type"


def polkadot(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | RejectedLine]:
    """Polkadot's phishing list: `deny` covers hosts with their subdomains, as its own checker does.

    `allow` names hosts that must not come into `deny`, such as shared ones: each the host alone. Its
    patterns are skipped, for hosts below them stand in `deny`.

    >>> items = polkadot(b'{"allow": ["a.example", "*.c.example"], "deny": ["b.example"]}')
    >>> [(item.address, item.scope, item.allow) if isinstance(item, Item) else item.reason for item in items]
    [('b.example', 'domain', False), ('a.example', 'host', True), 'polkadot: allowed pattern']
    """
    for item in document.read(data, columns={"url": "deny[]", "allow_url": "allow[]"} | dict(columns or {})):
        if not isinstance(item, Item) or not (item.allow or _BARE_HOST.fullmatch(item.address)):
            yield item
        elif _BARE_HOST.fullmatch(item.address):
            yield msgspec.structs.replace(item, scope="host" if item.allow else "domain")
        else:
            yield Skipped(item.line, "polkadot: allowed pattern")
