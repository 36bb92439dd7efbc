"""Alarms of the breaker: one small file, in the store's folder or where the configuration says, that processes share.

It names lists and entry ids, and no address. An alarm stands until an operator confirms it; the
confirmation is kept for a while, so that the same surge does not raise it again.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     alarms = Alarms(Path(folder, "alarms.json"))
...     alarms.add([Alarm(list="demo", at="2026-01-31T10:00:00Z", rate=700, limit=600)], keep_after="")
...     [alarm.key for alarm in alarms.read()], alarms.confirm("demo", None, at="2026-01-31T11:00:00Z")
...     [alarm.is_open for alarm in alarms.read()]
([('demo', None)], True)
[False]
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from linkgate.errors import StoreError
from linkgate.lists.disk import reason, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from linkgate.lists.config import Config
    from linkgate.lists.surge import Key

FILE = "alarms.json"
"""Its name in the store's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A list, or one of its entries, that flagged `rate` messages in a minute and may flag `limit`.

    at, confirmed: times in UTC as ISO 8601; `confirmed` is None until an operator has looked.
    """

    list: str
    entry: str | None = None
    at: str
    rate: int
    limit: float
    confirmed: str | None = None

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.list, self.entry

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an operator."""
        return self.confirmed is None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Alarms:
    """The file. StoreError where it cannot be read or written."""

    path: Path

    @classmethod
    def of(cls, config: Config) -> Self:
        """The alarms of a configuration."""
        return cls(config.policy.alarms or config.store / FILE)

    def stamp(self) -> Hashable:
        """What changes with the file; None while there is none. Never raises."""
        return file_stamp(self.path)

    def read(self) -> tuple[Alarm, ...]:
        """All alarms, oldest first; none while there is no file."""
        try:
            return _decoded(self.path.read_bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}.") from None
        except msgspec.DecodeError:
            raise StoreError(f"{self.path} is damaged: remove it, and the open alarms with it.") from None

    def add(self, raised: Iterable[Alarm], *, keep_after: str) -> None:
        """Add alarms, less those that stand there already; drop what was confirmed before `keep_after`."""

        def added(alarms: tuple[Alarm, ...]) -> Iterable[Alarm]:
            kept = {alarm.key: alarm for alarm in alarms if alarm.is_open or (alarm.confirmed or "") >= keep_after}
            for alarm in raised:
                kept.setdefault(alarm.key, alarm)
            return kept.values()

        self._change(added)

    def confirm(self, name: str, entry: str | None, *, at: str) -> bool:
        """Confirm the open alarm of a list, or of one entry; False where there is none."""
        found = any(alarm.is_open and alarm.key == (name, entry) for alarm in self.read())

        def confirmed(alarms: tuple[Alarm, ...]) -> Iterable[Alarm]:
            return (
                replace(alarm, confirmed=at) if alarm.is_open and alarm.key == (name, entry) else alarm
                for alarm in alarms
            )

        if found:
            self._change(confirmed)
        return found

    def _change(self, change: Callable[[tuple[Alarm, ...]], Iterable[Alarm]]) -> None:
        """Read, change and write, alone."""
        try:
            with exclusive_lock(self.path.with_name(f"{self.path.name}.lock")):
                replace_file(self.path, [msgspec.json.encode({"alarms": [*map(Alarm.as_dict, change(self.read()))]})])
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}.") from None


def file_stamp(path: str | os.PathLike[str]) -> Hashable:
    """What changes with a file; None while there is none. Never raises."""
    with suppress(OSError):
        found = Path(path).stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None


class _File(msgspec.Struct):
    alarms: tuple[Alarm, ...] = ()


def _decoded(data: bytes) -> tuple[Alarm, ...]:
    return msgspec.json.decode(data, type=_File).alarms


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Wait for the lock of a file that is held for a moment only; let go when the process dies."""
    import fcntl  # noqa: PLC0415  # POSIX only, and a gate without alarms needs none

    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
