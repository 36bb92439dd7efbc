"""Which lists of a JSON document hold its records, at whatever depth: judged by their first items.

A list is one of records when its items have a text; one of containers when that stands in lists below them,
as the messages of chats do. What neither is may hold links all the same.

>>> chats = [{"name": "c", "messages": [{"id": 1, "date": 0, "text": "hi"}]}]
>>> kind_of(chats, Fields()).value, kind_of(chats[0]["messages"], Fields()).value
('containers', 'records')
>>> lists = RecordLists("json", Fields())
>>> lists.choose(("data", "children"), b'{"data": {"id": "c1", "body": "hi"}}]').paths.text
('data', 'body')
>>> lists.remark.partition(" (")[0]
'a JSON document, records in data.children; text from data.body, id from data.id, no time, links from every other field'
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from linkgate.fronts.inputs.chunks import Fields, Paths
from linkgate.fronts.inputs.field_links import CONTEXT, LINKISH, SCHEME
from linkgate.fronts.inputs.field_names import NAMES, folded
from linkgate.fronts.inputs.guessing import guess, named, paths_in, remark, seen_in
from linkgate.fronts.inputs.json_lines import loads
from linkgate.fronts.inputs.json_walk import ENTRY, ITEM
from linkgate.fronts.inputs.rows import flat, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.guessing import Seen

Keys = tuple[str, ...]
_SAMPLE = 200
_MANY = 8
"""So many records a record has below it at most; what has more is a container."""
_DEEP = 12
_SEVERAL = 3
_TOLD = 3
_MOST = 1000
_SLACK = re.compile(r"\d{9,11}\.\d{6}")
_PLAIN = re.compile(r"[A-Za-z0-9_@ $-]{1,40}")
_LINKISH = re.compile(LINKISH)
_SCHEME = re.compile(SCHEME)
_NAMES = {"json": "a JSON document", "telegram": "a Telegram export", "discord": "a Discord export"}


class ListKind(Enum):
    """What the items of a list are. Parts are records that are a part of the one they stand in."""

    RECORDS = "records"
    PARTS = "parts"
    CONTAINERS = "containers"
    NOTHING = "nothing"


def kind_of(items: list[dict[str, Any]], fields: Fields, *, root: bool = False, depth: int = 0) -> ListKind:
    """Judge the items of a list; `root`: they are the values of a document, which is a record at last."""
    seen = seen_in(items)
    own = _has_text(items, seen, fields)
    below = _kinds_below(items, fields, depth) if depth < _DEEP else {}
    if own and not (root and below):
        many = sum(count for kind, count in below.values() if kind is not ListKind.PARTS)
        return ListKind.CONTAINERS if many >= _MANY * len(items) else _records_or_parts(seen)
    inner = {kind for kind, _ in below.values()}
    if inner & {ListKind.CONTAINERS, ListKind.RECORDS} or (root and ListKind.PARTS in inner):
        return ListKind.CONTAINERS
    if ListKind.PARTS in inner:
        return _records_or_parts(seen)
    return ListKind.NOTHING if fields.text or not _may_hold_link(items, seen) else ListKind.RECORDS


def _records_or_parts(seen: Seen) -> ListKind:
    """A record has an id or a time of its own."""
    text = guess("text", seen)
    places = tuple(dict.fromkeys(((text or ())[:-1], ())))
    return ListKind.RECORDS if guess("id", seen, *places) or guess("time", seen, *places) else ListKind.PARTS


def _has_text(items: list[dict[str, Any]], seen: Seen, fields: Fields) -> bool:
    """Whether a text stands in these items, not in lists of them."""
    path = named(fields.text, seen)
    return guess("text", seen) is not None if path is None else any(values(item, path) for item in items)


def _kinds_below(items: list[dict[str, Any]], fields: Fields, depth: int) -> dict[Keys, tuple[ListKind, int]]:
    """The lists in these items that hold texts, each with how many items it has in all."""
    gathered: dict[Keys, list[dict[str, Any]]] = {}
    for item in items:
        for path, row in _listed(item, ()):
            gathered.setdefault(path, []).append(row)
    found = {path: (_kind_below(rows, fields, depth), len(rows)) for path, rows in gathered.items()}
    return {path: each for path, each in found.items() if each[0] is not ListKind.NOTHING}


def _kind_below(rows: list[dict[str, Any]], fields: Fields, depth: int) -> ListKind:
    kind = kind_of(rows[:_SAMPLE], fields, depth=depth + 1)
    weak = kind is ListKind.RECORDS and not any(folded(path[-1]) in NAMES["text"] for path in seen_in(rows[:_SAMPLE]))
    return ListKind.NOTHING if weak and not fields.text else kind


def _listed(value: Any, path: Keys) -> Iterator[tuple[Keys, dict[str, Any]]]:
    """The objects in the nearest lists below."""
    if isinstance(value, dict) and len(path) < _DEEP:
        for key, item in value.items():
            yield from _listed(item, (*path, key))
    elif isinstance(value, list) and path:
        yield from ((path, row) for row in flat(value) if isinstance(row, dict))


def _may_hold_link(items: list[dict[str, Any]], seen: Seen) -> bool:
    """Whether there is a text of another kind, or a URL in any field."""
    if guess("more", seen) is not None:
        return True
    texts = (each for item in items for path in seen for each in flat(values(item, path)) if isinstance(each, str))
    return any(SCHEME in each for each in texts)


class RecordList(NamedTuple):
    """A list of records: whose they are, empty for anybody's, and where their parts stand."""

    reader: str
    paths: Paths


