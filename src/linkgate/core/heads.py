"""heads: how the paths of listed pages begin, by site: the quickest way to tell that a link leads to none of them.

The head of a path is what it has of letters, digits and slashes before any other character, in lower
case, slashes as one. No loose step changes it, but for those that resolve dots and escapes, which the
caller must look out for, and the one that drops an index file. A number made of site and head stands
in a sorted table; two that meet by chance cost a closer look.

>>> table = heads_of([("bad.example", "/page/1.html"), ("bad.example", "/list")])
>>> site = site_number("bad.example")
>>> [may_be_page(table, site, path) for path in ("/page/1_2", "/LIST//index.html", "/page/2", "")]
[True, True, False, False]
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = re.compile(r"[a-z0-9/]*")
_SLASHES = re.compile(r"//+")
_INDEX_FILES = frozenset({"index", "default", "home"})  # which a loose step may take away


def heads_of(pages: Iterable[tuple[str, str]]) -> array[int]:
    """The table for the sites and paths, both in their loosest form, of all listed pages."""
    return array("Q", sorted({site_number(site) | _number(head_of(path)) for site, path in pages}))


def head_of(path: str) -> str:
    """The head of a path.

    >>> head_of("/A//b/1.html"), head_of("/a/%41"), head_of("")
    ('/a/b/1', '/a', '')
    """
    head = _HEAD.match(path.lower())[0]  # type: ignore[index]  # the pattern matches anything
    return (_SLASHES.sub("/", head) if "//" in head else head).rstrip("/")


def site_number(site: str) -> int:
    """The upper half of the numbers of a site."""
    return crc32(site.encode("utf-8", "surrogatepass")) << 32


def may_be_page(table: array[int], site: int, path: str) -> bool:
    """Whether a link with this path may lead to a listed page, on the site of this number."""
    head = head_of(path)
    if _has(table, site | _number(head)):
        return True
    directory, _, last = head.rpartition("/")
    return last in _INDEX_FILES and _has(table, site | _number(directory))


def _has(table: array[int], number: int) -> bool:
    slot = bisect_left(table, number)
    return slot < len(table) and table[slot] == number


def _number(head: str) -> int:
    return crc32(head.encode())
