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

from linkgate.fronts.inputs.arrow_columns import batch_of, column, is_utf8_buffer
from linkgate.fronts.inputs.arrow_types import schema_of
from linkgate.fronts.inputs.field_links import MARKUP, SCHEME
from linkgate.fronts.inputs.messages import EMPTY, Builder, Decoded, decoded, joined
from linkgate.fronts.inputs.rows import message

if TYPE_CHECKING:
    from linkgate.fronts.inputs.chunks import Paths, Plan

    Content = np.ndarray[tuple[int], np.dtype[np.uint8]]
    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

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
    """Let pyarrow read a block that has one object on each line; None when it has not, or pyarrow refuses."""
    count = _count_objects(block)
    if not count or not (block.isascii() or is_utf8_buffer(pa.py_buffer(block))):
        return None
    schema = schema_of(_sample(block), paths)
    if schema is None:
        return None
    try:
        table = pj.read_json(
            pa.BufferReader(block),
            read_options=pj.ReadOptions(use_threads=False, block_size=len(block)),
            parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
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
    start = 0
    rows: list[Any] = []
    while len(rows) < _SAMPLE and start < len(block):
        end = block.index(b"\n", start)
        rows.append(loads(block[start:end])[0])
        start = end + 1
    return rows


def _tidied(block: bytes) -> tuple[bytes, list[int]]:
    """Lines without the space around them and without blank ones, and which lines they were (from 0)."""
    lines = [line.strip(b" \t\r") for line in block.split(b"\n")]
    kept = [number for number, line in enumerate(lines) if line]
    return b"".join(lines[number] + b"\n" for number in kept), kept


def _messages(
    block: bytes, first: int, table: pa.Table, paths: Paths, *, numbers: list[int] | None = None
) -> Decoded | None:
    """Columns to messages; records that take a closer look are read one by one. None when most of them do."""
    count = table.num_rows
    places = pa.array(np.arange(count) if numbers is None else np.array(numbers)[:count])
    batch = batch_of(table, paths, places=pc.add(places, first))
    unsure = np.asarray(pc.is_null(column(table, paths.text)).to_numpy(zero_copy_only=False), bool)
    if paths.anywhere:
        unsure |= _holds_more(block, batch)
    if not unsure.any():
        return batch, []
    if unsure.sum() * 2 > count > _SAMPLE:
        return None
    build, lines = Builder(), block.split(b"\n")
    for row in np.flatnonzero(unsure):
        build.add(batch.column("place")[row].as_py(), message(loads(lines[row])[0], paths))
    again, bad = build.finish()
    both = pa.Table.from_batches([batch.filter(pa.array(~unsure)), again])
    return both.sort_by("place").combine_chunks().to_batches()[0] if both.num_rows else EMPTY, bad


def _holds_more(block: bytes, batch: pa.RecordBatch) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which records hold a URL that is in no column, or a link in markup."""
    unsure = np.zeros(batch.num_rows, bool)
    if b"<" in block or b"\\u003" in block:
        unsure |= pc.match_substring_regex(batch.column("text"), MARKUP).to_numpy(zero_copy_only=False)
    links = batch.column("links")
    known = _count(batch.column("text")).to_numpy(zero_copy_only=False)
    owners = np.asarray(pc.list_parent_indices(links))
    known = known + np.bincount(owners, _count(pc.list_flatten(links)).to_numpy(), batch.num_rows)
    content = np.frombuffer(block, np.uint8)
    if _is_coded(content, block):
        return np.ones(batch.num_rows, bool)
    starts = np.concatenate([_found(content, spelled) for spelled in _SCHEMES])
    if len(starts) == known.sum():
        return unsure
    ends = np.flatnonzero(content == ord("\n"))
    there = np.bincount(np.searchsorted(ends, starts), minlength=len(ends))[: batch.num_rows]
    return np.asarray(unsure | (there > known), bool)


_SCHEMES = (SCHEME.encode(), b":\\/\\/")
_MIXED = (b":\\//", b":/\\/")
"""The end of a scheme, as programs spell it in JSON, and as none does."""


def _found(content: Content, wanted: bytes) -> Numbers:
    """Where some bytes stand."""
    starts = np.flatnonzero(content[: len(content) - len(wanted)] == wanted[0])
    for at, byte in enumerate(wanted[1:], 1):
        starts = starts[content[starts + at] == byte]
    return starts


def _is_coded(content: Content, block: bytes) -> bool:
    r"""Whether a slash or a colon may be spelled with its number (`\u002f`, `\u003a`), or as none does."""
    after = np.flatnonzero(content[:-6] == ord("\\")) + 1
    if (content[after] == ord("/")).any() and any(mixed in block for mixed in _MIXED):
        return True
    after = after[(content[after] == ord("u")) & (content[after + 1] == ord("0")) & (content[after + 2] == ord("0"))]
    third, last = content[after + 3], content[after + 4] | 0x20  # lower case
    slash, colon = (third == ord("2")) & (last == ord("f")), (third == ord("3")) & (last == ord("a"))
    return bool((slash | colon).any())


def _count(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.count_substring(texts, SCHEME), 0)


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
