"""engine: gate + judge. Immutable: a reload builds another one (law 8).

    message -- fold --> gate -- no listed host in it: clear (almost every message)
                          |
                       suspect
                          v
    find_links --> Link -- canonicalize --> CanonicalUrl -- keys --> index --> Match --> Verdict

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

import hashlib
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from linkgate.core import arguments
from linkgate.core.allowance import Allowance, next_end, over, settled
from linkgate.core.explain import Explanation, explain
from linkgate.core.index.entry import Scope
from linkgate.core.index.index import Index
from linkgate.core.links.nested import Redirectors
from linkgate.core.matcher import Judge
from linkgate.core.prefilter.coarse import Coarse, coarse_of
from linkgate.core.prefilter.fast_reject import Glance
from linkgate.core.prefilter.hosts import Patterns
from linkgate.core.prefilter.prefilter import ANYWHERE, Gate
from linkgate.core.url.suffixes import Rules
from linkgate.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from linkgate.core.index.entry import Entry

    Canaries = Callable[[frozenset[str]], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Engine:
    """What decides. `snapshot` is its id: equal ids give equal verdicts (law 7)."""

    snapshot: str
    _judge: Judge = field(repr=False)
    _gate: Gate = field(repr=False)
    _glance: Glance = field(repr=False)
    _patterns: Patterns = field(repr=False)
    _clear: Verdict = field(repr=False)
    canaries: tuple[str, ...] = ()
    """Ids of the entries that stand for no list; `size` does not count them."""
    allowances: tuple[Allowance, ...] = field(default=(), repr=False)
    """The allow entries that have a reason or an end."""
    ended: int | None = None
    """The last end that this engine heeds, in seconds since 1970; None for none."""

    @classmethod
    def build(
        cls,
        entries: Iterable[Entry],
        *,
        rules: Rules,
        canaries: Canaries | None = None,
        allowances: Callable[[], Iterable[Allowance]] = tuple,
    ) -> Engine:
        """Compile entries; `rules` is everything else that can change an answer.

        `canaries` is asked, with the hosts of all entries, for the test entries to put beside them;
        `allowances`, after the last entry, for the terms of the allow entries.
        """
        hosts: set[str] = set()
        added: list[str] = []
        entries = entries if canaries is None else chain(entries, _late(canaries, hosts, added))
        index = Index.build(_noting(entries, hosts), rules=rules)
        patterns, ids, terms = Patterns.of(hosts), tuple(added), settled(allowances())
        return cls._assemble(index, patterns, ids, terms, _identity(_sections(index, patterns, ids, terms)))

    @classmethod
    def from_sections(cls, sections: Mapping[str, bytes | memoryview]) -> Engine:
        """The engine whose `sections()` these are. Raises ValueError or KeyError where they do not fit."""
        lists = msgspec.msgpack.decode(sections["rules"], type=tuple[_Strings, _Strings, _Strings, _Strings])
        rules = Rules(suffixes=lists[0], private=lists[1], tracking=lists[2], redirectors=lists[3])
        index = Index.from_sections(sections, rules=rules)
        canaries = msgspec.msgpack.decode(sections.get("canaries", _NONE), type=_Strings)
        terms = msgspec.msgpack.decode(sections.get("allowances", _NONE), type=tuple[Allowance, ...])
        snapshot = _identity({name: data for name, data in sections.items() if name != "ended"})
        engine = cls._assemble(index, Patterns.from_sections(sections), canaries, terms, snapshot)
        return engine.at(msgspec.msgpack.decode(sections["ended"], type=int)) if "ended" in sections else engine

    @classmethod
    def _assemble(
        cls, index: Index, patterns: Patterns, canaries: _Strings, terms: tuple[Allowance, ...], snapshot: str
    ) -> Engine:
        rules = index.rules
        tlds = rules.tlds | patterns.tlds()
        redirectors = Redirectors(rules.redirectors)
        judge, glance = Judge(index, tlds, redirectors), Glance(index)
        return cls(snapshot, judge, Gate(patterns), glance, patterns, Verdict(snapshot=snapshot), canaries, terms)

    @property
    def size(self) -> int:
        """The number of entries, canaries left out."""
        return len(self._judge.index) - len(self.canaries)

    def sections(self) -> dict[str, bytes]:
        """Everything that can change an answer, as named bytes, for a snapshot."""
        sections = _sections(self._judge.index, self._patterns, self.canaries, self.allowances)
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
        judge = replace(self._judge, ended=frozenset((each.list, each.id) for each in gone))
        return replace(self, snapshot=snapshot, _judge=judge, _clear=Verdict(snapshot=snapshot), ended=ended)

    def next_end(self, moment: float) -> int | None:
        """When the next allow entry ends after a moment, both in seconds since 1970; None where none will."""
        return next_end(self.allowances, moment)

    def check(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        """Say whether a message links to a listed page.

        In: its text, and the links that the text does not show (entities, buttons, hrefs). Out: the
        verdict. Takes time linear in the length of the message. Raises TypeError where `text` is no str, or
        `links` no list of them; never for what they hold.
        """
        if text.__class__ is not str or links.__class__ is not tuple or links:
            links = arguments.require_message(text, links)
        places = self._gate.places(text)
        if (places and not self._is_clear(text, places)) or (links and any(map(self._gate.suspects_link, links))):
            matches, read = self._judge.judged(text, links)
            return Verdict(snapshot=self.snapshot, matches=matches, links=read)
        return self._clear

    def suspects(self, text: str, links: Sequence[str] = ()) -> bool:
        """Whether the prefilter names a place, so that a check may take longer than reading the message once."""
        return bool(self._gate.places(text)) or any(map(self._gate.suspects_link, links))

    def _is_clear(self, text: str, places: Sequence[int]) -> bool:
        return places is not ANYWHERE and self._glance.clears(text, places)

    def coarse(self) -> Coarse:
        """What finds each text that `check` may not find clear at first sight, in a whole column at once.

        See `linkgate.core.prefilter.coarse`.
        """
        return coarse_of(self._patterns)

    def lookup(self, url: str) -> Verdict:
        """Say whether one URL is listed, as an analyst pasted it, defanged or not. Raises TypeError for no str."""
        arguments.require_text(url, name="url")
        return Verdict(snapshot=self.snapshot, matches=self._judge.url(url))

    def explain(self, url: str) -> Explanation:
        """The way from a URL as written to its verdict, step by step. Raises TypeError for no str."""
        arguments.require_text(url, name="url")
        told = explain(url, self._judge.index.loosener, self.lookup(url))
        terms = {(each.list, each.id): each for each in self.allowances}
        allowed = ((entry.list, entry.id) for entry in self._judge.allowing(told.canonical))
        return replace(told, allowed=tuple(terms.get(key) or Allowance(*key) for key in allowed))


def _noting(entries: Iterable[Entry], hosts: set[str]) -> Iterator[Entry]:
    """Pass entries on, and note the host of each listed one for the gate; of a brand `label.*`."""
    for entry in entries:
        if not entry.allow:
            hosts.add(f"{entry.url.host}.*" if entry.scope is Scope.BRAND else entry.url.host)
        yield entry


def _late(canaries: Canaries, hosts: set[str], added: list[str]) -> Iterator[Entry]:
    """The canaries, asked for when the hosts of all entries are noted."""
    for canary in canaries(frozenset(hosts)):
        added.append(canary.id)
        yield canary


_Strings = tuple[str, ...]
_NONE = msgspec.msgpack.encode(())


def _sections(index: Index, patterns: Patterns, canaries: _Strings, terms: tuple[Allowance, ...]) -> dict[str, bytes]:
    rules = index.rules
    lists = (rules.suffixes, rules.private, rules.tracking, rules.redirectors)
    sections = {**index.sections(), **patterns.sections(), "rules": msgspec.msgpack.encode(lists)}
    more = {"canaries": canaries, "allowances": terms}
    return sections | {name: msgspec.msgpack.encode(told) for name, told in more.items() if told}


def _identity(sections: Mapping[str, bytes | memoryview]) -> str:
    """The id of a snapshot: the first 64 bits of the SHA-256 of its sections, in hex."""
    digest = hashlib.sha256()
    for name in sorted(sections):
        digest.update(f"{name}:{len(sections[name])}:".encode())
        digest.update(sections[name])
    return digest.hexdigest()[:16]
