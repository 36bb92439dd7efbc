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
from itertools import islice
from typing import TYPE_CHECKING

from linkgate.core.text.fold import decode_once

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE, _BEHIND = "/v3/__", "__;"
_MOVED = re.compile(r"[A-Za-z0-9+/_\-=]*")
_VERSION_2 = re.compile(r"/v2/url\?([^#\s]*)")
_TOKEN = re.compile(r"\*(?:\*(.))?", re.DOTALL)
_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SHORTEST_RUN = 2
_CHECK_POINT = re.compile(r"/v[0-9]/(?:r[0-9]{1,2}/)?___(.{4,4096}?)___(?:\.|[^_]|\Z)", re.DOTALL)
_NAMED = re.compile(
    r"//[a-z0-9.\-]{0,80}(?:mimecast|inky)[a-z]{0,16}\.com/[^?#/]{0,80}(?:/[^?#/]{0,80})?\?([^#\s]*)",
    re.IGNORECASE,
)
_MOST = 4
NO_PAGE = "/%00"
"""A path that no list has: where a gateway names the host alone, entries for whole hosts are met and no page is."""


def proofpoint(text: str) -> Iterator[str]:
    """URL Defense: version 3 moves characters behind the link, version 2 has `-` for `%` and `_` for `/`."""
    for written, moved in islice(_version_3(text), _MOST):
        yield _put_back(written, moved)
        yield written
    for value in _values(_VERSION_2.search(text), "u="):
        yield html.unescape(decode_once(value.replace("-", "%").replace("_", "/")))


def _version_3(text: str) -> Iterator[tuple[str, str]]:
    """What stands for the link, and the characters moved behind it."""
    start = text.find(_BEFORE)
    while start >= 0 and (end := text.find(_BEHIND, start + len(_BEFORE))) >= 0:
        moved = _MOVED.match(text, end + len(_BEHIND))
        yield text[start + len(_BEFORE) : end], moved[0] if moved else ""
        start = text.find(_BEFORE, end)


def _values(link: re.Match[str] | None, name: str) -> Iterator[str]:
    """The values of a parameter in the query that is the first group of a match."""
    params = link[1].split("&") if link else ()
    return (param[len(name) :] for param in params if param.startswith(name))


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
    for written in islice(_CHECK_POINT.finditer(text), _MOST) if "___" in text else ():
        yield decode_once(written[1]) if "%" in written[1] else written[1]


def named_host(text: str) -> Iterator[str]:
    """Mimecast and INKY keep the link to themselves and name its host."""
    for host in _values(_NAMED.search(text), "domain=") if "domain=" in text else ():
        yield f"http://{host}{NO_PAGE}"
