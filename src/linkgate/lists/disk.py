"""Files that are either the old or the new one, whatever happens meanwhile, and that only their owner can read.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     target = Path(folder, "file")
...     replace_file(target, [b"one, ", b"two"])
...     target.read_bytes(), f"{target.stat().st_mode & 0o777:o}", sorted(os.listdir(folder))
(b'one, two', '600', ['file'])
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

_PREFIX, _SUFFIX = ".linkgate-", ".draft"
_REASONS = {
    errno.ENOENT: "it does not exist, check the path",
    errno.ENOTDIR: "a part of its path is no folder, check the path",
    errno.EISDIR: "it is a folder, check the path",
    errno.EACCES: "no permission, check its owner and mode",
    errno.EPERM: "no permission, check its owner and mode",
    errno.EROFS: "the disk is read-only, use another folder",
    errno.ENOSPC: "no room on the disk, make room and run it again",
    errno.EDQUOT: "no room in the quota, make room and run it again",
    errno.EFBIG: "larger than this process may write, raise its limit (ulimit -f)",
}


def replace_file(target: Path, parts: Iterable[bytes]) -> None:
    """Write a file of mode 0600 as a draft beside it, fsync, rename, fsync the folder.

    POSIX makes the rename atomic. After any failure, an OSError, the old file is as it was and no
    draft is left; a draft of a killed process is removed by `sweep`.
    """
    # mkstemp opens the draft with mode 0600, whatever the umask.
    number, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent)
    draft = Path(name)
    try:
        with open(number, "wb") as file:  # noqa: PTH123  # a descriptor has no path
            _write(file, parts)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    settle(target.parent)


def _write(file: BinaryIO, parts: Iterable[bytes]) -> None:
    file.writelines(parts)
    file.flush()
    os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Make renames in a folder outlive a power cut.

    Where a folder cannot be opened or synced (Windows, some network file systems) a power cut may
    bring the old file back: whole, as the new one is, so this is no failure.
    """
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter, if it is not there; OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def sweep(folder: Path, *, keep: frozenset[str]) -> None:
    """Remove the files of a folder but those named: drafts of killed processes, what nothing refers to any more.

    What cannot be removed stays: it does no harm but to the room on the disk.
    """
    for path in folder.iterdir():
        if path.name not in keep:
            with suppress(OSError):
                path.unlink()


def is_draft(path: Path) -> bool:
    """Whether a file is a draft, by its name."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def sweep_drafts(folder: Path) -> None:
    """Remove drafts that killed processes left in a folder."""
    for path in filter(is_draft, folder.iterdir()):
        with suppress(OSError):
            path.unlink()


def reason(error: OSError | ValueError) -> str:
    """Say why a file could not be used and what to do, without the file's name or content.

    >>> reason(OSError(errno.ENOSPC, "No space left on device")), reason(ValueError("embedded null byte"))
    ('no room on the disk, make room and run it again', 'no file can have such a name')
    """
    if isinstance(error, ValueError):
        return "no file can have such a name"
    known = _REASONS.get(error.errno or 0)
    return known or f"{(error.strerror or 'input or output failed').lower()}, check the disk"
