r"""JSON documents: a list of records, or the export of a messenger, of any size.

>>> import io
>>> document = b'{"name": "c", "id": 5, "messages": [{"id": 1, "text": "hi"}, {"id": 2, "text": \n'
>>> source = ByteSource(io.BytesIO(document))
>>> cut = next(cut_items(source, "telegram"))
>>> batch, bad = decode(cut.content, 1, Plan(form="telegram"))
>>> batch.column("id").to_pylist(), batch.column("text").to_pylist()
(['1'], ['hi'])
"""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.fronts.inputs import rows
from linkgate.fronts.inputs.chunks import BLOCK, LIMIT, BadRecord, Cut, Items, Plan, size
from linkgate.fronts.inputs.exports import discord_json, slack_json, telegram_json
from linkgate.fronts.inputs.json_lines import loads
from linkgate.fronts.inputs.json_walk import ITEM, Walk
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage
from linkgate.fronts.inputs.streams import BrokenInput, ByteSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_READERS: dict[str, Callable[[Any], ParsedMessage | str]] = {
    "telegram": telegram_json.message,
    "discord": discord_json.message,
    "slack": slack_json.message,
}
_SAMPLE = 200


def _wanted(form: str) -> Callable[[tuple[str, ...]], bool]:
    if form in {"telegram", "discord"}:
        return lambda keys: keys[-1:] == ("messages",)
    if form == "slack":
        return lambda keys: not keys
    return lambda keys: len(keys) <= 1 and keys != ("",)


def cut_items(source: ByteSource, form: str, *, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut the messages out of a document; a place is a message's number in it."""
    walk = Walk(source, _wanted(form), block=block, limit=limit)
    gathered, place = _Gathered(), 1
    try:
        for chat, item in walk.items():
            place += 1
            if item is None:
                yield from gathered.flush()
                yield Cut(BadRecord(place - 1, f"longer than {size(limit)}, or nested without end"), 1)
            else:
                gathered.add(chat, item)
                if gathered.size >= block:
                    yield from gathered.flush()
    except BrokenInput:
        yield from gathered.flush()
        raise
    yield from gathered.flush()


class _Gathered:
    """Items of one chat after another, until they are enough for a chunk."""

    def __init__(self) -> None:
        self.size = 0
        self._count = 0
        self._chats: list[tuple[str | None, list[bytes]]] = []

    def add(self, chat: str | None, item: bytes) -> None:
        if not self._chats or self._chats[-1][0] != chat:
            self._chats.append((chat, []))
        self._chats[-1][1].append(item)
        self._count += 1
        self.size += len(item)

    def flush(self) -> Iterator[Cut]:
        if self._count:
            yield Cut(tuple(Items(chat, b",".join(items)) for chat, items in self._chats), self._count)
        self.__init__()  # type: ignore[misc]  # empty again


def sample(head: bytes, form: str) -> list[Any]:
    """The first records of a document, for who guesses its fields."""
    found: list[Any] = []
    try:
        walk = Walk(ByteSource(io.BytesIO(head)), _wanted(form))
        found.extend(loads(item or b"")[0] for _, item in islice(walk.items(), _SAMPLE))
    except BrokenInput:
        pass
    return found


def decode(content: tuple[Items, ...], first: int, plan: Plan) -> Decoded:
    """Read the items of a document, the first of which is message `first` of its file."""
    build, place = Builder(), first
    reader = _READERS.get(plan.form)
    for chat, items in content:
        for row, valid in _rows(items):
            if not isinstance(row, dict):
                build.add(place, rows.NOT_OBJECT)
            else:
                found = reader(row) if reader else rows.message(row, plan.paths)
                if chat and plan.form == "telegram" and isinstance(found, ParsedMessage) and found.id:
                    found = found._replace(id=f"{chat}/{found.id}")
                build.add(place, found, valid=valid)
            place += 1
    return build.finish()


def _rows(items: bytes) -> Iterator[tuple[Any, bool]]:
    """All items at once, or where one is no strict JSON, one by one."""
    try:
        for row in msgspec.json.decode(b"[" + items + b"]", type=list[Any]):
            yield row, True
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        for found in ITEM.finditer(items + b" "):  # a number ends at what follows it
            yield loads(found[1])
