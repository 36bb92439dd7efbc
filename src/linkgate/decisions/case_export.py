"""A case as a file for somebody else: neutral JSON, NCMEC's report, a hotline, the NCA. Nothing is sent.

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

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkgate.decisions.ncmec import ncmec_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.decisions.case import Case
    from linkgate.lists.reporter_config import ReporterConfig

USER = (
    *("the account: its id, names, e-mail, telephone", "when and from which IP address it was used"),
    *("the message itself, where it was not captured", "the files beside the message"),
)
"""What only the platform has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNotes:
    """What the person who exports adds: the report that this one follows, and why it is urgent."""

    subsequent_of: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class CaseExport:
    """The file, and what is missing in it."""

    data: bytes
    missing: tuple[str, ...]


def exported(case: Case, form: str, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    """A case in one of FORMS."""
    return _FORMS[form](case, reporter, notes)


def _links_missing(case: Case) -> tuple[str, ...]:
    gone = [row["decision"] for row in case.decisions if row["decision"] not in case.captures]
    return tuple(f"the link of decision {name}: it was not captured" for name in gone)


def _neutral(case: Case, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    missing = (*_links_missing(case), *USER)
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
        "missing": missing,
    }
    return CaseExport(json.dumps(told, indent=1).encode(), missing)


def _decision(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    name = row["decision"]
    capture = case.captures.get(name)
    keys = ("decision", "time", "posted", "message", "surface", "list", "entry", "scope", "category", "kind", "steps")
    told = {key: row.get(key) for key in (*keys, "action", "snapshot")}
    told |= {"review": case.reviews.get(name), "actor": case.actors.get(name)}
    told |= {"link": None, "start": None, "end": None, "text": row.get("text")}
    if capture is not None:
        told |= {"link": capture.link, "start": capture.start, "end": capture.end}
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


_NCA = ("registration and authorised person", "report and subsequent report", "priority", "detected content")
_NCA_USER = ("further information", "user", "identity documents", "declaration")


def _nca(case: Case, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"{name} (unverified)" for name in (*_NCA, *_NCA_USER)])
    who = ", ".join(filter(None, (reporter.organisation, reporter.first_name, reporter.last_name, reporter.email)))
    report = f"{case.id}, follows {notes.subsequent_of}" if notes.subsequent_of else case.id
    for row in case.decisions:
        capture = case.captures.get(row["decision"])
        content = f"{row['time']} {capture.link if capture else ''} list {row['list']} entry {row['entry']}"
        writer.writerow([who, report, notes.priority or "", content, f"message {row.get('message') or ''}", "", "", ""])
    missing = (*_links_missing(case), *USER, *(f"column {name}" for name in _NCA_USER[1:]))
    return CaseExport(text.getvalue().encode(), missing)


def _ncmec(case: Case, reporter: ReporterConfig, notes: ExportNotes) -> CaseExport:
    data, missing = ncmec_report(case, reporter, priority=notes.priority)
    return CaseExport(data, (*_links_missing(case), *missing, *USER))


_FORMS: dict[str, Callable[[Case, ReporterConfig, ExportNotes], CaseExport]] = {
    "hotline": _hotline,
    "nca": _nca,
    "ncmec": _ncmec,
    "neutral": _neutral,
}
FORMS = tuple(_FORMS)
