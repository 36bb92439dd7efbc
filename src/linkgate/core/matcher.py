"""matcher: the plain pipeline, links -> canonical URLs -> keys -> matches; it alone decides (DESIGN §2).

It reads a whole message, thorough rather than quick: every reading of every link, every link inside
a link. The prefilter only spares it messages in which it would find nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from linkgate.core.links.find import Link, hidden_links, one_link, words_with_links
from linkgate.core.links.nested import inner_links
from linkgate.core.links.tokenizer import Known
from linkgate.core.text.refang import refang
from linkgate.core.url import telegram
from linkgate.core.url.canonical import canonicalize
from linkgate.core.verdict import Kind, Match

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from linkgate.core.index.entry import Entry
    from linkgate.core.index.index import Index, Meeting
    from linkgate.core.links.budget import Budget
    from linkgate.core.links.find import Part, Word
    from linkgate.core.links.nested import Redirectors
    from linkgate.core.url.canonical import CanonicalUrl

_RANK = {Kind.EXACT: 0, Kind.NESTED: 1, Kind.LOOSE: 2}
_MOST_OUTER = 6
_SEARCH, _INNER, _MEETING = 32, 24, 64
"""What it costs to look for links inside a link, to read one of them, and to compare a page with an entry."""
_FEWEST_INNER = 3
"""So many links inside a link are read when the budget is spent."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """The index, and what it takes to find links and links inside links."""

    index: Index = field(repr=False)
    tlds: Container[str] = field(repr=False)
    redirectors: Redirectors = field(repr=False)
    ended: frozenset[tuple[str, str]] = frozenset()
    """Allow entries, by list and id, that lift nothing any more."""

    def message(self, text: str, links: Sequence[str] = ()) -> tuple[Match, ...]:
        """All matches of a message and of its hidden links, by place; the best one of each link and entry."""
        return self.judged(text, links)[0]

    def judged(
        self, text: str, links: Sequence[str] = (), *, parts: Iterable[Part] | None = None, markup: bool = True
    ) -> tuple[tuple[Match, ...], int]:
        """The same, and how many links were read for it: one in all its readings is one.

        parts, markup: what to read of the message, all of it by default.
        """
        known = Known(self.tlds, self.index.listed_of)
        found: list[Match] = []
        read: set[tuple[bool, int]] = set()
        shown = words_with_links(text, known, parts=parts, markup=markup)
        for word in chain(shown, *(hidden_links(link, number) for number, link in enumerate(links))):
            found += self._matches(word, read)
        return _best(found), len(read)

    def url(self, url: str) -> tuple[Match, ...]:
        """All matches of one URL as a person pasted it: what was defanged is read as what it stands for."""
        readings = dict.fromkeys((url, refang(url)))
        links = [Link(None, None, url, text, target=canonicalize(text)) for text in readings]
        return _best(chain.from_iterable(self._matches(one_link(link), set()) for link in links))

    def _matches(self, word: Word, read: set[tuple[bool, int]]) -> Iterator[Match]:
        """Matches of the links in a word, and of those inside them; notes which words had links."""
        inside: dict[int | None, set[str]] = {}
        for link in word.links:
            read.add((link.start is None, link.token))
            yield from self._of_target(link, word.budget)
            if link.nested or (link.start in inside and not inside[link.start]):
                continue  # in a shorter reading there is no more to find than in the first one
            yield from self._of_inner(link, inside.setdefault(link.start, set()), word.budget)

    def _of_target(self, link: Link, budget: Budget) -> Iterator[Match]:
        target, via = link.target, None
        if target is None and (web := telegram.web_form(link.url)):
            target, via = canonicalize(web), "telegram"
        yield from (_match(link, meeting, nested=link.nested, via=via) for meeting in self._meet(target, budget))

    def _of_inner(self, link: Link, seen: set[str], budget: Budget) -> Iterator[Match]:
        """Matches of the links inside one link, and of links inside those, nearest first, each text once."""
        outer: list[tuple[str, CanonicalUrl | None]] = [(link.url, link.target)]
        for url, target in outer:
            if not budget.take(_SEARCH, characters=2 * len(url)) and seen:
                return
            for inner in inner_links(url, self.redirectors, target=target):
                if inner in seen or inner == link.url:
                    continue
                if not budget.take(_INNER, characters=len(inner)) and len(seen) >= _FEWEST_INNER:
                    return
                seen.add(inner)
                page = canonicalize(telegram.web_form(inner) or inner)
                yield from (_match(link, meeting, nested=True) for meeting in self._meet(page, budget))
                if page is not None and len(outer) < _MOST_OUTER:
                    outer.append((inner, page))

    def allowing(self, target: CanonicalUrl | None) -> tuple[Entry, ...]:
        """The allow entries that cover a page at present."""
        return () if target is None else tuple(self._lifting(self.index.meet(target)))

    def _lifting(self, meetings: Iterable[Meeting]) -> list[Entry]:
        met = (entry for entry, kind, _ in meetings if entry.allow and kind is Kind.EXACT)
        return [entry for entry in met if (entry.list, entry.id) not in self.ended]

    def _meet(self, target: CanonicalUrl | None, budget: Budget) -> Iterator[Meeting]:
        """The entries that a target meets, less those that an allow entry lifts."""
        if target is None:
            return
        meetings = list(self.index.meet(target, budget.take))
        budget.take(_MEETING * len(meetings))
        allowed = self._lifting(meetings)
        for meeting in meetings:
            entry = meeting.entry
            if not entry.allow and not any(allow.lifts_entry(entry) for allow in allowed):
                yield meeting


def _match(link: Link, meeting: Meeting, *, nested: bool, via: str | None = None) -> Match:
    kind, steps = meeting.kind, meeting.steps
    if via and via not in steps:
        steps = (via, *steps)
    if nested:
        kind, steps = (Kind.NESTED, steps) if kind is Kind.EXACT else (Kind.LOOSE, ("nested", *steps))
    if link.steps:
        kind, steps = kind if nested else Kind.LOOSE, (*link.steps, *steps)
    return Match(link=link, entry=meeting.entry, kind=kind, steps=steps)


def _best(found: Iterable[Match]) -> tuple[Match, ...]:
    """The surest of the matches of one entry that overlap, whatever their readings; ordered by place."""
    groups: dict[tuple[str, str], list[Match]] = {}
    for match in found:
        groups.setdefault((match.entry.list, match.entry.id), []).append(match)
    best = (min(cluster, key=_order) for group in groups.values() for cluster in _clusters(group))
    return tuple(sorted(best, key=lambda match: (*_place(match), match.entry.list, match.entry.id)))


def _clusters(matches: list[Match]) -> Iterator[list[Match]]:
    """Matches whose links overlap, together; a hidden link only with itself."""
    cluster: list[Match] = []
    reach = (False, 0)
    for match in sorted(matches, key=_place):
        hidden, start = _place(match)
        end = match.link.token + 1 if match.link.end is None else match.link.end
        if cluster and (hidden, start) >= reach:
            yield cluster
            cluster = []
        reach = max(reach, (hidden, end)) if cluster else (hidden, end)
        cluster.append(match)
    yield cluster


def _place(match: Match) -> tuple[bool, int]:
    link = match.link
    return link.start is None, link.token if link.start is None else link.start


def _order(match: Match) -> tuple[int, int, int]:
    return _RANK[match.kind], len(match.steps), -len(match.link.text)
