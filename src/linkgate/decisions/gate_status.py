"""GateStatus: the state of a gate, as operators and their monitors ask for it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkgate.decisions.alarms import Alarm
    from linkgate.decisions.enforcement import Enforcement
    from linkgate.lists.engine_reference import EngineReference


@dataclass(frozen=True, slots=True)
class GateProblem:
    """What somebody should look at: one of KINDS, a sentence with the cure, and the list that it is about.

    A gate goes on deciding with each of them.
    """

    KINDS: ClassVar[tuple[str, ...]] = ("stale", "reload", "policy", "record", "alarm")

    kind: str
    sentence: str
    list: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStatus:
    """How a gate stands.

    snapshot: the id of what decides; version: its number in the store, None for a snapshot file;
    entries: how many; age: seconds since it was published; loaded: seconds since this process took
    it; checked: seconds since the disk was last looked at, without a fault; reloads, failures: how
    often a replacement came, and did not; error: why the last one did not, None after one that did;
    seconds: what the last load took; watching: whether a watcher is at work.

    Of a gate with a configuration: stale: lists whose publisher has not confirmed them for their
    max_age; alarms: open alarms of the breaker; written, failed: decisions that this process put on
    record, and could not; record_error: why the last one could not, or old ones not be removed;
    policy_error: why alarms or an edited configuration cannot be followed, or
    what is usual not be kept. observer_errors: how
    often an observer raised. unknown_surfaces: how many messages named a surface that the configuration
    does not know, though it declares others.
    """

    snapshot: str
    version: int | None
    entries: int
    age: float
    loaded: float
    checked: float
    reloads: int
    failures: int
    error: str | None
    seconds: float
    watching: bool
    stale: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    written: int = 0
    failed: int = 0
    record_error: str | None = None
    policy_error: str | None = None
    observer_errors: int = 0
    unknown_surfaces: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        holder: EngineReference,
        enforcement: Enforcement | None,
        *,
        watching: bool,
        observer_errors: int,
        unknown_surfaces: Mapping[str, int],
    ) -> Self:
        """Put together what the parts of a gate know. Never raises, never waits."""
        current, now = holder.in_force(), time.monotonic()
        log = enforcement.log if enforcement else None
        return cls(
            snapshot=current.engine.snapshot,
            version=current.version,
            entries=current.engine.size,
            age=max(0.0, time.time() - current.published),
            loaded=now - current.loaded,
            checked=now - holder.checked,
            reloads=holder.reloads,
            failures=holder.failures,
            error=holder.error,
            seconds=current.seconds,
            watching=watching,
            stale=_stale(holder, enforcement),
            alarms=enforcement.surge_watch.alarms if enforcement else (),
            written=log.written.total if log else 0,
            failed=log.failed.total if log else 0,
            record_error=enforcement.record_error if enforcement else None,
            policy_error=enforcement.error if enforcement else None,
            observer_errors=observer_errors,
            unknown_surfaces=unknown_surfaces,
        )

    @property
    def problems(self) -> tuple[GateProblem, ...]:
        """All that somebody should look at, in the order of `GateProblem.KINDS`."""
        return tuple(_problems(self))

    @property
    def ok(self) -> bool:
        """Whether nobody needs to look: no stale list, no fault of reload, policy or record, no open alarm."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; holds no address."""
        told = {name: getattr(self, name) for name in self.__slots__}
        told |= {"stale": list(self.stale), "alarms": [alarm.as_dict() for alarm in self.alarms]}
        told |= {"problems": [asdict(problem) for problem in self.problems]}
        return {"ok": self.ok} | told


def _problems(status: GateStatus) -> Iterator[GateProblem]:
    for name in status.stale:
        yield GateProblem("stale", f"list {name} is over its max_age: see `linkgate lists status`", name)
    faults = (("reload", status.error), ("policy", status.policy_error), ("record", status.record_error))
    yield from (GateProblem(kind, sentence) for kind, sentence in faults if sentence)
    for alarm in status.alarms:
        if alarm.is_open:
            yield GateProblem("alarm", _surge(alarm), alarm.list)


def _surge(alarm: Alarm) -> str:
    name = alarm.list if alarm.entry is None else f"{alarm.list}:{alarm.entry}"
    return f"{name} flags more than usual, so it asks for review at most: `linkgate policy confirm {name}` if it should"


def _stale(holder: EngineReference, enforcement: Enforcement | None) -> tuple[str, ...]:
    if enforcement is None:
        return ()
    checked, now = holder.current.checked, time.time()
    return tuple(name for name, age in enforcement.ages.items() if name in checked and now - checked[name] > age)
