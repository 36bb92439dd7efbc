"""One writer at a time: an advisory lock on a file of the store, let go by the system when its process dies.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder, locked(Path(folder, "lock")):  # doctest: +ELLIPSIS
...     with locked(Path(folder, "lock")):
...         pass
Traceback (most recent call last):
linkgate.lists.lock.LockedError: another process (...) is at work on it
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LockedError(Exception):
    """Another writer holds the lock; the text names its process."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock, or raise LockedError at once; OSError where the file cannot be opened or locked."""
    try:
        import fcntl  # noqa: PLC0415  # POSIX only, as is the promise that a rename is atomic
    except ImportError:
        raise OSError(errno.ENOTSUP, "this system has no POSIX file locks") from None
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(_other(handle)) from None
        _sign(handle)
        yield
    finally:
        os.close(handle)  # lets the lock go; the file stays, or two could hold two files of one name


def _sign(handle: int) -> None:
    """Write down who holds the lock. On a full disk nobody does, and the lock holds all the same."""
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
    except OSError:
        return


def _other(handle: int) -> str:
    number = os.pread(handle, 20, 0).decode("ascii", "replace")
    who = f" ({number})" if number.isdigit() else ""
    return f"another process{who} is at work on it"
