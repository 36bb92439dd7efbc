"""The one core of every scan: a batch of messages in, its hits out, both as Arrow record batches.

What `columns.batch` gives, for columns of any type. The command line, Spark and Ray all stand on this; it has no
state but the engine.

>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> texts = ["nothing here", "see BAD.example/page"]
>>> found = scan_batch(messages_of(texts), engine)
>>> found.column("place").to_pylist(), found.column("entry").to_pylist()
([2], ['demo:1'])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pyarrow as pa

import linkgate
from linkgate.columns.batch import hits_in
from linkgate.columns.schema import MESSAGES, with_id
from linkgate.fronts.beside import with_beside, without_spans

if TYPE_CHECKING:
    from collections.abc import Sequence


def scan_batch(
    messages: pa.RecordBatch,
    engine: linkgate.Engine,
    *,
    show_urls: bool = False,
    policy: linkgate.Policy | None = None,
    pseudonyms: linkgate.EpochKey | None = None,
) -> pa.RecordBatch:
    """Find the hits of a batch.

    In: messages, with the columns of MESSAGES, of which only `text` must be there (of other types, they are
    read as a table's are); with `show_urls`
    a hit holds its link, defanged; with a `policy` its action is that of a gate, by the message's id,
    as long as the breaker is closed; with `pseudonyms` its `actor` is that of the column `account`. Raises
    TypeError where `messages` is no record batch or `engine` no engine, UsageError without a column `text`. Out:
    the columns of HITS but for `file`, in the order of the messages; `place` counts from 1 in the batch where the
    messages have none. Never raises for what a message holds.
    """
    _require_batch(messages, engine)
    if not _is_shaped(messages.schema):
        messages = import_module("linkgate.fronts.shaped").shaped(messages)
    whole = with_beside(messages)
    hits = hits_in(whole, engine, show_urls=show_urls, policy=policy, pseudonyms=pseudonyms)
    return hits if whole is messages else without_spans(hits, messages)


def _require_batch(messages: object, engine: object) -> None:
    if not isinstance(messages, pa.RecordBatch):
        cure = ": give each of messages.to_batches()" if isinstance(messages, pa.Table) else ""
        raise TypeError(f"messages must be a pyarrow.RecordBatch, not {type(messages).__name__}{cure}")
    if not isinstance(engine, linkgate.Engine):
        raise TypeError(f"engine must be a linkgate.Engine, not {type(engine).__name__}")
    if "text" not in messages.schema.names:
        names = ", ".join(messages.schema.names) or "none"
        raise linkgate.UsageError(f"messages has no column 'text'; there are: {names}")


def _is_shaped(schema: pa.Schema) -> bool:
    if "media" in schema.names and schema.field("media").type != pa.string():
        return False
    ours = with_id(MESSAGES, pa.int64()) if "id" in schema.names and schema.field("id").type == pa.int64() else MESSAGES
    return all(field.type == ours.field(field.name).type for field in schema if field.name in ours.names)


def messages_of(texts: Sequence[str | None], *, links: Sequence[Sequence[str] | None] | None = None) -> pa.RecordBatch:
    """A batch of plain texts, with the links that they do not show; places count from 1."""
    absent: list[None] = [None] * len(texts)
    columns = [range(1, len(texts) + 1), absent, absent, texts, links or absent, absent, absent]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, MESSAGES, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=MESSAGES)
