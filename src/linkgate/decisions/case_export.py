"""A case as a file for somebody else: neutral JSON, NCMEC's report, Coop, a hotline, the NCA. Nothing is sent.

Each says what is `missing`: what only the platform has, such as who the account is. The neutral form and NCMEC's
hold the links as they were posted, as they must; the hotline's holds entry ids and no user's data.

>>> from linkgate.decisions.case import Case
>>> from linkgate.lists.reporter_config import ReporterConfig
>>> row = {"decision": "d1", "time": "2026-01-31T10:00:00Z", "list": "demo", "entry": "7", "kind": "exact"}
>>> case = Case(id="c1", opened="2026-02-01T10:00:00Z", by="ann", reason="r", held_until=None, decisions=(row,))
>>> export = exported(case, "hotline", ReporterConfig(), ExportNotes())
>>> print(export.data.decode())
{"form": "linkgate-hotline-1", "entries": [{"list": "demo", "entry": "7", "category": null, "first_seen": \
"2026-01-31T10:00:00Z", "last_seen": "2026-01-31T10:00:00Z", "count": 1}], "missing": []}
>>> exported(case, "ncmec", ReporterConfig(), ExportNotes()).missing[:2]
('the link of decision d1: it was not captured', 'reporter.first_name')
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkgate.decisions.coop import coop_reports
from linkgate.decisions.nca import nca_table
from linkgate.decisions.ncmec import ncmec_report
from linkgate.decisions.platform_facts import PlatformFacts
from linkgate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.decisions.case import Case
    from linkgate.lists.reporter_config import ReporterConfig

_FILES = "the files beside the messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNotes:
    """What the person who exports adds: the report that this one follows, why it is urgent, what the platform knows."""

    subsequent_of: str | None = None
    priority: str | None = None
    facts: PlatformFacts = field(default_factory=PlatformFacts)


@dataclass(frozen=True, slots=True)
class CaseExport:
    """The file, and what is missing in it."""

    data: bytes
    missing: tuple[str, ...]


def exported(case: Case, form: str, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    """A case in one of FORMS."""
    return _FORMS[form](case, reporter, notes)


def _links_missing(case: Case) -> tuple[str, ...]:
    gone = [row for row in case.decisions if row["decision"] not in case.captures]
    return tuple(f"the {_what(row)} of decision {row['decision']}: it was not captured" for row in gone)


def _what(row: dict[str, Any]) -> str:
    return "file's digests" if row.get("media") else "link"


def _missing(case: Case, notes: ExportNotes) -> tuple[str, ...]:
    """What only the platform has, and did not say."""
    texts = any(capture.text for capture in case.captures.values()) or any(row.get("text") for row in case.decisions)
    return (*notes.facts.missing(), *(() if texts else ("the messages themselves",)), _FILES)


def _neutral(case: Case, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    missing = (*_links_missing(case), *_missing(case, notes))
    told = {
        "form": "linkgate-case-1",
        "case": case.id,
        "opened": case.opened,
        "opened_by": case.by,
        "reason": case.reason,
        "held_until": case.held_until,
        "subsequent_of": notes.subsequent_of,
        "priority": notes.priority,
        "reporter": {"organisation": reporter.organisation, "service": reporter.service, "email": reporter.email},
        "decisions": [_decision(case, row) for row in case.decisions],
        "media": list(case.files()),
        "platform": None if notes.facts == PlatformFacts() else notes.facts.as_dict(),
        "missing": missing,
    }
    return CaseExport(json.dumps(told, indent=1).encode(), missing)


def _decision(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    name = row["decision"]
    capture = case.captures.get(name)
    keys = ("decision", "time", "posted", "message", "surface", "list", "entry", "scope", "category", "kind", "steps")
    file = [name for name in ("media", "distance") if name in row]
    told = {key: row.get(key) for key in (*keys, *file, "action", "snapshot")}
    told |= {"review": case.reviews.get(name), "actor": case.actors.get(name)}
    told |= {"link": None, "start": None, "end": None, "text": row.get("text")}
    if capture is not None:
        told |= {"link": capture.link or None, "start": capture.start, "end": capture.end}
        told["text"] = capture.text or told["text"]
    return told | {"record": {key: row.get(key) for key in ("w", "n", "h")}}


def _hotline(case: Case, _reporter: ReporterConfig, _notes: ExportNotes) -> CaseExport:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in case.decisions:
        key = row["list"], row["entry"]
        entry = {"list": key[0], "entry": key[1], "category": row.get("category")}
        entry |= {"first_seen": row["time"], "last_seen": row["time"], "count": 0}
        one = found.setdefault(key, entry)
        one["count"] += 1
        one["last_seen"] = row["time"]
    told = {"form": "linkgate-hotline-1", "entries": list(found.values()), "missing": []}
    return CaseExport(json.dumps(told).encode(), ())


def _nca(case: Case, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    follows, priority = notes.subsequent_of, notes.priority
    data, missing = nca_table(case, reporter, notes.facts, subsequent_of=follows, priority=priority)
    return CaseExport(data, (*_links_missing(case), *_missing(case, notes), *missing))


def _ncmec(case: Case, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    data, missing = ncmec_report(case, reporter, notes.facts, priority=notes.priority)
    return CaseExport(data, (*_links_missing(case), *missing, *_missing(case, notes)))


def _coop(case: Case, reporter: ReporterConfig, _notes: ExportNotes) -> CaseExport:
    if reporter.coop is None:
        raise UsageError("there is no [reporter.coop], and Coop knows who reports, and what, by ids of its own: add it")
    return CaseExport(*coop_reports(case, reporter.coop))


_FORMS: dict[str, Callable[[Case, ReporterConfig, ExportNotes], CaseExport]] = {
    "coop": _coop,
    "hotline": _hotline,
    "nca": _nca,
    "ncmec": _ncmec,
    "neutral": _neutral,
}
FORMS = tuple(_FORMS)
