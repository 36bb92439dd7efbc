"""What stops the reading of an input, and how it is told; nothing heavy is imported here."""

from __future__ import annotations

import errno

from linkgate import LinkgateError

_CURES = {
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path",
    errno.EISDIR: "name the files in it",
    errno.EACCES: "ask for the right to read it",
    errno.EPERM: "ask for the right to read it",
}


class BrokenInput(Exception):  # noqa: N818  # a state of the file, told as a BadRecord, never seen by a caller
    """The rest of a file cannot be read; the text says why and what to do."""


class Unavailable(LinkgateError):  # noqa: N818  # as BrokenInput
    """What holds the messages does not answer, or no longer: the scan stops, and can be gone on with."""


def os_reason(error: Exception) -> str:
    """Say why a file cannot be read, and what to do about it.

    >>> os_reason(OSError(errno.EACCES, "Permission denied"))
    'cannot be read: permission denied; ask for the right to read it'
    """
    number = getattr(error, "errno", None)
    reason = (getattr(error, "strerror", None) or "reading failed").lower()
    return f"cannot be read: {reason}; {_CURES.get(number or 0, 'what stood before was read')}"
