"""The compiler of one list: items in, entries out that are sound, current, harmless to strangers, and new.

The counts stay in the compiler; `report_on` makes the report of several.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from linkgate.core.digests.digest_records import file_entry
from linkgate.core.index.entry import NO_ADDRESS, Entry, Scope
from linkgate.lists.address import NO_DOT, locate, safe, shrunk
from linkgate.lists.allowance_terms import NO_END, AllowanceTerms, end, midnight
from linkgate.lists.compile_report import Accepted, ListCounts, Quarantined, Rejected, Report
from linkgate.lists.deduplication import SeenAddresses
from linkgate.lists.digest_guard import DigestGuard
from linkgate.lists.digest_items import (
    NO_QUALITY,
    TAKEN_OFF,
    UNTYPED,
    digest_of,
    is_bare_digest,
    plain_word,
    quality_of,
)
from linkgate.lists.expiry import day
from linkgate.lists.formats import ListItem, Skipped
from linkgate.lists.identity import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkgate.core.url.canonical import CanonicalUrl
    from linkgate.core.url.suffixes import Rules
    from linkgate.lists.acceptance import Acceptance
    from linkgate.lists.formats import RejectedLine
    from linkgate.lists.guard import Guard
    from linkgate.lists.source import Source

PAGELESS = "a page on a bare public suffix"
SHRUNK = "shorter than it was written"
_HOST, _PAGE = Scope.HOST, Scope.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileSettings:
    """What is the same for all lists of a compilation; `today` is an ISO date."""

    rules: Rules
    guard: Guard
    acceptance: Acceptance
    files: DigestGuard = field(default_factory=DigestGuard)
    secret: bytes | None = field(repr=False)
    today: str | None


class ListCompiler:
    """One list on its way into an engine."""

    def __init__(self, source: Source, settings: CompileSettings) -> None:
        self.name = source.name
        self.rejected: list[Rejected] = []
        self.quarantined: list[Quarantined] = []
        self.accepted: list[Accepted] = []
        self.skipped: Counter[str] = Counter()
        self.seen = SeenAddresses()
        self.terms = AllowanceTerms(source.name)
        self._source = source
        self._settings = settings
        self._naming = Naming(source.name, secret=settings.secret)
        self._allow, self._category, self._type = source.allow, source.category, source.digest_type()
        self.distance = source.distance
        self._weigh, self._weigh_allowed = settings.guard.weigh, settings.guard.weigh_allowed
        self._adds = self.seen.adds
        self._duplicates = 0
        self._expired = 0
        self.anchors = 0

    def entries(self, items: Iterable[ListItem | RejectedLine]) -> Iterator[Entry]:
        """The entries of the list; ListError when reading it raises one."""
        last, nth = 0, 1
        default, today = self._source.scope(), self._settings.today
        for item in items:
            if not isinstance(item, ListItem):
                self._unread(item)
                continue
            # One line of a hosts file may hold several names; each needs an id of its own.
            nth = nth + 1 if item.line == last else 1
            last = item.line
            if item.gone:
                self.skipped[TAKEN_OFF] += 1
                continue
            if item.expires and self._is_over(item, item.expires, today):
                continue
            if item.type is not None or self._type is not None:
                entry = self._file(item, nth)
                if entry is not None:
                    yield entry
                continue
            located = locate(item.address, item.scope, default)
            if isinstance(located, str):
                self._refused(item, located)
                continue
            if self._is_pageless(*located):
                self.rejected.append(Rejected(self.name, item.line, PAGELESS))
                continue
            entry = self._entry(item, nth, *located)
            if entry is not None:
                yield entry

    def _is_pageless(self, scope: Scope, url: CanonicalUrl) -> bool:
        """Whether an entry names pages where none can be; the whole of such a host is the guard's affair."""
        below = scope is _PAGE or (scope is Scope.PREFIX and url.path != "/")
        return below and self._settings.guard.is_pageless(url.host)

    def _is_over(self, item: ListItem, expires: str, today: str | None) -> bool:
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

    def _entry(self, item: ListItem, nth: int, scope: Scope, url: CanonicalUrl) -> Entry | None:
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
                self.terms.extend(item, (scope, url, url.fragment))
            return None
        self.anchors += scope is _PAGE and url.fragment is None and "#" in item.address.rstrip("#")
        entry_id = entry_id or self._naming.name(item.line, nth, scope, url, allow=allow)
        category = (item.category and safe(item.category, url.host)) or self._category
        if not allow:
            return Entry(id=entry_id, scope=scope, list=self.name, url=url, category=category)
        self.terms.note(item, entry_id, (scope, url, url.fragment))
        return Entry(
            id=entry_id,
            scope=scope,
            list=self.name,
            url=url,
            category=category,
            allow=True,
            lifts=item.lifts or self._source.lifts,
            everywhere=self._allow,  # an exception in a publisher's list is about that list
        )

    def _file(self, item: ListItem, nth: int) -> Entry | None:
        """The entry of a digest, unless it is none, is held back or was there before."""
        digest, quality = digest_of(item, self._type), quality_of(item)
        if isinstance(digest, str) or isinstance(quality, str):
            reason = digest if isinstance(digest, str) else NO_QUALITY
            self.rejected.append(Rejected(self.name, item.line, reason))
            return None
        allow = item.allow or self._allow
        entry_id = plain_word(item.id) or self._naming.file(item.line, nth, digest, allow=allow)
        objection = None if allow else item.doubt or self._settings.files.objection(digest, quality=quality)
        if objection and not self._accepts(item.line, objection, entry_id, Scope.FILE, NO_ADDRESS):
            return None
        if not self.seen.adds_file(digest, allow=allow):
            self._duplicates += 1
            if allow:
                self.terms.extend(item, digest)
            return None
        if allow:
            self.terms.note(item, entry_id, digest)
        category = plain_word(item.category) or self._category
        return file_entry(
            id=entry_id, list=self.name, digest=digest, category=category, allow=allow, everywhere=self._allow
        )

    def _accepts(self, line: int, objection: str, entry_id: str, scope: Scope, url: CanonicalUrl) -> bool:
        """Whether an entry that the guard holds back was accepted; noted in either case."""
        if self._settings.acceptance.covers(entry_id, scope, url):
            self.accepted.append(Accepted(self.name, line, objection, entry_id))
            return True
        self.quarantined.append(Quarantined(self.name, line, objection, entry_id))
        return False

    def _unread(self, line: RejectedLine) -> None:
        if isinstance(line, Skipped):
            self.skipped[line.reason] += 1
        else:
            self.rejected.append(Rejected(self.name, line.line, line.reason))

    def _refused(self, item: ListItem, reason: str) -> None:
        word = item.address.strip().lower()
        reason = UNTYPED if reason == NO_DOT and is_bare_digest(word) else reason
        if reason == NO_DOT and self._settings.rules.known_tld(word):
            # `com` is no host but the worst slip of all, so it is named as what it is.
            entry_id = (item.id and safe(item.id, word)) or self._naming.word(item.line, word)
            self.quarantined.append(Quarantined(self.name, item.line, "public suffix", entry_id))
        else:
            self.rejected.append(Rejected(self.name, item.line, reason))

    def counts(self) -> ListCounts:
        """What became of the list so far."""
        allowed = self.seen.allowed
        return ListCounts(
            list=self.name,
            entries=sum(self.seen.scopes.values()) + allowed,
            allowed=allowed,
            duplicates=self._duplicates,
            expired=self._expired,
            rejected=len(self.rejected),
            quarantined=len(self.quarantined),
            skipped=self.skipped.total(),
            exceptions=not self._allow,
        )


def _ended(expires: str, today: str) -> bool:
    last = day(expires)
    return last is not None and last < today


def report_on(compilers: Sequence[ListCompiler]) -> Report:
    """The report of a compilation, lists in their order."""
    counts = tuple(compiler.counts() for compiler in compilers)
    scopes: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for compiler in compilers:
        scopes.update(compiler.seen.scopes)
        skipped.update(compiler.skipped)
    return Report(
        entries=sum(count.entries for count in counts),
        scopes={scope.value: scopes[scope.value] for scope in Scope if scopes[scope.value]},
        allowed=sum(count.allowed for count in counts),
        duplicates=sum(count.duplicates for count in counts),
        expired=sum(count.expired for count in counts),
        rejected=tuple(chain.from_iterable(compiler.rejected for compiler in compilers)),
        quarantined=tuple(chain.from_iterable(compiler.quarantined for compiler in compilers)),
        accepted=tuple(chain.from_iterable(compiler.accepted for compiler in compilers)),
        skipped=dict(skipped.most_common()),
        anchors=sum(compiler.anchors for compiler in compilers),
        lists=counts,
    )
