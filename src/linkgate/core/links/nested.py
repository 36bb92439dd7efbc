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
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from linkgate.core.url.canonical import canonicalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.core.url.canonical import CanonicalUrl

_WEB = re.compile(r"https?:[/\\]+|(?<==)[/\\]{2}(?=[A-Za-z0-9])", re.IGNORECASE | re.ASCII)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_BASE64 = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=[=/]a1))(?:aHR0c|SFRUU|SHR0c)[A-Za-z0-9+/_\-]{5,4096}")
_ENDS = re.compile(r"[&\"'<>\s\\)]")
_QUOTES = re.compile(r"[\"'<>\s]")
_TRANSLATED = ".translate.goog"
_PROXIES = (
    r"web\.archive\.org/(?:web/)?[0-9*]{1,14}[a-z_]{0,4}/",
    r"web\.archive\.org/(?:web|save)(?:/_embed)?/",
    r"archive\.[a-z]{2,5}/(?:newest|oldest|o/[^/]{1,10}|[0-9]{4,14})/",
    r"timetravel\.mementoweb\.org/[a-z]{1,12}/[0-9]{4,14}/",
    r"(?:12ft\.io|r\.jina\.ai|outline\.com|txtify\.it)/",
    r"(?:www\.)?google\.[a-z.]{2,6}/amp(?:/s)?/",
    r"[a-z0-9.\-]{0,80}(?:cdn\.ampproject\.org|bing-amp\.com)/[a-z]{1,3}(?:/s)?/",
    r"webcache\.googleusercontent\.com/search\?q=cache:(?:[^:/&]{0,20}:)?",
)
_ARCHIVES = re.compile(rf"//(?:{'|'.join(_PROXIES)})([^/\s].{{2,}})", re.IGNORECASE | re.ASCII | re.DOTALL)
# Without any of these there is no link inside a link: slashes after the first ones, escapes, base64, an archive.
_NESTING = re.compile(
    r"[:/\\=][/\\]|%[0-9A-Fa-f]{2}|aHR0c|SFRUU|SHR0c|https?:|\.(?:org|[a-z]{2,5})/.*[a-z0-9]\.|q=cache:",
    re.IGNORECASE | re.ASCII,
)
_DEFENDED = re.compile(r"/v3/__(.{4,4096}?)__;")
_FAR = 4
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
                yield unquote(url.path[len(path) :].lstrip("/"))
            yield from (unquote(value) for name, _, value in params if value and wanted in {"*", name})
            yield from (unquote(name) for name, equals, _ in params if name and not equals and wanted == "*")

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
    if url is not None:
        yield from _translated(url)
        yield from _defended(url)
        yield from _values(url)
        if redirectors is not None:
            yield from redirectors.targets(url)
    outer = _WEB.match(link)
    if not _NESTING.search(link, outer.end() if outer else 0):
        return
    text = link
    for _ in range(_LEVELS):
        yield from _archived(text)
        yield from _schemed(text, skip_first=outer is not None)
        yield from _base64(text)
        decoded = unquote(text) if _ESCAPED.search(text) else text
        if decoded == text:
            return
        text = decoded


def _schemed(text: str, *, skip_first: bool) -> Iterator[str]:
    """Every URL with a scheme: up to where the next one may begin, and the first few up to the end."""
    starts = [scheme.start() for scheme in _WEB.finditer(text)]
    for count, (start, following) in enumerate(pairwise([*starts, len(text)])):
        if skip_first and start == 0:
            continue
        end = _ENDS.search(text, start, following)
        yield text[start : end.start() if end else following]
        if count < _FAR:
            quote = _QUOTES.search(text, start)
            yield text[start : quote.start() if quote else len(text)]
            yield text[start:]


def _base64(text: str) -> Iterator[str]:
    """URLs in base64, as it stands and up to a slash, which may be base64 or the path's (RFC 4648 §5)."""
    for match in _BASE64.finditer(text):
        for coded in dict.fromkeys((match[0], match[0].partition("/")[0])):
            with suppress(Base64Error, ValueError):
                decoded = urlsafe_b64decode(coded.replace("+", "-").replace("/", "_") + "===")
                yield decoded.decode("utf-8", "replace")


def _archived(text: str) -> Iterator[str]:
    match = _ARCHIVES.search(text)
    if match and not _WEB.match(match[1]):
        yield f"http://{match[1]}"


def _values(url: CanonicalUrl) -> Iterator[str]:
    """The value of each parameter that is a URL, however often encoded: its own `&` is encoded once more."""
    for param in (url.query or "").split("&"):
        value = param.partition("=")[2]
        for _ in range(_LEVELS):
            if _WEB.match(value):
                yield value
                break
            if "%" not in value:
                break
            value = unquote(value)


def _defended(url: CanonicalUrl) -> Iterator[str]:
    """Mail gateways: `/v3/__URL__;`, and `/v2/url?u=` with `-` for `%` and `_` for `/`."""
    if not url.host.startswith("urldefense."):
        return
    if match := _DEFENDED.search(url.path):
        yield match[1]
    for param in (url.query or "").split("&"):
        if param.startswith("u="):
            yield unquote(param[2:].replace("-", "%").replace("_", "/"))


def _translated(url: CanonicalUrl) -> Iterator[str]:
    """Google's translation proxy writes `.` as `-` and `-` as `--` in the host that it stands for."""
    if not url.host.endswith(_TRANSLATED):
        return
    name = url.host[: -len(_TRANSLATED)].replace("--", "\0").replace("-", ".").replace("\0", "-")
    page = f"http://{name}{url.path}"
    if url.query is None:
        yield page
        return
    yield f"{page}?{url.query}"
    kept = "&".join(param for param in url.query.split("&") if not param.startswith("_x_tr_"))
    yield f"{page}?{kept}" if kept else page
