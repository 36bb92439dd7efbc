"""What every reader speaks: chunks, bad records, the fields of a record, the plan of a file.

This module imports nothing heavy, so that the command line can show its help without pyarrow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 1 << 22
"""Bytes of text that one chunk holds, more or less."""

LIMIT = 16 << 20
"""Bytes of the longest record; a longer one is told and skipped, never held in memory."""

BOM = b"\xef\xbb\xbf"

FORMS = (
    *("jsonl", "json", "csv", "tsv", "text", "parquet", "arrow"),
    *("telegram", "telegram-html", "discord", "discord-html", "slack", "whatsapp", "car"),
    *("xml-rows", "html", "mbox", "eml", "database"),
)
"""Every form that can be read; all but `database` may be asked for by name."""

MEDIA_FORMS = frozenset({"jsonl", "csv", "tsv", "parquet", "arrow", "database"})
"""Those in which `--media` names a field; in the others a message has no field for its files."""


class BadRecord(NamedTuple):
    """A record, or with place None the rest of the file, that could not be read, and why.

    The reason never quotes the record. empty: it was read, and has neither a text field nor a link.
    """

    place: int | None
    reason: str
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Which fields hold what: column names, or dotted paths in nested records; None is a guess."""

    text: str | None = None
    links: tuple[str, ...] = ()
    id: str | None = None
    time: str | None = None
    account: str | None = None
    media: str | None = None


Path = tuple[str, ...]
"""A field as its steps: ("message", "text") is `text` inside `message`; lists are walked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The fields as they were found; None for a part that these records do not have. The account is never a guess.

    more: texts that are read behind the text, a line for each. id_else, time_else: where those of a record
    stand that lacks the first. anywhere: every other field that holds a
    URL is read too, in records that have fields of many kinds (JSON). media: where the digests of files stand, as
    lists of records or the same as JSON in a cell; it is never guessed.
    """

    text: Path
    links: tuple[Path, ...] = ()
    id: Path | None = None
    time: Path | None = None
    account: Path | None = None
    more: tuple[Path, ...] = ()
    id_else: tuple[Path, ...] = ()
    time_else: tuple[Path, ...] = ()
    anywhere: bool = False
    media: Path | None = None

    @property
    def ids(self) -> tuple[Path, ...]:
        """Where the id stands, the surest place first."""
        return (self.id, *self.id_else) if self.id else self.id_else

    @property
    def times(self) -> tuple[Path, ...]:
        """Where the time stands."""
        return (self.time, *self.time_else) if self.time else self.time_else

    def used(self) -> list[Path]:
        """Every path that there is, but for that of the files."""
        return [self.text, *self.more, *self.ids, *self.times, *self.links, *filter(None, (self.account,))]

    def columns(self) -> list[str]:
        """The columns of a table in which they lie, that of the files too."""
        return list(dict.fromkeys(path[0] for path in (*self.used(), *filter(None, (self.media,)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to decode the chunks of one file: small, and travels to the workers with each chunk."""

    form: str
    paths: Paths = field(default_factory=lambda: Paths(text=("text",)))
    columns: tuple[str, ...] = ()
    delimiter: str = ","


class Items(NamedTuple):
    """JSON values cut out of a document, comma between them, and the chat that they stand in.

    reader: whose records they are, empty for those whose fields `paths` names.
    """

    chat: str | None
    content: bytes
    reader: str = ""
    paths: Paths | None = None


class TruncatedMail(NamedTuple):
    """The beginning of a mail that is longer than LIMIT."""

    content: bytes


class Rows(NamedTuple):
    """Rows as a database gives them, each as long as the columns of the plan."""

    rows: list[tuple[object, ...]]


class FileRange(NamedTuple):
    """Bytes of a file that need not travel: whoever is to decode them reads them there."""

    path: str
    at: int
    size: int

    def read(self) -> bytes | BadRecord:
        """The bytes, fewer where the file has become shorter; a BadRecord where it cannot be read any more."""
        try:
            with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123  # a name may be `/dev/fd/63`
                file.seek(self.at)
                return file.read(self.size)
        except OSError as error:
            return BadRecord(None, f"cannot be read any more: {(error.strerror or 'reading failed').lower()}")


if TYPE_CHECKING:
    Content: TypeAlias = bytes | FileRange | tuple[Items, ...] | TruncatedMail | Rows | pa.RecordBatch | BadRecord


Mark = tuple[int, ...]
"""The primary key of a table's row, where that is of whole numbers: reading can go on behind it."""


class Cut(NamedTuple):
    """A stretch of a file as its reader cuts it, and how many places (lines, rows, messages) it takes.

    `before`: places in front of it that hold no record, such as a header. `at`: where it begins, of bytes that
    stand so in what was unpacked. `mark`: of its last row.
    """

    content: Content
    places: int
    before: int = 0
    at: int | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A unit of work: the same input always gives the same chunks, in the same order.

    `number` counts from 0 within the file, `first` is the place of its first record (from 1),
    `offset` the bytes of the file on disk that have been read so far, `mark` the place in a table. `stretch` is
    where else the content is.
    """

    file: str
    number: int
    first: int
    content: Content
    offset: int
    stretch: FileRange | None = None
    mark: Mark | None = None


def size(count: int) -> str:
    """Bytes for a reader.

    >>> size(LIMIT), size(8)
    ('16 MiB', '8 bytes')
    """
    return f"{count >> 20} MiB" if count >> 20 else f"{count} bytes"


def too_long(place: int, limit: int) -> BadRecord:
    """Tell of a record that was skipped for its length."""
    return BadRecord(place, f"longer than {size(limit)}")


def not_utf8(place: int) -> BadRecord:
    """Remark on a record that was read, but with bytes replaced."""
    return BadRecord(place, "not valid UTF-8 (checked with the wrong bytes replaced)")
