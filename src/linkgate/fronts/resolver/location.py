r"""A Location header -> the address it leads to, as a browser reads it.

>>> located(b"/x y\\z?a#b", "https://sho.example/3xYz"), located("//bücher.example".encode(), "https://sho.example/")
('https://sho.example/x%20y/z?a#b', 'https://xn--bcher-kva.example/')
>>> located(b"tg://resolve?domain=name", "https://sho.example/"), located(b"http://[::1", "https://sho.example/")
('tg://resolve?domain=name', None)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ada_url import URL, join_url

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 8192
"""Characters of an address."""

_WEB = re.compile(r"https?:", re.IGNORECASE)


def located(value: bytes, base: str) -> str | None:
    """Read a header's value against the address that was asked; None for what no browser opens, or is too long."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    try:
        found = join_url(base, text.strip(" \t"))
    except ValueError:
        return None
    return found if len(found) <= LONGEST else None


def one_of(values: Iterable[bytes], base: str) -> str | None:
    """The address that all headers of an answer lead to; None where two say different things."""
    found = {located(value, base) for value in values}
    return found.pop() if len(found) == 1 else None


def is_web(url: str) -> bool:
    """Whether an address is of the web."""
    return _WEB.match(url) is not None


def with_fragment(url: str, fragment: str) -> str:
    """An address with the fragment that the browser keeps from the link, where it has none itself (Fetch §4.4)."""
    if not fragment or "#" in url or not is_web(url):
        return url
    try:
        found = URL(f"{url}#{fragment}").href
    except ValueError:  # half a surrogate pair, which no browser sends either
        return url
    return found if len(found) <= LONGEST else url
