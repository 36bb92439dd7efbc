"""The names that publishers usually give to a field, for tables, JSON and YAML alike; the first one present wins.

>>> named(["when", "Domain"]), named(["id", "link", "host"])
({'url': 'Domain'}, {'url': 'link', 'id': 'id'})
>>> named(["hash", "type", "tags"]), named(["url", "type", "hash"])
({'category': 'tags', 'digest': 'hash', 'type': 'type'}, {'url': 'url', 'category': 'type'})
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

USUAL: dict[str, tuple[str, ...]] = {
    "url": (
        *("url", "uri", "link", "address", "indicator", "ioc", "ioc_value", "value"),
        *("domain", "host", "hostname", "fqdn"),
    ),
    "scope": ("scope",),
    "id": ("id", "entry_id", "uuid"),
    "category": ("category", "threat", "type", "tags"),
    "added": ("added", "date_added", "dateadded", "first_seen", "created"),
    "expires": ("expires", "valid_until", "expiry"),
    "note": ("note", "comment", "description"),
    "allow": ("allow",),
    "lifts": ("lifts",),
    "active": ("active", "verified", "enabled", "is_active"),
    "digest": ("digest", "hash", "hash_value", "hashvalue"),
    "type": ("digest_type", "hash_type", "hashtype", "type", "algorithm"),
    "quality": ("quality", "pdq_quality"),
    "doubt": ("doubt",),
}
_OF_DIGESTS = ("digest", "type", "quality", "doubt")
_OF_ADDRESS = {field: usual for field, usual in USUAL.items() if field not in _OF_DIGESTS}
_OF_DIGEST = {field: usual for field, usual in USUAL.items() if field != "url"} | {
    "category": tuple(name for name in USUAL["category"] if name not in USUAL["type"])
}


def usual_of(names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The usual names for a record with these names: where it holds a digest and no address, `type` is no category."""
    held = not any(name in names for name in USUAL["url"]) and any(name in names for name in USUAL["digest"])
    return _OF_DIGEST if held else _OF_ADDRESS


def named(names: Iterable[str]) -> dict[str, str]:
    """The fields that some names stand for, each with the name as it is written."""
    known = {name.strip().strip("\ufeff").lower(): name for name in names}
    found = {
        field: next((known[name] for name in usual if name in known), None) for field, usual in usual_of(known).items()
    }
    return {field: name for field, name in found.items() if name is not None}
