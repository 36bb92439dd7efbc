"""Listed addresses as hypothesis strategies, and the entries and engines made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from linkgate.core.engine import Engine
from linkgate.core.index.entry import Entry, Scope
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.suffixes import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable

RULES = Rules(
    suffixes=("example", "test", "invalid", "co.test", "рф", "*.ck.example"),
    private=("pages.test",),
    tracking=("utm_*", "fbclid", "bad.example:ref"),
    redirectors=("go.test/url?q", "go.test/any?*", "go.test/path/"),
)
NAMES = ("bad", "b", "a-b", "xn--bcher-kva", "bücher", "例え", "пример", "مثال", "straße", "9", "b_d", "w" * 63)
TAILS = ("example", "test", "bad.example", "co.test", "pages.test", "xn--p1ai", "unknowntail")
SEGMENTS = ("page", "a", "Page.html", "index.php", "x%20y", "%2F", "%41", "%25", "caf%C3%A9", "中", "~u", "@me", "")
ODD_SEGMENTS = ("a(b)", "a,b", "it's", "a;b=c", "a=b", "+", "!", "a:b", "[x]", "a|b", "..", ".", "100%", "%zz", "*")
PARAMS = ("id=7", "a=1", "b", "q=%20x", "k=", "A=B", "u=http://other.test/", "utm_source=x", "n=ü", "x=1;y=2", "")
FRAGMENTS = ("!/album/1", "/x", "KEY", "%41", "ü")


@dataclass(frozen=True)
class Address:
    """The parts of a URL; `str()` puts them together."""

    host: str
    port: int | None = None
    path: str = "/"
    query: str | None = None
    fragment: str | None = None

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"http://{self.host}{port}{self.path}{query}{fragment}"


def names() -> st.SearchStrategy[str]:
    """Host names of one to six labels, ASCII and not, under known and unknown top-level domains."""
    label = st.sampled_from(NAMES)
    dotted = st.builds(lambda head, tail: ".".join([*head, tail]), st.lists(label, min_size=1, max_size=3), _tails())
    return st.one_of(dotted, dotted.map("www.".__add__), st.just("localhost"))


def _tails() -> st.SearchStrategy[str]:
    return st.sampled_from(TAILS)


def numbers() -> st.SearchStrategy[str]:
    """Addresses of documentation networks (RFC 5737, RFC 3849)."""
    return st.sampled_from(("192.0.2.7", "203.0.113.255", "198.51.100.1", "[2001:db8::7]", "[2001:db8:0:1::ff]"))


def hosts() -> st.SearchStrategy[str]:
    """Names and numbers."""
    return st.one_of(names(), names(), numbers())


def paths(segments: tuple[str, ...] = SEGMENTS + ODD_SEGMENTS) -> st.SearchStrategy[str]:
    """Paths of up to four segments."""
    return st.lists(st.sampled_from(segments), max_size=4).map(lambda parts: "/" + "/".join(parts))


def queries() -> st.SearchStrategy[str]:
    """Queries of one to three parameters."""
    return st.lists(st.sampled_from(PARAMS), min_size=1, max_size=3).map("&".join)


def addresses() -> st.SearchStrategy[Address]:
    """Whole addresses of pages."""
    ports = st.one_of(st.none(), st.none(), st.sampled_from((8080, 1, 65535)))
    query = st.one_of(st.none(), queries())
    fragment = st.one_of(st.none(), st.none(), st.sampled_from(FRAGMENTS))
    return st.builds(Address, hosts(), ports, paths(), query, fragment).filter(_opens)


def _opens(address: Address) -> bool:
    """False where labels of both directions meet in one host, which no browser opens (RFC 5893)."""
    return canonicalize(str(address)) is not None


def canonical(text: object) -> CanonicalUrl:
    """The canonical URL of a text that has one."""
    url = canonicalize(str(text))
    assert url is not None
    return url


LINKED = tuple(scope for scope in Scope if scope is not Scope.FILE)
"""The scopes of entries that are met by links."""


def entry(address: Address, scope: Scope = Scope.PAGE, *, number: int = 0) -> Entry:
    """An entry of any scope; what the scope does not count is left out, as the lists do it."""
    url = canonical(address)
    if scope is Scope.PREFIX:
        url = CanonicalUrl(url.host, url.port, url.path.rstrip("/") + "/", None)
    elif scope is Scope.BRAND:
        label = RULES.registrable(url.host) or url.host
        url = CanonicalUrl(label.partition(".")[0], None, "/", None)
    elif scope is not Scope.PAGE:
        url = CanonicalUrl(url.host, url.port, "/", None)
    return Entry(id=f"demo:{number}", scope=scope, list="demo", url=url)


def entries() -> st.SearchStrategy[Entry]:
    """Entries of all five scopes."""
    scopes = st.sampled_from((Scope.PAGE, *LINKED))
    return st.tuples(addresses(), scopes).filter(_sensible).map(lambda pair: entry(*pair))


def _sensible(pair: tuple[Address, Scope]) -> bool:
    address, scope = pair
    numeric = address.host[0] == "[" or address.host[-1].isdigit()
    return scope is not Scope.BRAND or not (numeric or address.host == "localhost")


def engine_of(listed: Iterable[Entry]) -> Engine:
    """An engine on the rules above."""
    return Engine.build(listed, rules=RULES)


def page_engine(*listed: object) -> Engine:
    """An engine that lists these addresses as pages."""
    pages = (Entry(id=f"demo:{n}", scope=Scope.PAGE, list="demo", url=canonical(url)) for n, url in enumerate(listed))
    return engine_of(pages)
