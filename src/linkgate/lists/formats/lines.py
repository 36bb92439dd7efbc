r"""Bytes of a file as numbered text lines, in one pass and whatever the line ends.

LF, CR LF and CR end a line; a byte order mark is dropped; a line that is not UTF-8 or longer than
`MAX_LINE` bytes is rejected by itself, and all others are read.

>>> list(text_lines(b"\xef\xbb\xbfone\r\ntwo\rthr\xffee\n\nfour"))
[(1, 'one'), (2, 'two'), Rejected(line=3, reason='not UTF-8'), (4, ''), (5, 'four')]
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE = 64 * 1024
NOT_UTF8 = "not UTF-8"
TOO_LONG = "line longer than 64 KiB"

_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")


def text_lines(data: bytes) -> Iterator[tuple[int, str] | Rejected]:
    """Every line of `data` without its end, numbered from 1; lines that cannot be read as `Rejected`."""
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    for number, match in enumerate(_LINE.finditer(data, start), 1):
        begin, end = match.span(1)
        if begin == len(data):
            return  # what follows the last line end is no line
        if end - begin > MAX_LINE:
            yield Rejected(number, TOO_LONG)
            continue
        try:
            yield number, data[begin:end].decode("utf-8")
        except UnicodeDecodeError:
            yield Rejected(number, NOT_UTF8)
