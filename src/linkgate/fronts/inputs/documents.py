r"""JSON documents: lists of records at any depth, or the export of a messenger, of any size.

>>> import io
>>> from linkgate.fronts.inputs.streams import ByteSource
>>> from linkgate.fronts.inputs.chunks import Fields
>>> from linkgate.fronts.inputs.record_lists import RecordLists
>>> document = b'{"name": "c", "id": 5, "messages": [{"id": 1, "text": "hi"}, {"id": 2, "text": \n'
>>> source = ByteSource(io.BytesIO(document))
>>> cut = next(cut_items(source, RecordLists("telegram", Fields())))
>>> batch, bad = decode(cut.content, 1, Plan(form="telegram"))
>>> batch.column("id").to_pylist(), batch.column("text").to_pylist()
([1], ['hi'])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.fronts.inputs import rows
from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import BLOCK, LIMIT, BadRecord, Cut, Items, Paths, Plan, size
from linkgate.fronts.inputs.exports import discord_json, slack_json, telegram_json
from linkgate.fronts.inputs.field_links import elsewhere
from linkgate.fronts.inputs.gathered_items import GatheredItems
from linkgate.fronts.inputs.json_lines import loads
from linkgate.fronts.inputs.json_walk import ITEM, Walk
from linkgate.fronts.inputs.messages import Builder, Decoded, Nothing, ParsedMessage
from linkgate.fronts.inputs.mojibake import MOJIBAKE, undone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkgate.fronts.inputs.record_lists import RecordLists
    from linkgate.fronts.inputs.streams import ByteSource

_READERS: dict[str, Callable[[Any], ParsedMessage | str]] = {
    "telegram": telegram_json.message,
    "discord": discord_json.message,
    "slack": slack_json.message,
}

_NAMED = {"telegram", "bluesky"}
"""Whose ids are told by the chat or the account that they stand in."""


def cut_items(source: ByteSource, lists: RecordLists, *, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut the records out of a document; a place is a record's number in it."""
    gathered, place = GatheredItems(), 1
    try:
        for found, owner, item in Walk(source, lists, block=block, limit=limit).items():
            place += 1
            if item is None:
                yield from gathered.flush()
                yield Cut(BadRecord(place - 1, f"longer than {size(limit)}, or nested without end"), 1)
            else:
                gathered.add(Items(owner, b"", found.reader, found.paths), item)
                if gathered.size >= block:
                    yield from gathered.flush()
    except BrokenInput:
        yield from gathered.flush()
        raise
    yield from gathered.flush()


def decode(content: tuple[Items, ...], first: int, plan: Plan) -> Decoded:
    """Read the items of a document, the first of which is record `first` of its file."""
    build, place = Builder(), first
    for items in content:
        reader, paths = _READERS.get(items.reader), items.paths or plan.paths
        latin = MOJIBAKE.search(items.content) is not None
        for row, valid in _rows(items.content):
            if not isinstance(row, dict):
                build.add(place, rows.NOT_OBJECT)
            else:
                mended = undone(row) if latin else row
                found = reader(mended) if reader else rows.message(mended, paths)
                build.add(place, _whole(found, mended, items, paths) if reader else found, valid=valid)
            place += 1
    return build.finish()


def _whole(
    found: ParsedMessage | Nothing | str, row: dict[str, Any], items: Items, paths: Paths
) -> ParsedMessage | Nothing | str:
    """What a reader that knows its fields found, with whose message it is and what all other fields say.

    What it took for no link, such as what a button sends to its bot, is read as text.
    """
    if not isinstance(found, ParsedMessage):
        return found
    id_ = f"{items.chat}/{found.id}" if items.chat and items.reader == "telegram" and found.id is not None else found.id
    links, texts = elsewhere(row, Paths(text=()))
    new = (each for each in (*links, *texts) if each not in found.text and each not in found.links)
    return found._replace(id=id_, account=rows.account_of(row, paths), beside="\n".join(new) or None)


def _rows(items: bytes) -> Iterator[tuple[Any, bool]]:
    """All items at once, or where one is no strict JSON, one by one."""
    try:
        for row in msgspec.json.decode(b"[" + items + b"]", type=list[Any]):
            yield row, True
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        for found in ITEM.finditer(items + b" "):  # a number ends at what follows it
            yield loads(found[1])
