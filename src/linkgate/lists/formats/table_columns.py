r"""Which column of a table holds which field: by a map, by the header's names, or, without a header, by what is in it.

>>> places(["id,url", "1,http://bad.example/a"], ",", None)
Places(fields={'url': 1, 'id': 0}, header=True)
>>> places(["2026-01-01,bad.example,spam", "2026-01-02,worse.example,spam"], ",", None)
Places(fields={'url': 1}, header=False)
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.errors import ListError
from linkgate.lists.address import locate
from linkgate.lists.expiry import day
from linkgate.lists.formats.fields import anchor, refuse_unknown
from linkgate.lists.formats.usual_fields import USUAL, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DELIMITERS = ",;\t|"
_MOST = 0.8  # of the cells of a column; a few may be empty or broken
_SEVERAL = 2
_TELLING = 3  # columns: a URL may hold a comma, and seldom two


@dataclass(frozen=True, slots=True)
class Places:
    """Column numbers by field, and whether the first row is a header."""

    fields: dict[str, int]
    header: bool


def split(text: str, delimiter: str, *, quoted: bool = True) -> list[str]:
    """Cells of one record; never raises, `quoted=False` takes quotes as plain characters.

    >>> split('a,"b,c"', ","), split('a,"b,c', ",", quoted=False)
    (['a', 'b,c'], ['a', '"b', 'c'])
    """
    if quoted and '"' in text:
        try:
            return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            pass  # an over-long field or a NUL: the plain split below still gives cells
    return text.split(delimiter)


def delimiter_of(rows: Sequence[str]) -> str:
    """The sign that most rows hold, a comma when none does; of two such signs the one that cuts them evenly.

    >>> delimiter_of(["1;a,b", "2;c", "3;d,e"]), delimiter_of(["bad.example"])
    (';', ',')
    """

    def fitness(sign: str) -> tuple[int, int]:
        holding = sum(sign in row for row in rows)
        return holding, -len({len(split(row, sign)) for row in rows})

    return max(_DELIMITERS, key=fitness)


def places(rows: Sequence[str], delimiter: str, columns: Mapping[str, str] | None, *, titles: str = "") -> Places:
    """Where the fields stand; `titles` is a comment above the rows, which may be their header.

    Raises ListError when no column can be said to hold the address.
    """
    first = split(rows[0], delimiter) if rows else []
    if columns is not None:
        return _mapped(first, columns)
    if header := _header(first):
        return Places(header, header=True)
    above = split(titles, delimiter) if titles else []
    if len(above) == len(first) and (header := _header(above)):
        return Places(header, header=False)
    if len(first) <= 1:
        return Places({"url": 0}, header=False)
    found = address_columns([split(row, delimiter) for row in rows])
    if len(found) == 1 and len(rows) >= _SEVERAL:
        return Places({"url": found[0]}, header=False)
    raise ListError("no column is known to hold the address; name it, such as url=0 or url=link")


def is_table(rows: Sequence[str]) -> bool:
    """Whether the lines of a nameless file are a table: by a header, by quoted cells, or by its columns.

    >>> is_table(["id,url", "1,http://bad.example/a,b"]), is_table(["http://bad.example/a,b"])
    (True, False)
    >>> is_table(["bad.example;spam", "worse.example;spam"]), is_table(["bad.example", "worse.example"])
    (True, False)
    >>> is_table(["http://bad.example/a,1", "http://bad.example/b,2"])
    False
    """
    delimiter = delimiter_of(rows)
    table = [split(row, delimiter) for row in rows]
    if len(table[0]) < _SEVERAL:
        return False
    if _header(table[0]):
        return True
    if len({len(cells) for cells in table}) > 1:
        return False
    if "/" not in table[0][0] and "." not in table[0][0]:
        return True
    return len(rows) >= _SEVERAL and bool(address_columns(table)) and _is_cut(rows, table)


def address_columns(table: Sequence[Sequence[str]]) -> list[int]:
    """The columns of which most cells are addresses.

    >>> address_columns([["1", "bad.example", "x"], ["2", "http://worse.example/", "y"]])
    [1]
    """
    width = max(map(len, table), default=0)
    return [
        column
        for column in range(width)
        if sum(is_address(cells[column]) for cells in table if column < len(cells)) >= _MOST * len(table)
    ]


def is_address(cell: str) -> bool:
    """Whether a cell holds an address, in any spelling that a list may have."""
    return bool(cell.strip()) and not isinstance(locate(cell), str)


def _is_cut(rows: Sequence[str], table: Sequence[Sequence[str]]) -> bool:
    """Whether the delimiter cuts the rows into cells, and is no part of addresses, which may hold one."""
    if sum(map(is_address, rows)) < _MOST * len(rows) or len(table[0]) >= _TELLING:
        return True
    return any(_is_telling([cells[column] for cells in table]) for column in range(len(table[0])))


def _is_telling(cells: Sequence[str]) -> bool:
    """Whether a column holds dates, or the same few words again and again."""
    return all(day(cell) for cell in cells) or (len(set(cells)) * 2 <= len(cells) and not any(map(is_address, cells)))


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    """The columns that a header names; None for a row that is none: a header holds no address."""
    names = [cell.strip().lstrip("#").strip().strip("\ufeff\"'").lower() for cell in cells]
    found = named(names)
    if anchor(found) not in found or any(map(is_address, cells)):
        return None
    return {field: names.index(name) for field, name in found.items()}


def _mapped(first: Sequence[str], columns: Mapping[str, str]) -> Places:
    refuse_unknown(columns)
    names = [cell.strip().strip("\ufeff").lower() for cell in first]
    fields, header = {}, False
    for field, place in columns.items():
        wanted = str(place).strip().lower()
        if wanted.isdecimal():
            fields[field] = int(wanted)
        elif wanted in names:
            fields[field], header = names.index(wanted), True
        else:
            raise ListError(f"there is no column {place!r}; name one of the header, or a number from 0")
    held = anchor(fields)
    if held not in fields:
        raise ListError("columns must say which column holds the address or digest, such as url=0 or digest=hash")
    at = fields[held]
    titled = at < len(names) and names[at] in USUAL[held] and not any(map(is_address, first))
    return Places(fields, header=header or titled)
