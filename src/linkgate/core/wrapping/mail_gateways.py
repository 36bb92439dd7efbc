"""Links as gateways for mail rewrite them, so that a click is looked at first.

Most escape the link into a parameter or a path segment, where `plain` finds it. These do something else.

>>> list(proofpoint("https://urldefense.com/v3/__http://bad.example/page*top__;Iw!!x!y$"))
['http://bad.example/page#top', 'http://bad.example/page*top']
>>> list(proofpoint("https://urldefense.proofpoint.com/v2/url?u=http-3A__bad.example_page&d=x"))
['http://bad.example/page']
>>> list(check_point("https://url.avanan.click/v2/r01/___https://bad.example/page___.YXAz"))
['https://bad.example/page']
"""

from __future__ import annotations

import html
import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION_3 = re.compile(r"/v3/__(.{4,4096}?)__;([A-Za-z0-9+/_\-=]*)", re.IGNORECASE | re.DOTALL)
_VERSION_2 = re.compile(r"/v2/url\?(?:[^#]*&)?u=([^&#\s]*)", re.IGNORECASE)
_TOKEN = re.compile(r"\*(?:\*(.))?", re.DOTALL)
_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SHORTEST_RUN = 2
_CHECK_POINT = re.compile(r"/v[0-9]/(?:r[0-9]{1,2}/)?___(.{4,4096}?)___(?:\.|[^_]|\Z)", re.DOTALL)
_NAMED = re.compile(
    r"//[a-z0-9.\-]{0,80}(?:mimecast|mimecastprotect|inky)\.com/[^?#]*\?(?:[^#]*&)?domain=([^&#\s]+)", re.IGNORECASE
)
NO_PAGE = "/%00"
"""A path that no list has: where a gateway names the host alone, entries for whole hosts are met and no page is."""


def proofpoint(text: str) -> Iterator[str]:
    """URL Defense: version 3 moves characters behind the link, version 2 has `-` for `%` and `_` for `/`."""
    for moved in _VERSION_3.finditer(text):
        yield _put_back(moved[1], moved[2])
        yield moved[1]
    for written in _VERSION_2.finditer(text):
        yield html.unescape(unquote(written[1].replace("-", "%").replace("_", "/")))


def _put_back(written: str, moved: str) -> str:
    """The link of version 3: `*` stands for the next character moved, `**X` for a run of as many as X says."""
    try:
        characters = urlsafe_b64decode(moved.replace("+", "-").replace("/", "_") + "===").decode("utf-8", "replace")
    except (Base64Error, ValueError):
        return written
    done = 0

    def next_run(token: re.Match[str]) -> str:
        nonlocal done
        start = done
        done += _LENGTHS.find(token[1]) + _SHORTEST_RUN if token[1] else 1
        return characters[start:done] or token[0]

    return _TOKEN.sub(next_run, written)


def check_point(text: str) -> Iterator[str]:
    """Check Point Harmony, once Avanan: `/v2/___URL___.token`."""
    for written in _CHECK_POINT.finditer(text):
        yield unquote(written[1]) if "%" in written[1] else written[1]


def named_host(text: str) -> Iterator[str]:
    """Mimecast and INKY keep the link to themselves and name its host."""
    for host in _NAMED.findall(text):
        yield f"http://{host}{NO_PAGE}"
