"""Links to copies of a page: archives, caches, proxies for pictures and translation, gateways.

>>> list(named_in_path("https://arquivo.pt/wayback/20151014171253/bad.example/page"))
['http://bad.example/page']
>>> list(discord("https://images-ext-1.discordapp.net/external/AbC-x/%3Fa%3Db/https/bad.example/page"))
['https://bad.example/page?a=b']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.core.text.fold import decode_once
from linkgate.core.url.canonical import canonicalize
from linkgate.core.wrapping.embedded import WEB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRANSLATED = ".translate.goog"
RESOLVERS = (".nip.io", ".sslip.io", ".xip.io", ".traefik.me")
"""Domains whose names resolve to the address that stands in them."""
_IN_NAME = re.compile(r"(?:\A|[.\-])(?:((?:[0-9]{1,3}[.\-]){3}[0-9]{1,3})|([0-9a-f]{8}))\Z")
_MOMENT = r"(?:[0-9*]{1,14}|[0-9]{4}\.[0-9.]{5}-[0-9]{6})(?:[a-z]{2}_|id_)?"
_PROXIES = (
    r"web\.archive\.org/(?:web/)?[0-9*]{1,14}[a-z_]{0,4}/",
    r"web\.archive\.org/(?:web|save)(?:/_embed)?/",
    rf"archive\.[a-z]{{2,5}}/(?:newest|oldest|o/[^/]{{1,10}}|{_MOMENT})/",
    rf"[a-z0-9.\-]{{0,80}}(?:archiv|arquivo|wayback|vefsafn)[a-z0-9.\-]{{0,40}}/(?:[a-z0-9_\-]{{1,20}}/){{0,3}}{_MOMENT}/",
    r"timetravel\.mementoweb\.org/[a-z]{1,12}/[0-9]{4,14}/",
    r"(?:12ft\.io|1ft\.io|r\.jina\.ai|outline\.com|txtify\.it|smry\.ai|freedium\.cfd)/",
    r"(?:www\.)?google\.[a-z.]{2,6}/amp(?:/s)?/",
    r"[a-z0-9.\-]{0,80}(?:cdn\.ampproject\.org|bing-amp\.com|amp\.cloudflare\.com)/[a-z]{1,3}(?:/w[0-9]{1,5})?(?:/s)?/",
    r"webcache\.googleusercontent\.com/search\?(?:[^#]*&)?q=cache:(?:[^:/&+]{0,20}:)?",
)
_COPY = re.compile(rf"//(?:{'|'.join(_PROXIES)})([^/\s].{{2,}})", re.IGNORECASE | re.ASCII | re.DOTALL)
_CACHE_ENDS = re.compile(r"[+&]|%20")
_DISCORD = re.compile(
    r"//[a-z0-9.\-]{0,40}discordapp\.net/external/[^/]+/(?:(%3f[^/]*)/)?(https?)/([^\s]+)", re.IGNORECASE | re.ASCII
)
_POSTMARK = re.compile(r"//[a-z0-9.\-]{0,80}pstmrk\.it/[^/]{1,8}/([^/?#]+)", re.IGNORECASE | re.ASCII)
_WESERV = re.compile(r"[?&](?:url|src|u)=(?:ssl:|ssl%3a)([^&#\s]+)", re.IGNORECASE | re.ASCII)
_FAMILY = re.compile("ip[fn]s[:/]", re.IGNORECASE)
_CONTENT = re.compile(r"(?:\A|[^a-z0-9])(ipfs|ipns)(?:://|:|/)([a-z0-9]{16,}[^\s]*)", re.IGNORECASE | re.ASCII)


def named_in_path(text: str) -> Iterator[str]:
    """Archives, AMP caches and the like, whose paths end in the address of the page, perhaps without its scheme."""
    if copy := _COPY.search(text):
        page = copy[1] if WEB.match(copy[1]) else f"http://{copy[1]}"
        yield page
        if "cache:" in copy[0] and (end := _CACHE_ENDS.search(page)):
            yield page[: end.start()]


def behind(expression: str) -> Callable[[str], Iterator[str]]:
    """What finds the page behind a beginning of a link, perhaps without its scheme.

    >>> list(behind("//copies[.]example/[0-9]+/")("http://copies.example/2020/bad.example/page"))
    ['http://bad.example/page']
    """
    beginning = re.compile(rf"{expression}([^/\s].{{2,}})", re.IGNORECASE | re.ASCII | re.DOTALL)

    def inner(text: str) -> Iterator[str]:
        for page in beginning.findall(text)[:1]:
            yield page if WEB.match(page) else f"http://{page}"

    return inner


def postmark(text: str) -> Iterator[str]:
    """Postmark writes the address of the page as the second piece of the path, without its scheme."""
    for page in _POSTMARK.findall(text) if "pstmrk" in text.lower() else ():
        yield f"http://{decode_once(page)}"


def pictures(text: str) -> Iterator[str]:
    """Proxies for pictures, of Discord and of weserv.nl."""
    if "external/" in text:
        yield from discord(text)
    if "=ssl" in text:
        yield from weserv(text)


def discord(text: str) -> Iterator[str]:
    """Discord's proxy for pictures: `external/HASH/query/scheme/host/path`."""
    for query, scheme, page in _DISCORD.findall(text):
        yield f"{scheme}://{page}{decode_once(query)}"


def weserv(text: str) -> Iterator[str]:
    """The proxy for pictures of weserv.nl: `?url=ssl:host/path`."""
    for page in _WESERV.findall(text):
        yield f"https://{decode_once(page)}"


def content_scheme(text: str) -> Iterator[str]:
    """`ipfs://CID/path` and `dweb:/ipfs/CID/path`, as the gateway with the plainest address has it."""
    for kind, content in _CONTENT.findall(text) if _FAMILY.search(text) else ():
        yield f"https://ipfs.io/{kind.lower()}/{content}"


def addressed(text: str) -> Iterator[str]:
    """The address that the name of a host holds, in numbers or hexadecimal digits, and that it resolves to."""
    if not (any(map(text.lower().__contains__, RESOLVERS)) and (url := canonicalize(text))):
        return
    name, _, _ = url.host.rpartition(next(filter(url.host.endswith, RESOLVERS), "."))
    if found := _IN_NAME.search(name):
        address = found[1].replace("-", ".") if found[1] else f"0x{found[2]}"
        port = "" if url.port is None else f":{url.port}"
        query = "" if url.query is None else f"?{url.query}"
        yield f"http://{address}{port}{url.path}{query}"


def translated(text: str) -> Iterator[str]:
    """Google's translation proxy writes `.` as `-` and `-` as `--` in the host that it stands for."""
    url = canonicalize(text) if TRANSLATED in text.lower() else None
    if url is None or not url.host.endswith(TRANSLATED):
        return
    name = url.host[: -len(TRANSLATED)].replace("--", "\0").replace("-", ".").replace("\0", "-")
    page = f"http://{name}{url.path}"
    if url.query is None:
        yield page
        return
    yield f"{page}?{url.query}"
    kept = "&".join(param for param in url.query.split("&") if not param.startswith("_x_tr_"))
    yield f"{page}?{kept}" if kept else page
