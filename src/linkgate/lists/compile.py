"""Lists -> engine and report; pure: bytes in, nothing fetched, nothing written.

>>> compiled = compile_lines(["http://bad.example/page", "*.worse.example", "twitter.com", "half…"])
>>> compiled.report.entries, compiled.report.scopes
(2, {'page': 1, 'domain': 1})
>>> compiled.report.quarantined, compiled.report.rejected
((Quarantined(list='list', line=3, reason='popular host'),), \
(Rejected(list='list', line=4, reason='truncated'),))
>>> compiled.engine.check("see http://bad.example/page").flagged
True
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.engine import Engine
from linkgate.errors import ListError
from linkgate.lists.address import NO_DOT, to_entry
from linkgate.lists.formats import FORMATS, Item, sniff
from linkgate.lists.formats.plain import read_lines
from linkgate.lists.guard import Guard
from linkgate.lists.report import Quarantined, Rejected, Report
from linkgate.lists.rules import packaged_rules
from linkgate.lists.usable import refuse_unusable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from linkgate.core.canonical import CanonicalUrl
    from linkgate.core.entry import Entry, Scope
    from linkgate.lists.formats import Rejected as Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One list of one publisher, as bytes of a file.

    `format` is a key of `linkgate.lists.formats.FORMATS`, guessed where it is None; `columns` says where a
    CSV or JSON-lines file holds which field; `category` fills in where an entry has none.
    """

    name: str
    data: bytes = field(repr=False)
    format: str | None = None
    columns: Mapping[str, str] | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """An engine, and the report on how it came about."""

    engine: Engine
    report: Report


def compile_lines(
    lines: Iterable[str | bytes],
    *,
    name: str = "list",
    category: str | None = None,
    today: date | None = None,
) -> Compiled:
    """Compile plain-list lines that a program holds; a bad line is reported, never raised.

    >>> compile_lines([]).report.entries
    0
    """
    run = _Run(today)
    return run.finish(run.entries(read_lines(lines), name, category))


def compile_lists(sources: Iterable[Source], *, today: date | None = None) -> Compiled:
    """Compile lists of any format; entries that expired before `today` are left out.

    Raises ListError for a list that as a whole cannot be used (empty, binary, a web page, an unknown
    format); then nothing is compiled.
    """
    run = _Run(today)
    return run.finish(entry for source in sources for entry in run.source(source))


class _Run:
    """One compilation: entries stream through to the engine, the counts stay here."""

    def __init__(self, today: date | None) -> None:
        self._today = today.isoformat() if today else None
        self._rules = packaged_rules()
        self._guard = Guard(self._rules)
        self._scopes: Counter[str] = Counter()
        self._rejected: list[Rejected] = []
        self._quarantined: list[Quarantined] = []
        self._duplicates = 0
        self._expired = 0

    def finish(self, entries: Iterable[Entry]) -> Compiled:
        engine = Engine.build(entries, rules=self._rules)
        return Compiled(engine, self._report())

    def _report(self) -> Report:
        return Report(
            entries=self._scopes.total(),
            scopes=dict(self._scopes.most_common()),
            duplicates=self._duplicates,
            expired=self._expired,
            rejected=tuple(self._rejected),
            quarantined=tuple(self._quarantined),
        )

    def source(self, source: Source) -> Iterator[Entry]:
        refuse_unusable(source.name, source.data)
        kind = source.format or sniff(source.data, source.name)
        if kind not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise ListError(f"list {source.name!r}: no format {kind!r}; there are {known}")
        try:
            items = FORMATS[kind](source.data, columns=source.columns)
            yield from self.entries(items, source.name, source.category)
        except ListError as error:
            raise ListError(f"list {source.name!r}: {error}") from None

    def entries(self, items: Iterable[Item | Unread], name: str, category: str | None) -> Iterator[Entry]:
        """The entries of one list that are sound, current, harmless to strangers, and new."""
        seen: set[tuple[Scope, CanonicalUrl, str | None]] = set()
        last, nth = 0, 1
        for item in items:
            if not isinstance(item, Item):
                self._rejected.append(Rejected(name, item.line, item.reason))
                continue
            nth = nth + 1 if item.line == last else 1
            last = item.line
            entry = self._entry(item, name, category, nth)
            if entry is None:
                continue
            key = (entry.scope, entry.url, entry.fragment)
            if key in seen:
                self._duplicates += 1
                continue
            seen.add(key)
            self._scopes[entry.scope.value] += 1
            yield entry

    def _entry(self, item: Item, name: str, category: str | None, nth: int) -> Entry | None:
        if self._today and item.expires and item.expires[:10] < self._today:
            self._expired += 1
            return None
        # One line of a hosts file may hold several names; each needs an id of its own.
        entry_id = f"{name}:{item.line}" if nth == 1 else f"{name}:{item.line}.{nth}"
        entry = to_entry(item, list_name=name, category=category, entry_id=entry_id)
        if entry == NO_DOT and self._rules.known_tld(item.address.strip().lower()):
            # `com` is no host but the worst slip of all, so it is named as what it is.
            self._quarantined.append(Quarantined(name, item.line, "public suffix"))
        elif isinstance(entry, str):
            self._rejected.append(Rejected(name, item.line, entry))
        elif reason := self._guard.objection(entry):
            self._quarantined.append(Quarantined(name, item.line, reason))
        else:
            return entry
        return None
