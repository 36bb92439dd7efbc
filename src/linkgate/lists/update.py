"""Sources -> the next version of the store. A list that fails keeps its last good file; the others go on.

    due? - download - refused before? -+                        +- over a limit: held, the last good one instead
    due? - download - refused before? -+- compile all together -+
    due? - download - refused before? -+                        +- publish

Nothing of it counts before the last step, the rename of the manifest.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from linkgate.errors import ListError
from linkgate.lists.amounts import spoken
from linkgate.lists.compilation import Compilation, settings_of
from linkgate.lists.manifest import Attempt, Held, Origin, moment, stamp
from linkgate.lists.origins import Origins
from linkgate.lists.outcome import Outcome, Update
from linkgate.lists.source_config import TABLES_OF_HOSTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from linkgate.lists.config import Config
    from linkgate.lists.manifest import ListState
    from linkgate.lists.source_config import SourceConfig
    from linkgate.lists.store import Store
    from linkgate.lists.transaction import Transaction

_Kept = TypeVar("_Kept")

_SLACK = 300  # seconds; clocks that are set over the network differ by less
_ROLLED_BACK = "its publisher still sends a file that was rolled back"


def update(
    config: Config,
    store: Store,
    *,
    only: tuple[str, ...] = (),
    force: bool = False,
    now: dt.datetime | None = None,
) -> Update:
    """Ask the publishers for what they have, and bring the store up to date.

    `only`: names of lists to ask for, all if empty. `force`: ask although they are not due, for
    full files, and write again what is damaged. Raises UsageError for an unknown name, StoreError
    when the store is in use or cannot be written, ListError when a file cannot be used that could be
    before: then the store is as it was.
    """
    chosen = config.named(only)
    with store.transaction() as transaction:
        run = _Run(config, transaction, now or dt.datetime.now(dt.UTC))
        for source in chosen:
            run.ask(source, force=force)
        return run.finish()


def accept(config: Config, store: Store, names: tuple[str, ...], *, now: dt.datetime | None = None) -> Update:
    """Take these lists over their limits: files that were held back, and what new settings make of them.

    Errors as of `update`.
    """
    chosen = config.named(names)
    with store.transaction() as transaction:
        run = _Run(config, transaction, now or dt.datetime.now(dt.UTC))
        for source in chosen:
            run.accept(source)
        return run.finish()


class _Run:
    """One update, from the first question to the commit."""

    def __init__(self, config: Config, transaction: Transaction, now: dt.datetime) -> None:
        self._config, self._transaction, self._now = config, transaction, now
        self._before = transaction.manifest
        self._origins = Origins(transaction, now)
        self._lists = dict(self._before.lists)
        self._attempts = dict(self._before.attempts)
        self._held = dict(self._before.held)
        self._refused = dict(self._before.refused)
        self._settings = settings_of(config, transaction.secret)
        self._fresh: set[str] = set()
        self._pardoned: set[str] = set()
        self._forced = False
        self._outcomes: dict[str, Outcome] = {}

    def ask(self, source: SourceConfig, *, force: bool) -> None:
        """Get what the publisher has, if it is time, and take it if nothing speaks against it."""
        if not force and not self._due(source):
            self._note(source, "skipped", "not due")
            return
        self._forced |= force
        held = self._held.get(source.name)
        known = held.origin if held else self._lists.get(source.name)
        try:
            origin = self._origins.origin(source, known, full=force)
        except ListError as error:
            self._fail(source, str(error))
            return
        self._attempts[source.name] = Attempt(stamp(self._now))
        if origin.raw in self._refused.get(source.name, ()):
            self._hold(source, origin, _ROLLED_BACK)
        elif held and held.origin.raw == origin.raw and self._settings == self._before.settings:
            self._hold(source, origin, held.reason)
        else:
            self._take(source, origin)

    def accept(self, source: SourceConfig) -> None:
        """Take a held file as it is."""
        self._pardoned.add(source.name)
        held = self._held.get(source.name)
        if held is None:
            self._note(source, "unchanged", "nothing was held back")
            return
        refused = self._refused.get(source.name, ())
        self._refused[source.name] = tuple(raw for raw in refused if raw != held.origin.raw)
        self._take(source, held.origin)

    def _due(self, source: SourceConfig) -> bool:
        """Whether to ask: after the interval, after a failure, or when the clock ran back behind the last time."""
        last = self._attempts.get(source.name)
        if last is None or last.error is not None or source.name not in self._lists:
            return True
        age = (self._now - moment(last.at)).total_seconds()
        return age < 0 or age >= source.limits.interval

    def _take(self, source: SourceConfig, origin: Origin) -> None:
        last = self._before.lists.get(source.name)
        self._lists[source.name] = origin
        self._held.pop(source.name, None)
        if last is None or last.raw != origin.raw:
            self._fresh.add(source.name)
        self._note(source, "updated" if source.name in self._fresh else "unchanged")

    def _hold(self, source: SourceConfig, origin: Origin, reason: str) -> None:
        """Go on with the last good file, and keep this one for who looks into it."""
        self._held[source.name] = Held(origin, reason)
        self._keep(source, f"{reason}; if that is right: `linkgate lists accept {source.name}`")

    def _fail(self, source: SourceConfig, reason: str) -> None:
        self._attempts[source.name] = Attempt(stamp(self._now), reason)
        self._keep(source, reason.removesuffix("."))

    def _keep(self, source: SourceConfig, reason: str) -> None:
        last = self._before.lists.get(source.name)
        self._fresh.discard(source.name)
        self._lists.pop(source.name, None)
        if last is not None:
            self._lists[source.name] = last
        self._note(source, "kept" if last else "failed", reason)

    def _note(self, source: SourceConfig, state: str, reason: str | None = None) -> None:
        self._outcomes[source.name] = Outcome(list=source.name, state=state, reason=reason)

    def finish(self) -> Update:
        """Compile if another engine may come of it, publish, commit."""
        removed = self._forget()
        compilation = self._compiled() if self._needed() else None
        self._transaction.edit(
            lists=self._lists,
            attempts=self._attempts,
            held=self._held,
            refused={name: raws for name, raws in self._refused.items() if raws},
            settings=self._settings,
        )
        if compilation is None or compilation.compiled is None:
            self._transaction.commit()
        else:
            self._transaction.publish(compilation.compiled.engine, lists=compilation.states(), now=self._now)
        return self._told(removed)

    def _forget(self) -> tuple[str, ...]:
        """Drop what is configured no more."""
        known = {source.name for source in self._config.sources}
        gone = tuple(name for name in self._lists if name not in known)
        self._lists = _only(self._lists, known)
        self._attempts = _only(self._attempts, known)
        self._held = _only(self._held, known)
        self._refused = _only(self._refused, known)
        return gone

    def _needed(self) -> bool:
        """Other files, other settings, or another day, on which other entries have expired."""
        version = self._before.version(None)
        today = self._now.astimezone(dt.UTC).date().isoformat()
        changed = _raws(self._lists) != _raws(self._before.lists) or self._settings != self._before.settings
        return changed or self._forced or version is None or version.compiled != today

    def _compiled(self) -> Compilation | None:
        """Compile until no list objects; each one that does goes back to its last good file."""
        while any(source.name in self._lists for source in self._config.sources if source.kind not in TABLES_OF_HOSTS):
            compilation = Compilation(self._config, self._transaction, self._lists, self._now)
            objections = compilation.objections(self._fresh, self._pardoned)
            if not objections:
                if self._settings != self._before.settings:
                    compilation.refuse_settings(self._fresh, self._pardoned)
                return compilation
            for source, reason, acceptable in objections:
                if acceptable:
                    self._hold(source, self._lists[source.name], reason)
                else:
                    self._fail(source, reason)
        return None

    def _told(self, removed: tuple[str, ...]) -> Update:
        before, version = self._before.version(None), self._transaction.manifest.version(None)
        states = {state.name: state for state in (version.lists if version else ())}
        outcomes = [
            _counted(replace(outcome, stale=self._stale(source)), states.get(source.name))
            for source in self._config.sources
            if (outcome := self._outcomes.get(source.name))
        ]
        outcomes += [Outcome(list=name, state="removed", reason="not configured any more") for name in removed]
        published = version is not None and (before is None or before.id != version.id)
        return Update(outcomes=tuple(outcomes), version=version, published=published, remarks=self._remarks())

    def _stale(self, source: SourceConfig) -> bool:
        return is_stale(self._lists.get(source.name), source, self._now)

    def _remarks(self) -> tuple[str, ...]:
        versions = [version.created for version in self._before.versions]
        latest = max(
            (moment(at) for at in [*versions, *(tried.at for tried in self._before.attempts.values())]),
            default=self._now,
        )
        ahead = (latest - self._now).total_seconds()
        if ahead <= _SLACK:
            return ()
        return (f"the clock of this machine is {spoken(ahead)} behind the store's last update; check it",)


def _counted(outcome: Outcome, state: ListState | None) -> Outcome:
    if state is None:
        return outcome
    return replace(outcome, entries=state.entries, rejected=state.rejected, quarantined=state.quarantined)


def is_stale(origin: Origin | None, source: SourceConfig, now: dt.datetime) -> bool:
    """Whether the last good file of a list was confirmed longer ago than its max_age."""
    if origin is None or source.limits.age is None:
        return False
    return (now - moment(origin.checked)).total_seconds() > source.limits.age


def _only(table: dict[str, _Kept], names: Collection[str]) -> dict[str, _Kept]:
    return {name: value for name, value in table.items() if name in names}


def _raws(lists: dict[str, Origin]) -> dict[str, tuple[str, str | None]]:
    return {name: (origin.raw, origin.form) for name, origin in lists.items()}
