r"""defang: text for people and programs to see: links that nobody can click, nothing that steers a terminal.

>>> defang("https://bad.example/a"), printable("a\x1b[2J")
('hxxps://bad[.]example/a', 'a\\x1b[2J')
"""

from __future__ import annotations

import re

_WEB = re.compile(r"h[tｔ]{2}p", re.IGNORECASE)
_SLASHES = re.compile(r"(?<!xp)(?<!xps):(?=[/\\]{2})", re.IGNORECASE)
_DOTS = re.compile(r"\[?[.。．｡]\]?")  # the four dots of UTS 46, brackets kept single


def defang(link: str) -> str:
    r"""Spell a link so that nobody can click it: `hxxp`, every dot in brackets, nothing invisible.

    >>> defang("https://bad.example/a.html?u=http%3A%2F%2Fworse.example")
    'hxxps://bad[.]example/a[.]html?u=hxxp%3A%2F%2Fworse[.]example'
    >>> defang("hxxp://bad[.]example"), defang("tg://resolve?domain=x"), defang("bad.example\x1b[2J\u202e")
    ('hxxp://bad[.]example', 'tg[:]//resolve?domain=x', 'bad[.]example\\x1b[2J\\u202e')
    """
    cut = _SLASHES.sub("[:]", _WEB.sub(_same_case, link))
    return printable(_DOTS.sub("[.]", cut))


def _same_case(scheme: re.Match[str]) -> str:
    return scheme[0][0] + ("xx" if scheme[0].islower() else "XX") + scheme[0][3]


def printable(text: str) -> str:
    r"""Escape control, format and unpaired characters, so that no text can steer a terminal.

    >>> printable("naïve"), printable("a\x1b[2J"), printable("\ud800")
    ('naïve', 'a\\x1b[2J', '\\ud800')
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
