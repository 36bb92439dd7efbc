r"""CSV (RFC 4180) and its cousins with `;`, tab or `|`: one address a record, in a column of a map.

`columns` maps field names (`url`, or `digest` and `type`, `scope`, `id`, `category`, `added`, `expires`, `note`,
`allow`, `lifts`, and `kind` and `active` of `linkgate.lists.formats.fields`) to a header name or to a column
number counted from 0. Without it, a header with a usual name is needed, or, in a table without a header,
one column of addresses.

>>> [item] = read(b"when,what\n2026-01-01,http://bad.example/x\n", columns={"url": "what"})
>>> item.line, item.address
(2, 'http://bad.example/x')
>>> [item.category for item in read(b"1;http://bad.example/;spam\n", columns={"url": "1", "category": "2"})]
['spam']

Quotes are where CSV files break. Records are read line by line, and a line whose quotes do not
close is joined with at most `MAX_JOINED` lines after it, and only if a record of the usual width
comes of it; otherwise its quotes are plain characters. So a stray quote costs one line, not the file:

>>> [item.line for item in read(b'url,note\na.example/,"\nb.example/,x\nc.example/,y\n')]
[2, 3, 4]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.fields import anchor, make_item
from linkgate.lists.formats.item import RejectedLine
from linkgate.lists.formats.table_columns import delimiter_of, is_table, places, split
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkgate.lists.formats.item import ListItem

MAX_JOINED = 16
_SAMPLE = 50
_EXCEL = re.compile(
    r'\ufeff?"?sep=(.)"?\s*', re.IGNORECASE
)  # what Excel writes above a table, and hides when it reads it


def read(
    data: bytes,
    *,
    columns: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    digests: Mapping[str, str] | None = None,
    delimiter: str | None = None,
) -> Iterator[ListItem | RejectedLine]:
    """Items of a CSV file; `kinds` and `digests` as in `make_item`, `delimiter` the sign that most lines hold.

    Raises ListError when no column can be said to hold the address: a guess could take the column
    of the reporters' own posts.
    """
    for number, cells in records(data, columns=columns, delimiter=delimiter):
        if isinstance(cells, RejectedLine):
            yield cells
        elif cells.get(anchor(cells)):
            yield make_item(number, cells, kinds=kinds, digests=digests)
        else:
            yield RejectedLine(number, "no address in its column")


def records(
    data: bytes, *, columns: Mapping[str, str] | None = None, delimiter: str | None = None
) -> Iterator[tuple[int, dict[str, str] | RejectedLine]]:
    """Numbered records without the header, their cells by field; ListError as for `read`."""
    lines = text_lines(data)
    start = list(_take(lines, _SAMPLE))
    texts = [line[1] for line in start if not isinstance(line, RejectedLine)]
    rows = [text for text in texts if _is_row(text)]
    delimiter = delimiter or _excel(texts) or delimiter_of(rows)
    found = places(rows, delimiter, columns, titles=_titles(texts))
    header = found.header
    for number, record in _records([*start], lines, delimiter, _usual_width(rows, delimiter)):
        if isinstance(record, RejectedLine):
            yield number, record
        elif header:
            header = False
        else:
            yield number, {field: record[place].strip() for field, place in found.fields.items() if place < len(record)}


def header(data: bytes) -> list[str]:
    r"""The cells of the first record, lower case: the names of the columns, where the file names them.

    >>> header(b"# demo\nID,Value\n1,bad.example\n")
    ['id', 'value']
    """
    lines = (line[1] for line in _take(text_lines(data), _SAMPLE) if not isinstance(line, RejectedLine))
    rows = [text for text in lines if _is_row(text)]
    return [cell.strip().lower() for cell in split(rows[0], delimiter_of(rows))] if rows else []


def looks_tabular(rows: list[str]) -> bool:
    """Whether lines of a nameless file, without comments, are a table; Excel's `sep=;` says so itself.

    >>> looks_tabular(["sep=;", "bad.example;spam"]), looks_tabular(["bad.example"])
    (True, False)
    """
    return _EXCEL.fullmatch(rows[0]) is not None or is_table(rows[:_SAMPLE])


def _excel(texts: list[str]) -> str | None:
    """The delimiter that the first line names."""
    found = _EXCEL.fullmatch(texts[0]) if texts else None
    return found[1] if found else None


def _titles(texts: list[str]) -> str:
    """The last comment above the rows, which some publishers make their header."""
    above = ""
    for text in texts:
        if _is_row(text):
            break
        above = text.lstrip("# ") if text.startswith("#") else above
    return above


def _take(lines: Iterator[tuple[int, str] | RejectedLine], count: int) -> Iterator[tuple[int, str] | RejectedLine]:
    for _, line in zip(range(count), lines, strict=False):
        yield line


def _is_row(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("#") and _EXCEL.fullmatch(text) is None


def _usual_width(rows: list[str], delimiter: str) -> int:
    widths = [len(split(row, delimiter)) for row in rows]
    return max(set(widths), key=widths.count, default=1)


def _records(
    start: Iterable[tuple[int, str] | RejectedLine],
    lines: Iterator[tuple[int, str] | RejectedLine],
    delimiter: str,
    width: int,
) -> Iterator[tuple[int, list[str] | RejectedLine]]:
    """Records with the number of their first line."""
    ahead = list(start)[::-1]
    while ahead or (ahead := list(_take(lines, 1))):
        line = ahead.pop()
        if isinstance(line, RejectedLine):
            yield line.line, line
            continue
        number, text = line
        if not _is_row(text):
            continue
        if text.count('"') % 2 == 0:
            yield number, split(text, delimiter)
            continue
        ahead[:0] = list(_take(lines, MAX_JOINED - len(ahead)))[::-1]
        record, used = _join(text, ahead, delimiter, width)
        del ahead[len(ahead) - used :]
        yield number, record


def _join(text: str, ahead: list[tuple[int, str] | RejectedLine], delimiter: str, width: int) -> tuple[list[str], int]:
    """The record that an open quote begins, and how many of the lines ahead belong to it."""
    joined = text
    for used, line in enumerate(ahead[: -MAX_JOINED - 1 : -1], 1):
        if isinstance(line, RejectedLine):
            break
        joined += "\n" + line[1]
        if joined.count('"') % 2 == 0:
            record = split(joined, delimiter)
            if len(record) == width:
                return record, used
            break
    return split(text, delimiter, quoted=False), 0