class RecordLists:
    """The lists of one document, as they are met; `remark` says which were read."""

    def __init__(self, form: str, fields: Fields) -> None:
        self._form = form
        self._fields = fields
        self._known: dict[Keys, RecordList] = {}
        self._told: dict[str, str] = {}
        self.remark = _NAMES.get(form, form)

    def choose(
        self, keys: Keys, head: bytes, *, root: bool = False, item: re.Pattern[bytes] = ITEM
    ) -> RecordList | None:
        """Whether the list at these keys, which begins with `head`, is one to read; None is for looking into it."""
        if keys in self._known:
            return self._known[keys]
        if self._form in {"telegram", "discord"} and keys[-1:] == ("messages",):
            return self._note(keys, RecordList(self._form, self._fixed()), "its own fields are read")
        items = _items(head) if item is ITEM else _entries(head)
        kind = kind_of(_listed_maps(items), self._fields, root=root) if items else ListKind.NOTHING
        if kind is ListKind.CONTAINERS or not items or (kind is ListKind.NOTHING and any(keys)):
            return None  # a document is at last a list of records, or one: those that have no text are told
        if any(isinstance(ts := item.get("ts"), str) and _SLACK.fullmatch(ts) for item in items):
            return self._note(keys, RecordList("slack", self._fixed()), "as Slack writes them")
        return self._planned(keys, items)

    def _fixed(self) -> Paths:
        """The paths of records whose reader knows their fields; whose account it is, the user says."""
        return Paths(text=("text",), account=named(self._fields.account, {}))

    def _planned(self, keys: Keys, items: list[dict[str, Any]]) -> RecordList:
        seen = seen_in(items)
        paths = plan_of(seen, self._fields)
        return self._note(keys, RecordList("", paths), remark("", paths, self._fields, seen, anywhere=True)[2:])

    def _note(self, keys: Keys, found: RecordList, told: str) -> RecordList:
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[keys] = found
        if len(self._told) <= _TOLD:  # there may be as many lists as rooms
            self._told.setdefault(".".join(key if _PLAIN.fullmatch(key) else "*" for key in keys if key), told)
            parts = [f", records in {name}; {told}" if name else f"; {told}" for name, told in self._told.items()]
            left = ", and in more lists" if len(parts) > _TOLD else ""
            self.remark = _NAMES.get(self._form, self._form) + "".join(parts[:_TOLD]) + left
        return found

    def leftover(self, row: dict[str, Any]) -> RecordList | None:
        """Whether what stands beside the lists says something, as the text of a post whose answers are a list."""
        if self._fields.text:
            return None
        seen = seen_in([row])
        linkish = [path for path in seen if path[0] != CONTEXT and _is_linkish(row, path)]
        if not linkish and self._known:
            return None
        paths = plan_of(seen, self._fields)
        if not linkish and not any(isinstance(each, str) for each in values(row, paths.text)):
            return None
        linkish = [path for path in linkish if path != paths.text]
        return RecordList("", replace(paths, more=tuple(dict.fromkeys((*paths.more, *linkish)))))


def _is_linkish(row: dict[str, Any], path: Keys) -> bool:
    tells = _LINKISH if folded(path[-1]) not in NAMES["id"] else _SCHEME  # ids have dots in them
    return any(isinstance(each, str) and tells.search(each) for each in flat(values(row, path)))


def plan_of(seen: Seen, fields: Fields) -> Paths:
    """The paths of records; a text that none of the first ones has is looked for in `text`."""
    found = paths_in(seen, fields) or paths_in(seen, replace(fields, text="text"))
    return found or Paths(text=("text",), anywhere=True)


def _items(head: bytes) -> list[dict[str, Any]]:
    """The first whole items of a list, or values of a document."""
    found: list[dict[str, Any]] = []
    at = 0
    while len(found) < _SAMPLE and (match := ITEM.match(head, at)):
        at = match.end()
        row, _ = loads(match[1])
        if isinstance(row, dict):
            found.append(row)
    return found


def _entries(head: bytes) -> list[dict[str, Any]]:
    """The first values of an object that is a list of records, its keys their ids; none of another object."""
    found: list[dict[str, Any]] = []
    at = 0
    while len(found) < _SAMPLE and (match := ENTRY.match(head, at)):
        at = match.end()
        row, _ = loads(match[1])
        found.append(row if isinstance(row, dict) else {})
    return found if _are_alike(found) and (len(found) == _SAMPLE or not _OTHER.match(head, at)) else []


def _are_alike(rows: list[Any]) -> bool:
    """Whether there are several objects, with a text at one place: fields of one record seldom are."""
    text = (
        guess("text", seen_in(rows)) if len(rows) >= _SEVERAL and all(isinstance(row, dict) for row in rows) else None
    )
    return text is not None and all(values(row, text) for row in rows)


def _listed_maps(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in map(maps_as_lists, items) if isinstance(row, dict)]


def maps_as_lists(value: Any) -> Any:
    """The same value with each object that is a list of records, its keys their ids, as a list."""
    if isinstance(value, list):
        return [maps_as_lists(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: maps_as_lists(item) for key, item in value.items()}
    return list(found.values()) if _are_alike(list(found.values())[:_SAMPLE]) else found


_OTHER = re.compile(rb'[\s,]*+"[^"\\]*+"\s*+:\s*+[^\s{]')


def head_holds_document(head: bytes, *, alone: bool) -> bool:
    """Whether the first value of JSON lines is a document with records in it, not a record; `alone`: it is all."""
    items = _items(head)[:1]
    listed = _listed_maps(items)
    if alone and items and not listed:
        return True  # it is itself a list
    return bool(items) and kind_of(listed, Fields(), root=alone) is ListKind.CONTAINERS
