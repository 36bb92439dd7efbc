r"""Text -> blocks that end where a record ends, without parsing: what one worker decodes alone.

The blocks, one after the other, are the file but for what was skipped and told; so the records are
the same whatever the size of the blocks, which is never above `limit`, the length of the longest record.

>>> import io
>>> from linkgate.fronts.inputs.streams import ByteSource
>>> source = ByteSource(io.BytesIO(b"one\ntwo\nthree"))
>>> [cut.content for cut in cut_lines(source, block=6)]
[b'one\n', b'two\n', b'three']
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from linkgate.fronts.inputs.chunks import BLOCK, BOM, LIMIT, BadRecord, Cut, TruncatedMail, size, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.streams import ByteSource


_STRETCH = 1 << 16
"""Bytes that numpy looks at together: what stays in the processor's cache, and in memory that is there already."""


def skip_bom(source: ByteSource) -> None:
    """Take a byte order mark off the beginning."""
    if source.peek(len(BOM)) == BOM:
        source.read(len(BOM))


def count_lines(block: bytes) -> int:
    """Count the line breaks; numpy does so three times as fast as `bytes.count`."""
    content = np.frombuffer(block, np.uint8)
    stretches = (content[start : start + _STRETCH] for start in range(0, len(content), _STRETCH))
    return sum(int(np.count_nonzero(stretch == ord("\n"))) for stretch in stretches)


def cut_lines(source: ByteSource, *, first: int = 1, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut at line breaks, the next line being number `first`; one above `limit` bytes is a BadRecord."""
    rest, place, buffer = b"", first, bytearray(block)  # one buffer for all: new memory is slow memory
    while size := source.readinto(buffer):
        start, begin = 0, buffer.find(b"\n", 0, size)
        if len(rest) + (begin if begin >= 0 else size) > limit:
            yield Cut(too_long(place, limit), 1)
            place, rest = place + 1, b""
            while begin < 0 and (size := source.readinto(buffer)):
                begin = buffer.find(b"\n", 0, size)
            start = begin + 1
        end = buffer.rfind(b"\n", start, size) + 1
        if end:
            content = b"".join((rest, memoryview(buffer)[start:end]))
            lines = count_lines(content)
            yield Cut(content, lines, at=source.taken - size + end - len(content))
            place += lines
        rest = bytes(memoryview(buffer)[end or start : size]) if end else rest + buffer[start:size]
    if rest:
        yield Cut(rest, 1, at=source.taken - len(rest))


def _after_line(source: ByteSource, chunk: bytes, block: int) -> bytes:
    """Drop what is left of a line, and give what was read behind it."""
    while (end := chunk.find(b"\n")) < 0:
        chunk = source.read(block)
        if not chunk:
            return b""
    return chunk[end + 1 :]


@lru_cache
def record_pattern(delimiter: str) -> str:
    r"""One CSV record with its line break, in the grammar that Python's csv and pyarrow share.

    A field may be quoted, with its quotes doubled; what follows the closing quote belongs to it. Not
    quoted, it ends at a delimiter or line break. Possessive, hence linear.

    >>> re.match(record_pattern(","), 'a,"b\n""c",d"\nnext\n').end()
    13
    """
    escaped = re.escape(delimiter)
    field = rf'(?:"(?:[^"]++|"")*+"|(?!"))[^{escaped}\n]*+'
    return rf"(?:{field}{escaped})*+{field}\n"


def cut_records(
    source: ByteSource, *, delimiter: str, first: int, block: int = BLOCK, limit: int = LIMIT
) -> Iterator[Cut]:
    """Cut between CSV records, the next of which is on line `first`; a line whose quote never closes is a BadRecord."""
    one = re.compile(record_pattern(delimiter).encode())
    rest, place, ended = b"", first, False
    while not ended:
        chunk = source.read(block)
        ended = not chunk
        rest += b"\n" if ended and not rest.endswith(b"\n") else chunk
        while rest:
            found = one.match(rest)
            if (found.end() if found else len(rest)) > limit or (ended and not found):
                yield Cut(_unclosed(rest[:limit], place, limit), 1)
                rest, lines = _after_line(source, rest, block), 1
            elif found:
                end = _records_end(rest, delimiter, limit)
                lines = count_lines(rest[:end])
                yield Cut(rest[:end], lines, at=None if ended else source.taken - len(rest))
                rest = rest[end:]
            else:
                break
            place += lines


def _records_end(buffer: bytes, delimiter: str, limit: int) -> int:
    """Where the last whole record of a buffer ends, none of them above the limit."""
    if b'"' not in buffer and len(buffer) <= limit:
        return buffer.rfind(b"\n") + 1
    if len(buffer) <= limit:
        many = re.compile(f"(?:{record_pattern(delimiter)})*+".encode()).match(buffer)
        return many.end() if many else 0
    one, end = re.compile(record_pattern(delimiter).encode()), 0
    while (found := one.match(buffer, end)) and found.end() - end <= limit:
        end = found.end()
    return end


def _unclosed(line: bytes, place: int, limit: int) -> BadRecord:
    if b'"' not in line.split(b"\n", 1)[0]:
        return too_long(place, limit)
    return BadRecord(place, f"a quote that never closes, or a record longer than {size(limit)}; this line was left out")


SEPARATOR = re.compile(
    rb"^From [^\r\n]{1,200}\b\d\d:\d\d[^\r\n]{1,100}\b(?:19|20)\d\d\b[^\r\n]{0,100}\r?\n", re.MULTILINE
)
"""The line before each mail of an mbox (RFC 4155), told from a sentence that begins with From by its time and year."""

_LONGEST_SEPARATOR = 500


def cut_mails(source: ByteSource, *, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut an mbox before a separator; of a mail above `limit` bytes only its beginning is given, as TruncatedMail."""
    yield from _cut_at(source, SEPARATOR, b"", block, limit)


def cut_marked(source: ByteSource, mark: re.Pattern[bytes], *, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut before each mark, as an mbox is; what stands before the first is left out."""
    yield from _cut_at(source, mark, _from_mark(source, mark, b"", block), block, limit)


def _cut_at(source: ByteSource, mark: re.Pattern[bytes], rest: bytes, block: int, limit: int) -> Iterator[Cut]:
    ended = False
    while not ended:
        chunk = source.read(block)
        ended = not chunk
        rest += chunk
        while rest:
            starts = [0, *(found.start() for found in mark.finditer(rest, 1)), *([len(rest)] if ended else [])]
            whole = next((at for at in range(1, len(starts)) if starts[at] - starts[at - 1] > limit), len(starts)) - 1
            if whole:
                yield Cut(rest[: starts[whole]], whole)
                rest = rest[starts[whole] :]
            elif len(starts) > 1 or len(rest) > limit + _LONGEST_SEPARATOR:  # what looks like its end may yet be one
                yield Cut(TruncatedMail(rest[:limit]), 1)
                rest = _from_mark(source, mark, rest[1:], block)
            else:
                break


def _from_mark(source: ByteSource, mark: re.Pattern[bytes], rest: bytes, block: int) -> bytes:
    """Drop what stands before the next mark."""
    while not (found := mark.search(rest)):
        chunk = source.read(block)
        if not chunk:
            return b""
        rest = rest[-_LONGEST_SEPARATOR:] + chunk
    return rest[found.start() :]


def cut_mail(source: ByteSource, *, limit: int = LIMIT) -> Iterator[Cut]:
    """One mail is a whole file."""
    content = source.read(limit + 1)
    if content:
        yield Cut(TruncatedMail(content[:limit]) if len(content) > limit else content, 1)
        source.read(1)  # a break behind it is told
