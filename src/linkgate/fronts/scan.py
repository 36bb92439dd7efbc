"""The scan: messages in, hits out, in constant memory; what was found is counted as it goes.

A hit is one match: where the message stands (file, line, id), where in it the link stands, which
entry it met and how. It holds the link itself only when asked to, defanged.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkgate.fronts.readers import Opened, messages
from linkgate.fronts.records import Bad, Fields, Record
from linkgate.fronts.show import defang, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linkgate import Verdict
    from linkgate.fronts.engines import Engines

    Hit = dict[str, Any]

_TOLD = 10
"""So many bad records are told one by one."""

_STRIDE = 512
"""Messages between two looks at the clock."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a scan has seen so far."""

    messages: int = 0
    flagged: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    bad: int = 0
    broken: int = 0
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Seconds since the scan began."""
        return time.perf_counter() - self.began

    def add(self, verdict: Verdict) -> None:
        """Count a message that met an entry: its action once, its kinds and lists once each."""
        self.flagged += verdict.flagged
        self.actions[str(verdict.action)] += 1
        self.kinds.update({match.kind.value for match in verdict.matches})
        self.lists.update({match.entry.list for match in verdict.matches})

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, with the rate in messages a second."""
        seconds = self.seconds
        return {
            "messages": self.messages,
            "flagged": self.flagged,
            "actions": dict(self.actions),
            "kinds": dict(self.kinds),
            "lists": dict(self.lists),
            "bad_records": self.bad,
            "unreadable_files": self.broken,
            "seconds": round(seconds, 3),
            "messages_per_second": round(self.messages / seconds) if seconds else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to scan and how: files, their format and fields, and whether hits show their link."""

    files: tuple[str, ...]
    form: str | None = None
    fields: Fields = field(default_factory=Fields)
    show_urls: bool = False


def scan(
    job: Job,
    engines: Engines,
    *,
    tally: Tally,
    tick: Callable[[str, Any], None] = lambda _name, _raw: None,
) -> Iterator[Hit]:
    """Read every file of the job and yield the hits; `tally` is true at every moment.

    A file that cannot be read, or breaks off, is told on stderr and counted; the next one follows.
    `tick` is called now and then with the file's name and its raw stream.
    """
    for name in job.files:
        raw: Any = None
        for item in messages(name, form=job.form, fields=job.fields):
            if isinstance(item, Record):
                yield from _judge(name, item, engines, tally, show_urls=job.show_urls)
                if not tally.messages % _STRIDE:
                    tick(name, raw)
            elif isinstance(item, Bad):
                _tell(name, item, tally)
            elif isinstance(item, Opened):
                raw = item.raw


def _judge(name: str, record: Record, engines: Engines, tally: Tally, *, show_urls: bool) -> Iterable[Hit]:
    tally.messages += 1
    verdict = engines.check(record.text, links=record.links)
    if not verdict.matches:
        return ()
    tally.add(verdict)
    return hits(verdict, file=name, record=record, show_urls=show_urls)


def hits(verdict: Verdict, *, file: str, record: Record, show_urls: bool = False) -> Iterator[Hit]:
    """Spell out each match of a verdict as a JSON-ready row."""
    for match in verdict.matches:
        hit = {"file": file, "line": record.line, "id": record.id} | match.as_dict()
        hit |= {"action": verdict.action, "snapshot": verdict.snapshot}
        if show_urls:
            hit["link"] = defang(match.link.text)
        yield hit


def _tell(name: str, bad: Bad, tally: Tally) -> None:
    if bad.line is None:
        tally.broken += 1
        say(f"{name}: {bad.reason}")
        return
    tally.bad += 1
    if tally.bad <= _TOLD:
        say(f"{name}:{bad.line}: {bad.reason}")
    elif tally.bad == _TOLD + 1:
        say("more bad records follow; they are counted")
