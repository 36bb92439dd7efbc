r"""Messages as CSV or TSV.

CSV is read as RFC 4180 says, with comma or semicolon. In TSV a line is a record and a quote is a
character (as IANA's text/tab-separated-values has it): one stray quote cannot swallow what follows.
A block is read by pyarrow; what that refuses is read record by record by Python's csv, with the same
result where both can.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> plan = Plan(form="csv", paths=Paths(text=("text",), id=("id",)), columns=("id", "text"))
>>> batch, bad = decode(b'7,"one\ntwo"\n8\n', 2, plan)
>>> batch.column("place").to_pylist(), batch.column("text").to_pylist(), bad
([2], ['one\ntwo'], [BadRecord(place=4, reason='fewer columns than its header', empty=False)])
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as pc

from linkgate.fronts.inputs.arrow_columns import batch_of
from linkgate.fronts.inputs.chunks import LIMIT, Plan
from linkgate.fronts.inputs.cutting import count_lines, record_pattern
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage, decoded, joined
from linkgate.fronts.inputs.rows import cell_links
from linkgate.fronts.inputs.timestamps import instant
from linkgate.fronts.inputs.utf8_columns import is_utf8_buffer

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEW = 1 << 14


def decode(block: bytes, first: int, plan: Plan) -> Decoded:
    """Read whole records, the first of which begins on line `first` of its file."""
    if not block.endswith(b"\n"):
        block += b"\n"
    table = _read(block, plan)
    if table is not None:
        return batch_of(table, plan.paths, places=pa.array(_places(block, first, table.num_rows, plan)), cells=True), []
    if len(block) <= _FEW:
        return plain(block, first, plan)
    middle = _middle(block, plan)
    if not middle:
        return plain(block, first, plan)
    halves = ((block[:middle], first), (block[middle:], first + block.count(b"\n", 0, middle)))
    return joined(decode(half, start, plan) for half, start in halves)


def _read(block: bytes, plan: Plan) -> pa.Table | None:
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        return None  # pyarrow ends a record at a lone CR
    if not (block.isascii() or is_utf8_buffer(pa.py_buffer(block))):
        return None
    names = [str(number) for number in range(len(plan.columns))]
    wanted = {path[0] for path in plan.paths.used()}
    include = [name for name, column in _firsts(plan.columns).items() if column in wanted]
    quoted = plan.form == "csv" and b'"' in block
    try:
        table = pc.read_csv(
            pa.BufferReader(block),
            read_options=pc.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            parse_options=pc.ParseOptions(
                delimiter=plan.delimiter,
                quote_char='"' if plan.form == "csv" else False,
                newlines_in_values=quoted,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), include_columns=include, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table.rename_columns([plan.columns[int(name)] for name in include])


def first_record(head: bytes, plan: Plan) -> bytes | None:
    """The bytes of the first record, None when it is not whole."""
    found = re.compile(_pattern(plan).encode()).match(head)
    return found[0] if found else None


def _firsts(columns: tuple[str, ...]) -> dict[str, str]:
    """The columns by number, of several with one name the first."""
    return {str(columns.index(name)): name for name in dict.fromkeys(columns)}


def _pattern(plan: Plan) -> str:
    return record_pattern(plan.delimiter) if plan.form == "csv" else r"[^\n]*+\n"


def records(block: bytes, first: int, plan: Plan) -> Iterator[tuple[int, bytes]]:
    """Records that are no blank lines, each with the line that it begins on."""
    one, place = re.compile(_pattern(plan).encode()), first
    for found in one.finditer(block):
        if found[0].strip(b"\r\n"):
            yield place, found[0]
        place += found[0].count(b"\n")


def _places(block: bytes, first: int, count: int, plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if count_lines(block) == count:
        return np.arange(first, first + count)
    return np.array([place for place, _ in records(block, first, plan)], np.int64)


def _middle(block: bytes, plan: Plan) -> int:
    """Where a record ends, in the middle or so; 0 when there is only one."""
    half = re.compile(f"(?:{_pattern(plan)})*+".encode()).match(block, 0, len(block) // 2)
    one = re.compile(_pattern(plan).encode()).match(block)
    end = (half and half.end()) or (one and one.end()) or 0
    return end if end < len(block) else 0


def plain(block: bytes, first: int, plan: Plan) -> Decoded:
    """Read record by record: the slow way, which says what the right answer is."""
    build, columns = Builder(), _Columns(plan)
    for place, record in records(block, first, plan):
        text, valid = decoded(record)
        try:
            row = cells(text, plan)
        except csv.Error:
            build.add(place, "not a CSV record")
            continue
        build.add(place, columns.message(row), valid=valid)
    return build.finish()


def cells(record: str, plan: Plan) -> list[str]:
    """Take one record apart."""
    if plan.form == "tsv":
        return record.rstrip("\r\n").split("\t")
    csv.field_size_limit(LIMIT)
    return next(csv.reader([record], delimiter=plan.delimiter), [])


class _Columns:
    """Which column holds which part of a record."""

    def __init__(self, plan: Plan) -> None:
        paths, number = plan.paths, plan.columns.index
        self._texts = [number(path[0]) for path in (paths.text, *paths.more)]
        self._links = [number(path[0]) for path in paths.links]
        parts = (paths.id, paths.time, paths.account)
        self._id, self._time, self._account = (number(path[0]) if path else None for path in parts)
        self._width = 1 + max(self._texts[:1] + self._links)

    def message(self, row: list[str]) -> ParsedMessage | str:
        if len(row) < self._width:
            return "fewer columns than its header"
        text = "\n".join(filter(None, (self._cell(row, number) for number in self._texts)))
        links = dict.fromkeys(link for number in self._links for link in cell_links(row[number]))
        time = instant(self._cell(row, self._time))
        account = self._cell(row, self._account)
        return ParsedMessage(text, self._cell(row, self._id), time, tuple(links), account)

    @staticmethod
    def _cell(row: list[str], number: int | None) -> str | None:
        return row[number] if number is not None and number < len(row) else None
