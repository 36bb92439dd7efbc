"""Samples: for each canary one link that it covers, in parts, so that every part can be spelled in other ways.

>>> page = SAMPLES[0]
>>> page.name, page.url, page.with_host("other.example").url
('page', 'http://linkgate-canary-page.example/album/photo', 'http://other.example/album/photo')
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from linkgate.lists.canaries import ADDRESSES

# The links that canaries cover but do not name themselves.
_COVERED = {
    "prefix": "http://linkgate-canary-prefix.example/users/mallory/a/photo",
    "host": "http://linkgate-canary-host.example/any/photo",
    "domain": "http://a.b.linkgate-canary-domain.example/any/photo",
    "brand": f"http://{ADDRESSES['brand'].removesuffix('*')}example/any/photo",
}
_PAGES = ("page", "query", "fragment", "ipv4", "ipv6", "idn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A link of a canary: its name, and the parts of the link; query and fragment are empty where absent."""

    name: str
    host: str
    path: str
    query: str = ""
    fragment: str = ""

    @property
    def rest(self) -> str:
        """All behind the host."""
        query = f"?{self.query}" if self.query else ""
        return self.path + query + (f"#{self.fragment}" if self.fragment else "")

    @property
    def url(self) -> str:
        """The link as it stands, with `http`."""
        return f"http://{self.host}{self.rest}"

    @property
    def bare(self) -> str:
        """The link without a scheme."""
        return self.host + self.rest

    @property
    def named(self) -> bool:
        """Whether the host is a name, not an address."""
        return self.name not in {"ipv4", "ipv6"}

    @property
    def is_page(self) -> bool:
        """Whether the canary lists one page, so that other pages of its host are strangers."""
        return self.name in _PAGES

    @property
    def plain(self) -> bool:
        """Whether the link has neither query nor fragment: its path alone says which page it is."""
        return not (self.query or self.fragment)

    def with_host(self, host: str) -> Sample:
        """The same page on another host."""
        return replace(self, host=host)

    def with_path(self, path: str) -> Sample:
        """Another page of the same host."""
        return replace(self, path=path)


def _sample(name: str) -> Sample:
    parts = urlsplit(_COVERED.get(name, ADDRESSES[name]))
    host = parts.netloc.encode("idna").decode() if name == "idn" else parts.netloc
    return Sample(name=name, host=host, path=parts.path, query=parts.query, fragment=parts.fragment)


SAMPLES = tuple(map(_sample, ADDRESSES))
"""One sample a canary, in their order."""
