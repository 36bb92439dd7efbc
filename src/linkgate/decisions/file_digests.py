"""Digests of a file beside a message, as a platform names them: by algorithm, in hexadecimal digits.

>>> digests_of({"MD5": "D41D8CD98F00B204E9800998ECF8427E"})
{'md5': 'd41d8cd98f00b204e9800998ecf8427e'}
>>> read_digests("md5=d41d8cd98f00b204e9800998ecf8427e,crc=00FF")
{'md5': 'd41d8cd98f00b204e9800998ecf8427e', 'crc': '00ff'}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTHS = {"md5": 32, "pdq": 64, "sha1": 40, "sha256": 64, "sha512": 128}
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2}){1,4096}", re.ASCII)
_CURE = "as in md5=d41d8cd98f00b204e9800998ecf8427e,sha256=…"


def digests_of(file: Mapping[str, str]) -> dict[str, str]:
    """The digests of one file in lower case. UsageError, which repeats none, for what is no digest."""
    found = {}
    for name, value in file.items():
        algorithm, digits = str(name).strip().lower(), str(value).strip().lower()
        if not _NAME.fullmatch(algorithm):
            raise UsageError(f"a digest has the name of its algorithm, {_CURE}")
        if not _HEX.fullmatch(digits) or len(digits) != _LENGTHS.get(algorithm, len(digits)):
            raise UsageError(f"a digest of {algorithm} has another form: hexadecimal digits, {_CURE}")
        found[algorithm] = digits
    if not found:
        raise UsageError(f"a file has one digest at least, {_CURE}")
    return found


def read_digests(text: str) -> dict[str, str]:
    """The digests of one file as people type them. UsageError."""
    pairs = [part.partition("=")[::2] for part in text.split(",")]
    if len({name for name, _ in pairs}) < len(pairs):
        raise UsageError("an algorithm stands twice: give each file with a --media of its own")
    return digests_of(dict(pairs))
