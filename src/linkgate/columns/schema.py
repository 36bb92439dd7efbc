"""schema: the columns of messages and of hits, as Arrow schemas.

>>> MESSAGES.names
['place', 'id', 'time', 'text', 'links', 'account', 'beside']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STRINGS = pa.list_(pa.string())
_TIME = pa.timestamp("us", "UTC")

MESSAGES = pa.schema(
    [
        *(("place", pa.int64()), ("id", pa.string()), ("time", _TIME), ("text", pa.string()), ("links", _STRINGS)),
        *((name, pa.string()) for name in ("account", "beside")),
    ]
)
"""place: line, row or number of a message in its file, from 1; links: those that the text does not show.

account: who posted it; it goes no further than to the pseudonym of a hit. beside: what else the record says, a line
for each field: it is read as text, and a link in it has no span.
id is text, or int64 where all ids are whole numbers: it keeps the type that it had, and hits have it so.
"""

HITS = pa.schema(
    [
        ("file", pa.string()),
        ("place", pa.int64()),
        ("id", pa.string()),
        ("time", _TIME),
        ("start", pa.int64()),
        ("end", pa.int64()),
        *((name, pa.string()) for name in ("entry", "list", "category", "scope", "kind")),
        ("steps", _STRINGS),
        *((name, pa.string()) for name in ("action", "snapshot", "link", "asked", "held", "message_action")),
        *((name, pa.int64()) for name in ("link_start", "link_end")),
        *(("media", pa.string()), ("distance", pa.int64())),
        *((name, pa.string()) for name in ("actor", "spelling")),
    ]
)
"""A hit: where the message stands, where in it the link stands, which entry it met and how; link only if shown.

action is what becomes of this hit, asked what its list and kind ask for, held why the one is lighter than the other;
message_action what becomes of the message. link_start and link_end are start and end, which are words of SQL.
media is the id of the file that met, and distance in how many bits its picture differs; null for a link.
actor is the pseudonym of who posted the message, spelling a keyed hash of the link as written: null unless they were
asked for.
"""


def with_id(schema: pa.Schema, kind: pa.DataType) -> pa.Schema:
    """The same schema with ids of another type."""
    at = schema.get_field_index("id")
    return schema.set(at, pa.field("id", kind))


def id_type(batches: Iterable[pa.RecordBatch]) -> pa.DataType:
    """The one type that holds the ids of all these batches: int64 where they are whole numbers, else text.

    >>> of = lambda ids: pa.RecordBatch.from_pydict({"id": ids})
    >>> id_type([of([7]), of(pa.nulls(1, pa.string()))]), id_type([of([7]), of(["a"])])
    (DataType(int64), DataType(string))
    """
    numbers = False
    for ids in (batch.column("id") for batch in batches):
        if pa.types.is_string(ids.type):
            if ids.null_count < len(ids):
                return pa.string()
        else:
            numbers = True
    return pa.int64() if numbers else pa.string()


def alike(batches: Sequence[pa.RecordBatch], kind: pa.DataType | None = None) -> list[pa.RecordBatch]:
    """These batches with ids of one type."""
    kind = id_type(batches) if kind is None else kind
    return [batch.cast(with_id(batch.schema, kind)) for batch in batches]
