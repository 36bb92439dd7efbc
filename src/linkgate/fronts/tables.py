r"""Messages as CSV or TSV with a header line.

CSV is read as RFC 4180 says, with comma or semicolon. In TSV a line is a record and a quote is a
character (as IANA's text/tab-separated-values has it): one stray quote cannot swallow what follows.

>>> import io
>>> list(read(io.BytesIO(b'id,text\n7,"one\ntwo"\n8\n'), fields=Fields(), tabs=False))
[Record(line=2, id='7', text='one\ntwo', links=()), Bad(line=4, reason='fewer columns than its header')]
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO, Literal

from linkgate.fronts.records import LIMIT, Bad, Fields, Record, decode, lines, not_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Feed:
    """Decoded lines for csv.reader, which keeps what it must leave out or mend."""

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self.bad: list[Bad] = []
        self._lines = lines(stream)

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            self.number = number
            if isinstance(line, Bad):
                self.bad.append(line)
                continue
            text, valid = decode(line)
            if not valid:
                self.bad.append(not_utf8(number))
            return text
        raise StopIteration

    def remarks(self) -> list[Bad]:
        """Hand over what was left out or mended since the last call."""
        bad, self.bad = self.bad, []
        return bad


def read(stream: BinaryIO, *, fields: Fields, tabs: bool) -> Iterator[Record | Bad]:
    """Read a table whose first line names its columns; without the named ones, one Bad without a line."""
    feed = _Feed(stream)
    header = next(feed, "")
    delimiter = "\t" if tabs else _delimiter(header)
    quoting: Literal[0, 3] = csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL
    names = next(csv.reader([header], delimiter=delimiter, quoting=quoting), [])
    missing = [name for name in (fields.text, fields.links) if name is not None and name not in names]
    yield from feed.remarks()
    if missing:
        yield Bad(None, f"no column {missing[0]!r} in its first line; name yours with --text and --links")
        return
    csv.field_size_limit(LIMIT)
    columns = _Columns(names, fields)
    for start, row in _rows(feed, csv.reader(feed, delimiter=delimiter, quoting=quoting)):
        yield from feed.remarks()
        if row is None:
            yield Bad(start, "not a CSV record (an open quote?)")
        elif row:
            yield columns.record(start, row)
    yield from feed.remarks()


def _delimiter(header: str) -> str:
    return ";" if ";" in header and "," not in header else ","


def _rows(feed: _Feed, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | None]]:
    while True:
        start = feed.number + 1
        try:
            yield start, next(reader)
        except csv.Error:
            yield start, None
        except StopIteration:
            return


class _Columns:
    """Which column holds which part of a record."""

    def __init__(self, names: list[str], fields: Fields) -> None:
        self.text = names.index(fields.text)
        self.links = names.index(fields.links) if fields.links else None
        self.id = names.index(fields.id) if fields.id in names else None

    def record(self, number: int, row: list[str]) -> Record | Bad:
        width = len(row)
        if width <= max(self.text, self.links or 0):
            return Bad(number, "fewer columns than its header")
        name = row[self.id] if self.id is not None and self.id < width else None
        link = row[self.links] if self.links is not None else ""
        return Record(number, name, row[self.text], (link,) if link else ())
