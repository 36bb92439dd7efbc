r"""Messages as JSON lines: one object a line.

A block is read by pyarrow. Where that refuses, the block is halved until the trouble is a few lines
long, and those are read one by one: msgspec first, then Python's json, which takes what exports
really hold (half an emoji, NaN). Both ways give the same messages.

>>> from linkgate.fronts.inputs.chunks import Paths, Plan
>>> plan = Plan(form="jsonl", paths=Paths(text=("text",), id=("id",)))
>>> batch, bad = decode(b'{"id": 7, "text": "hi"}\n[]\n', 1, plan)
>>> batch.column("text").to_pylist(), bad
(['hi'], [BadRecord(place=2, reason='not a JSON object', empty=False)])
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import json as pj

from linkgate.columns.schema import alike
from linkgate.fronts.inputs.arrow_columns import batch_of, column, texts_of
from linkgate.fronts.inputs.arrow_types import schema_of, whole_schema
from linkgate.fronts.inputs.column_links import elsewhere_in, hidden_in
from linkgate.fronts.inputs.messages import EMPTY, Builder, Decoded, decoded, joined
from linkgate.fronts.inputs.rows import message
from linkgate.fronts.inputs.utf8_columns import is_utf8_buffer

if TYPE_CHECKING:
    from linkgate.fronts.inputs.chunks import Paths, Plan

_SAMPLE = 64
_STRETCH = 1 << 16
"""Bytes that numpy looks at together: what stays in the processor's cache."""
_FEW = 1 << 14
"""Bytes of a block that is read line by line rather than halved once more."""


def decode(block: bytes, first: int, plan: Plan) -> Decoded:
    """Read whole lines, the first of which is line `first` of its file."""
    if not block.endswith(b"\n"):
        block += b"\n"
    paths = plan.paths
    read = _read(block, paths)
    if read is not None:
        return _messages(block, first, read, paths) or plain(block, first, paths)
    tidy, numbers = _tidied(block)
    read = _read(tidy, paths) if tidy != block else None
    if read is not None:
        return _messages(tidy, first, read, paths, numbers=numbers) or plain(block, first, paths)
    middle = _middle(block) if tidy and len(block) > _FEW else 0
    if not middle:
        return plain(block, first, paths)
    halves = ((block[:middle], first), (block[middle:], first + block.count(b"\n", 0, middle)))
    return joined(decode(half, start, plan) for half, start in halves)


def _middle(block: bytes) -> int:
    """Where a line begins, in the middle or so; 0 where there is only one."""
    middle = block.find(b"\n", len(block) // 2) + 1
    return block.rfind(b"\n", 0, len(block) // 2) + 1 if middle in {0, len(block)} else middle


def _read(block: bytes, paths: Paths) -> pa.Table | None:
    """Let pyarrow read a block that has one object on each line; None when it has not, or pyarrow refuses.

    Where links are wanted from every field, every field must be a column.
    """
    count = _count_objects(block)
    if not count or not (block.isascii() or is_utf8_buffer(pa.py_buffer(block))):
        return None
    rows = _sample(block)
    schema = schema_of(rows, paths)
    if schema is not None and paths.anywhere:
        schema = whole_schema(rows, paths)
    if schema is None:
        return None
    try:
        table = pj.read_json(
            pa.BufferReader(block),
            read_options=pj.ReadOptions(use_threads=False, block_size=len(block)),
            parse_options=pj.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior="error" if paths.anywhere else "ignore"
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table if table.num_rows == count else None


def _count_objects(block: bytes) -> int:
    """Count the lines of a block if each begins with { and ends with }, else 0.

    Then no line break stands inside an object (between } and {, JSON wants a comma there), so as many
    objects as lines are one a line.
    """
    if not block.startswith(b"{") or not block.endswith(b"}\n"):
        return 0
    content, count = np.frombuffer(block, np.uint8), 1
    for start in range(1, len(content) - 1, _STRETCH):
        end = min(start + _STRETCH, len(content) - 1)
        breaks = content[start:end] == ord("\n")
        inside = content[start - 1 : end - 1] != ord("}")
        inside |= content[start + 1 : end + 1] != ord("{")
        inside &= breaks
        if inside.any():
            return 0
        count += int(np.count_nonzero(breaks))
    return count


def _sample(block: bytes) -> list[Any]:
    """Some records from all over a block."""
    rows, end = [], 0
    for at in range(0, len(block), len(block) // _SAMPLE + 1):
        if at >= end:
            start = block.rfind(b"\n", 0, at) + 1
            end = block.index(b"\n", at) + 1
            rows.append(loads(block[start : end - 1])[0])
    return rows


def _tidied(block: bytes) -> tuple[bytes, list[int]]:
    """Lines without the space around them and without blank ones, and which lines they were (from 0)."""
    lines = [line.strip(b" \t\r") for line in block.split(b"\n")]
    kept = [number for number, line in enumerate(lines) if line]
    return b"".join(lines[number] + b"\n" for number in kept), kept


def _messages(
    block: bytes, first: int, table: pa.Table, paths: Paths, *, numbers: list[int] | None = None
) -> Decoded | None:
    """Columns to messages; records without a text are read one by one. None when most of them are."""
    count = table.num_rows
    places = pc.add(pa.array(np.arange(count) if numbers is None else np.array(numbers)[:count]), first)
    links, beside = elsewhere_in(table, paths) if paths.anywhere else ([], [])
    more = [hidden_in(texts_of(table, paths)), *links] if paths.anywhere else []
    batch = batch_of(table, paths, places=places, more=more, beside=beside)
    unsure = np.asarray(pc.is_null(column(table, paths.text)))
    if not unsure.any():
        return batch, []
    if unsure.sum() * 2 > count > _SAMPLE:
        return None
    build, lines = Builder(), block.split(b"\n")
    for row in np.flatnonzero(unsure):
        build.add(batch.column("place")[row].as_py(), message(loads(lines[row])[0], paths))
    again, bad = build.finish()
    both = pa.Table.from_batches(alike([batch.filter(pa.array(~unsure)), again]))
    return both.sort_by("place").combine_chunks().to_batches()[0] if both.num_rows else EMPTY, bad


def plain(block: bytes, first: int, paths: Paths) -> Decoded:
    """Read line by line, as `decode` does at last: the slow way, which says what the right answer is."""
    build = Builder()
    for place, line in enumerate(block.split(b"\n"), first):
        if line.strip(b" \t\r"):
            row, valid = loads(line)
            build.add(place, message(row, paths), valid=valid)
    return build.finish()


def loads(line: bytes) -> tuple[Any, bool]:
    r"""Parse a record, None when it is no JSON, and say whether it was UTF-8; wrong bytes become U+FFFD.

    >>> loads(b'{"a": "caf\xe9", "b": -Inf}')
    ({'a': 'caf\ufffd', 'b': nan}, False)
    """
    try:
        return msgspec.json.decode(line), True
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text, valid = decoded(line)
    try:
        return json.loads(text), valid
    except (ValueError, RecursionError):
        pass
    try:  # pyarrow reads these numbers
        return (json.loads(_NUMBERS.sub(_known, text)), valid) if "Inf" in text or "-NaN" in text else (None, True)
    except (ValueError, RecursionError):
        return None, True


_NUMBERS = re.compile(r'"(?:[^"\\]|\\.)*"|-?Inf(?:inity)?|-NaN')


def _known(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else "NaN"
