r"""Lines of bounded length from a pipe, for the commands that answer line by line.

>>> import io
>>> list(lines(io.BytesIO(b"\xef\xbb\xbfone\ntwo")))
[(1, b'one\n'), (2, b'two')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 16 << 20
"""Bytes of the longest record; a longer one is counted and skipped, never held in memory."""

BOM = b"\xef\xbb\xbf"


class BadLine(NamedTuple):
    """A line that could not be read, and why."""

    line: int
    reason: str


def lines(stream: BinaryIO, *, limit: int = LIMIT) -> Iterator[tuple[int, bytes | BadLine]]:
    r"""Yield the lines of a stream, endings kept, with their numbers; one above `limit` bytes as a BadLine.

    >>> import io
    >>> [line for _, line in lines(io.BytesIO(b"x" * 99 + b"\nshort\n"), limit=8)]
    [BadLine(line=1, reason='longer than 8 bytes'), b'short\n']
    """
    number = 0
    while line := stream.readline(limit):
        number += 1
        if len(line) == limit and not line.endswith(b"\n") and _skip_line(stream):
            yield number, BadLine(number, f"longer than {_size(limit)}")
        else:
            yield number, line.removeprefix(BOM) if number == 1 else line


def _skip_line(stream: BinaryIO) -> bool:
    """Read to the end of the line; False when it had already ended with the file."""
    skipped = False
    while piece := stream.readline(1 << 16):
        skipped = True
        if piece.endswith(b"\n"):
            break
    return skipped


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >> 20 else f"{limit} bytes"


def decode(line: bytes) -> tuple[str, bool]:
    r"""UTF-8 to text, and whether it was valid; wrong bytes become U+FFFD, so that the rest is checked.

    >>> decode(b"caf\xe9")
    ('caf\ufffd', False)
    """
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        return line.decode("utf-8", "replace"), False


def not_utf8(number: int) -> BadLine:
    """Remark on a record that was checked, but with bytes replaced."""
    return BadLine(number, "not valid UTF-8 (checked with the wrong bytes replaced)")
