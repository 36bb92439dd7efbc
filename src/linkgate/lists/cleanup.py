r"""Dirt around and inside a listed address that came from the road, not from the publisher.

Feeds pass through CSV exports, Markdown, HTML and chat, and bring their quotes and escapes along.

>>> tidy('"http://bad.example/list.php?query=1""'), tidy("<http://bad.example/>")
('http://bad.example/list.php?query=1', 'http://bad.example/')
>>> tidy(r"http://bad.example/a\_b?x=1&amp;y=2"), tidy(r"http://bad.example/?x=1\u0026amp;y=2")
('http://bad.example/a_b?x=1&y=2', 'http://bad.example/?x=1&y=2')
"""

from __future__ import annotations

import re

_PAIRS = {"<": ">", "“": "”", "‘": "’", "«": "»", "`": "`", "'": "'"}
_QUOTED_END = re.compile(r"\"[\".,;]*$")
_MARKDOWN = re.compile(r"\\([_=~&*#+-])")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp|#0*38|#[xX]0*26);|\\u0026(?:amp;)?")
_MAX_ROUNDS = 4


def tidy(address: str) -> str:
    """The address without white space and quotes around it, and without another format's escapes.

    `&amp;` becomes `&`: published URLs hold it because they were cut out of HTML. No other entity is
    touched. Never raises; linear in the length of the address.
    """
    text = address.strip().strip("\x00\ufeff").strip()
    text = _unquoted(text)
    if "\\" in text:
        text = _MARKDOWN.sub(r"\1", text)
    for _ in range(_MAX_ROUNDS):
        if "&" not in text and "\\u0026" not in text:
            break
        text = _ESCAPED_AMPERSAND.sub("&", text)
    return text


def _unquoted(text: str) -> str:
    if '"' in text:
        text = _QUOTED_END.sub("", text.lstrip('"')).strip()
    while len(text) > 1 and _PAIRS.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text
