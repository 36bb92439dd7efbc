"""engine: gate + judge. Immutable: a reload builds another one (law 8).

    message -- fold --> gate -- no listed host in it: clear (almost every message)
                          |
                       suspect
                          v
    find_links --> Link -- canonicalize --> CanonicalUrl -- keys --> index --> Match --> Verdict

>>> from linkgate.core.canonical import canonicalize
>>> from linkgate.core.entry import Entry, Scope
>>> from linkgate.core.rules import Rules
>>> page = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> engine = Engine.build([page], rules=Rules(suffixes=("example",)))
>>> engine.check("see HTTP://BAD.example:80/./page").as_dict()["matches"][0]["kind"]
'exact'
>>> engine.check("nothing here").flagged, engine.lookup("hxxp://bad[.]example/page").flagged
(False, True)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from linkgate.core.entry import Scope
from linkgate.core.explain import Explanation, explain
from linkgate.core.gate import Gate
from linkgate.core.index import Index
from linkgate.core.judge import Judge
from linkgate.core.nested import Redirectors
from linkgate.core.patterns import Patterns
from linkgate.core.rules import Rules
from linkgate.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from linkgate.core.entry import Entry


@dataclass(frozen=True, slots=True)
class Engine:
    """What decides. `snapshot` is its id: equal ids give equal verdicts (law 7)."""

    snapshot: str
    _judge: Judge = field(repr=False)
    _gate: Gate = field(repr=False)
    _patterns: Patterns = field(repr=False)
    _clear: Verdict = field(repr=False)

    @classmethod
    def build(cls, entries: Iterable[Entry], *, rules: Rules) -> Engine:
        """Compile entries; `rules` is everything else that can change an answer."""
        hosts: set[str] = set()
        index = Index.build(_noting(entries, hosts), rules=rules)
        patterns = Patterns.of(hosts)
        return cls._assemble(index, patterns, _identity(_sections(index, patterns)))

    @classmethod
    def from_sections(cls, sections: Mapping[str, bytes | memoryview]) -> Engine:
        """The engine whose `sections()` these are. Raises ValueError or KeyError where they do not fit."""
        lists = msgspec.msgpack.decode(sections["rules"], type=tuple[_Strings, _Strings, _Strings, _Strings])
        rules = Rules(suffixes=lists[0], private=lists[1], tracking=lists[2], redirectors=lists[3])
        index = Index.from_sections(sections, rules=rules)
        return cls._assemble(index, Patterns.from_sections(sections), _identity(sections))

    @classmethod
    def _assemble(cls, index: Index, patterns: Patterns, snapshot: str) -> Engine:
        rules = index.rules
        tlds = rules.tlds | patterns.tlds()
        judge = Judge(index, tlds, Redirectors(rules.redirectors))
        return cls(snapshot, judge, Gate(patterns), patterns, Verdict(snapshot=snapshot))

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self._judge.index)

    def sections(self) -> dict[str, bytes]:
        """Everything that can change an answer, as named bytes, for a snapshot."""
        return _sections(self._judge.index, self._patterns)

    def check(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        """Say whether a message links to a listed page.

        In: its text, and the links that the text does not show (entities, buttons, hrefs). Out: the
        verdict. Never raises, takes time linear in the length of the message.
        """
        if self._gate.suspects(text) or (links and any(map(self._gate.suspects_link, links))):
            return Verdict(snapshot=self.snapshot, matches=self._judge.message(text, links))
        return self._clear

    def lookup(self, url: str) -> Verdict:
        """Say whether one URL is listed, as an analyst pasted it, defanged or not."""
        return Verdict(snapshot=self.snapshot, matches=self._judge.url(url))

    def explain(self, url: str) -> Explanation:
        """The way from a URL as written to its verdict, step by step."""
        return explain(url, self._judge.index.loosener, self.lookup(url))


def _noting(entries: Iterable[Entry], hosts: set[str]) -> Iterator[Entry]:
    """Pass entries on, and note the host of each listed one for the gate; of a brand `label.*`."""
    for entry in entries:
        if not entry.allow:
            hosts.add(f"{entry.url.host}.*" if entry.scope is Scope.BRAND else entry.url.host)
        yield entry


_Strings = tuple[str, ...]


def _sections(index: Index, patterns: Patterns) -> dict[str, bytes]:
    rules = index.rules
    lists = (rules.suffixes, rules.private, rules.tracking, rules.redirectors)
    return {**index.sections(), **patterns.sections(), "rules": msgspec.msgpack.encode(lists)}


def _identity(sections: Mapping[str, bytes | memoryview]) -> str:
    """The id of a snapshot: the first 64 bits of the SHA-256 of its sections, in hex."""
    digest = hashlib.sha256()
    for name in sorted(sections):
        digest.update(f"{name}:{len(sections[name])}:".encode())
        digest.update(sections[name])
    return digest.hexdigest()[:16]
