"""Links that stand inside another link: redirectors, archive and translation proxies, AMP caches.

>>> list(inner_links("https://other.example/out?u=http%3A%2F%2Fbad.example%2Fpage&x=1"))
['http://bad.example/page', 'http://bad.example/page&x=1']
>>> list(inner_links("https://bad-example.translate.goog/page?_x_tr_sl=en"))
['http://bad.example/page?_x_tr_sl=en', 'http://bad.example/page']
>>> list(inner_links("https://web.archive.org/web/2020/bad.example/page"))
['http://bad.example/page']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.text.fold import decode_once
from linkgate.core.url.canonical import canonicalize
from linkgate.core.wrappers import WRAPPERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.core.url.canonical import CanonicalUrl

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Redirectors:
    """Hosts whose query names another page, even without a scheme.

    rules: `host-suffix/path-prefix?param`; the parameter may be `*`.

    >>> outer = canonicalize("l.other.example/l.php?u=bad.example%2Fx")
    >>> list(Redirectors(("l.other.example/l.php?u",)).targets(outer))
    ['bad.example/x']
    """

    rules: tuple[str, ...] = field(default=(), repr=False)
    _by_host: dict[str, tuple[tuple[str, str], ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_host: dict[str, tuple[tuple[str, str], ...]] = {}
        for rule in self.rules:
            place, _, param = rule.partition("?")
            host, slash, path = place.partition("/")
            by_host[host] = (*by_host.get(host, ()), (slash + path, param))
        object.__setattr__(self, "_by_host", by_host)

    def targets(self, url: CanonicalUrl) -> Iterator[str]:
        """What the parameters of a redirector's link hold, decoded once."""
        rules = tuple(self._of(url.host))
        params = [param.partition("=") for param in (url.query or "").split("&")] if rules else []
        for path, wanted in rules:
            if not url.path.startswith(path or "/"):
                continue
            if not wanted:
                yield decode_once(url.path[len(path) :].lstrip("/"))
            yield from (decode_once(value) for name, _, value in params if value and wanted in {"*", name})
            yield from (decode_once(name) for name, equals, _ in params if name and not equals and wanted == "*")

    def _of(self, host: str) -> Iterator[tuple[str, str]]:
        for _ in range(8):
            if host in self._by_host:
                yield from self._by_host[host]
            _, dot, host = host.partition(".")
            if not dot:
                return


def inner_links(
    link: str, redirectors: Redirectors | None = None, *, target: CanonicalUrl | None = None
) -> Iterator[str]:
    """The links inside one link, level by level of its encoding.

    In: a whole link as written or mended, and its canonical URL where that is known. Out: URLs as
    text, each read up to the next separator, the first few also up to the end. Never raises; linear
    in the length of the link.
    """
    seen = {link}
    for inner in _all_inner(link, redirectors, target or canonicalize(link)):
        if inner not in seen:
            seen.add(inner)
            yield inner


def _all_inner(link: str, redirectors: Redirectors | None, url: CanonicalUrl | None) -> Iterator[str]:
    if url is not None and redirectors is not None:
        yield from redirectors.targets(url)
    text = link
    for _ in range(_LEVELS):
        for wrapper in WRAPPERS:
            yield from wrapper.inner(text)
        decoded = decode_once(text) if _ESCAPED.search(text) else text
        if decoded == text:
            return
        text = decoded
