"""Links inside a link in base64 or hexadecimal digits, wherever they begin in what is coded.

Base64 codes three bytes as four letters, so that `http` looks in three ways, by where it begins: alone, in JSON, in a
protocol buffer (as Google News has it), in a `data:` URL, or in base64 once more.

>>> list(in_base64("https://other.example/r?u=eyJ1IjoiaHR0cDovL2JhZC5leGFtcGxlL3BhZ2UifQ"))
['http://bad.example/page"}', 'http://bad.example/page']
>>> list(in_hex("https://other.example/0123abcd/687474703a2f2f6261642e6578616d706c652f70616765"))[0]
'http://bad.example/page'
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64decode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING

from linkgate.core.text.fold import decode_once
from linkgate.core.wrapping.embedded import WEB

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = ("http:", "https:", "http%", "https%", "HTTP:", "HTTPS:", "Http:", "Https:")
_LONGEST = 4096
_MOST = 16
# What no URL holds, as it stands behind one in a protocol buffer; and what ends one in JSON or HTML.
_STRANGE = re.compile(r"[\x00-\x20\x7f-\xa0\ufffd]")
_QUOTES = re.compile(r"[\"'<>\\`]")


def _letters(start: bytes, shift: int) -> str:
    """The letters that code a text in base64 behind so many bytes, less those that code other bytes too."""
    coded = b64encode(b"\0" * shift + start).decode().rstrip("=")
    return coded[_whole(shift) : 8 * (shift + len(start)) // 6]


def _whole(shift: int) -> int:
    """Which letter is the first to code nothing but what stands behind so many bytes."""
    return -(-8 * shift // 6)


def _by_shift(starts: tuple[bytes, ...]) -> dict[str, int]:
    return {_letters(start, shift): shift for start in starts for shift in range(3)}


ONCE = _by_shift(tuple(start.encode() for start in _STARTS))
"""How the beginning of a URL looks in base64, and behind how many bytes of three."""
TWICE = _by_shift(tuple(letters[:7].encode() for letters, shift in ONCE.items() if not shift))
"""The same for base64 that holds base64."""
_CODED = r"[A-Za-z0-9+/_\-@]"  # `@` for `/`, as mcmod.cn has it
_RUN = re.compile(rf"({'|'.join(sorted({**ONCE, **TWICE}, key=len, reverse=True))}){_CODED}{{5,{_LONGEST}}}")
HEX_STARTS = tuple(start.encode().hex() for start in ("http:", "https:", "HTTP:", "HTTPS:", "Http:", "Https:"))
_HEX = re.compile(rf"(?:{'|'.join(HEX_STARTS)})(?:[0-9a-f]{{2}}){{7,{_LONGEST}}}", re.IGNORECASE)


LINK_PARAMETERS = (
    *("u", "url", "uri", "link", "href", "to", "out", "goto", "target", "dest", "destination"),
    *("redirect", "redirect_to", "redirect_url", "redirect_uri"),
)
"""How parameters are called that name another page."""
_PARAMETER = re.compile(
    rf"[?&](?:{'|'.join(LINK_PARAMETERS)})=({_CODED}{{12,{_LONGEST}}})(?![A-Za-z0-9.:%])", re.IGNORECASE
)
_ADDRESS = re.compile(rb"[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+(?::[0-9]+)?(?:[/?#][!-~]*)?")

_URL_SAFE = str.maketrans("+/@", "-__")


def in_base64(text: str) -> Iterator[str]:
    """URLs in base64, up to its end and up to a sign that may be base64 or part it from the rest (RFC 4648 §5)."""
    at = 0
    for _ in range(_MOST):
        run = _RUN.search(text, at)
        if run is None:
            return
        at = run.end(1)
        shift = ONCE.get(run[1], TWICE.get(run[1], 0))
        before = text[run.start() - 1 : run.start()].rjust(1, "A").rjust(_whole(shift), "A") if shift else ""
        for coded in dict.fromkeys((run[0], run[0].partition("/")[0], run[0].partition("@")[0])):
            yield from _found_in(_decode(before + coded), behind=shift)


def without_scheme(text: str) -> Iterator[str]:
    """Addresses without a scheme in base64, where the name of a parameter says that it is one.

    >>> list(without_scheme("https://other.example/?x=1&u=YmFkLmV4YW1wbGUvcGFnZQ=="))
    ['http://bad.example/page']
    >>> list(without_scheme("https://other.example/?u=c29tZSB3b3Jkcw&id=YmFkLmV4YW1wbGUvcGFnZQ"))
    []
    """
    for coded in _PARAMETER.findall(text):
        if _ADDRESS.fullmatch(address := _decode(coded)):
            yield f"http://{address.decode()}"


def _decode(coded: str) -> bytes:
    coded = coded.translate(_URL_SAFE)
    try:
        return urlsafe_b64decode(coded[: len(coded) - (len(coded) % 4 == 1)] + "===")
    except (Base64Error, ValueError):
        return b""


def _found_in(decoded: bytes, *, behind: int) -> Iterator[str]:
    """The URLs that decoded bytes hold; what begins behind so many bytes is given too, as it may be coded itself."""
    text = decoded[behind:].decode("utf-8", "replace")
    if not WEB.match(text):
        start = _upto(_STRANGE, text)
        yield decode_once(start) if "%" in start else start
    for scheme in WEB.finditer(text):
        url = _upto(_STRANGE, text[scheme.start() :])
        yield url
        yield _upto(_QUOTES, url)


def _upto(end: re.Pattern[str], text: str) -> str:
    found = end.search(text)
    return text[: found.start()] if found else text


def in_hex(text: str) -> Iterator[str]:
    """URLs in hexadecimal digits, two a byte."""
    for run in _HEX.finditer(text):
        yield from _found_in(bytes.fromhex(run[0]), behind=0)
