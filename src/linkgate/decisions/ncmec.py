"""NCMEC CyberTipline: a case as its `report`, the elements in the order that its schema asks for.

>>> from linkgate.decisions.case import Case
>>> from linkgate.lists.reporter_config import ReporterConfig
>>> row = {"decision": "d1", "time": "2026-01-31T10:00:00Z", "list": "demo", "entry": "7", "message": "m1"}
>>> case = Case(id="c1", opened="", by="ann", reason="r", held_until=None, decisions=(row,))
>>> data, missing = ncmec_report(case, ReporterConfig(), priority=None)
>>> [element.tag for element in ET.fromstring(data)], missing[0]
(['incidentSummary', 'reporter', 'personOrUserReported', 'additionalInfo'], 'reporter.first_name')
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from linkgate.decisions.case import Case
    from linkgate.lists.reporter_config import ReporterConfig

INCIDENT = "Child Pornography (possession, manufacture, and distribution)"
"""The type of an incident whose category has no other in `incident_types` of `[reporter]`."""

_LONGEST = 3000
_UNPRINTABLE = {number: None for number in range(32) if number not in {9, 10, 13}}


def ncmec_report(case: Case, reporter: ReporterConfig, *, priority: str | None) -> tuple[bytes, tuple[str, ...]]:
    """The XML, and which settings of `[reporter]` it misses."""
    root = ET.Element("report")
    _summary(root, case, reporter, priority)
    _internet(root, case)
    _reporter(root, reporter)
    person = ET.SubElement(root, "personOrUserReported")
    _put(person, "espService", reporter.service or reporter.organisation)
    _put(root, "additionalInfo", _additional(case))
    needed = ("first_name", "last_name", "email", "service", "terms", "legal_url")
    missing = tuple(f"reporter.{name}" for name in needed if not getattr(reporter, name))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)), missing


def _summary(root: ET.Element, case: Case, reporter: ReporterConfig, priority: str | None) -> None:
    summary = ET.SubElement(root, "incidentSummary")
    categories = {str(row.get("category")) for row in case.decisions}
    kinds = {reporter.incident_types.get(category, INCIDENT) for category in categories}
    _put(summary, "incidentType", INCIDENT if INCIDENT in kinds else min(kinds, default=INCIDENT))
    _put(summary, "escalateToHighPriority", priority)
    _put(summary, "incidentDateTime", min((row["time"] for row in case.decisions), default=case.opened))
    _put(summary, "incidentDateTimeDescription", "When linkgate first found a listed page or file in this case, UTC")


def _internet(root: ET.Element, case: Case) -> None:
    """One incident for each link that was captured: of the others nobody knows the address."""
    for row in case.decisions:
        capture = case.captures.get(row["decision"])
        if capture is None or not capture.link:
            continue
        page = ET.SubElement(ET.SubElement(root, "internetDetails"), "webPageIncident")
        _put(page, "url", capture.link)
        _put(
            page,
            "additionalInfo",
            f"Posted in message {row.get('message')}; on list {row['list']}, entry {row['entry']}",
        )
        _put(page, "thirdPartyHostedContent", "true")


def _reporter(root: ET.Element, reporter: ReporterConfig) -> None:
    told = ET.SubElement(root, "reporter")
    person = ET.SubElement(told, "reportingPerson")
    for name, value in (
        ("firstName", reporter.first_name),
        ("lastName", reporter.last_name),
        ("email", reporter.email),
    ):
        _put(person, name, value)
    _put(told, "companyTemplate", reporter.company_template)
    _put(told, "termsOfService", reporter.terms)
    _put(told, "legalURL", reporter.legal_url)


def _additional(case: Case) -> str:
    lines = [f"linkgate case {case.id}: {case.reason}"]
    lines += [f"{row['time']} decision {row['decision']} message {row.get('message')}" for row in case.decisions]
    return "\n".join(lines)


def _put(parent: ET.Element, name: str, text: str | None) -> None:
    """An element, where there is something to say; never longer than the schema allows."""
    if text:
        ET.SubElement(parent, name).text = text.translate(_UNPRINTABLE)[:_LONGEST]
