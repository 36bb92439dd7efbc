"""The log of decisions: lines of JSON in files by day and number, written by several processes at once.

    decisions/2026-01-31.jsonl, 2026-01-31.1.jsonl, …    the next number when a file is full

Nothing is ever renamed, so no process writes into another's archive. A message's lines are one
write() at the end of the file (O_APPEND), so lines of two writers do not mix. Who finds half a line
at the end begins a new one. What cannot be written is counted, and stops nobody.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     log = DecisionLog(Path(folder, "log"))
...     log.write([b"{}", b"{}"], day="2026-01-31")
...     [path.name for path in files(log.folder)], log.written.total, log.failed.total
(['2026-01-31.jsonl'], 2, 0)
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from linkgate.decisions.chain import ChainPool
from linkgate.decisions.counter import ThreadCounter
from linkgate.decisions.record import LONGEST_LINE
from linkgate.lists.disk import make_folder, reason, settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FULL = 64_000_000
"""Bytes after which a file is full."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.(\d{1,6}))?\.jsonl", re.ASCII)
_UNRECORDED = "decisions cannot be recorded"
_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND  # read, too: for the last byte


class _File:
    """An open file, closed when nobody holds it any more: a thread may still write when another opens the next."""

    def __init__(self, path: Path, day: str, number: int) -> None:
        self.handle = os.open(path, _APPEND, 0o600)
        self.path, self.day, self.number = path, day, number
        self.end = 0
        """Where the last write ended, to see whether another process wrote behind it."""

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it may never have been opened
            os.close(self.handle)

    def append(self, data: bytes) -> None:
        """Write at the end, on a line of its own. OSError, too, when there was no room for all of it."""
        size = os.fstat(self.handle).st_size
        if size and size != self.end and os.pread(self.handle, 1, size - 1) != b"\n":
            data = b"\n" + data
        written = os.write(self.handle, data)
        if written < len(data):
            os.write(self.handle, data[written:])  # says why: no room, most often
        self.end = size + len(data)

    def is_gone(self) -> bool:
        """Whether somebody removed it."""
        return not os.fstat(self.handle).st_nlink

    def is_full(self, most: int) -> bool:
        return os.fstat(self.handle).st_size >= most


class DecisionLog:
    """Writes decisions. Threads share it without a lock, processes share its folder."""

    def __init__(self, folder: Path, *, fsync: str = "interval", size: int = FULL) -> None:
        self.folder = folder
        self.written, self.failed = ThreadCounter(), ThreadCounter()
        self.error: str | None = None
        self._always = fsync == "always"
        self._interval = fsync == "interval"
        self._size = max(size, 1)  # an empty file is never full
        self._file: _File | None = None
        self._unsynced: _File | None = None
        self._settled: Path | None = None
        self._chains = ChainPool()

    def prepare(self) -> None:
        """Make the folder, so that one that cannot be made is told at once and not with the first match."""
        try:
            make_folder(self.folder)
        except OSError as error:
            self.error = f"{_UNRECORDED}: {reason(error)}"

    def write(self, lines: Sequence[bytes], *, day: str) -> None:
        """Append the lines of one message, all or (where the disk is full) not all. Never raises OSError."""
        chain = self._chains.take(day)  # before the file is chosen: then a chain never goes back to an older file
        try:
            file = self._current(day)
            file.append(b"\n".join(map(chain.link, lines)) + b"\n")
            self._chains.give(chain)
            if self._always:
                self._bring(file)
            elif self._interval:
                self._unsynced = file
        except OSError as error:
            self._file = None  # what stood at its end is looked at anew
            self.failed.add(len(lines))
            self.error = f"{_UNRECORDED}: {reason(error)}"
        else:
            self.written.add(len(lines))
            if self.error is not None:
                self.error = None

    def sync(self) -> None:
        """Bring to the disk what was written since the last call, where `interval` asks for it."""
        file, self._unsynced = self._unsynced, None
        if file is not None:
            try:
                self._bring(file)
            except OSError as error:
                self.error = f"decisions cannot be brought to the disk: {reason(error)}"

    def _bring(self, file: _File) -> None:
        """To the disk: what a file holds, and the first time its name."""
        os.fsync(file.handle)
        if file.path != self._settled:
            settle(self.folder)
            self._settled = file.path

    def _current(self, day: str) -> _File:
        file = self._file
        if file is not None and file.day == day and not file.is_gone() and not file.is_full(self._size):
            return file
        if file is not None and self._interval and self._unsynced is file:
            self._bring(file)
        self._file = file = self._opened(day)
        return file

    def _opened(self, day: str) -> _File:
        make_folder(self.folder)
        if self._unsynced is not None and self._unsynced.is_gone():
            self._unsynced = None  # it held the room of a file that was removed
        number = max((number for found, number, _ in _found(self.folder) if found == day), default=0)
        while (file := _File(self.folder / _name(day, number), day, number)).is_full(self._size):
            number += 1
        return file


def files(folder: Path, *, first: str = "", last: str = "9") -> list[Path]:
    """The files of a span of days, both included, in the order in which they were written. OSError."""
    return [path for day, _, path in _found(folder) if first <= day <= last]


def day_of(path: Path) -> str:
    """The day of a file of decisions."""
    return path.name[:10]


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, none where it is gone; of what is too long for one the pieces, so that memory is bounded."""
    try:
        file = path.open("rb")
    except FileNotFoundError:  # purged meanwhile, or never there
        return
    with file:
        yield from iter(partial(file.readline, LONGEST_LINE), b"")


def _found(folder: Path) -> list[tuple[str, int, Path]]:
    named = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((name[1], int(name[2] or 0), path) for name, path in named if name)


def _name(day: str, number: int) -> str:
    return f"{day}.{number}.jsonl" if number else f"{day}.jsonl"
