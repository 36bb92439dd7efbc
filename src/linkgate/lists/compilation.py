"""The files of all lists -> one engine, and what speaks against taking a file in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from linkgate.core.digests.digest import Digest, DigestType
from linkgate.core.url.canonical import VERSION as CANONICALISER
from linkgate.errors import ListError
from linkgate.lists.canaries import ADDRESSES as CANARIES
from linkgate.lists.compile import compile_lists
from linkgate.lists.compile_report import UNDER_HALF, ListCounts, percent
from linkgate.lists.manifest import ListState, Quarantine, Refused
from linkgate.lists.packaged_rules import packaged_rules
from linkgate.lists.popular import GuardTable, guard_table
from linkgate.lists.shortener_rows import ShortenerRows, joined, shortener_rows
from linkgate.lists.snapshot import FORMAT
from linkgate.lists.source import Source
from linkgate.lists.source_config import TABLES_OF_HOSTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from linkgate.lists.compile import Compiled
    from linkgate.lists.config import Config
    from linkgate.lists.limits import Limits
    from linkgate.lists.manifest import Origin
    from linkgate.lists.source_config import SourceConfig
    from linkgate.lists.transaction import Transaction

_RULES = 3
"""Raised with every change of what a file compiles to: a store then compiles its files again."""

_SHOWN = 1000
"""Quarantined entries of a list that the manifest names."""
_TOLD = 20
"""Rejected lines that it tells."""


class Objection(NamedTuple):
    """Why the new file of a list is not taken; `acceptable` if the operator may say that it is right."""

    source: SourceConfig
    reason: str
    acceptable: bool


class Compilation:
    """One compilation of all lists, each from the file that `lists` names."""

    def __init__(self, config: Config, transaction: Transaction, lists: Mapping[str, Origin], now: dt.datetime) -> None:
        self._config, self._transaction, self._lists = config, transaction, lists
        self._today = now.astimezone(dt.UTC).date()
        self._sources = [source for source in config.sources if source.name in lists]
        self._guards: dict[str, GuardTable] = {}
        self._shorteners: dict[str, ShortenerRows] = {}
        self.compiled: Compiled | None = None

    def objections(self, fresh: Collection[str], pardoned: Collection[str]) -> list[Objection]:
        """Compile; say which of the fresh files cannot be used, or go over a limit that was not pardoned.

        Raises ListError when a file is at fault that was good before.
        """
        try:
            self._compile()
        except ListError as error:
            found = [fault for source in self._named(fresh) if (fault := self._fault(source))]
            if not found:
                raise ListError(f"{error}; nothing was published.") from None
            return found
        return [
            Objection(source, excess, acceptable=True)
            for source in self._named(fresh)
            if source.name not in pardoned and (excess := self._excess(source))
        ]

    def refuse_settings(self, fresh: Collection[str], pardoned: Collection[str]) -> None:
        """Raise ListError where a file that was good goes over a limit, now that the settings are others.

        What it was is in the current version alone: to publish another one would lose it.
        """
        for source in self._sources:
            excess = None if source.name in {*fresh, *pardoned} else self._excess(source)
            if excess:
                raise ListError(
                    f"list {source.name!r} {excess}, now that the settings are others; nothing was published: "
                    f"check its settings, or if that is right: `linkgate lists accept {source.name}`."
                )

    def _named(self, names: Collection[str]) -> Iterator[SourceConfig]:
        return (source for source in self._sources if source.name in names)

    def _compile(self) -> None:
        self._guards = {source.name: self._guard(source) for source in self._sources if source.kind == "guard"}
        hosts = frozenset[str]().union(*(table.hosts for table in self._guards.values()))
        self._shorteners = {source.name: self._rows(source) for source in self._sources if source.kind == "shorteners"}
        self.compiled = compile_lists(
            (self._source(source) for source in self._sources if source.kind not in TABLES_OF_HOSTS),
            secret=self._transaction.secret,
            today=self._today,
            accept=self._config.accept,
            popular=hosts or None,
            well_known=frozenset[Digest]().union(*(table.digests for table in self._guards.values())),
            shorteners=joined(each.rows for each in self._shorteners.values()) if self._shorteners else None,
            opaque=self._config.shorteners.report,
        )

    def _fault(self, source: SourceConfig) -> Objection | None:
        """What is wrong with one file that cannot be used at all."""
        try:
            if source.kind == "guard":
                self._guard(source)
            elif source.kind == "shorteners":
                self._rows(source)
            else:
                compile_lists([self._source(source)])
        except ListError as error:
            # Its own name is said where the sentence is shown.
            reason = str(error).removeprefix(f"list {source.name!r}").lstrip(": ")
            return Objection(source, reason, acceptable=False)
        return None

    def _source(self, source: SourceConfig) -> Source:
        origin = self._lists[source.name]
        return Source(
            name=source.name,
            data=self._transaction.raw(origin.raw),
            format=origin.form or source.form,
            columns=None if origin.form else source.columns,
            category=source.category,
            default_scope=source.default_scope,
            allow=source.kind == "allow",
            lifts=source.lifts,
            type=source.type,
            distance=source.distance,
        )

    def _guard(self, source: SourceConfig) -> GuardTable:
        origin = self._lists[source.name]
        return guard_table(
            self._transaction.raw(origin.raw),
            name=source.name,
            kind=origin.form or source.form,
            columns=None if origin.form else source.columns,
            usual=DigestType(source.type) if source.type else None,
        )

    def _rows(self, source: SourceConfig) -> ShortenerRows:
        return shortener_rows(self._transaction.raw(self._lists[source.name].raw), name=source.name)

    def _counts_by_list(self) -> dict[str, ListCounts]:
        found = {count.list: count for count in (self.compiled.report.lists if self.compiled else ())}
        found |= {name: ListCounts(list=name, entries=len(table)) for name, table in self._guards.items()}
        return found | {
            name: ListCounts(list=name, entries=len(table.rows), rejected=len(table.rejected))
            for name, table in self._shorteners.items()
        }

    def _excess(self, source: SourceConfig) -> str | None:
        version = self._transaction.manifest.version(None)
        before = {state.name: state.entries for state in version.lists} if version else {}
        return _excess(self._counts_by_list()[source.name], before.get(source.name), source.limits)

    def states(self) -> tuple[ListState, ...]:
        """What the manifest says of every list of this compilation."""
        counts, held, refused = self._counts_by_list(), self._quarantine(), self._refused()
        return tuple(
            ListState(
                name=source.name,
                origin=self._lists[source.name],
                kind=source.kind,
                category=source.category,
                actions=source.actions,
                quarantine=tuple(held[source.name]),
                refused=tuple(refused[source.name]),
                **_counts(counts[source.name]),
            )
            for source in self._sources
        )

    def _refused(self) -> Mapping[str, list[Refused]]:
        found: dict[str, list[Refused]] = defaultdict(list)
        for line in self.compiled.report.rejected if self.compiled else ():
            if len(found[line.list]) < _TOLD:
                found[line.list].append(Refused(line.line, line.reason))
        for name, table in self._shorteners.items():
            found[name] = [Refused(line, "no row of a table of shorteners") for line in table.rejected[:_TOLD]]
        return found

    def _quarantine(self) -> Mapping[str, list[Quarantine]]:
        found: dict[str, list[Quarantine]] = defaultdict(list)
        for entry in self.compiled.report.quarantined if self.compiled else ():
            if len(found[entry.list]) < _SHOWN:
                found[entry.list].append(Quarantine(entry.id, entry.line, entry.reason))
        return found


def _counts(count: ListCounts) -> dict[str, int]:
    names = ("entries", "allowed", "duplicates", "expired", "rejected", "skipped", "quarantined")
    return {name: getattr(count, name) for name in names}


def _excess(count: ListCounts, before: int | None, limits: Limits) -> str | None:
    """Which limit a file goes over, in numbers; None when it goes over none.

    >>> from linkgate.lists.limits import Limits
    >>> _excess(ListCounts(list="demo", entries=40), 100, Limits(shrink=0.5))
    'shrank from 100 to 40 entries, by 60 %, and may by 50 %'
    >>> _excess(ListCounts(list="demo", entries=60), 100, Limits(shrink=0.5)) is None
    True
    """
    now, most = count.entries, limits.growth
    # A half is too much where a good file stands behind; a first one has no better to go back to.
    if unreadable := count.unreadable(0.5 if limits.rejected == UNDER_HALF and not before else limits.rejected):
        return unreadable
    if before and before - now > before * limits.shrink:
        share, limit = percent(1 - now / before), percent(limits.shrink)
        return f"shrank from {before:,} to {now:,} entries, by {share}, and may by {limit}"
    if before and most is not None and now > before * (1 + most):
        share, limit = percent(now / before - 1), percent(most)
        return f"grew from {before:,} to {now:,} entries, by {share}, and may by {limit}"
    return count.useless() if limits.shrink < 1 else None


def settings_of(config: Config, secret: bytes) -> str:
    """A keyed hash of all that, besides the files, decides what is compiled and taken."""
    lists = [
        (
            *(source.name, source.kind, source.form, source.columns, source.default_scope, source.category),
            *(source.type, source.distance),
            *(source.lifts, source.actions, source.limits.shrink, source.limits.growth, source.limits.rejected),
        )
        for source in config.sources
    ]
    rules = packaged_rules()
    texts = (rules.suffixes, rules.private, rules.tracking, rules.redirectors, rules.shorteners)
    data = msgspec.json.encode(
        (CANONICALISER, FORMAT, _RULES, lists, dict(config.accept), texts, CANARIES, config.shorteners.report)
    )
    return blake2b(data, key=secret, digest_size=16).hexdigest()
