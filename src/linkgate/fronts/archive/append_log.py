"""Files that only grow, and can be cut back to where they were safely on disk.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     with AppendLog(f"{folder}/hits.jsonl") as log:
...         log.begin(b"")
...         log.write(b"one ")
...         kept = log.sync()
...         log.write(b"lost")
...     with AppendLog(f"{folder}/hits.jsonl") as log:
...         log.resume(kept)
...         log.write(b"two")
...     Path(folder, "hits.jsonl").read_bytes()
b'one two'
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

from linkgate import UsageError
from linkgate.fronts.exits import writing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class AppendLog:
    """A file being written, by nobody else: it is locked as long as it is open."""

    def __init__(self, path: str, *, private: bool = False) -> None:
        self.path = path
        self.length = 0
        mode = 0o600 if private else 0o666  # less the umask
        with writing(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
        self._file = os.fdopen(handle, "r+b")
        self._lock()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise UsageError(f"{self.path}: another scan is writing it; wait, or name another file") from None
        except OSError:
            return  # a file system without locks: two scans into one file are up to who starts them

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            with writing(self.path):
                self._file.close()
        except UsageError:
            if error is None:
                raise

    def begin(self, head: bytes) -> None:
        """Start with nothing but this."""
        with writing(self.path):
            self._file.truncate(0)
        self.write(head)

    def resume(self, length: int) -> None:
        """Go on behind what was written up to this length; UsageError when there is less."""
        if os.fstat(self._file.fileno()).st_size < length:
            raise UsageError(f"{self.path} is shorter than the scan left it: {START_AGAIN}")
        with writing(self.path):
            self._file.truncate(length)
            self._file.seek(length)
        self.length = length

    def write(self, data: bytes) -> None:
        """Append."""
        with writing(self.path):
            self._file.write(data)
        self.length += len(data)

    def flush(self) -> None:
        """Let other programs see what was written."""
        with writing(self.path):
            self._file.flush()

    def sync(self) -> int:
        """Have all of it on disk; its length."""
        self.flush()
        with writing(self.path):
            os.fsync(self._file.fileno())
        return self.length


START_AGAIN = "start again without --resume, after removing the .progress file beside it"


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in the place of another in one step, for its owner alone, and have both on disk."""
    draft = path.with_name(path.name + ".draft")
    with writing(str(path)):
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        settle(path)


def settle(path: Path) -> None:
    """Make a rename outlive a power cut, where the file system can."""
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
