r"""Links in the fields of a record that nobody named: URLs wherever they stand, and what markup hides.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> row = {"text": "http://a.example", "embed": {"uri": "http://bad.example/"}, "n": [{"s": "see http://c.example/ x"}]}
>>> list(elsewhere(row, Paths(text=("text",))))[:2]
['http://bad.example/', 'http://c.example/']
>>> list(hidden("<p>look <a href='http://bad.example/?a&amp;b'>here</a>"))
['http://bad.example/?a&b']
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import linkgate
from linkgate.fronts.inputs.html_text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.chunks import Path, Paths

SCHEME: Final = "://"
"""What tells that a field may hold a URL."""
CONTEXT: Final = "@context"
"""The field of JSON-LD that names its vocabulary."""
MARKUP: Final = r"<[a-zA-Z][^<>]*\b(?i:href|src|action|formaction|poster|data)[ \t\r\n\f]*="
"""What tells that a text may hide a link in markup; in the grammar that Python's re and RE2 share."""
LINKISH: Final = r"[^\W_][^\w\s]{0,3}\.[^\w\s]{0,3}[^\W_]|://|\b[dD][oO][tT]\b"
"""What a text has that may hold a link, with a scheme or without, or with its dots spelled out."""
SPACE: Final = r"[ \t\r\n]"
"""What prose has, and names of files and ids have not."""
_LINKISH, _SPACE = re.compile(LINKISH), re.compile(SPACE)
_MARKUP = re.compile(MARKUP)
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s<>\"]+")
CLIPPED: Final = 1 << 20
"""Characters of a field that are looked at: it is one among others."""


def elsewhere(row: dict[str, Any], paths: Paths) -> Iterator[str]:
    """The links in all fields that `paths` does not name, however deep they stand, in the order of their paths.

    A field without white space that has no scheme is no link: names of files and ids look like hosts.
    """
    covered = {paths.text, *paths.more, *paths.links}
    found: list[tuple[Path, str]] = []
    left: list[tuple[Any, Path]] = [(row, ())]
    while left:
        value, path = left.pop()
        if isinstance(value, dict):
            left += [(item, (*path, key)) for key, item in reversed(value.items()) if key != CONTEXT]
        elif isinstance(value, list):
            left += [(item, path) for item in reversed(value)]
        elif isinstance(value, str) and path not in covered:
            found.append((path, value))
    for _, value in sorted(found, key=itemgetter(0)):
        yield from links_of(value)


def links_of(value: str) -> Iterator[str]:
    """The links of one field: all of it, or what stands in its words and its markup."""
    value = value[:CLIPPED]
    if SCHEME not in value and not (_SPACE.search(value) and _LINKISH.search(value)):
        return
    stripped = value.strip()
    if _URL.fullmatch(stripped):
        yield stripped
        return
    text, links = shown(value) if "<" in value else (value, ())
    yield from links
    yield from (link.text for link in linkgate.find_links(text))


def hidden(text: str) -> Iterator[str]:
    """The links that the markup of a text leads to, but for those that it spells out."""
    if "<" in text and _MARKUP.search(text):
        yield from (link for link in shown(text)[1] if link not in text)
