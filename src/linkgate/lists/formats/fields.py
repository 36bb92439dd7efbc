"""Fields of one record, by linkgate's names -> ListItem; the same for CSV, JSON lines and JSON.

Besides the fields of an item, a map may name two columns that decide whether a record counts:
`active` (a cell that says no, such as `0` or `revoked`, means the publisher does not list it) and
`kind` (the type of the indicator, where a preset says which types are web addresses).

>>> make_item(1, {"url": "http://bad.example/", "active": "0"})
Skipped(line=1, reason='not active')
>>> make_item(2, {"url": "d41d8cd98f00", "kind": "md5"}, kinds={"url": "", "domain": "host"})
Skipped(line=2, reason='no web address')
>>> make_item(3, {"url": "bad.example", "kind": "Domain"}, kinds={"url": "", "domain": "host"}).scope
'host'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.errors import ListError
from linkgate.lists.formats.item import FIELDS, ListItem, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

COLUMNS = (*FIELDS, "kind", "active")

_TEXTS = ("id", "category", "added", "expires", "note", "quality", "doubt")
_YES = frozenset({"1", "true", "yes", "y", "t", "on", "allow"})
# What publishers write for "we do not (or no longer) claim this".
_NO = frozenset(
    {
        *("0", "false", "no", "n", "f", "off", "inactive", "disabled", "revoked", "deleted", "expired"),
        *("offline", "benign", "non_malicious", "negative_class", "unknown", "ignore"),
    }
)


def make_item(
    number: int,
    fields: Mapping[str, str | None],
    *,
    kinds: Mapping[str, str] | None = None,
    digests: Mapping[str, str] | None = None,
) -> ListItem | RejectedLine:
    """The item of a record.

    In: its number, its cells by the names of `COLUMNS`, the scope of each kind that is a web
    address (`""`: as it is spelled), and the type of each that is a digest; other kinds are skipped. Out: the item,
    or why there is none. A record with a field `digest` holds one, of the type of its field `type`.
    """
    held = anchor(fields)
    address, type_ = fields.get(held), None if held == "url" else fields.get("type") or ""
    if not address:
        return RejectedLine(number, "no address field" if type_ is None else "no digest field")
    if (fields.get("active") or "").strip().lower() in _NO:
        return Skipped(number, "not active")
    scope = fields.get("scope") or None
    if kinds is not None:
        kind = (fields.get("kind") or "").strip().lower()
        type_ = (digests or {}).get(kind)
        if kind not in kinds and type_ is None:
            return Skipped(number, "no web address")
        scope = scope or kinds.get(kind) or None
    texts: dict[str, Any] = {name: fields.get(name) or None for name in _TEXTS}
    allow, lifts = ((fields.get(name) or "").strip().lower() in _YES for name in ("allow", "lifts"))
    return ListItem(line=number, address=address, scope=scope, allow=allow, lifts=lifts, type=type_, **texts)


def anchor(fields: Container[str]) -> str:
    """The field that makes a record an entry: `url`, or `digest` where there is no `url`.

    >>> anchor({"digest": "0", "type": "1"}), anchor({"url": "0", "type": "1"}), anchor({})
    ('digest', 'url', 'url')
    """
    return "digest" if "digest" in fields and "url" not in fields else "url"


def refuse_unknown(columns: Mapping[str, str], *more: str) -> None:
    """Raise ListError for a map that names a field which is neither in `COLUMNS` nor in `more`."""
    known = (*COLUMNS, *more)
    for field in columns:
        if field not in known:
            raise ListError(f"columns knows no field {field!r}; its fields are {', '.join(known)}")
