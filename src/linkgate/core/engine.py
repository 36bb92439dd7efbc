"""engine: prefilter + matcher. Immutable: a reload builds another one (law 8).

    message -- fold --> prefilter -- no listed host, nothing that could hide one: clear (almost every message)
                           |
             words, of the message as written and with its disguises undone
                           |
                      fast reject -- plain links to other pages: clear
                           v
    links of these words -- canonicalize --> CanonicalUrl -- keys --> index --> Match --> Verdict

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.index.entry import Entry, Scope
>>> from linkgate.core.url.suffixes import Rules
>>> page = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> engine = Engine.build([page], rules=Rules(suffixes=("example",)))
>>> engine.check("see HTTP://BAD.example:80/./page").as_dict()["matches"][0]["kind"]
'exact'
>>> engine.check("nothing here").flagged, engine.lookup("hxxp://bad[.]example/page").flagged
(False, True)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import accumulate, chain
from typing import TYPE_CHECKING

import msgspec

from linkgate.core import arguments
from linkgate.core.allowance import Allowance, next_end, over, settled
from linkgate.core.digests.digest_matcher import matches_of
from linkgate.core.digests.media import Media, require_media
from linkgate.core.disguises import RESPELLED
from linkgate.core.engine_sections import Noted, foreign_labels, identity, noted_in, rules_in, sections_of
from linkgate.core.entry_intake import EntryIntake
from linkgate.core.explain import Explanation, explain
from linkgate.core.index.index import Index
from linkgate.core.links.find import Part
from linkgate.core.links.nested import Redirectors
from linkgate.core.matcher import Matcher
from linkgate.core.prefilter.cues import DISGUISED
from linkgate.core.prefilter.fast_reject import FastReject
from linkgate.core.prefilter.hosts import ListedHosts
from linkgate.core.prefilter.prefilter import CLEAR, Prefilter
from linkgate.core.text.refang import repair
from linkgate.core.text.words import word_around
from linkgate.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from linkgate.core.digests.digest_index import DigestIndex, Near
    from linkgate.core.entry_intake import Canaries
    from linkgate.core.index.entry import Entry
    from linkgate.core.links.find import Link
    from linkgate.core.near_misses import NearMiss
    from linkgate.core.prefilter.prefilter import Found
    from linkgate.core.text.refang import View
    from linkgate.core.url.shorteners import ShortenerTable
    from linkgate.core.url.suffixes import Rules
    from linkgate.core.verdict import Match

NO_MEDIA: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Engine:
    """What decides. `snapshot` is its id: equal ids give equal verdicts (law 7)."""

    snapshot: str
    _matcher: Matcher = field(repr=False)
    _prefilter: Prefilter = field(repr=False)
    _reject: FastReject = field(repr=False)
    _listed: ListedHosts = field(repr=False)
    _clear: Verdict = field(repr=False)
    canaries: tuple[str, ...] = ()
    """Ids of the entries that stand for no list; `size` does not count them."""
    allowances: tuple[Allowance, ...] = field(default=(), repr=False)
    """The allow entries that have a reason or an end."""
    ended: int | None = None
    """The last end that this engine heeds, in seconds since 1970; None for none."""
    opaque: tuple[str, ...] | None = None
    """Where short links are noted, the last labels that only the hosts of shorteners have; else None."""
    digests: DigestIndex | None = field(default=None, repr=False)
    """The digests of files; None where no list has any."""

    @classmethod
    def build(  # noqa: PLR0913  # keyword-only
        cls,
        entries: Iterable[Entry],
        *,
        rules: Rules,
        canaries: Canaries | None = None,
        allowances: Callable[[], Iterable[Allowance]] = tuple,
        distances: Callable[[], Mapping[str, int]] = dict,
        opaque: bool = False,
    ) -> Engine:
        """Compile entries; `rules` is everything else that can change an answer.

        `canaries` is asked, with the hosts and types of digests of all entries, for the test entries to put beside
        them; `allowances`, after the last entry, for the terms of the allow entries; `distances`, then too, for
        the lists that say in how many bits a picture may differ. opaque: note short links that
        no entry covers, of the open shorteners of the rules.
        """
        intake, short = EntryIntake(), rules.short
        entries = entries if canaries is None else chain(entries, intake.late(canaries))
        index, hosts = Index.build(intake.addressed(entries), rules=rules), intake.hosts
        apart = foreign_labels(hosts, rules) if opaque else None
        listed = ListedHosts.of(hosts | short.open_hosts if opaque else hosts, short=short)
        noted = Noted(tuple(intake.added), settled(allowances()), apart, intake.digests.build(distances()))
        return cls._assemble(index, listed, noted, identity(sections_of(index, listed, noted)))

    @classmethod
    def from_sections(cls, sections: Mapping[str, bytes | memoryview]) -> Engine:
        """The engine whose `sections()` these are. Raises ValueError or KeyError where they do not fit."""
        index = Index.from_sections(sections, rules=rules_in(sections))
        snapshot = identity({name: data for name, data in sections.items() if name != "ended"})
        engine = cls._assemble(index, ListedHosts.from_sections(sections), noted_in(sections), snapshot)
        return engine.at(msgspec.msgpack.decode(sections["ended"], type=int)) if "ended" in sections else engine

    @classmethod
    def _assemble(cls, index: Index, listed: ListedHosts, noted: Noted, snapshot: str) -> Engine:
        rules, opaque = index.rules, noted.opaque is not None
        tlds = rules.tlds | listed.tlds().difference(noted.opaque or ())
        redirectors = Redirectors(rules.redirectors)
        matcher, reject = Matcher(index, tlds, redirectors, opaque=opaque), FastReject(index, opaque)
        return cls(
            *(snapshot, matcher, Prefilter(listed), reject, listed, Verdict(snapshot=snapshot)),
            canaries=noted.canaries,
            allowances=noted.allowances,
            digests=noted.digests,
            opaque=noted.opaque,
        )

    def __reduce__(self) -> tuple[Callable[[dict[str, bytes]], Engine], tuple[dict[str, bytes]]]:
        return Engine.from_sections, (self.sections(),)  # for joblib, Dask and spawned processes

    @property
    def size(self) -> int:
        """The number of entries, canaries left out."""
        return len(self._matcher.index) + len(self.digests or ()) - len(self.canaries)

    def entries(self) -> Iterator[Entry]:
        """Give every entry, canaries and allow entries too: those of addresses first, then those of digests."""
        return chain(self._matcher.index.entries(), () if self.digests is None else self.digests.entries())

    @property
    def hosts(self) -> ListedHosts:
        """The listed hosts, for who looks through whole columns; never shown (law 9)."""
        return self._listed

    @property
    def shorteners(self) -> ShortenerTable:
        """The table of shorteners that it was compiled with."""
        return self._matcher.index.rules.short

    def sections(self) -> dict[str, bytes]:
        """Everything that can change an answer, as named bytes, for a snapshot."""
        noted = Noted(self.canaries, self.allowances, self.opaque, self.digests)
        sections = sections_of(self._matcher.index, self._listed, noted)
        return sections if self.ended is None else sections | {"ended": msgspec.msgpack.encode(self.ended)}

    def at(self, moment: float) -> Engine:
        """The engine as it decides at a moment, in seconds since 1970: what was allowed until then is not any more.

        It shares its tables with this one. Its `snapshot` is that of the lists and, behind `~`, the last
        end that has passed; where none has, it is this engine as it was compiled. `next_end` says for
        how long it holds.
        """
        gone = over(self.allowances, moment)
        ended = max((each.ends for each in gone if each.ends is not None), default=None)
        if ended == self.ended:
            return self
        base = self.snapshot.partition("~")[0]
        snapshot = base if ended is None else f"{base}~{ended}"
        matcher = replace(self._matcher, ended=frozenset((each.list, each.id) for each in gone))
        return replace(self, snapshot=snapshot, _matcher=matcher, _clear=Verdict(snapshot=snapshot), ended=ended)

    def next_end(self, moment: float) -> int | None:
        """When the next allow entry ends after a moment, both in seconds since 1970; None where none will."""
        return next_end(self.allowances, moment)

    def check(self, text: str, *, links: Sequence[str] = (), media: Sequence[Media] = NO_MEDIA) -> Verdict:
        """Say whether a message links to a listed page, or holds a listed file.

        In: its text, the links that the text does not show (entities, buttons, hrefs), and the digests of its files.
        Out: the verdict. Takes time linear in the length of the message. Raises TypeError where `text` is no str,
        `links` no list of them, or `media` no list of Media; never for what they hold.
        """
        if media is not NO_MEDIA:
            if media.__class__ is not list or any([each.__class__ is not Media for each in media]):  # noqa: C419  # quicker
                media = require_media(media)
            return self.check_files(text, links, media)
        if text.__class__ is not str or links.__class__ is not tuple or links:
            links = arguments.require_message(text, links)
        found = self._prefilter.search(text)
        hidden = links and [link for link in links if self._prefilter.suspects_link(link)]
        if found is CLEAR and not hidden:
            return self._clear
        parts = self._parts(text, found)
        if not (hidden or found.markup or parts):
            return self._clear
        matches, read, opaque = self._matcher.judged(text, links, parts=parts, markup=found.markup)
        return Verdict(snapshot=self.snapshot, matches=matches, links=read, opaque=opaque)

    def behind(self, link: Link, url: str) -> tuple[Match, ...]:
        """The matches of a URL to which a short link was found to lead, each as a match of the short link.

        They are `nested`, or `loose` where the URL is only loosely the page; their first step is `shortener`.
        """
        return self._matcher.behind(link, url)

    def check_files(self, text: str, links: Sequence[str], media: Sequence[Media], near: Near | None = None) -> Verdict:
        """The verdict on a message with files; where none of them is listed, it is that without them.

        near: what `digests.near_each` told of the files of many messages.
        """
        verdict, index = self.check(text, links=links), self.digests
        if index is None or not (suspects := [each for each in media if index.may_meet(each)]):
            return verdict
        found = tuple(matches_of(suspects, index, self._matcher.ended, near))
        if not found:
            return verdict
        files = len({match.media for match in found})
        return replace(verdict, matches=(*verdict.matches, *found), links=(verdict.links or 0) + files)

    def ready(self) -> None:
        """Make what the first picture would wait for. UsageError where faiss is missing for listed pictures."""
        if self.digests is not None:
            self.digests.ready()

    def cleared(self, text: str, links: Sequence[str] = ()) -> Verdict | None:
        """The verdict where the prefilter alone clears; None where a check may take longer than reading it once."""
        clear = self._prefilter.search(text) is CLEAR and not (links and any(map(self._prefilter.suspects_link, links)))
        return self._clear if clear else None

    def _parts(self, text: str, found: Found) -> list[Part]:
        """The words of each view of a message of which it is not plain that they lead to nothing listed.

        Where nothing hides a host, the words alone are mended in which there is something to undo.
        """
        respelled = (word[:2] for word in found.words if RESPELLED.search(text, word.start, word.end))
        spans = [(0, len(text))] if found.disguised else respelled
        parts = [Part(None, self._words(text, found)), *[self._mended(text, *span) for span in spans]]
        return [part for part in parts if part.words]

    def _mended(self, text: str, start: int, end: int) -> Part:
        """The words of a stretch of a message with its disguises undone that are others than in the message."""
        mended = repair(text, start, end)
        changed = [word for word in mended.changed_words() if _is_changed(text, mended, *word)]
        searched = " ".join(mended.text[first:last] for first, last in changed)
        places = accumulate((last - first + 1 for first, last in changed), initial=0)
        origins = {place: first for place, (first, _) in zip(places, changed, strict=False)}
        words = self._words(searched, self._prefilter.search(searched, DISGUISED))
        return Part(mended, [(origins[first], origins[first] + last - first) for first, last in words])

    def _words(self, text: str, found: Found) -> list[tuple[int, int]]:
        return [
            (start, end)
            for start, end, places in found.words
            if not (places and self._reject.clears(text[start:end], [place - start for place in places]))
        ]

    def lookup(self, url: str) -> Verdict:
        """Say whether one URL is listed, as an analyst pasted it, defanged or not. Raises TypeError for no str."""
        arguments.require_text(url, name="url")
        return Verdict(snapshot=self.snapshot, matches=self._matcher.url(url))

    def explain(self, url: str) -> Explanation:
        """The way from a URL as written to its verdict, step by step. Raises TypeError for no str."""
        arguments.require_text(url, name="url")
        told = explain(url, self._matcher.index.loosener, self.lookup(url))
        terms = {(each.list, each.id): each for each in self.allowances}
        allowed = ((entry.list, entry.id) for entry in self._matcher.allowing(told.canonical))
        return replace(told, allowed=tuple(terms.get(key) or Allowance(*key) for key in allowed))

    def find_entries(self, names: Collection[str]) -> tuple[Entry, ...]:
        """The entries of these ids, allow entries too; several lists may give one id. Reads all entries."""
        return tuple(entry for entry in self.entries() if entry.id in names)

    def near_misses(self, url: str) -> tuple[NearMiss, ...]:
        """Why a URL that no entry covers is not flagged, though something near it is listed. Reads all entries."""
        told, index = self.explain(url), self._matcher.index
        if told.canonical is None:
            return ()
        covering = {meeting.entry.id for meeting in index.meet(told.canonical) if not meeting.entry.allow}
        lifted = tuple(sorted(covering.difference(match.entry.id for match in told.verdict.matches)))
        none = covering.union(self.canaries)
        near = import_module("linkgate.core.near_misses")  # which no message needs
        others = (entry for entry in index.entries() if entry.id not in none)
        found: tuple[NearMiss, ...] = near.near_misses(others, told.canonical)
        return (near.NearMiss("an allow entry lifts it", lifted, len(lifted)), *found) if lifted else found


def _is_changed(text: str, mended: View, start: int, end: int) -> bool:
    """Whether a word of a mended view is none of the message as written, where it is read as it is."""
    first, last = mended.span(start, end)
    return text[first:last] != mended.text[start:end] or word_around(text, first) != (first, last)
