r"""CSV (RFC 4180) and its cousins with `;`, tab or `|`: one address a record, in a column of a map.

`columns` maps field names (`url`, `scope`, `id`, `category`, `added`, `expires`, `note`, `allow`,
`lifts`, and `kind` and `active` of `linkgate.lists.formats.fields`) to a header name or to a column
number counted from 0. Without it, a header with a usual name is needed.

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

import csv
from typing import TYPE_CHECKING

from linkgate.errors import ListError
from linkgate.lists.formats.fields import make_item, refuse_unknown
from linkgate.lists.formats.item import RejectedLine
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkgate.lists.formats.item import Item

MAX_JOINED = 16
_DELIMITERS = ",;\t|"
_SAMPLE = 50

# Header names that publishers use, the first one present wins.
_USUAL: dict[str, tuple[str, ...]] = {
    "url": ("url", "uri", "link", "address", "indicator", "ioc", "value", "domain", "host", "hostname"),
    "scope": ("scope",),
    "id": ("id", "entry_id", "uuid"),
    "category": ("category", "threat", "type", "tags"),
    "added": ("added", "date_added", "dateadded", "first_seen", "created"),
    "expires": ("expires", "valid_until", "expiry"),
    "note": ("note", "comment", "description"),
    "allow": ("allow",),
    "lifts": ("lifts",),
}


def read(
    data: bytes,
    *,
    columns: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    delimiter: str | None = None,
) -> Iterator[Item | RejectedLine]:
    """Items of a CSV file; `kinds` as in `make_item`, `delimiter` the sign that most lines hold.

    Raises ListError when no column can be said to hold the address: a guess could take the column
    of the reporters' own posts.
    """
    for number, cells in records(data, columns=columns, delimiter=delimiter):
        if isinstance(cells, RejectedLine):
            yield cells
        elif cells.get("url"):
            yield make_item(number, cells, kinds=kinds)
        else:
            yield RejectedLine(number, "no address in its column")


def records(
    data: bytes, *, columns: Mapping[str, str] | None = None, delimiter: str | None = None
) -> Iterator[tuple[int, dict[str, str] | RejectedLine]]:
    """Numbered records without the header, their cells by field; ListError as for `read`."""
    lines = text_lines(data)
    start = list(_take(lines, _SAMPLE))
    rows = [line[1] for line in start if not isinstance(line, RejectedLine) and _is_row(line[1])]
    delimiter = delimiter or _delimiter(rows)
    first = _split(rows[0], delimiter) if rows else []
    places, header = _places(first, columns)
    for number, record in _records([*start], lines, delimiter, _usual_width(rows, delimiter)):
        if isinstance(record, RejectedLine):
            yield number, record
        elif header:
            header = False
        else:
            yield number, {field: record[place].strip() for field, place in places.items() if place < len(record)}


def header(data: bytes) -> list[str]:
    r"""The cells of the first record, lower case: the names of the columns, where the file names them.

    >>> header(b"# demo\nID,Value\n1,bad.example\n")
    ['id', 'value']
    """
    lines = (line[1] for line in _take(text_lines(data), _SAMPLE) if not isinstance(line, RejectedLine))
    rows = [text for text in lines if _is_row(text)]
    return [cell.strip().lower() for cell in _split(rows[0], _delimiter(rows))] if rows else []


def looks_tabular(rows: list[str]) -> bool:
    """Whether lines of a nameless file are a table: a header with a usual name, or quoted cells.

    >>> looks_tabular(["id,url", "1,http://bad.example/a,b"]), looks_tabular(["http://bad.example/a,b"])
    (True, False)
    >>> looks_tabular(["2026-01-01,url,http://bad.example/", "2026-01-02,url,http://bad.example/a"])
    True
    """
    delimiter = _delimiter(rows[:_SAMPLE])
    first = _split(rows[0], delimiter)
    if len(first) < 2:  # noqa: PLR2004 - one cell is a plain list
        return False
    names = {cell.strip().lower() for cell in first}
    if names.intersection(_USUAL["url"]):
        return True
    widths = {len(_split(row, delimiter)) for row in rows[:_SAMPLE]}
    return len(widths) == 1 and "/" not in first[0] and "." not in first[0]


def _take(lines: Iterator[tuple[int, str] | RejectedLine], count: int) -> Iterator[tuple[int, str] | RejectedLine]:
    for _, line in zip(range(count), lines, strict=False):
        yield line


def _is_row(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("#")


def _delimiter(rows: list[str]) -> str:
    """The sign that most lines hold, a comma when none does."""
    return max(_DELIMITERS, key=lambda sign: sum(sign in row for row in rows))


def _split(text: str, delimiter: str, *, quoted: bool = True) -> list[str]:
    """Cells of one record; never raises, `quoted=False` takes quotes as plain characters.

    >>> _split('a,"b,c"', ","), _split('a,"b,c', ",", quoted=False)
    (['a', 'b,c'], ['a', '"b', 'c'])
    """
    if quoted and '"' in text:
        try:
            return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            pass  # an over-long field or a NUL: the plain split below still gives cells
    return text.split(delimiter)


def _usual_width(rows: list[str], delimiter: str) -> int:
    widths = [len(_split(row, delimiter)) for row in rows]
    return max(set(widths), key=widths.count, default=1)


def _places(first: list[str], columns: Mapping[str, str] | None) -> tuple[dict[str, int], bool]:
    """Field name -> column number, and whether the first record is a header."""
    names = [cell.strip().strip("\ufeff").lower() for cell in first]
    if columns is None:
        usual = [(field, name) for field, every in _USUAL.items() for name in every[::-1]]
        places = {field: names.index(name) for field, name in usual if name in names}
        if "url" in places:
            return places, True
        if len(first) == 1:
            return {"url": 0}, False
        raise ListError("no column is known to hold the address; name it, such as url=0 or url=link")
    return _mapped(names, columns)


def _mapped(names: list[str], columns: Mapping[str, str]) -> tuple[dict[str, int], bool]:
    places = {}
    header = False
    refuse_unknown(columns)
    for field, place in columns.items():
        wanted = str(place).strip().lower()
        if wanted.isdecimal():
            places[field] = int(wanted)
        elif wanted in names:
            places[field], header = names.index(wanted), True
        else:
            raise ListError(f"there is no column {place!r}; name one of the header, or a number from 0")
    if "url" not in places:
        raise ListError("columns must say which column holds the address, such as url=0 or url=link")
    titled = places["url"] < len(names) and names[places["url"]] in _USUAL["url"]
    return places, header or titled


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
            yield number, _split(text, delimiter)
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
            record = _split(joined, delimiter)
            if len(record) == width:
                return record, used
            break
    return _split(text, delimiter, quoted=False), 0
