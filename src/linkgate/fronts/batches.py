"""The one core of every scan: a batch of messages in, its hits out, both as Arrow record batches.

The texts of a batch go through one search in Arrow (RE2), not one Python call a message; what that
finds is checked as any message is, so the hits are those of `engine.check`, message by message. The
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
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import compute

import linkgate
from linkgate.fronts.show import defang

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        *((name, pa.string()) for name in ("action", "snapshot", "link")),
    ]
)
"""A hit: where the message stands, where in it the link stands, which entry it met and how; link only if shown."""

_FOUND = HITS.remove(0)


def scan_batch(
    messages: pa.RecordBatch,
    engine: linkgate.Engine,
    *,
    show_urls: bool = False,
    policy: linkgate.Policy | None = None,
) -> pa.RecordBatch:
    """Find the hits of a batch.

    In: messages, with the columns of MESSAGES, of which only `text` must be there; with `show_urls`
    a hit holds its link, defanged; with a `policy` its action is that of a gate, by the message's id,
    as long as the breaker is closed. Out: the columns of HITS but for `file`, in the order of the
    messages; `place` counts from 1 in the batch where the messages have none. Never raises for what
    a message holds.
    """
    suspects = _suspects(messages, engine)
    rows = messages.take(suspects).to_pylist() if len(suspects) else []
    found: list[Row] = []
    for number, row in zip(suspects.to_pylist(), rows, strict=True):
        verdict = engine.check(row["text"] or "", links=row.get("links") or ())
        if verdict.matches:
            verdict = verdict if policy is None else replace(verdict, policy=policy, message=row.get("id"))
            found += _hits(verdict, row, place=row.get("place", number + 1), show_urls=show_urls)
    return pa.RecordBatch.from_pylist(found, schema=_FOUND)


def messages_of(texts: Sequence[str | None], *, links: Sequence[Sequence[str] | None] | None = None) -> pa.RecordBatch:
    """A batch of plain texts, with the links that they do not show; places count from 1."""
    columns = [range(1, len(texts) + 1), [None] * len(texts), [None] * len(texts), texts, links or [None] * len(texts)]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, MESSAGES, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=MESSAGES)


def _hits(verdict: linkgate.Verdict, row: Row, *, place: int | None, show_urls: bool) -> Iterator[Row]:
    for match in verdict.matches:
        hit = match.as_dict() | {"place": place, "id": row.get("id"), "time": row.get("time")}
        hit |= {"action": verdict.action, "snapshot": verdict.snapshot}
        yield hit | {"link": defang(match.link.text)} if show_urls else hit


def _suspects(messages: pa.RecordBatch, engine: linkgate.Engine) -> pa.Array:
    """The numbers of the messages that the coarse expression finds, or that have hidden links; ascending."""
    texts = messages.column("text")
    pattern = _pattern_of(engine)
    plain = compute.fill_null(compute.string_is_ascii(texts), fill_value=True)
    found = compute.and_(compute.fill_null(compute.match_substring_regex(texts, pattern), fill_value=False), plain)
    if "links" in messages.schema.names:
        hidden = compute.fill_null(compute.list_value_length(messages.column("links")), 0)
        found = compute.or_(found, compute.greater(hidden, 0))
    numbers = compute.indices_nonzero(found)
    other = compute.indices_nonzero(compute.invert(plain))
    if not len(other):
        return numbers
    folded = pa.array(linkgate.fold_all(texts.take(other).to_pylist()), pa.large_string())
    other = other.filter(compute.match_substring_regex(folded, pattern))
    both = pa.concat_arrays([numbers, other])
    return compute.unique(both.take(compute.sort_indices(both)))


_PATTERNS: dict[str, str] = {}


def _pattern_of(engine: linkgate.Engine) -> str:
    """The coarse expression of an engine, made once: equal snapshots have equal ones."""
    if engine.snapshot not in _PATTERNS:
        if len(_PATTERNS) >= _MOST_PATTERNS:
            _PATTERNS.clear()
        _PATTERNS[engine.snapshot] = engine.coarse()
    return _PATTERNS[engine.snapshot]


_MOST_PATTERNS = 8
