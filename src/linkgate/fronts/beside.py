r"""What the fields of a record say that nobody named: read as text behind the message's, and without spans.

>>> messages = pa.RecordBatch.from_pydict({"place": [1, 2], "text": ["a", "b"], "beside": [None, "c"]})
>>> with_beside(messages).column("text").to_pylist()
['a', 'b\nc']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import compute

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = dict[str, Any]

_SPAN = ("start", "end", "link_start", "link_end")
_SAME = ("place", "list", "entry", "kind", "steps", "media")


def with_beside(messages: pa.RecordBatch) -> pa.RecordBatch:
    """The messages with what stands beside their texts in these, and numbers from 1 for places.

    The same batch where there is nothing beside.
    """
    names = messages.schema.names
    if "beside" not in names or messages.column("beside").null_count == messages.num_rows:
        return messages
    text = compute.fill_null(messages.column("text"), "")
    both = compute.binary_join_element_wise(text, messages.column("beside"), "\n", null_handling="skip")
    numbers = pa.array(range(1, messages.num_rows + 1), pa.int64())
    return _with(_with(messages, "text", both), "place", numbers)  # of one place there may be several


def _with(messages: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    at = messages.schema.get_field_index(name)
    return messages.append_column(name, column) if at < 0 else messages.set_column(at, name, column)


def without_spans(hits: pa.RecordBatch, messages: pa.RecordBatch) -> pa.RecordBatch:
    """The hits in these messages as they were: with their places, and spans where the own text has the link.

    Of other hits that are alike one is kept.
    """
    rows = compute.subtract(hits.column("place"), 1)
    own = compute.utf8_length(compute.fill_null(messages.column("text"), "").take(rows)).to_pylist()
    found = pa.RecordBatch.from_pylist(list(_alone(hits.to_pylist(), own)), schema=hits.schema)
    if "place" not in messages.schema.names:
        return found
    return _with(found, "place", messages.column("place").take(compute.subtract(found.column("place"), 1)))


def _alone(hits: list[Row], own: list[int]) -> Iterator[Row]:
    seen = {_sameness(hit) for hit in hits if hit["start"] is None}
    for hit, length in zip(hits, own, strict=True):
        if hit["start"] is None or hit["start"] < length:
            yield hit
        elif (same := _sameness(hit)) not in seen:
            seen.add(same)
            yield hit | dict.fromkeys(_SPAN)


def _sameness(hit: Row) -> tuple[str, ...]:
    return tuple(str(hit[name]) for name in _SAME)
