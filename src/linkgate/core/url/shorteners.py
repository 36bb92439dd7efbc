"""Hosts of link shorteners: how each is asked, whether it may lead anywhere, and which of them are one service.

A row is `host[/path]  method  leads  alias-of`; what is left out is `head open`. `leads` is `open` where a stranger
chooses the target, `closed` where the service leads to its own site alone. A row with `alias-of` names a sister: what
stands under it is what stands under the other host. With a path it is a prefix, on a host of the service itself.

>>> table = ShortenerTable.of(("sho.example", "own.example get closed", "s.example head open sho.example",
...                            "sho.example/preview head open sho.example"))
>>> table.target("s.example", "/preview/3xYz"), table.target("other.example", "/preview/3xYz")
(('sho.example', '/3xYz'), ('other.example', '/preview/3xYz'))
>>> from linkgate.core.url.canonical import canonicalize
>>> links = ("www.s.example/3x", "s.example", "own.example/x", "s.example:81/x")
>>> [table.is_short(canonicalize(link)) for link in links]
[True, False, False, False]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkgate.core.url.canonical import CanonicalUrl

METHODS, LEADS = ("head", "get"), ("open", "closed")
_PORTS = frozenset({None, 80, 443})


class Shortener(NamedTuple):
    """One row of the table; `path` is empty but for a prefix of a host, `alias` where it is no sister."""

    host: str
    path: str = ""
    method: str = "head"
    leads: str = "open"
    alias: str = ""

    @classmethod
    def of(cls, row: str) -> Shortener:
        """Read a row. Raises ValueError, with a phrase that names no host."""
        place, *words = row.split()
        host, slash, path = place.partition("/")
        method, leads, alias, *rest = (*words, *("head", "open", "")[len(words) :])
        if rest or method not in METHODS or leads not in LEADS:
            raise ValueError("no row of host, head or get, open or closed, and the host that it is another name of")
        if slash and not (path and alias):
            raise ValueError("a path without the host that it stands for")
        return cls(host, f"/{path}" if slash else "", method, leads, "" if alias == "-" else alias)


@dataclass(frozen=True, slots=True)
class ShortenerTable:
    """The table, ready for look-up. sisters: host -> the host that stands for both."""

    rows: tuple[Shortener, ...] = field(default=(), repr=False)
    sisters: Mapping[str, str] = field(default_factory=dict, repr=False)
    open_hosts: frozenset[str] = field(default=frozenset(), repr=False)
    _prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _got: frozenset[str] = field(default=frozenset(), repr=False)
    spelled: frozenset[str] = field(default=frozenset(), repr=False)
    """Hosts of services that have more than one name, or more than one path for a page."""

    @classmethod
    def of(cls, rows: Iterable[str]) -> ShortenerTable:
        """The table of these rows. Raises ValueError for one that is none."""
        read = tuple(map(Shortener.of, rows))
        named = {row.host: row.alias for row in read if row.alias and not row.path}
        sisters = {host: named.get(other, other) for host, other in named.items()}
        prefixes: dict[str, tuple[str, ...]] = {}
        for row in read:
            if row.path:
                home = sisters.get(row.host, row.host)
                prefixes[home] = (*prefixes.get(home, ()), f"{row.path}/")
        return cls(
            rows=read,
            sisters=sisters,
            open_hosts=frozenset(row.host for row in read if row.leads == "open" and not row.path),
            _prefixes=prefixes,
            _got=frozenset(row.host for row in read if row.method == "get"),
            spelled=frozenset((*sisters, *sisters.values(), *prefixes)),
        )

    def target(self, host: str, path: str) -> tuple[str, str]:
        """The host that stands for a service, and the path there."""
        host = self.sisters.get(host, host)
        for prefix in self._prefixes.get(host, ()):
            if path.startswith(prefix) and len(path) > len(prefix):
                return host, path[len(prefix) - 1 :]
        return host, path

    def sisters_of(self, host: str) -> tuple[str, ...]:
        """All names of the service of a host, its own among them; none for a host that has but one."""
        if host not in self.spelled:
            return ()
        home = self.sisters.get(host, host)
        return (home, *(name for name, other in self.sisters.items() if other == home))

    def is_open(self, host: str) -> bool:
        """Whether a stranger chooses where the short links of a host lead."""
        return host.removeprefix("www.") in self.open_hosts

    def is_short(self, url: CanonicalUrl) -> bool:
        """Whether a URL is a short link of which nobody can tell where it leads: open, with a path, at a usual port."""
        return url.port in _PORTS and self.is_open(url.host) and url.path.strip("/") != ""

    def method(self, host: str) -> str:
        """`HEAD`, or `GET` for a host that answers nothing else."""
        return "GET" if host.removeprefix("www.") in self._got else "HEAD"
