r"""Links in the fields of a record that nobody named: what is a URL, or hidden in markup; all else is text.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> row = {"text": "http://a.example", "embed": {"uri": "http://bad.example/"}, "n": [{"s": "see c.example"}]}
>>> elsewhere(row, Paths(text=("text",)))
(['http://bad.example/'], ['see c.example'])
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


def elsewhere(row: dict[str, Any], paths: Paths) -> tuple[list[str], list[str]]:
    """What all fields say that `paths` does not name, however deep they stand, in the order of their paths.

    Out: links, and texts.
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
        elif isinstance(value, str) and value and path not in covered:
            found.append((path, value))
    parts = [parts_of(value) for _, value in sorted(found, key=itemgetter(0))]
    return [link for links, _ in parts for link in links], [text for _, text in parts if text]


def parts_of(value: str) -> tuple[tuple[str, ...], str]:
    """The links of a field, which is one or hides them in markup, and its text."""
    stripped = value.strip()
    if SCHEME in value and _URL.fullmatch(stripped):
        return (stripped,), ""
    if "<" not in value:
        return (), value
    text, links = shown(value[:CLIPPED])
    return links, text + value[CLIPPED:]


def may_hold_link(text: str) -> bool:
    """Whether a text, of which nobody knows what it is, has a link of a kind that every engine knows."""
    prose = SCHEME in text or (_SPACE.search(text) and _LINKISH.search(text))
    return bool(prose and linkgate.find_links(text[:CLIPPED]))


def hidden(text: str) -> Iterator[str]:
    """The links that the markup of a text leads to, but for those that it spells out."""
    if "<" in text and _MARKUP.search(text):
        yield from (link for link in shown(text)[1] if link not in text)
