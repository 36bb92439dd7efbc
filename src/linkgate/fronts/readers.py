"""Messages from files: JSON lines, CSV, TSV or plain text, each also gzipped, in constant memory.

A record that cannot be read is one `Bad` with its line and the reason, never its content; what
follows it is read on. Nothing here raises for what a file holds: a file that breaks off gives its
records and then a `Bad` without a line.

>>> list(messages("no/such/file", form=None, fields=Fields()))
[Bad(line=None, reason='cannot be read: no such file or directory; check the path')]
"""

from __future__ import annotations

import errno
import sys
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import GzipFile
from typing import TYPE_CHECKING, Any, BinaryIO

from linkgate.fronts import rows, tables
from linkgate.fronts.records import BOM, Bad, Fields, Record, decode, lines, not_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS = ("jsonl", "csv", "tsv", "text")

_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_CURES = {
    errno.ENOENT: "check the path",
    errno.EISDIR: "name the files in it",
    errno.EACCES: "ask for the right to read it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file being read: `raw` counts the bytes on disk, `stream` gives them unzipped."""

    raw: Any
    stream: Any


def messages(name: str, *, form: str | None, fields: Fields) -> Iterator[Opened | Record | Bad]:
    """Read all of one file, `-` being stdin.

    In: its name, one of FORMS or None to tell it by name and first bytes. Out: first the open file,
    for whoever shows progress, then its records.
    """
    try:
        with _open(name) as opened:
            yield opened
            yield from _read_opened(name, opened.stream, form=form, fields=fields)
    except EOFError:
        yield Bad(None, "the .gz breaks off in the middle; what stood before was read; copy the file again")
    except (zlib.error, OSError) as error:
        yield Bad(None, _sentence(error))


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        cure = _CURES.get(error.errno, "what stood before was read")
        return f"cannot be read: {(error.strerror or '').lower()}; {cure}"
    return "the .gz is damaged; what stood before was read; copy the file again"


@contextmanager
def _open(name: str) -> Iterator[Opened]:
    if name == "-":
        yield _unzipped(sys.stdin.buffer)
        return
    with open(name, "rb") as raw:  # noqa: PTH123  # `/dev/fd/63` is a name too
        yield _unzipped(raw)


def _unzipped(raw: Any) -> Opened:
    zipped = raw.peek(2)[:2] == b"\x1f\x8b"
    return Opened(raw=raw, stream=GzipFile(fileobj=raw) if zipped else raw)


def _read_opened(name: str, stream: Any, *, form: str | None, fields: Fields) -> Iterator[Record | Bad]:
    head = stream.peek(8192)[:8192]
    if _is_binary(head):
        yield Bad(None, "looks like a binary file, not like messages; give JSON lines, CSV or text in UTF-8")
        return
    form = form or _form(name, head)
    if form == "jsonl":
        yield from rows.read(stream, fields=fields)
    elif form == "text":
        yield from read_text(stream)
    else:
        yield from tables.read(stream, fields=fields, tabs=form == "tsv")


def _is_binary(head: bytes) -> bool:
    # Latin-1 text has next to no control characters; UTF-16 has one in two, packed bytes one in ten.
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 5 > len(head):
        return True
    return controls * 50 > len(head) and "\ufffd" in head[:-4].decode("utf-8", "replace")


def _form(name: str, head: bytes) -> str:
    path = name.lower().removesuffix(".gz")
    for suffix, form in _SUFFIXES.items():
        if path.endswith(suffix):
            return form
    return "jsonl" if head.removeprefix(BOM).lstrip()[:1] == b"{" else "text"


def read_text(stream: BinaryIO) -> Iterator[Record | Bad]:
    r"""Read plain text: a line is a message, a blank line none.

    >>> import io
    >>> list(read_text(io.BytesIO(b"one\r\n\ntwo")))
    [Record(line=1, id=None, text='one', links=()), Record(line=3, id=None, text='two', links=())]
    """
    for number, line in lines(stream):
        if isinstance(line, Bad):
            yield line
        elif line.strip():
            text, valid = decode(line.rstrip(b"\r\n"))
            if not valid:
                yield not_utf8(number)
            yield Record(number, None, text)
