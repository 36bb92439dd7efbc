"""Gate: the handle of a long-running process, from the store to the action on a message.

>>> import tempfile; from pathlib import Path
>>> from linkgate.lists.compile import compile_lines
>>> from linkgate.lists.store import Store
>>> with tempfile.TemporaryDirectory() as folder:
...     store = Store.open(Path(folder, "store"), create=True)
...     _ = store.publish(compile_lines(["http://bad.example/page"]).engine)
...     with Gate.open(store.path, watch=None) as gate:
...         _ = store.publish(compile_lines(["http://worse.example/page"]).engine)
...         before = gate.lookup("worse.example/page").flagged
...         before, gate.reload(), gate.lookup("worse.example/page").flagged, gate.status().version
(False, True, True, 2)
"""

from __future__ import annotations

import time
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from linkgate.core.arguments import require_kind
from linkgate.core.engine import NO_MEDIA, Engine
from linkgate.decisions.alarms import file_stamp
from linkgate.decisions.enforcement import Enforcement
from linkgate.decisions.gate_arguments import require_moment
from linkgate.decisions.gate_status import GateStatus
from linkgate.decisions.gate_upkeep import GateUpkeep
from linkgate.decisions.observers import Observers
from linkgate.decisions.policy import PUBLIC, Policy
from linkgate.decisions.policy_view import PolicyView
from linkgate.decisions.rechecking import Rechecked, judged_again
from linkgate.decisions.unknown_surfaces import UnknownSurfaces
from linkgate.lists.config import Config, load_config
from linkgate.lists.current import FixedSource, StoreSource
from linkgate.lists.engine_reference import EngineReference
from linkgate.lists.reload import Follower
from linkgate.lists.watcher import JITTER, WATCH, Watcher

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Sequence

    from linkgate.core.digests.media import Media
    from linkgate.core.explain import Explanation
    from linkgate.core.verdict import Verdict
    from linkgate.decisions.observers import Observer
    from linkgate.decisions.rechecking import ShortTarget
    from linkgate.lists.current import Current


