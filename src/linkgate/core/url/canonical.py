"""Link text -> CanonicalUrl: the one spelling of a link, what a browser would request (DESIGN §3).

>>> str(canonicalize("hTTps://user@EXAMPLE.test:443/%61/../p%61ge?"))
'http://example.test/page'
>>> str(canonicalize("http://0xC0000207/")), canonicalize("mailto:joe@example.test")
('http://192.0.2.7/', None)
>>> str(canonicalize("http://example.test:443/")), str(canonicalize("https://example.test:80/"))
('http://example.test:443/', 'https://example.test:80/')
"""

from __future__ import annotations

import re

import msgspec
from ada_url import normalize_url

from linkgate.core.url.grammar import KEPT, LABEL, SCHEME
from linkgate.core.url.host import drop_dot, loosen, split_port

VERSION = 8
"""Raised with every change that moves a key: a snapshot of another version must be compiled again."""

_TABS = str.maketrans("", "", "\t\r\n")
_STRIPPED = "".join(map(chr, range(0x21)))  # URL Standard §4.4: C0 control or space
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_PORT_FOLLOWS = re.compile(r"[0-9]+(?:[/\\?#]|\Z)")
_WEB = re.compile(r"(https?):[/\\]*", re.IGNORECASE | re.ASCII)
# Firefox reads a port up to a NUL, and Chromium none that has one.
_PORT_WITH_NUL = re.compile(r"(:[0-9]+)\x00[^@]*\Z")
_AUTHORITY = re.compile(r"[^/\\?#]*")
# A serialised URL (URL Standard §4.5): userinfo holds no bare `@`, and the path is never empty.
_PARTS = re.compile(
    r"https?://(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)(?::([0-9]+))?(/[^?#]*)(?:\?([^#]*))?(?:#(.*))?\Z", re.DOTALL
)
# A link that a parser gives back as it is: lower case, no escape, no port, no dot segment, no code point to encode.
_PLAIN = re.compile(rf"(?:{SCHEME})?((?:{LABEL}\.)+[a-z]{{2,}})(/[{KEPT}]*)?(?:(?<=[^?])\?([{KEPT}&]*))?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_OF_UNRESERVED = "|".join(f"{ord(char):02X}" for char in sorted(_UNRESERVED))
# An escape that has another spelling: of an unreserved character, or with a small letter.
_UNSETTLED = re.compile(f"%(?:{_OF_UNRESERVED}|[a-f][0-9A-Fa-f]|[0-9A-F][a-f])")
# A text directive never reaches a page (https://wicg.github.io/scroll-to-text-fragment/).
_DIRECTIVE = ":~:"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class CanonicalUrl(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A web address by its key: two links to the same page are equal, `http` or `https`.

    A msgspec.Struct, because it is made five times as fast as a frozen dataclass.

    host: A-labels or an IP address, lower case. port: None when it is the scheme's default.
    path: begins with `/`. query: None when empty. The fragment never reaches a server: it is kept
    for entries that need it, without the directives that never reach a page, and takes no part in
    equality nor in `str()`.
    """

    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CanonicalUrl):
            return NotImplemented
        return (self.host, self.port, self.path, self.query) == (other.host, other.port, other.path, other.query)

    def __hash__(self) -> int:
        return hash((self.host, self.port, self.path, self.query))

    def __repr__(self) -> str:
        return "CanonicalUrl(…)"  # it may be a listed one (law 9); `str` gives it

    def __str__(self) -> str:
        # Port 80 is no default of https: only with that scheme does it survive a second reading.
        scheme = "https" if self.port == _DEFAULT_PORTS["http"] else "http"
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{scheme}://{self.host}{port}{self.path}{query}"


def canonicalize(link: str) -> CanonicalUrl | None:
    """Read one whole link as a browser's address bar does.

    In: the link as written, with or without a scheme. Out: its canonical URL, or None when no
    browser would request a web page for it. Never raises, linear in the length of the link.
    """
    plain = _PLAIN.fullmatch(link)
    if plain is not None and _is_plain(host := plain[1], path := plain[2] or "/"):
        return CanonicalUrl(host, None, path, plain[3] or None)
    return read(link)


def read(link: str) -> CanonicalUrl | None:
    """As `canonicalize`, by the parser alone; the short cut for plain links gives the same (by test)."""
    located = web_address(link)
    if located is None:
        return None
    href = _parse(*located)
    return None if href is None else _key(href)


def _is_plain(host: str, path: str) -> bool:
    return "xn--" not in host and "-." not in host and "/." not in path


def web_address(link: str) -> tuple[str, str] | None:
    r"""Split a link into its web scheme and what follows the slashes; None for other schemes.

    `example.test:8080/x` has no scheme but a port; `user:x@example.test` has the scheme `user:`.

    >>> web_address(" HT\tTP:/\\example.test/x"), web_address("//example.test:80"), web_address("tel:x")
    (('http', 'example.test/x'), ('http', 'example.test:80'), None)
    """
    link = link.strip(_STRIPPED)
    if "\t" in link or "\n" in link or "\r" in link:
        link = link.translate(_TABS)
    if web := _WEB.match(link):
        return web[1].lower(), link[web.end() :]
    scheme = _SCHEME.match(link)
    if scheme and not _PORT_FOLLOWS.match(link, scheme.end()):
        return None
    return "http", link.lstrip("/\\")


def _parse(scheme: str, rest: str) -> str | None:
    end = _AUTHORITY.match(rest).end()  # type: ignore[union-attr]  # the pattern matches anything
    authority = rest[:end]
    if "\0" in authority:
        authority = _PORT_WITH_NUL.sub(r"\1", authority)
        rest = authority + rest[end:]
        end = len(authority)
    if not authority.isascii() or "%" in authority or "[" in authority:
        hostport = split_port(authority.rpartition("@")[2])
        host = loosen(hostport[0]) if hostport else None
        if hostport is None or host is None:
            return None
        rest = host + hostport[1] + rest[end:]
    try:
        return normalize_url(f"{scheme}://{rest}")
    except ValueError:
        sound = _SURROGATE.sub("\ufffd", rest)  # as a browser decodes ill-formed text
        return None if sound == rest else _parse(scheme, sound)


def _key(href: str) -> CanonicalUrl | None:
    host, port, path, query, fragment = _PARTS.match(href).groups()  # type: ignore[union-attr]  # as above
    host = drop_dot(host)
    if not host.strip("."):
        return None
    return CanonicalUrl(
        host,
        int(port) if port else None,
        settle_escapes(path.replace("|", "%7C")),
        settle_escapes(query) if query else None,
        _settled_fragment(fragment) if fragment else None,
    )


def _settled_fragment(fragment: str) -> str | None:
    return settle_escapes(fragment.partition(_DIRECTIVE)[0]) or None


def settle_escapes(text: str) -> str:
    """One spelling for percent-escapes: unreserved characters decoded, hex in upper case (RFC 3986 §6.2.2).

    Where decoding would uncover a new escape, nothing is decoded, so that a second reading changes
    nothing.

    >>> settle_escapes("/%7euser/%c3%a9%2f"), settle_escapes("%%34%31")
    ('/~user/%C3%A9%2F', '%%34%31')
    """
    if "%" not in text or not _UNSETTLED.search(text):
        return text
    decoded = _ESCAPE.sub(_decode_unreserved, text)
    if _UNSETTLED.search(decoded) and _ESCAPE.sub(_decode_unreserved, decoded) != decoded:
        return _ESCAPE.sub(lambda escape: escape[0].upper(), text)
    return decoded


def _decode_unreserved(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    return char if char in _UNRESERVED else escape[0].upper()
