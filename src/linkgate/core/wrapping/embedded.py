"""Links inside a link in plain letters, escaped or not: behind a scheme, as a parameter, as a path segment.

Each function gives the inner links of a text; all the links that may end in several places are given for each.

>>> sorted(set(schemed("https://other.example/out?u=http://bad.example/page;x&y")))
['http://bad.example/page', 'http://bad.example/page;x', 'http://bad.example/page;x&y']
>>> list(segments("https://other.example/RU=http%3a%2f%2fbad.example%2fq%3fa%3d1%26b/RK=2"))
['http://bad.example/q?a=1&b']
>>> list(app_schemes("intent://bad.example/page#Intent;scheme=https;package=x;end"))
['https://bad.example/page']
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from linkgate.core.text.fold import decode_once
from linkgate.core.url import matrix

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = re.compile(r"https?:[/\\]+|(?<==)[/\\]{2}(?=[A-Za-z0-9])", re.IGNORECASE | re.ASCII)
_ENDS = re.compile(r"[&\"'<>\s\\)]")
_QUOTES = re.compile(r"[\"'<>\s]")
_SIGNS = (";", ",", "!", "^", "@", "|", "]", "}")
"""Where the next parameter of an outer link may begin: the first of each ends an inner link, in another reading."""
_SEGMENT = re.compile(r"[/;&?#|!,]")
_OUTER = len("https:")
_FAR = 4
APP_SCHEME = (
    r"(?:intent|googlechromes?|feeds?|wss?|touch-https?|firefox-focus|brave|opera-https?|whatsapp|about|view-source"
    r"|microsoft-edge|matrix|ipfs|ipns|dweb):"
)
"""How links begin that an app or a browser opens by a scheme of its own, and that lead to a web page."""
_LEVELS = 6
_INTENT = re.compile(r"intent:(?://)?([^#]*)#Intent;(.*)", re.IGNORECASE | re.DOTALL)
_INTENT_SCHEME = re.compile(r"(?:^|;)scheme=(https?)(?:;|\Z)", re.IGNORECASE)
_FALLBACK = re.compile(r"S\.browser_fallback_url=([^;]*)", re.IGNORECASE)
_APP = re.compile(
    r"(?:googlechrome(s?)|feed(s?)|ws(s?)|touch-http(s?)|firefox-focus|brave|opera-http(s?)):(?://)?(?!https?:)(.+)",
    re.IGNORECASE | re.DOTALL,
)


def schemed(text: str) -> Iterator[str]:
    """Every URL with a scheme but the outermost: up to the next parameter, and the first few up to the end."""
    if text.find(":", _OUTER) < 0 and "=/" not in text and "=\\" not in text:
        return
    starts = [scheme.start() for scheme in WEB.finditer(text)]
    for count, (start, following) in enumerate(pairwise([*starts, len(text)])):
        if start == 0:
            continue
        end = _ENDS.search(text, start, following)
        stop = end.start() if end else following
        yield text[start:stop]
        if count < _FAR:
            yield from (text[start:place] for sign in _SIGNS if (place := text.find(sign, start, stop)) > 0)
            quote = _QUOTES.search(text, start)
            yield text[start : quote.start() if quote else len(text)]
            yield text[start:]


def segments(text: str) -> Iterator[str]:
    """Each piece between separators that is a URL once it is decoded: its own separators are escaped once more."""
    if "%" not in text:
        return
    for piece in _SEGMENT.split(text):
        if "%" in piece:
            yield from _decoded(piece)
            if "=" in piece:
                yield from _decoded(piece.partition("=")[2])


def _decoded(piece: str) -> Iterator[str]:
    for _ in range(_LEVELS):
        if "%" not in piece:
            return
        piece = decode_once(piece)
        if WEB.match(piece):
            yield piece
            return


def app_schemes(text: str) -> Iterator[str]:
    """The web page that an app opens by a scheme of its own: Android's intents, browsers, readers of feeds."""
    if text[:1] in "hH":  # `http`, as nearly always
        return
    if intent := _INTENT.match(text):
        scheme = _INTENT_SCHEME.search(intent[2])
        yield f"{scheme[1] if scheme else 'http'}://{intent[1]}"
        yield from (decode_once(fallback) for fallback in _FALLBACK.findall(intent[2]))
    elif app := _APP.match(text):
        secure = any(app.groups()[:-1])
        yield f"{'https' if secure else 'http'}://{app[app.lastindex or 0]}"


def matrix_scheme(text: str) -> Iterator[str]:
    """The link of `matrix.to` that opens the same as one with Matrix's own scheme."""
    if web := matrix.web_form(text):
        yield web
