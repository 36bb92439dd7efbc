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
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.errors import ListError
from linkgate.lists.formats import delimited_list, document
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PAIRS = (("deny", "allow"), ("blacklist", "whitelist"), ("blocklist", "allowlist"))
_BARE_HOST = re.compile(r"[^/?#*@:\s]+")

# Types of indicators that are web addresses, and their scope (`""`: as it is spelled).
TWEETFEED_KINDS = {"url": "", "domain": "host", "ip": "host"}
THREATFOX_KINDS = {"url": "", "domain": "host", "ip:port": "host"}
OTX_KINDS = {"url": "", "domain": "host", "hostname": "host", "ipv4": "host", "ipv6": "host"}
THREATEXCHANGE_DIGESTS = {
    kind: kind.removeprefix("hash_")
    for kind in ("hash_md5", "hash_sha1", "hash_sha256", "hash_pdq", "hash_video_md5", "pdq", "vpdq", "video_md5")
}
THREATEXCHANGE_SIGNALS = {
    kind: kind for kind in ("md5", "sha1", "sha256", "pdq", "vpdq", "photo_md5", "video_md5", "video_sha256")
}
THREATEXCHANGE_KINDS = {"uri": "", "url": "", "domain": "host", "ip_address": "host", "": ""}


def urlhaus(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """URLhaus CSV: id, dateadded, url, url_status, last_online, threat, tags, urlhaus_link, reporter."""
    known = {"id": "0", "added": "1", "url": "2", "category": "5"}
    return delimited_list.read(data, columns=known | dict(columns or {}), delimiter=",")


def tweetfeed(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """TweetFeed CSV: date, user, type, value, tags, tweet; hashes of files are skipped."""
    known = {"added": "0", "kind": "2", "url": "3", "category": "4"}
    return delimited_list.read(data, columns=known | dict(columns or {}), kinds=TWEETFEED_KINDS, delimiter=",")


def threatfox(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """ThreatFox CSV: first_seen_utc, ioc_id, ioc_value, ioc_type, threat_type, …; or its JSON, objects by their ids.

    >>> row = b'"2026-01-01 00:00:00", "7", "192.0.2.7:80", "ip:port", "botnet_cc"'
    >>> [(item.id, item.address, item.category) for item in threatfox(row)]
    [('7', '192.0.2.7:80', 'botnet_cc')]
    """
    if _is_json(data):
        names = {"url": "ioc_value", "kind": "ioc_type", "category": "threat_type", "added": "first_seen_utc"}
        known = {field: f"[][].{name}" for field, name in names.items()}
        return document.read(data, columns=known | dict(columns or {}), kinds=THREATFOX_KINDS)
    known = {"added": "0", "id": "1", "url": "2", "kind": "3", "category": "4"}
    return delimited_list.read(data, columns=known | dict(columns or {}), kinds=THREATFOX_KINDS, delimiter=",")


def otx(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """AlienVault OTX: one pulse, a list of them, or an answer with them in `results`; or a list of indicators.

    >>> pulse = b'{"name": "demo", "indicators": [{"id": 7, "type": "hostname", "indicator": "bad.example"}]}'
    >>> [(item.id, item.address, item.scope) for item in otx(pulse)]
    [('7', 'bad.example', 'host')]
    """
    root = _otx_root(found := document.load(data))
    names = {"url": "indicator", "kind": "type", "id": "id", "active": "is_active", "added": "created"}
    known = {field: f"{root}[].{name}" for field, name in (names | {"expires": "expiration"}).items()}
    return document.items(found, columns=known | dict(columns or {}), kinds=OTX_KINDS)


def _otx_root(found: Any) -> str:
    """Where the indicators stand."""
    if isinstance(found, dict) and isinstance(found.get("indicators"), list):
        return "indicators"
    held = found.get("results") if isinstance(found, dict) else found
    if not isinstance(held, list):
        raise ListError("it holds no OTX pulses; one has its indicators in indicators, several stand in results")
    root = "results[]" if isinstance(found, dict) else "[]"
    pulses = any(isinstance(pulse, dict) and "indicators" in pulse for pulse in held)
    return f"{root}.indicators" if pulses else root.removesuffix("[]")


def duckduckgo(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """DuckDuckGo's tracker lists: the keys of `trackers`; what it ignores by default is skipped.

    >>> [item.address for item in duckduckgo(b'{"trackers": {"bad.example": {"default": "block"}}}')]
    ['bad.example']
    """
    known = {"url": "trackers{}", "active": "trackers[].default", "category": "trackers[].categories[]"}
    return document.read(data, columns=known | dict(columns or {}))


def _is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in {b"[", b"{"}


def phishtank(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    r"""PhishTank JSON, an array of objects, or its CSV with the same names; what is not verified is skipped.

    >>> rows = b"phish_id,url,verified\n7,http://bad.example/,yes\n8,http://bad.example/x,no\n"
    >>> [item.id if isinstance(item, ListItem) else item.reason for item in phishtank(rows)]
    ['7', 'not active']

    >>> [item.id for item in phishtank(b'[{"phish_id": 7, "url": "http://bad.example/", "verified": "yes"}]')]
    ['7']
    """
    names = {"url": "url", "id": "phish_id", "added": "submission_time", "active": "verified"}
    if not _is_json(data):
        held = delimited_list.header(data)
        return delimited_list.read(
            data, columns={k: name for k, name in names.items() if name in held} | dict(columns or {})
        )
    known = {field: f"[].{name}" for field, name in names.items()}
    return document.read(data, columns=known | dict(columns or {}))


def threatexchange(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """ThreatExchange descriptors: `data[]`, the indicator an object or, as `raw_indicator`, a text.

    >>> body = b'{"data": [{"id": "7", "type": "URI", "raw_indicator": "http://bad.example/", "status": "MALICIOUS"}]}'
    >>> [(item.id, item.address) for item in threatexchange(body)]
    [('7', 'http://bad.example/')]
    >>> body = b'{"data": [{"id": "8", "type": "HASH_MD5", "raw_indicator": "d41d8cd98f00b204e9800998ecf8427e"}]}'
    >>> [(item.id, item.type) for item in threatexchange(body)]
    [('8', 'md5')]
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
    return document.read(
        data, columns=known | dict(columns or {}), kinds=THREATEXCHANGE_KINDS, digests=THREATEXCHANGE_DIGESTS
    )


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


def threatexchange_dataset(
    data: bytes, *, columns: Mapping[str, str] | None = None
) -> Iterator[ListItem | RejectedLine]:
    r"""What `threatexchange dataset -P --csv` prints of any exchange: signals, of which URLs and digests are read.

    >>> rows = b"signal_type,signal_str,collab,category,tags\nurl,http://bad.example/,c,POSITIVE_CLASS,a b\n"
    >>> [(item.address, item.category) for item in threatexchange_dataset(rows)]
    [('http://bad.example/', 'a b')]
    """
    known = {"kind": "signal_type", "url": "signal_str", "active": "category", "category": "tags"}
    return delimited_list.read(
        data,
        columns=known | dict(columns or {}),
        kinds=THREATEXCHANGE_KINDS,
        digests=THREATEXCHANGE_SIGNALS,
        delimiter=",",
    )


def polkadot(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Polkadot's phishing list: `deny` covers hosts with their subdomains, as its own checker does.

    `allow` names hosts that must not come into `deny`, such as shared ones: each the host alone. Its
    patterns are skipped, for hosts below them stand in `deny`.

    MetaMask's list says the same in its `blacklist` and `whitelist`, or `blocklist` and `allowlist`.

    >>> items = polkadot(b'{"allow": ["a.example", "*.c.example"], "deny": ["b.example"]}')
    >>> [(item.address, item.scope, item.allow) if isinstance(item, ListItem) else item.reason for item in items]
    [('b.example', 'domain', False), ('a.example', 'host', True), 'polkadot: allowed pattern']
    """
    found = document.load(data)
    denied, allowed = next((pair for pair in _PAIRS if isinstance(found, dict) and pair[0] in found), _PAIRS[0])
    known = {"url": f"{denied}[]", "allow_url": f"{allowed}[]"}
    for item in document.items(found, columns=known | dict(columns or {})):
        if not isinstance(item, ListItem) or not (item.allow or _BARE_HOST.fullmatch(item.address)):
            yield item
        elif _BARE_HOST.fullmatch(item.address):
            yield msgspec.structs.replace(item, scope="host" if item.allow else "domain")
        else:
            yield Skipped(item.line, "polkadot: allowed pattern")
