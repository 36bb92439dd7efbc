r"""Plain text: one address a line.

A line that begins with `#`, `!` or `;` is a comment, and so is what follows white space and `# `
behind an address (`#` alone may be a fragment). Defanged addresses are left as they are written;
`linkgate.lists.address` repairs them.

>>> [item.address for item in read(b"# demo\nhxxp://bad[.]example/x\n*.worse.example  # since May\n")]
['hxxp://bad[.]example/x', '*.worse.example']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import ListItem, RejectedLine
from linkgate.lists.formats.text_lines import MAX_LINE, NOT_UTF8, TOO_LONG, text_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_INLINE_COMMENT = re.compile(r"\s#(?:\s.*)?$")
_NEEDS_A_LOOK = "#!;\ufeff"  # at the beginning; so does the empty string, which is in every string
_COMMENT_SIGNS = ("#", "!", ";")


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a plain-text file; `columns` has no meaning here and is ignored."""
    del columns
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line
            continue
        number, text = line
        text = text.strip()
        if "#" not in text and text[:1] not in _NEEDS_A_LOOK:
            yield ListItem(line=number, address=text)
        elif (item := parse_line(number, text)) is not None:
            yield item


def read_lines(lines: Iterable[str | bytes]) -> Iterator[ListItem | RejectedLine]:
    r"""Items of lines that a program holds already; the n-th line has number n.

    >>> [(found.line, type(found).__name__) for found in read_lines(["", b"\xff", "http://bad.example/", 7])]
    [(2, 'RejectedLine'), (3, 'ListItem'), (4, 'RejectedLine')]
    """
    for number, line in enumerate(lines, 1):
        found = _parse_any(number, line)
        if found is not None:
            yield found


def _parse_any(number: int, line: object) -> ListItem | RejectedLine | None:
    if isinstance(line, bytes | bytearray):
        try:
            line = line.decode("utf-8")
        except UnicodeDecodeError:
            return RejectedLine(number, NOT_UTF8)
    if not isinstance(line, str):
        return RejectedLine(number, "not text")
    if len(line) > MAX_LINE:
        return RejectedLine(number, TOO_LONG)
    return parse_line(number, line)


def parse_line(number: int, text: str) -> ListItem | None:
    """The item of one line, or None for a blank line or a comment.

    >>> parse_line(1, "http://bad.example/#frag # why").address
    'http://bad.example/#frag'
    >>> parse_line(2, "  # only a comment") is None
    True
    """
    text = text.strip().lstrip("\ufeff")
    if not text or text.startswith(_COMMENT_SIGNS):
        return None
    if "#" in text:
        text = _INLINE_COMMENT.sub("", text).rstrip()
    return ListItem(line=number, address=text)
