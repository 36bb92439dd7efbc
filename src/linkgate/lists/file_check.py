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
from linkgate.lists.foreign_formats import foreign

_HEAD = 64 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|rss|feed)\b",
    re.IGNORECASE | re.DOTALL,
)


def refuse_unusable(name: str, data: bytes) -> None:
    """Raise ListError, saying what to do, when `data` is empty, binary, a web page or of a format that no list has."""
    complaint = _complaint(data)
    if complaint:
        raise ListError(f"list {name!r} {complaint}")


def _complaint(data: bytes) -> str | None:
    head = data[:_HEAD]
    text = head.removeprefix(codecs.BOM_UTF8)
    complaints = (
        (not text.strip(), "is empty; fetch it again and keep the last good one"),
        (head.startswith(_UTF16), "is UTF-16; save it as UTF-8"),
        (_WEB_PAGE.match(text), "is a web page, not a list; fetch it again, perhaps after a login"),
        (named := foreign(data), named or ""),
        (b"\x00" in head or _mostly_undecodable(text), "is binary, not text; give the publisher's text file"),
    )
    return next((complaint for found, complaint in complaints if found), None)


def _mostly_undecodable(head: bytes) -> bool:
    lines = [line for line in head.splitlines() if line.strip()]
    bad = sum("\ufffd" in line.decode("utf-8", "replace") for line in lines[: max(1, len(lines) - 1)])
    return bad * 2 > len(lines)
