"""`--media`: the digests of files beside messages, as one more column: JSON lists of Media, null where there are none.

A value is a list of records, one record, or either as a JSON text, as a cell of CSV or of a database has it. A file
without an id is called by its place in the list; a record without any digest is no file.

>>> as_media([{"id": 7, "md5": "D41D8CD98F00B204E9800998ECF8427E", "pdq": None}, {"md5": None}])
[Media(id='7')]
>>> as_media('{"md5": "x"}')
'media: md5 must be 32 hexadecimal digits'
>>> as_media([{"photodna": "00" * 144}])
'media: photodna is compared by near_with, a function of yours: give both'
"""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from linkgate import Media
from linkgate.fronts.inputs.arrow_columns import column
from linkgate.fronts.inputs.chunks import BadRecord, Rows
from linkgate.fronts.inputs.delimited import cells, records
from linkgate.fronts.inputs.rows import flat, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkgate.fronts.inputs.chunks import Chunk, Path, Plan
    from linkgate.fronts.inputs.messages import Decoded

_DIGESTS = tuple(name for name in Media.__struct_fields__ if name not in {"id", "pdq_quality", "near_with"})
_NO_RECORDS = "media: no records with digests"


def with_media(decoded: Decoded, chunk: Chunk, plan: Plan) -> Decoded:
    """The messages of a chunk with their files beside them."""
    path = plan.paths.media
    if path is None:
        return decoded
    return joined_media(decoded, _values(chunk, path, plan))


def joined_media(decoded: Decoded, found: Iterable[tuple[int, Any]]) -> Decoded:
    """The same, with the values by their places."""
    messages, bad = decoded
    by_place: dict[int, str] = {}
    for place, value in found:
        media = as_media(value)
        if isinstance(media, str):
            bad = [*bad, BadRecord(place, media)]
        elif media:
            by_place[place] = msgspec.json.encode(media).decode()
    texts = [by_place.get(place) for place in messages.column("place").to_pylist()]
    return messages.append_column("media", pa.array(texts, pa.string())), bad


def _values(chunk: Chunk, path: Path, plan: Plan) -> Iterator[tuple[int, Any]]:
    """What stands at the path, by place."""
    content = chunk.content
    if isinstance(content, pa.RecordBatch):
        yield from enumerate(column(content, path).to_pylist(), chunk.first)
    elif isinstance(content, Rows):
        yield from enumerate((row[plan.columns.index(path[0])] for row in content.rows), chunk.first)
    elif isinstance(content, bytes) and plan.form in {"csv", "tsv"}:
        yield from _cells(content, chunk.first, path, plan)
    elif isinstance(content, bytes):
        yield from _fields(content, chunk.first, path)


def _cells(content: bytes, first: int, path: Path, plan: Plan) -> Iterator[tuple[int, Any]]:
    number = plan.columns.index(path[0])
    for place, record in records(content if content.endswith(b"\n") else content + b"\n", first, plan):
        try:
            row = cells(record.decode("utf-8", "replace"), plan)
        except csv.Error:
            continue  # which is told where the messages are read
        if number < len(row):
            yield place, row[number]


def _fields(content: bytes, first: int, path: Path) -> Iterator[tuple[int, Any]]:
    for place, line in enumerate(content.split(b"\n"), first):
        try:
            row = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue  # which is told where the messages are read
        if isinstance(row, dict):
            held = values(row, path)
            yield place, held[0] if len(held) == 1 else held


def as_media(value: Any) -> list[Media] | str:
    """The files of a value, or why it holds none that can be read."""
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value) if value.strip() else None
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return _NO_RECORDS
    records = [] if value is None else [each for each in flat([value]) if each is not None]
    if not all(isinstance(each, dict) for each in records):
        return _NO_RECORDS
    try:
        return list(chain.from_iterable(_file(number, each) for number, each in enumerate(records)))
    except TypeError as error:
        return f"media: {error}"


def _file(number: int, record: dict[str, Any]) -> Iterator[Media]:
    digests = {name: record[name] for name in _DIGESTS if record.get(name)}
    if not digests:
        return
    quality, name = record.get("pdq_quality"), record.get("id")
    whole = int(quality) if isinstance(quality, float) and quality.is_integer() else quality
    yield Media(id=str(number if name is None else name), pdq_quality=whole, **digests)
