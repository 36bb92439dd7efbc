"""A new file that only its owner can read: what somebody works on is never written over."""

from __future__ import annotations

import os

import linkgate
from linkgate.fronts import exits


def write_private(name: str, data: bytes) -> None:
    """Write a new file of mode 0600. UsageError where it is there already, or cannot be written."""
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise linkgate.UsageError(f"{name} is there already: name another file") from None
    with exits.writing(name, whole=True), open(handle, "wb") as file:  # noqa: PTH123  # a descriptor
        file.write(data)
