r"""Refuse a file that is no list at all, before a broken feed becomes a gate that lets all pass.

>>> refuse_unusable("demo", b"http://bad.example/\n")
>>> refuse_unusable("demo", b"")
Traceback (most recent call last):
linkgate.errors.ListError: list 'demo' is empty; fetch it again and keep the last good one
"""

from __future__ import annotations

import codecs
import re

from linkgate.errors import ListError

_HEAD = 64 * 1024
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|rss|feed)\b",
    re.IGNORECASE | re.DOTALL,
)


def refuse_unusable(name: str, data: bytes) -> None:
    """Raise ListError, saying what to do, when `data` is empty, packed, binary or a web page."""
    complaint = _complaint(data[:_HEAD])
    if complaint:
        raise ListError(f"list {name!r} {complaint}")


def _complaint(head: bytes) -> str | None:
    text = head.removeprefix(codecs.BOM_UTF8)
    packed = next((kind for magic, kind in _PACKED.items() if head.startswith(magic)), None)
    complaints = (
        (not text.strip(), "is empty; fetch it again and keep the last good one"),
        (packed, f"is packed with {packed}; unpack it first"),
        (head.startswith(_UTF16), "is UTF-16; save it as UTF-8"),
        (b"\x00" in head or _mostly_undecodable(text), "is binary, not text; give the publisher's text file"),
        (_WEB_PAGE.match(text), "is a web page, not a list; fetch it again, perhaps after a login"),
    )
    return next((complaint for found, complaint in complaints if found), None)


def _mostly_undecodable(head: bytes) -> bool:
    lines = [line for line in head.splitlines() if line.strip()]
    bad = sum("\ufffd" in line.decode("utf-8", "replace") for line in lines[: max(1, len(lines) - 1)])
    return bad * 2 > len(lines)
