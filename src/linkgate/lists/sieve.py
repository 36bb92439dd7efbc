"""The sieve of one list: items in, entries out that are sound, current, harmless to strangers, and new.

The counts stay in the sieve; `report_on` makes the report of several.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Entry, Scope
from linkgate.lists.address import NO_DOT, locate, safe, shrunk
from linkgate.lists.expiry import day
from linkgate.lists.formats import Item, Skipped
from linkgate.lists.identity import Naming
from linkgate.lists.report import Accepted, Quarantined, Rejected, Report, Tally
from linkgate.lists.seen import Seen
from linkgate.lists.terms import NO_END, Terms, end, midnight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkgate.core.url.canonical import CanonicalUrl
    from linkgate.core.url.suffixes import Rules
    from linkgate.lists.acceptance import Acceptance
    from linkgate.lists.formats import Rejected as Unread
    from linkgate.lists.guard import Guard
    from linkgate.lists.source import Source

SHRUNK = "shorter than it was written"
_HOST = Scope.HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """What is the same for all lists of a compilation; `today` is an ISO date."""

    rules: Rules
    guard: Guard
    acceptance: Acceptance
    secret: bytes | None = field(repr=False)
    today: str | None


class Sieve:
    """One list on its way into an engine."""

    def __init__(self, source: Source, rulings: Rulings) -> None:
        self.name = source.name
        self.rejected: list[Rejected] = []
        self.quarantined: list[Quarantined] = []
        self.accepted: list[Accepted] = []
        self.skipped: Counter[str] = Counter()
        self.seen = Seen()
        self.terms = Terms(source.name)
        self._source = source
        self._rulings = rulings
        self._naming = Naming(source.name, secret=rulings.secret)
        self._allow, self._category = source.allow, source.category
        self._weigh, self._weigh_allowed = rulings.guard.weigh, rulings.guard.weigh_allowed
        self._adds = self.seen.adds
        self._duplicates = 0
        self._expired = 0

    def entries(self, items: Iterable[Item | Unread]) -> Iterator[Entry]:
        """The entries of the list; ListError when reading it raises one."""
        last, nth = 0, 1
        default, today = self._source.scope(), self._rulings.today
        for item in items:
            if not isinstance(item, Item):
                self._unread(item)
                continue
            # One line of a hosts file may hold several names; each needs an id of its own.
            nth = nth + 1 if item.line == last else 1
            last = item.line
            if item.expires and self._is_over(item, item.expires, today):
                continue
            located = locate(item.address, item.scope, default)
            if isinstance(located, str):
                self._refused(item, located)
                continue
            entry = self._entry(item, nth, *located)
            if entry is not None:
                yield entry

    def _is_over(self, item: Item, expires: str, today: str | None) -> bool:
        """Whether an item is left out for its end: an allow entry, too, whose end cannot be read."""
        if item.allow or self._allow:
            ends = end(expires)
            if ends is None:
                self.rejected.append(Rejected(self.name, item.line, NO_END))
                return True
            over = today is not None and ends <= midnight(today)
        else:
            over = today is not None and _ended(expires, today)
        self._expired += over
        return over

    def _entry(self, item: Item, nth: int, scope: Scope, url: CanonicalUrl) -> Entry | None:
        """The entry of a located item, unless it is held back or was there before."""
        allow = item.allow or self._allow
        entry_id = item.id and safe(item.id, url.host)
        objection = self._weigh_allowed(scope, url) if allow else self._weigh(scope, url)
        if objection is None and scope is not _HOST and shrunk(item.address, url):
            objection = SHRUNK
        if objection is not None:
            entry_id = entry_id or self._naming.name(item.line, nth, scope, url, allow=allow)
            if not self._accepts(item.line, objection, entry_id, scope, url):
                return None
        if not self._adds(scope, url, allow=allow):
            self._duplicates += 1
            if allow:
                self.terms.extend(item, scope, url)
            return None
        entry_id = entry_id or self._naming.name(item.line, nth, scope, url, allow=allow)
        category = (item.category and safe(item.category, url.host)) or self._category
        if not allow:
            return Entry(id=entry_id, scope=scope, list=self.name, url=url, category=category)
        self.terms.note(item, entry_id, scope, url)
        lifts = item.lifts or self._source.lifts
        return Entry(id=entry_id, scope=scope, list=self.name, url=url, category=category, allow=True, lifts=lifts)

    def _accepts(self, line: int, objection: str, entry_id: str, scope: Scope, url: CanonicalUrl) -> bool:
        """Whether an entry that the guard holds back was accepted; noted in either case."""
        if self._rulings.acceptance.covers(entry_id, scope, url):
            self.accepted.append(Accepted(self.name, line, objection, entry_id))
            return True
        self.quarantined.append(Quarantined(self.name, line, objection, entry_id))
        return False

    def _unread(self, line: Unread) -> None:
        if isinstance(line, Skipped):
            self.skipped[line.reason] += 1
        else:
            self.rejected.append(Rejected(self.name, line.line, line.reason))

    def _refused(self, item: Item, reason: str) -> None:
        word = item.address.strip().lower()
        if reason == NO_DOT and self._rulings.rules.known_tld(word):
            # `com` is no host but the worst slip of all, so it is named as what it is.
            entry_id = self._naming.word(item.line, word)
            self.quarantined.append(Quarantined(self.name, item.line, "public suffix", entry_id))
        else:
            self.rejected.append(Rejected(self.name, item.line, reason))

    def tally(self) -> Tally:
        """What became of the list so far."""
        allowed = self.seen.allowed
        return Tally(
            list=self.name,
            entries=sum(self.seen.scopes.values()) + allowed,
            allowed=allowed,
            duplicates=self._duplicates,
            expired=self._expired,
            rejected=len(self.rejected),
            quarantined=len(self.quarantined),
            skipped=self.skipped.total(),
        )


def _ended(expires: str, today: str) -> bool:
    last = day(expires)
    return last is not None and last < today


def report_on(sieves: Sequence[Sieve]) -> Report:
    """The report of a compilation, lists in their order."""
    tallies = tuple(sieve.tally() for sieve in sieves)
    scopes: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for sieve in sieves:
        scopes.update(sieve.seen.scopes)
        skipped.update(sieve.skipped)
    return Report(
        entries=sum(tally.entries for tally in tallies),
        scopes={scope.value: scopes[scope.value] for scope in Scope if scopes[scope.value]},
        allowed=sum(tally.allowed for tally in tallies),
        duplicates=sum(tally.duplicates for tally in tallies),
        expired=sum(tally.expired for tally in tallies),
        rejected=tuple(chain.from_iterable(sieve.rejected for sieve in sieves)),
        quarantined=tuple(chain.from_iterable(sieve.quarantined for sieve in sieves)),
        accepted=tuple(chain.from_iterable(sieve.accepted for sieve in sieves)),
        skipped=dict(skipped.most_common()),
        lists=tallies,
    )
