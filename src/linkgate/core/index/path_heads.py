"""heads: how the addresses of listed pages begin, by site: the quickest way to tell that a link leads to none of them.

The head of a path is what it has of letters, digits and slashes before any other character, in lower
case, slashes as one. No loose step changes it, but for those that resolve dots and escapes, which the
caller must look out for, and the one that drops an index file. A page with a query or a fragment also has
an anchor (`keys.anchors`): a link to it has that one too. Numbers made of site, head and anchor stand in a sorted
table, and one of those heads of which pages have anchors; two that meet by chance cost a closer look.

>>> table = heads_of([("bad.example", "/page/1.html", ""), ("bad.example", "/list", "id=7")])
>>> site = site_number("bad.example")
>>> [may_be_page(table, site, path) for path in ("/page/1_2", "/LIST//index.html", "/page/2", "")]
[True, True, False, False]
>>> [may_be_page(table, site, "/list", params) for params in (["x=1", "id=7"], ["id=8"], [])]
[True, False, False]
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = re.compile(r"[a-z0-9/]*")
_SLASHES = re.compile(r"//+")
_ANCHORED = "??"
"""Behind a head with pages that have anchors; no parameter and no path of a fragment has a `?` in front."""
_INDEX_FILES = frozenset({"index", "default", "home"})  # which a loose step may take away


def heads_of(pages: Iterable[tuple[str, str, str]]) -> array[int]:
    """The table for the site, path and anchor ("" for none), all in their loosest form, of listed pages."""
    numbers: set[int] = set()
    for site, path, anchor in pages:
        number, head = site_number(site), head_of(path)
        numbers |= {_number(number, head), _number(number, f"{head}?{anchor}")}
        if anchor:
            numbers.add(_number(number, head + _ANCHORED))
    return array("I", sorted(numbers))


def head_of(path: str) -> str:
    """The head of a path.

    >>> head_of("/A//b/1.html"), head_of("/a/%41"), head_of("")
    ('/a/b/1', '/a', '')
    """
    head = _HEAD.match(path.lower())[0]  # type: ignore[index]  # the pattern matches anything
    return (_SLASHES.sub("/", head) if "//" in head else head).rstrip("/")


def site_number(site: str) -> int:
    """What the numbers of a site begin with."""
    return crc32(site.encode("utf-8", "surrogatepass"))


def may_be_page(table: array[int], site: int, path: str, params: Iterable[str] | None = None) -> bool:
    """Whether a link with this path may lead to a listed page, on the site of this number.

    params: all that its query may hold, wherever it ends; None where they are not known.
    """
    head = head_of(path)
    directory, _, last = head.rpartition("/")
    for place in (head, directory) if last in _INDEX_FILES else (head,):
        if _has(table, site, place) and (params is None or _has_any(table, site, place, params)):
            return True
    return False


def anchors_in(table: array[int], site: str, path: str, params: Iterable[str]) -> Iterator[str]:
    """Those of the parameters of a link, all in its loosest form, under which a listed page may stand; "" for none.

    >>> table = heads_of([("bad.example", "/list", "id=7"), ("bad.example", "/", "")])
    >>> [list(anchors_in(table, "bad.example", path, ("x=1", "id=7"))) for path in ("/list", "/")]
    [['id=7'], ['']]
    """
    number, head = site_number(site), head_of(path)
    start, last = _number(number, f"{head}?"), len(table)
    for anchor in ("", *dict.fromkeys(params if _has(table, number, head + _ANCHORED) else ())):
        number = crc32(anchor.encode("utf-8", "surrogatepass"), start)
        slot = bisect_left(table, number)
        if slot < last and table[slot] == number:
            yield anchor


def _has_any(table: array[int], site: int, head: str, params: Iterable[str]) -> bool:
    several = params if _has(table, site, head + _ANCHORED) else ()
    return any(_has(table, site, f"{head}?{param}") for param in ("", *several))


def _has(table: array[int], site: int, text: str) -> bool:
    number = _number(site, text)
    slot = bisect_left(table, number)
    return slot < len(table) and table[slot] == number


def _number(site: int, text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"), site)
