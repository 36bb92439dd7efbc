r"""Which host is a publisher's, and where it may send us on to.

Hosts are read with urllib3's parser because it makes the connections: another parser may see
another host in the same text, and a check of that host would be worth nothing.

>>> host_of("https://me:secret@Lists.Example/today?key=1"), host_of("https://other.example\\@lists.example/")
('lists.example', 'other.example')
>>> redirected("https://lists.example/today", "/2024/10", hosts={"lists.example"})
'https://lists.example/2024/10'
>>> redirected("https://lists.example/today", "//other.example/", hosts=set())  # doctest: +ELLIPSIS
Traceback (most recent call last):
linkgate.errors.FetchError: lists.example: redirects to another host; see where it leads, ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from urllib3.util import Url, parse_url

from linkgate.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Collection

_WEB = frozenset({"http", "https"})


def host_of(url: str) -> str:
    """Read the host of a web address: lower case, A-labels. FetchError when there is none to fetch from."""
    parsed = _parse(url)
    if not parsed.host:
        raise FetchError("The address of the source names no host; check it.")
    if parsed.scheme not in _WEB:
        raise FetchError(f"{parsed.host}: only http and https can be fetched; check the address of the source.")
    return parsed.host


def redirected(url: str, location: str, *, hosts: Collection[str]) -> str:
    """Resolve a redirect.

    In: the URL that answered, its Location, the hosts where it may lead. Out: the next URL, in the
    form that the connection will use. Raises FetchError, which does not say where it led: that may
    be anywhere, a listed page too (law 9).
    """
    publisher = host_of(url)
    target = _resolve(url, location)
    if not location or not target.host or target.scheme not in _WEB:
        raise FetchError(f"{publisher}: redirects to no web address; check the address of the source.")
    if _parse(url).scheme == "https" and target.scheme != "https":
        raise FetchError(f"{publisher}: redirects from https to http; ask the publisher for https.")
    if target.host not in hosts:
        raise FetchError(
            f"{publisher}: redirects to another host; see where it leads, "
            "and if that is right, name that host for this source."
        )
    return target.url


def _parse(url: str) -> Url:
    try:
        return parse_url(url)
    except ValueError:
        return Url()


def _resolve(url: str, location: str) -> Url:
    try:
        return parse_url(urljoin(url, location))
    except ValueError:
        return Url()
