"""keys: under which 64-bit number an entry stands in the index, and under which ones a link asks for it.

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.index.entry import Entry, Scope
>>> url = canonicalize("http://bad.example:8080/")
>>> entry = Entry(id="demo:1", scope=Scope.HOST, list="demo", url=url)
>>> entry_key(entry, None) == key_bytes("host", "bad.example", "8080")
True
>>> key_of("host", "bad.example", "8080") == int.from_bytes(entry_key(entry, None))
True
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope
from linkgate.core.url import gateways, mega, telegram
from linkgate.core.url.host import ipv4_inside, is_address, without_www

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkgate.core.index.entry import Entry
    from linkgate.core.url.form import Form

KEY_BYTES = 8
_BRAND, _PREFIX = Scope.BRAND, Scope.PREFIX


def key_bytes(*parts: str) -> bytes:
    """The key of these parts, the most significant byte first."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def key_of(*parts: str) -> int:
    """The key of these parts, as the index's tables hold it."""
    return int.from_bytes(key_bytes(*parts))


def entry_key(entry: Entry, loosest: Form | None) -> bytes:
    """The key of an entry: of a page without anchors or a directory by its loosest form, else (None) by its host."""
    url, scope = entry.url, entry.scope
    if scope is _BRAND:
        return key_bytes("brand", url.host)
    if loosest is None:
        return key_bytes(scope, gateways.shown_host(url.host) or url.host, "" if url.port is None else str(url.port))
    return key_bytes("prefix", place_of(loosest), loosest.path) if scope is _PREFIX else page_key(loosest, "")


def page_key(loosest: Form, anchor: str) -> bytes:
    """The key of a page by its loosest form, and the one of its anchors that `anchors_of` chose."""
    return key_bytes("page", place_of(loosest), loosest.path, anchor)


def place_of(form: Form) -> str:
    """Host and port, as keys hold them."""
    return form.host if form.port is None else f"{form.host}:{form.port}"


def site_of(host: str, sisters: Mapping[str, str]) -> str:
    """The host under which pages stand in their loosest form: no loose step leaves it.

    sisters: hosts of one service, as the table of shorteners has them.
    """
    if host[-1:].isdigit() and is_address(host):
        return host
    if host.startswith("["):
        return ipv4_inside(host) or host
    host = host.strip(".") or host
    bare = without_www(host)
    if mega.is_mega(bare):
        return mega.HOST
    return "t.me" if telegram.is_telegram(bare) else sisters.get(bare, bare)


def anchors(page: Form) -> tuple[str, ...]:
    """What a page, in its loosest form, may stand under: its parameters, and `#` with the path of its fragment."""
    return page.params if page.fragment is None else (*page.params, f"#{page.fragment.path}")


def anchors_of(pages: Sequence[Form]) -> Iterator[str]:
    """The anchor under which each of these pages, in its loosest form, stands; "" for one without.

    It is the one that the fewest of the pages share, so that a link is compared with few of them.

    >>> from linkgate.core.url.canonical import canonicalize
    >>> from linkgate.core.url.form import form_of
    >>> urls = ["bad.example/?id=7&view=print", "bad.example/?id=8&view=print", "bad.example/", "bad.example/#/7"]
    >>> list(anchors_of([form_of(canonicalize(url)) for url in urls]))
    ['id=7', 'id=8', '', '#/7']
    """
    shared = Counter((place_of(page), page.path, anchor) for page in pages for anchor in set(anchors(page)))
    for page in pages:
        choices = ((shared[place_of(page), page.path, anchor], -len(anchor), anchor) for anchor in anchors(page))
        yield min(choices, default=(0, 0, ""))[2]
