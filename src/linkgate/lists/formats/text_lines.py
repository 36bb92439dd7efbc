r"""Bytes of a file as numbered text lines, in one pass and whatever the line ends.

LF, CR LF and CR end a line; a byte order mark is dropped; a line that is not UTF-8 or longer than
`MAX_LINE` bytes is rejected by itself, and all others are read.

>>> list(text_lines(b"\xef\xbb\xbfone\r\ntwo\rthr\xffee\n\nfour"))
[(1, 'one'), (2, 'two'), RejectedLine(line=3, reason='not UTF-8'), (4, ''), (5, 'four')]
"""

from __future__ import annotations

import codecs
from itertools import count
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import RejectedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_LINE = 64 * 1024
NOT_UTF8 = "not UTF-8"
TOO_LONG = "line longer than 64 KiB"

_CHUNK = 256 * 1024  # bytes decoded at once: large enough to be quick, small enough to be cheap


def text_lines(data: bytes) -> Iterator[tuple[int, str] | RejectedLine]:
    """Every line of `data` without its end, numbered from 1; lines that cannot be read as `RejectedLine`."""
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    number = 1
    while start < len(data):
        end = data.find(b"\n", start + _CHUNK) + 1 or len(data)
        lines = data[start:end].splitlines()  # of bytes: LF, CR and CR LF only
        yield from _decoded(lines, number)
        number += len(lines)
        start = end


def _decoded(lines: list[bytes], first: int) -> Iterable[tuple[int, str] | RejectedLine]:
    """The lines of one chunk: all at once where nothing is wrong with any, else one by one."""
    if max(map(len, lines)) <= MAX_LINE:
        try:
            return zip(count(first), b"\n".join(lines).decode("utf-8").split("\n"), strict=False)
        except UnicodeDecodeError:
            pass  # at least one of them: found below
    return (_line(number, line) for number, line in enumerate(lines, first))


def _line(number: int, line: bytes) -> tuple[int, str] | RejectedLine:
    if len(line) > MAX_LINE:
        return RejectedLine(number, TOO_LONG)
    try:
        return number, line.decode("utf-8")
    except UnicodeDecodeError:
        return RejectedLine(number, NOT_UTF8)