class Gate(Follower):
    """The current engine of a store or snapshot file, under a policy; safe to share between threads, and across a fork.

    `open` takes a store or snapshot and answers as its engine does. `of` takes a configuration, with
    its policy, record of decisions and maximum ages. `fixed` takes an engine, for tests.
    """

    def __init__(
        self,
        holder: EngineReference,
        watcher: Watcher,
        *,
        enforcement: Enforcement | None = None,
        policy: Policy | None = None,
    ) -> None:
        super().__init__(holder, watcher)
        self._enforcement = enforcement
        self._policy = policy
        self._observers = Observers()
        self._unknown = UnknownSurfaces()
        self._upkeep = None if enforcement is None else GateUpkeep(self._reference, enforcement, pause=watcher.pause)
        if self._upkeep is not None:
            weakref.finalize(self, self._upkeep.end_thread)
        self._view = PolicyView.of(holder.current, enforcement, policy)

    @classmethod
    def of(
        cls, config: Config | str | os.PathLike[str], *, watch: float | None = WATCH, jitter: float = JITTER
    ) -> Self:
        """The gate of a configuration: its store, policy and record. An edited file is followed.

        config: linkgate.toml, or what `load_config` read. watch, jitter: as for `open`. Raises
        UsageError, StoreError or SnapshotError when there is nothing to begin with.
        """
        seen = None if isinstance(config, Config) else file_stamp(config)
        config = config if isinstance(config, Config) else load_config(config)
        holder = EngineReference(StoreSource(config.open_store()))
        enforcement = Enforcement(config, seen=seen)
        return cls(holder, Watcher(holder, pause=watch, jitter=jitter), enforcement=enforcement)

    @classmethod
    def fixed(cls, engine: Engine, *, policy: Policy | None = None) -> Self:
        """A gate in memory, for tests: one engine, one policy, no store, no record, no thread.

        >>> from linkgate.lists.compile import compile_lines
        >>> gate = Gate.fixed(compile_lines(["http://bad.example/page"]).engine)
        >>> gate.check("see http://bad.example/page").action, gate.reload()
        ('block', False)
        """
        require_kind(engine, Engine, name="engine")
        if policy is not None:
            require_kind(policy, Policy, name="policy")
        reference = EngineReference(FixedSource(engine))
        return cls(reference, Watcher(reference, pause=None, jitter=0.0), policy=policy)

    @property
    def config(self) -> Config | None:
        """The configuration that it follows; None where it was opened without one."""
        return None if self._enforcement is None else self._enforcement.config

    def check(  # noqa: PLR0913  # what is known of a message
        self,
        text: str,
        *,
        links: Sequence[str] = (),
        media: Sequence[Media] = NO_MEDIA,
        surface: str = PUBLIC,
        message: str | None = None,
        account: str | None = None,
        posted: dt.datetime | None = None,
    ) -> Verdict:
        """Say whether a message links to a listed page or holds a listed file, and what to do. Raises TypeError alone.

        It takes no lock, and waits for nothing but the write of a record, where there are matches and
        the configuration asks for one. text, links, media: as for `Engine.check`. surface: where the message
        stands (`public`, `private`, or a name of yours); one that is off is not read, and the verdict
        has `scanned` False; one that the configuration does not know, though it declares others, is
        read, and counted in the status. message: its id, for the roll-out share of a list and for the record.
        account: who posted it, kept by pseudonym where the configuration has `[accounts]`, else not looked at.
        posted: when, with its time zone; the record holds it, and reports tell how long a decision took.
        """
        if posted is not None:
            require_moment(posted)
        current = self._reference.current
        if self._enforcement is None and self._policy is None and not self._observers:
            found = current.engine.check(text, links=links, media=media)
            return found if found.links is None else self._as_of_now(found, current, text, links, media)
        began = time.perf_counter()
        view = self._viewed(current)
        if view.policy is None:
            verdict = current.engine.check(text, links=links, media=media)
            verdict = verdict if verdict.links is None else self._as_of_now(verdict, current, text, links, media)
        else:
            clear = view.clear.get(surface) if surface.__class__ is str else None
            verdict = clear or view.unmet(surface, self._unknown)
            if verdict.scanned and (found := current.engine.check(text, links=links, media=media)).links is not None:
                found = self._as_of_now(found, current, text, links, media)
                snapshot = found.snapshot + view.policy.overlay
                verdict = replace(found, policy=view.policy, surface=verdict.surface, snapshot=snapshot)
                if found.opaque:
                    asked, name = view.policy.asks_of_opaque(verdict.surface), None if message is None else str(message)
                    verdict = replace(verdict, opaque_action=asked, message=name)
                if found.matches or verdict.opaque_action:
                    verdict = self._ruled(
                        verdict, text, began, media=media, message=message, account=account, posted=posted
                    )
        if self._observers:
            self._observers.tell(verdict, time.perf_counter() - began)
        return verdict

    def check_clear(self, text: str, *, links: Sequence[str] = (), surface: str = PUBLIC) -> Verdict | None:
        """The verdict of `check` where reading the message once tells it; else None, and nothing is counted."""
        current, began = self._reference.current, time.perf_counter()
        view = self._viewed(current)
        verdict = view.clear.get(surface)
        if verdict is None or verdict.scanned:
            found = current.engine.cleared(text, links)
            if found is None:
                return None
            verdict = found if view.policy is None else verdict or view.unmet(surface, self._unknown)
        self._observers.tell(verdict, time.perf_counter() - began)
        return verdict

    def _as_of_now(
        self, found: Verdict, current: Current, text: str, links: Sequence[str], media: Sequence[Media]
    ) -> Verdict:
        """The verdict on a suspect, asked for anew where an allow entry has ended since.

        For all other messages the clock is not looked at: they are clear, whatever has ended.
        """
        if current.until is None or (later := self._reference.in_force()) is current:
            return found
        return later.engine.check(text, links=links, media=media)

    def _viewed(self, current: Current) -> PolicyView:
        """The view of an engine, made anew when the engine, the breaker or the configuration is another one."""
        view = self._view
        if view.is_of(current, self._enforcement):
            return view
        view = self._view = PolicyView.of(current, self._enforcement, self._policy)
        return view

    def _ruled(  # noqa: PLR0913  # what a record holds
        self,
        verdict: Verdict,
        text: str,
        began: float,
        *,
        media: Sequence[Media],
        message: str | None,
        account: object,
        posted: dt.datetime | None,
    ) -> Verdict:
        """The verdict on a message with matches, counted and on record."""
        verdict = replace(verdict, message=None if message is None else str(message))
        enforcement = self._enforcement
        if enforcement is not None:
            if enforcement.surge_watch.tally(verdict):
                verdict = replace(verdict, policy=self._viewed(self._reference.in_force()).policy)
            seconds = time.perf_counter() - began
            enforcement.record(verdict, text=text, seconds=seconds, media=media, account=account, posted=posted)
        return verdict

    def recheck(
        self, verdict: Verdict, targets: Sequence[ShortTarget], *, text: str = "", account: str | None = None
    ) -> Verdict:
        """The verdict of `check` with what its short links lead to, as a resolver told; what is new is put on record.

        A target that is listed is a match of the short link, `nested` with the step `shortener`. `opaque` are the links
        of which it is still not known, as `[resolve]` and `[shorteners]` ask. text, account: as for `check`, for
        the record.
        """
        return self.rechecked(verdict, targets, text=text, account=account).verdict

    def rechecked(  # noqa: PLR0913  # what a record holds
        self,
        verdict: Verdict,
        targets: Sequence[ShortTarget],
        *,
        text: str = "",
        account: object = None,
        posted: dt.datetime | None = None,
        late: bool = False,
    ) -> Rechecked:
        """The same, with the ids of the new decisions. late: the message was published before."""
        began = time.perf_counter()
        current, enforcement = self._reference.in_force(), self._enforcement
        resolve = self.config.resolve if self.config else None
        after, found = judged_again(verdict, targets, current.engine, self._viewed(current).policy, resolve)
        if not found.matches:
            return Rechecked(after, ())
        if enforcement is not None and enforcement.surge_watch.tally(found):
            policy = self._viewed(current).policy
            after, found = replace(after, policy=policy), replace(found, policy=policy)
        self._observers.tell_of_recheck(found)
        if enforcement is None:
            return Rechecked(after, ())
        given: dict[str, Any] = {"text": text, "account": account, "posted": posted, "late": late}
        return Rechecked(after, enforcement.record(found, seconds=time.perf_counter() - began, **given))

    def observe(self, observer: Observer) -> None:
        """Have `observer(verdict, seconds)` called after every check, in the thread that checks.

        It must be quick; what it raises is counted in the status, and reaches nobody. Its method `rechecked`, if it has
        one, is called with the verdict of the new matches alone where a recheck found some.
        """
        self._observers.add(observer)

    @property
    def policy(self) -> Policy | None:
        """The policy of this moment; None for a gate without a configuration."""
        return self._viewed(self._reference.in_force()).policy

    def lookup(self, url: str) -> Verdict:
        """Say whether one URL is listed, as `Engine.lookup` does; under the policy, and not on record."""
        current = self._reference.in_force()
        verdict, policy = current.engine.lookup(url), self._viewed(current).policy
        return verdict if policy is None else replace(verdict, policy=policy)

    def explain(self, url: str) -> Explanation:
        """The way from a URL as written to its verdict, as `Engine.explain` does; under the policy."""
        current = self._reference.in_force()
        told, policy = current.engine.explain(url), self._viewed(current).policy
        return told if policy is None else replace(told, verdict=replace(told.verdict, policy=policy))

    def reload(self, *, force: bool = False) -> bool:
        """Take what is on the disk now, as `Follower.reload` does; alarms and configuration, too."""
        if self._upkeep is not None:
            self._upkeep.run()
        return super().reload(force=force)

    def status(self) -> GateStatus:
        """How the gate stands. Never raises, never waits."""
        return GateStatus.of(
            self._reference,
            self._enforcement,
            watching=self._watcher.is_alive(),
            observer_errors=self._observers.faults,
            unknown_surfaces=self._unknown.counts(),
        )

    def close(self) -> None:
        """End the threads; the engine goes on answering. May be called twice."""
        super().close()
        if self._upkeep is not None:
            self._upkeep.close()
