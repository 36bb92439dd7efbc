"""Certificate: what was tried, what was caught, by which program; equal but for its date when run again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkgate.lists.canaries import LISTED, canary_id
from linkgate.selftest.table import UNTRIED, probes
from linkgate.selftest.versions import suffix_list_date, versions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from linkgate.selftest.trial import ProbeOutcome, Trial

FORMAT = 1
"""Raised when a field changes its meaning."""

_SHORTENED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A class of spellings, or of controls, with the outcomes of its messages."""

    name: str
    control: bool
    outcomes: tuple[ProbeOutcome, ...]

    @property
    def right(self) -> int:
        """How many messages were caught, or, of controls, left alone."""
        return sum(outcome.right for outcome in self.outcomes)

    @property
    def kinds(self) -> dict[str, int]:
        """How many were caught as what."""
        return dict(sorted(Counter(kind for outcome in self.outcomes for kind in outcome.kinds).items()))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, every message with its outcome."""
        counted = {"tried": len(self.outcomes), "clear" if self.control else "caught": self.right}
        kinds = {} if self.control else {"kinds": self.kinds}
        return {"class": self.name, **counted, **kinds, "messages": [_message(each) for each in self.outcomes]}


def _message(outcome: ProbeOutcome) -> dict[str, Any]:
    probe = outcome.probe
    said = {"found": list(outcome.found)} if probe.control else {"kinds": list(outcome.kinds)}
    return {"canary": probe.canary, **probe.posted, **said, "right": outcome.right}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The record of one test.

    date: when, in UTC. via: through what the messages went. lists: what is known of the lists in
    use, one dictionary each.
    """

    trial: Trial
    date: dt.datetime
    via: str
    lists: tuple[Mapping[str, Any], ...] = ()
    versions: Mapping[str, str] = field(default_factory=versions)
    suffix_list: str | None = field(default_factory=suffix_list_date)

    @property
    def passed(self) -> bool:
        """Whether nothing slipped and no control was flagged."""
        return self.trial.passed

    @property
    def rows(self) -> tuple[Row, ...]:
        """The classes in the order of the table; those of which nothing was tried are left out."""
        found: dict[tuple[str, bool], list[ProbeOutcome]] = {}
        for outcome in self.trial.outcomes:
            found.setdefault((outcome.probe.spelling, outcome.probe.control), []).append(outcome)
        return tuple(Row(name=name, control=control, outcomes=tuple(each)) for (name, control), each in found.items())

    @property
    def slipped(self) -> tuple[ProbeOutcome, ...]:
        """Messages that were not caught."""
        return tuple(each for each in self.trial.outcomes if not each.right and not each.probe.control)

    @property
    def flagged(self) -> tuple[ProbeOutcome, ...]:
        """Controls that were not left alone."""
        return tuple(each for each in self.trial.outcomes if not each.right and each.probe.control)

    def counts(self) -> dict[str, int]:
        """The numbers of the whole test."""
        spelled = [row for row in self.rows if not row.control]
        controls = [row for row in self.rows if row.control]
        return {
            "classes": len(spelled),
            "tried": _total(spelled),
            "caught": sum(row.right for row in spelled),
            "controls": _total(controls),
            "controls_clear": sum(row.right for row in controls),
        }

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready. The addresses in it are the canaries' own, which name nothing real."""
        return {
            "linkgate_selftest": FORMAT,
            "result": "passed" if self.passed else "failed",
            "date": stamp(self.date),
            "via": self.via,
            "counts": self.counts(),
            "snapshots": list(self.trial.snapshots),
            "lists": [dict(each) for each in self.lists],
            "versions": dict(self.versions),
            "public_suffix_list": self.suffix_list,
            "table": table_digest(),
            "canaries": [
                {"entry": canary_id(name), "address": address, "tried": name not in self.trial.absent}
                for name, address in LISTED.items()
            ],
            "untried": list(UNTRIED),
            "spellings": [row.as_dict() for row in self.rows if not row.control],
            "controls": [row.as_dict() for row in self.rows if row.control],
        }

    def to_json(self) -> str:
        """The certificate as a JSON document in ASCII, indented, with a line break at its end."""
        return json.dumps(self.as_dict(), indent=1) + "\n"


def _total(rows: Iterable[Row]) -> int:
    return sum(len(row.outcomes) for row in rows)


def stamp(date: dt.datetime) -> str:
    """A moment as `2026-01-31T12:00:00Z`."""
    return date.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def table_digest() -> str:
    """A short hash of every message of the test: certificates of one table can be compared."""
    every = [(probe.spelling, probe.canary, probe.text, probe.link, probe.posted, probe.control) for probe in probes()]
    return hashlib.sha256(json.dumps(every).encode()).hexdigest()[:_SHORTENED]
