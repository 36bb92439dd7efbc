"""LINKGATE_KEY: the environment variable with the key of an encrypted store or snapshot."""

from __future__ import annotations

import os
from pathlib import Path

import linkgate

KEY_VARIABLE = "LINKGATE_KEY"
_FIRST = 16


def environment_key() -> bytes | None:
    """The key that is set; None where none is. Raises UsageError for what is no key."""
    return linkgate.store_key(env=KEY_VARIABLE) if os.environ.get(KEY_VARIABLE) else None


def key_for(path: str) -> bytes | None:
    """The key for a store, or for a snapshot that is encrypted; a plain snapshot needs none. OSError."""
    if Path(path).is_file():
        with Path(path).open("rb") as file:
            if not linkgate.is_encrypted(file.read(_FIRST)):
                return None
    return environment_key()
