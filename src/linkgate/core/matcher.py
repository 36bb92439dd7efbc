"""matcher: the plain pipeline, links -> canonical URLs -> keys -> matches; it alone decides (DESIGN §2).

It reads a whole message, thorough rather than quick: every reading of every link, every link inside
a link. The prefilter only spares it messages in which it would find nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from linkgate.core.links.find import Link, hidden_links, likeliest, one_link, words_with_links
from linkgate.core.links.nested import inner_links
from linkgate.core.links.tokenizer import Known
from linkgate.core.text.refang import refang
from linkgate.core.url import telegram
from linkgate.core.url.canonical import canonicalize
from linkgate.core.verdict import Kind, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from linkgate.core.index.entry import Entry
    from linkgate.core.index.index import Index, Meeting
    from linkgate.core.links.budget import Budget
    from linkgate.core.links.find import Part, Word
    from linkgate.core.links.nested import Redirectors
    from linkgate.core.url.canonical import CanonicalUrl

    Meet = Callable[[CanonicalUrl | None, Budget], Iterable[Meeting]]

_RANK = {Kind.EXACT: 0, Kind.NESTED: 1, Kind.LOOSE: 2}
_MOST_OUTER = 6
_SEARCH, _INNER, _MEETING = 32, 24, 64
"""What it costs to look for links inside a link, to read one of them, and to compare a page with an entry."""
_FEWEST_INNER = 3
"""So many links inside a link are read when the budget is spent."""


_Placed = TypeVar("_Placed")


class Judged(NamedTuple):
    """What reading a message gave: its matches, how many links were read for it, and its opaque short links."""

    matches: tuple[Match, ...]
    links: int
    opaque: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """The index, and what it takes to find links and links inside links."""

    index: Index = field(repr=False)
    tlds: Container[str] = field(repr=False)
    redirectors: Redirectors = field(repr=False)
    ended: frozenset[tuple[str, str]] = frozenset()
    """Allow entries, by list and id, that lift nothing any more."""
    opaque: bool = False
    """Whether short links that no entry covers are noted."""

    def message(self, text: str, links: Sequence[str] = ()) -> tuple[Match, ...]:
        """All matches of a message and of its hidden links, by place; the best one of each link and entry."""
        return self.judged(text, links).matches

    def judged(
        self, text: str, links: Sequence[str] = (), *, parts: Iterable[Part] | None = None, markup: bool = True
    ) -> Judged:
        """The same, how many links were read for it, one in all its readings being one, and its short links.

        parts, markup: what to read of the message, all of it by default.
        """
        known = Known(self.tlds, self.index.listed_of)
        found: list[Match] = []
        read: set[tuple[bool, int]] = set()
        short: list[Link] | None = [] if self.opaque else None
        shown, meet = words_with_links(text, known, parts=parts, markup=markup), self._meeting_once()
        for word in chain(shown, *(hidden_links(link, number) for number, link in enumerate(links))):
            found += self._matches(word, meet, read, short)
        matches = best(found)
        return Judged(matches, len(read), self._unseen(short, matches) if short else ())

    def url(self, url: str) -> tuple[Match, ...]:
        """All matches of one URL as a person pasted it: what was defanged is read as what it stands for."""
        readings = dict.fromkeys((url, refang(url)))
        links = [Link(None, None, url, text, target=canonicalize(text)) for text in readings]
        meet = self._meeting_once()
        return best(chain.from_iterable(self._matches(one_link(link), meet, set()) for link in links))

    def behind(self, link: Link, url: str) -> tuple[Match, ...]:
        """The matches of a URL to which a short link was found to lead, as matches of the short link."""
        hop = Link(None, None, url, url, target=canonicalize(url))
        return tuple(_behind(link, match) for match in best(self._matches(one_link(hop), self._meeting_once(), set())))

    def _unseen(self, short: Iterable[Link], matches: Iterable[Match]) -> tuple[Link, ...]:
        """One short link for each place, in its surest reading, where nothing matched and no allow entry names it."""
        told = [match.link for match in matches]
        groups = _clusters([*short, *told], lambda link: link)
        known = set(map(id, told))
        kept = (min(group, key=_surest) for group in groups if known.isdisjoint(map(id, group)))
        return tuple(link for link in kept if not self.allowing(link.target))

    def _short(self, page: CanonicalUrl | None) -> CanonicalUrl | None:
        return page if page is not None and self.index.rules.short.is_short(page) else None

    def _matches(
        self, word: Word, meet: Meet, read: set[tuple[bool, int]], short: list[Link] | None = None
    ) -> Iterator[Match]:
        """Matches of the links in a word, and of those inside them; notes which words had links, and short links."""
        inside: dict[int | None, set[str]] = {}
        for link in word.links:
            read.add((link.start is None, link.token))
            yield from _of_target(link, meet, word.budget)
            if short is not None and (page := self._short(link.target or canonicalize(link.url))):
                short.append(_at_place(link, link.url, page, nested=link.nested))
            if link.nested or (link.start in inside and not inside[link.start]):
                continue  # in a shorter reading there is no more to find than in the first one
            yield from self._of_inner(link, meet, inside.setdefault(link.start, set()), word.budget, short)

    def _of_inner(
        self, link: Link, meet: Meet, seen: set[str], budget: Budget, short: list[Link] | None
    ) -> Iterator[Match]:
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
                yield from (_match(link, meeting, nested=True) for meeting in meet(page, budget))
                if short is not None and self._short(page):
                    short.append(_at_place(link, inner, page, nested=True))
                if page is not None and len(outer) < _MOST_OUTER:
                    outer.append((inner, page))

    def allowing(self, target: CanonicalUrl | None) -> tuple[Entry, ...]:
        """The allow entries that cover a page at present."""
        return () if target is None else tuple(self._lifting(self.index.meet(target)))

    def _lifting(self, meetings: Iterable[Meeting]) -> list[Entry]:
        met = (entry for entry, kind, _ in meetings if entry.allow and kind is Kind.EXACT)
        return [entry for entry in met if (entry.list, entry.id) not in self.ended]

    def _meeting_once(self) -> Meet:
        """What gives the entries that a page meets, less those that an allow entry lifts.

        Each page is looked up once, and paid for as often as it is asked for: what may be spent on a word depends
        on no other one.
        """
        known: dict[tuple[CanonicalUrl, str | None], tuple[list[Meeting], int]] = {}

        def meet(target: CanonicalUrl | None, budget: Budget) -> Iterable[Meeting]:
            if target is None:
                return ()
            key = target, target.fragment
            if key not in known:
                known[key] = self._met(target)
            meetings, cost = known[key]
            budget.take(cost)
            return meetings

        return meet

    def _met(self, target: CanonicalUrl) -> tuple[list[Meeting], int]:
        costs: list[int] = []
        meetings = list(self.index.meet(target, costs.append))
        allowed = self._lifting(meetings)
        kept = [
            meeting
            for meeting in meetings
            if not meeting.entry.allow and not any(allow.lifts_entry(meeting.entry) for allow in allowed)
        ]
        return kept, sum(costs) + _MEETING * len(meetings)


def _of_target(link: Link, meet: Meet, budget: Budget) -> Iterator[Match]:
    target, via = link.target, None
    if target is None and (web := telegram.web_form(link.url)):
        budget.take(_INNER, characters=len(web))
        target, via = canonicalize(web), "telegram"
    yield from (_match(link, meeting, nested=link.nested, via=via) for meeting in meet(target, budget))


def _match(link: Link, meeting: Meeting, *, nested: bool, via: str | None = None) -> Match:
    kind, steps = meeting.kind, meeting.steps
    if via and via not in steps:
        steps = (via, *steps)
    if nested:
        kind, steps = (Kind.NESTED, steps) if kind is Kind.EXACT else (Kind.LOOSE, ("nested", *steps))
    if link.steps:
        kind, steps = kind if nested else Kind.LOOSE, (*link.steps, *steps)
    return Match(link=link, entry=meeting.entry, kind=kind, steps=steps)


def _behind(link: Link, match: Match) -> Match:
    kind = Kind.LOOSE if match.kind is Kind.LOOSE else Kind.NESTED
    return Match(link=link, entry=match.entry, kind=kind, steps=("shortener", *match.steps))


def _at_place(link: Link, url: str, target: CanonicalUrl | None, *, nested: bool) -> Link:
    """What a link opens, or a link inside it, at its place."""
    return Link(link.start, link.end, link.text, url, link.steps, nested=nested, token=link.token, target=target)


def best(found: Iterable[Match]) -> tuple[Match, ...]:
    """The surest of the matches of one entry that overlap, whatever their readings; ordered by place."""
    groups: dict[tuple[str, str], list[Match]] = {}
    for match in found:
        groups.setdefault((match.entry.list, match.entry.id), []).append(match)
    best = (min(cluster, key=_order) for group in groups.values() for cluster in _clusters(group, _link_of))
    return tuple(sorted(best, key=lambda match: (*_place(match.link), match.entry.list, match.entry.id)))


def _link_of(match: Match) -> Link:
    return match.link


def _clusters(placed: list[_Placed], link_of: Callable[[_Placed], Link]) -> Iterator[list[_Placed]]:
    """Things whose links overlap, together; a hidden link only with itself."""
    cluster: list[_Placed] = []
    reach = (False, 0)
    for each in sorted(placed, key=lambda each: _place(link_of(each))):
        link = link_of(each)
        hidden, start = _place(link)
        end = link.token + 1 if link.end is None else link.end
        if cluster and (hidden, start) >= reach:
            yield cluster
            cluster = []
        reach = max(reach, (hidden, end)) if cluster else (hidden, end)
        cluster.append(each)
    yield cluster


def _place(link: Link) -> tuple[bool, int]:
    return link.start is None, link.token if link.start is None else link.start


def _surest(link: Link) -> tuple[bool, int, tuple[int, bool, bool, int]]:
    return link.nested, len(link.steps), likeliest(link)


def _order(match: Match) -> tuple[int, int, int]:
    return _RANK[match.kind], len(match.steps), -len(match.link.text)
