"""Near misses: why a URL that looks as if it were listed is not flagged. Entries are told by their ids alone (law 9).

>>> from linkgate.core.index.entry import Entry, Scope
>>> from linkgate.core.url.canonical import canonicalize
>>> page = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> near_misses([page], canonicalize("bad.example/other"))
(NearMiss(reason='another path of this host is listed', entries=('demo:1',), number=1),)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.core.index.entry import Entry
    from linkgate.core.url.canonical import CanonicalUrl

_SHOWN = 5
"""Entry ids of one reason; all are counted."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Why entries do not cover a URL: the reason, the first of them, and how many there are."""

    reason: str
    entries: tuple[str, ...]
    number: int


def near_misses(entries: Iterable[Entry], url: CanonicalUrl) -> tuple[NearMiss, ...]:
    """What nearly covers a URL, of entries none of which does. Reads all entries, so it takes as long as there are."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if not entry.allow and (reason := _reason(entry, url)) is not None:
            found[reason].append(entry.id)
    return tuple(NearMiss(reason, tuple(ids[:_SHOWN]), len(ids)) for reason, ids in sorted(found.items()))


def _reason(entry: Entry, url: CanonicalUrl) -> str | None:
    listed = entry.url
    if listed.host != url.host:
        return _other_host(entry, url)
    if listed.port != url.port:
        return "it is listed on another port of this host"
    if entry.scope is Scope.PREFIX:
        return "another directory of this host is listed"
    if entry.scope is not Scope.PAGE:
        return None
    return (
        "this page is listed with another query" if listed.path == url.path else "another path of this host is listed"
    )


def _other_host(entry: Entry, url: CanonicalUrl) -> str | None:
    listed = entry.url.host
    if url.host.endswith(f".{listed}"):
        if entry.scope is Scope.HOST:
            return "a host above this one is listed, without its subdomains"
        return "a page of a host above this one is listed" if entry.scope in {Scope.PAGE, Scope.PREFIX} else None
    return "a host below this one is listed, and not this one" if listed.endswith(f".{url.host}") else None
