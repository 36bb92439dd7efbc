"""The names that publishers usually give to a field, for tables, JSON and YAML alike; the first one present wins.

>>> named(["when", "Domain"]), named(["id", "link", "host"])
({'url': 'Domain'}, {'url': 'link', 'id': 'id'})
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
}


def named(names: Iterable[str]) -> dict[str, str]:
    """The fields that some names stand for, each with the name as it is written."""
    known = {name.strip().strip("\ufeff").lower(): name for name in names}
    found = {field: next((known[name] for name in usual if name in known), None) for field, usual in USUAL.items()}
    return {field: name for field, name in found.items() if name is not None}
