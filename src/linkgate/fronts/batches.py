"""The one core of every scan: a batch of messages in, its hits out, both as Arrow record batches.

The texts of a batch are searched together, at once (`columns`), not one Python call a message; what
that finds is checked as any message is, so the hits are those of `engine.check`, message by message. The
command line, Spark and Ray all stand on this; it has no state but the engine.

>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> texts = ["nothing here", "see BAD.example/page"]
>>> found = scan_batch(messages_of(texts), engine)
>>> found.column("place").to_pylist(), found.column("entry").to_pylist()
([2], ['demo:1'])
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

import linkgate
from linkgate.columns.suspects import Suspects
from linkgate.fronts.show import defang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Row = dict[str, Any]

_STRINGS = pa.list_(pa.string())
_TIME = pa.timestamp("us", "UTC")

MESSAGES = pa.schema(
    [("place", pa.int64()), ("id", pa.string()), ("time", _TIME), ("text", pa.string()), ("links", _STRINGS)]
)
"""place: line, row or number of a message in its file, from 1; links: those that the text does not show."""

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
    ]
)
"""A hit: where the message stands, where in it the link stands, which entry it met and how; link only if shown.

action is what becomes of this hit, asked what its list and kind ask for, held why the one is lighter than the other;
message_action what becomes of the message. link_start and link_end are start and end, which are words of SQL.
"""

_FOUND = HITS.remove(0)


def scan_batch(
    messages: pa.RecordBatch,
    engine: linkgate.Engine,
    *,
    show_urls: bool = False,
    policy: linkgate.Policy | None = None,
) -> pa.RecordBatch:
    """Find the hits of a batch.

    In: messages, with the columns of MESSAGES, of which only `text` must be there (of other types, they are
    read as a table's are); with `show_urls`
    a hit holds its link, defanged; with a `policy` its action is that of a gate, by the message's id,
    as long as the breaker is closed. Raises TypeError where `messages` is no record batch or `engine` no
    engine, UsageError without a column `text`. Out: the columns of HITS but for `file`, in the order of the
    messages; `place` counts from 1 in the batch where the messages have none. Never raises for what
    a message holds.
    """
    _require_batch(messages, engine)
    if not _is_shaped(messages.schema):
        messages = import_module("linkgate.fronts.shaped").shaped(messages)
    suspects = _suspects(messages, engine)
    texts, links = (_values(messages, name, suspects) for name in ("text", "links"))
    checked = map(_check_with(engine), texts, links)
    hits = [(number, verdict) for number, verdict in zip(suspects, checked, strict=True) if verdict.matches]
    rows = _rows(messages, [number for number, _ in hits])
    found: list[Row] = []
    for (number, verdict), row in zip(hits, rows, strict=True):
        ruled = verdict if policy is None else replace(verdict, policy=policy, message=row.get("id"))
        found += _hits(ruled, row, place=row.get("place", number + 1), show_urls=show_urls)
    return pa.RecordBatch.from_pylist(found, schema=_FOUND)


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
    return all(field.type == MESSAGES.field(field.name).type for field in schema if field.name in MESSAGES.names)


def _check_with(engine: linkgate.Engine) -> Callable[[str | None, list[str] | None], linkgate.Verdict]:
    return lambda text, links: engine.check(text or "", links=links or ())


def _rows(messages: pa.RecordBatch, numbers: list[int]) -> list[Row]:
    """Place, id and time of some messages, where they have them."""
    names = [name for name in messages.schema.names if name in {"place", "id", "time"}]
    rows: list[Row] = messages.select(names).take(pa.array(numbers, pa.int64())).to_pylist() if names else []
    return rows or [{} for _ in numbers]


def _values(messages: pa.RecordBatch, name: str, numbers: list[int]) -> list[Any]:
    """Some values of a column; None where there is no such column."""
    if name not in messages.schema.names:
        return [None] * len(numbers)
    values: list[Any] = messages.column(name).take(pa.array(numbers, pa.int64())).to_pylist()
    return values


def messages_of(texts: Sequence[str | None], *, links: Sequence[Sequence[str] | None] | None = None) -> pa.RecordBatch:
    """A batch of plain texts, with the links that they do not show; places count from 1."""
    columns = [range(1, len(texts) + 1), [None] * len(texts), [None] * len(texts), texts, links or [None] * len(texts)]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, MESSAGES, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=MESSAGES)


def _hits(verdict: linkgate.Verdict, row: Row, *, place: int | None, show_urls: bool) -> Iterator[Row]:
    for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
        hit = match.as_dict() | {"place": place, "id": row.get("id"), "time": row.get("time")}
        hit |= {"action": ruling.action, "asked": ruling.asked, "held": ruling.held}
        hit |= {"message_action": verdict.action, "snapshot": verdict.snapshot}
        hit |= {"link_start": match.link.start, "link_end": match.link.end}
        yield hit | {"link": defang(match.link.text)} if show_urls else hit


def _suspects(messages: pa.RecordBatch, engine: linkgate.Engine) -> list[int]:
    """The numbers of the messages that may be suspect by their text, or have hidden links; ascending."""
    found = _suspects_of(engine).of(messages.column("text"))
    if "links" in messages.schema.names:
        hidden = compute.fill_null(compute.list_value_length(messages.column("links")), 0)
        found = np.union1d(found, np.flatnonzero(hidden))
    return [int(number) for number in found]


_KNOWN: dict[str, Suspects] = {}


def _suspects_of(engine: linkgate.Engine) -> Suspects:
    """What looks through columns for an engine, made once: equal snapshots have equal ones."""
    if engine.snapshot not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[engine.snapshot] = Suspects(engine.hosts)
    return _KNOWN[engine.snapshot]


_MOST_KNOWN = 8
