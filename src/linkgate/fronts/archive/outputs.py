"""Where hits go: a file that can be gone on with, a stream, a table on a terminal, a spool for the end."""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from linkgate.columns.schema import id_type, with_id
from linkgate.fronts.archive.append_log import AppendLog
from linkgate.fronts.archive.encodings import Encoding, encoding_of, is_parquet, spooled
from linkgate.fronts.archive.parquet import write_parquet
from linkgate.fronts.exits import writing
from linkgate.fronts.sinks import TerminalTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from io import FileIO
    from types import TracebackType
    from typing import BinaryIO

    import pyarrow as pa


class _Target(Protocol):
    def write(self, data: bytes, /) -> None: ...


class _Stream:
    """Standard output, or a file that is none, such as a pipe: written through at once."""

    def __init__(self, file: BinaryIO | FileIO, name: str) -> None:
        self._file = file
        self._name = name

    def write(self, data: bytes) -> None:
        left = memoryview(data)
        with writing(self._name):
            while left:
                left = left[self._file.write(left) or 0 :]
                self._file.flush()


class _Shown:
    """A terminal: the first hits as a table."""

    def __init__(self, table: TerminalTable) -> None:
        self._table = table

    def write(self, data: bytes) -> None:
        for line in data.splitlines():
            self._table.add(json.loads(line))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user wants written. output: a file, `-` for lines on stdout, or None for what suits stdout."""

    output: str | None = None
    rejects: str | None = None
    report: str | None = None
    lines: bool = False
    show_urls: bool = False

    @property
    def resumable(self) -> bool:
        """Whether the output is a file, or will be: not a stream, from which nothing can be cut off."""
        return self.output not in {None, "-"} and not _is_special(str(self.output))

    @property
    def spool(self) -> str | None:
        """The file, for its owner alone, that hits wait in for what is made of them all at the end."""
        if self.resumable and (self.report or is_parquet(str(self.output))):
            return f"{self.output}.spool"
        return f"{self.report}.spool" if self.report else None

    @property
    def rejects_file(self) -> str | None:
        """Where bad records are written down."""
        return self.rejects or (f"{self.output}.rejects.jsonl" if self.resumable else None)

    def files(self) -> set[str]:
        """All files that a scan may write: none of them is an input."""
        named = {self.output, self.spool, self.rejects_file, self.report} - {None, "-"}
        beside = {f"{self.output}.progress", f"{self.output}.progress.draft", f"{self.output}.draft"}
        return {str(name) for name in named} | (beside if self.resumable else set())


def _is_special(name: str) -> bool:
    try:
        mode = os.stat(name).st_mode  # noqa: PTH116  # `/dev/fd/3` is a name too
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@dataclass(slots=True)
class Outputs:
    """The open outputs of a scan, each with its encoding; `logs` are those that can be cut back."""

    wanted: Wanted
    encodings: list[Encoding] = field(default_factory=list)
    logs: list[AppendLog] = field(default_factory=list)
    rejects: _Target | None = None
    _targets: list[_Target] = field(default_factory=list)
    _heads: dict[str, bytes] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._stack = stack
            self._open_main()
            if self.wanted.spool:
                spool = Encoding("spool", None, show_urls=self.wanted.show_urls)
                self._add_log(self.wanted.spool, spool, private=True)
            if name := self.wanted.rejects_file:
                self.rejects = self._stream(name) if _is_special(name) else self._log(name)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if not self.wanted.resumable and self.wanted.spool:
            Path(self.wanted.spool).unlink(missing_ok=True)

    def _open_main(self) -> None:
        wanted, output = self.wanted, self.wanted.output
        lines = Encoding("jsonl", None, show_urls=wanted.show_urls)
        if output is None or output == "-":
            if output or wanted.lines or not sys.stdout.isatty():
                self._add(_Stream(sys.stdout.buffer, "stdout"), lines)
            else:
                self._add(_Shown(self._stack.enter_context(TerminalTable())), lines)
            return
        encoding = encoding_of(output, show_urls=wanted.show_urls)
        if not wanted.resumable:
            self._add(self._stream(output), lines if encoding.form == "spool" else encoding)
        elif not is_parquet(output):
            self._add_log(output, encoding)

    def _stream(self, name: str) -> _Stream:
        with writing(name):
            file = open(name, "wb", buffering=0)  # noqa: PTH123, SIM115  # `/dev/fd/3` is a name too; the stack closes it
        return _Stream(self._stack.enter_context(file), name)

    def _add(self, target: _Target, encoding: Encoding) -> None:
        self._targets.append(target)
        self.encodings.append(encoding)

    def _add_log(self, path: str, encoding: Encoding, *, private: bool = False) -> None:
        self._heads[path] = encoding.head
        self._add(self._log(path, private=private), encoding)

    def _log(self, path: str, *, private: bool = False) -> AppendLog:
        log = self._stack.enter_context(AppendLog(path, private=private))
        self.logs.append(log)
        return log

    def begin(self, lengths: Mapping[str, int]) -> None:
        """Go on from these lengths; anew where one is missing or 0."""
        for log in self.logs:
            length = lengths.get(log.path, 0)
            if length:
                log.resume(length)
            else:
                log.begin(self._heads.get(log.path, b""))

    def write(self, encoded: Iterable[bytes], rejects: bytes) -> None:
        """Write one chunk, for each encoding its bytes."""
        for target, data in zip(self._targets, encoded, strict=True):
            target.write(data)
        if self.rejects is not None:
            self.rejects.write(rejects)

    def flush(self) -> None:
        """Let other programs see what was written."""
        for log in self.logs:
            log.flush()

    def lengths(self) -> dict[str, int]:
        """The length of each log."""
        return {log.path: log.length for log in self.logs}

    def make(self) -> None:
        """Make what is made at the end, but for the report."""
        wanted = self.wanted
        if wanted.spool and wanted.resumable and is_parquet(str(wanted.output)):
            self.flush()
            columns = Encoding("spool", None, show_urls=wanted.show_urls).schema
            schema = with_id(columns, id_type(spooled(str(wanted.spool))))
            write_parquet(wanted.spool, Path(str(wanted.output)), schema)

    def hits(self) -> Iterator[pa.RecordBatch]:
        """All hits again, for a report."""
        self.flush()
        return spooled(str(self.wanted.spool))

    def tidy(self) -> None:
        """Remove what nobody needs any more: the spool, and a rejects file that holds nothing and was not asked for."""
        if self.wanted.spool:
            Path(self.wanted.spool).unlink(missing_ok=True)
        if self.wanted.rejects_file and not self.wanted.rejects:
            rejects = Path(self.wanted.rejects_file)
            if not rejects.stat().st_size:
                rejects.unlink()
