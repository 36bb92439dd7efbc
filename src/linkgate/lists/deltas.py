r"""A list and its changes -> the list as it is now, as JSON lines that hold all that was known of each entry.

An entry is met by its publisher's id, else by its canonical address and scope, a digest by what it is. Where the
delta has columns, a `tombstone` column says which rows were taken off; in one without columns, such lines
begin with `-` (and others may begin with `+`).

>>> full = b"http://bad.example/one\nhttp://bad.example/two\n"
>>> delta = b"-bad.example/one\n+bad.example/three\n"
>>> merged = apply(DeltaPart(full, "plain"), DeltaPart(delta, "plain"))
>>> merged.added, merged.removed, merged.unknown, merged.rejected
(1, 1, 0, 0)
>>> print(merged.data.decode(), end="")
{"url":"http://bad.example/two"}
{"url":"bad.example/three"}
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from linkgate.errors import ListError
from linkgate.lists.address import locate
from linkgate.lists.digest_items import digest_of
from linkgate.lists.formats import FORMATS, ListItem, Skipped, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkgate.core.digests.digest import DigestType
    from linkgate.core.index.entry import Scope

MERGED = "jsonl"
"""The format of a list to which a delta was applied."""

_FIELDS = ("scope", "id", "category", "added", "expires", "note", "allow", "lifts", "quality", "doubt")
_TABULAR = frozenset({"csv", "json", "jsonl", "phishtank", "threatexchange", "tsv", "tweetfeed", "urlhaus"})
_GONE = frozenset(
    {"1", "true", "yes", "y", "-", "d", "del", "delete", "deleted", "gone", "remove", "removed", "revoked"}
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The list after its changes. `unknown`: tombstones of what the list did not hold; `lines`: of the delta."""

    data: bytes = field(repr=False)
    added: int
    removed: int
    unknown: int
    rejected: int
    lines: int


@dataclass(frozen=True, slots=True)
class DeltaPart:
    """A file and how to read it; `tombstone` is the column that marks what was taken off."""

    data: bytes = field(repr=False)
    form: str | None = None
    columns: Mapping[str, str] | None = None
    tombstone: str | None = None


def apply(
    full: DeltaPart, delta: DeltaPart, *, default: Scope | None = None, usual: DigestType | None = None
) -> Merged:
    """Apply a delta to a list. usual: the type of its digests. Raises ListError when one cannot be read at all."""
    state = _State(default, usual)
    for item, gone in _items(full):
        if isinstance(item, ListItem) and not gone:
            state.put(item)
    added, removed, unknown, rejected, lines = 0, 0, 0, 0, 0
    for item, gone in _items(delta):
        lines += 1
        if item is None:
            rejected += 1
        elif not gone:
            added += state.put(item)
        elif state.remove(item):
            removed += 1
        else:
            unknown += 1
    return Merged(data=state.dump(), added=added, removed=removed, unknown=unknown, rejected=rejected, lines=lines)


def _items(part: DeltaPart) -> Iterator[tuple[ListItem | None, bool]]:
    """The items of a file, each with whether it was taken off; None for a line that cannot be read."""
    kind = part.form or sniff(part.data, "list")
    if kind not in FORMATS:
        raise ListError(f"no format {kind!r}")
    columns, marks = part.columns, part.tombstone is not None
    if part.tombstone is not None:
        columns = {**(columns or {}), "note": part.tombstone}
    ids = _gone_by_id(part, kind)
    signed = _signed(part.data) if kind not in _TABULAR and not marks else ((part.data, False),)
    for data, gone in signed:
        for item in FORMATS[kind](data, columns=columns):
            if isinstance(item, ListItem):
                yield item, gone or item.gone or (marks and _marked(item))
            elif item.line in ids:
                yield ListItem(line=item.line, address="", id=ids[item.line]), True
            elif not isinstance(item, Skipped):
                yield None, False


def _gone_by_id(part: DeltaPart, kind: str) -> dict[int, str]:
    """Tombstones by their lines, read with the id in the place of the address, which they may lack."""
    columns = part.columns or {}
    if part.tombstone is None or "id" not in columns:
        return {}
    items = FORMATS[kind](part.data, columns={"url": columns["id"], "note": part.tombstone})
    return {item.line: item.address for item in items if isinstance(item, ListItem) and _marked(item)}


def _marked(item: ListItem) -> bool:
    return (item.note or "").strip().lower() in _GONE


def _signed(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Lines that begin with `-`, without it, and all others, without their `+`; removals first."""
    gone: list[bytes] = []
    here: list[bytes] = []
    for line in data.splitlines():
        (gone if line.startswith(b"-") else here).append(line[1:] if line[:1] in {b"-", b"+"} else line)
    if gone:
        yield b"\n".join(gone), True
    yield b"\n".join(here), False


class _State:
    """The entries of a list, by the name under which a delta would speak of them."""

    def __init__(self, default: Scope | None, usual: DigestType | None) -> None:
        self._default, self._usual = default, usual
        self._items: dict[Key, ListItem] = {}
        self._ids: dict[str, Key] = {}
        self._files: dict[str, set[Key]] = defaultdict(set)

    def put(self, item: ListItem) -> bool:
        """Take an item in; whether it is new. An id that is known already has moved to this address.

        Of digests, one id may have several: of one file, or of one case.
        """
        key = self._key(item)
        if self._is_file(item):
            new = key not in self._items
            self._items[key] = replace(item, type=item.type or self._usual)
            if item.id:
                self._files[item.id].add(key)
            return new
        before = self._ids.get(item.id) if item.id else None
        if before is not None and before != key:
            self._items.pop(before, None)
        new = before is None and key not in self._items
        self._items[key] = item
        if item.id:
            self._ids[item.id] = key
        return new

    def remove(self, item: ListItem) -> bool:
        """Take an item off, by its id if that is known, else by its address; whether it was there.

        A digest is taken off by what it is; where only its id is told, all digests of that id are.
        """
        if self._is_file(item) and item.address:
            return self._items.pop(self._key(item), None) is not None
        if item.id and item.id in self._files:
            gone = [self._items.pop(key, None) for key in self._files.pop(item.id)]
            return any(gone)
        key = self._ids.pop(item.id, None) if item.id else None
        return self._items.pop(key or self._key(item), None) is not None

    def _key(self, item: ListItem) -> Key:
        allow = "allow" if item.allow else ""
        if self._is_file(item):
            digest = digest_of(item, self._usual)
            return (allow, "", item.address) if isinstance(digest, str) else (allow, digest.type, digest.octets.hex())
        located = locate(item.address, item.scope, self._default)
        if isinstance(located, str):
            return allow, "", item.address
        scope, url = located
        return allow, scope.value, str(url), url.fragment or ""

    def _is_file(self, item: ListItem) -> bool:
        return item.type is not None or self._usual is not None

    def dump(self) -> bytes:
        encode = msgspec.json.Encoder().encode
        return b"".join(encode(_row(item)) + b"\n" for item in self._items.values())


def _row(item: ListItem) -> dict[str, str | bool]:
    """All that is known of an item, absent fields left out."""
    known = {name: value for name in _FIELDS if (value := getattr(item, name))}
    held = {"url": item.address} if item.type is None else {"digest": item.address, "type": item.type}
    return {**held, **known}
