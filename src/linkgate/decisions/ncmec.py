"""NCMEC CyberTipline: a case as its `report`, as the schema and the documentation of its reporting API want it.

Source: "CyberTipline Reporting API Technical Documentation" and the XML schema that the service gives out (`GET /xsd`),
in copies of 2025. The order of elements, their lengths and words are from there.

>>> from linkgate.decisions.case import Case
>>> from linkgate.lists.reporter_config import ReporterConfig
>>> row = {"decision": "d1", "time": "2026-01-31T10:00:00Z", "list": "demo", "entry": "7", "message": "m1"}
>>> case = Case(id="c1", opened="", by="ann", reason="r", held_until=None, decisions=(row,))
>>> data, missing = ncmec_report(case, ReporterConfig(), PlatformFacts(), priority=None)
>>> [element.tag for element in ET.fromstring(data)], missing[0]
(['incidentSummary', 'reporter', 'additionalInfo'], 'reporter.first_name')
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from linkgate.core.text.refang import refang
from linkgate.core.url.canonical import canonicalize
from linkgate.decisions.platform_facts import PlatformFacts
from linkgate.lists.reporter_config import INCIDENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.decisions.capture import Capture
    from linkgate.decisions.case import Case
    from linkgate.decisions.platform_facts import IpEvent, ReportedUser
    from linkgate.lists.reporter_config import ReporterConfig

_LONGEST = {
    **dict.fromkeys(("firstName", "lastName", "espService"), 100),
    **dict.fromkeys(("email", "espIdentifier", "displayName", "chatClient", "chatRoomName", "groupIdentifier"), 255),
    **dict.fromkeys(("phone",), 50),
    **dict.fromkeys(("platform", "screenName"), 256),
    **dict.fromkeys(("escalateToHighPriority", "incidentDateTimeDescription", "termsOfService"), 3000),
    **dict.fromkeys(("url", "legalURL", "profileUrl"), 2083),
}
_LONG_TEXT = 40_000
_UNPRINTABLE = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE | re.ASCII)
_USER = (
    *(("id", "espIdentifier"), ("screen_name", "screenName"), ("display_names", "displayName")),
    *(("profile_urls", "profileUrl"), ("ip_events", "ipCaptureEvent"), ("prior_reports", "priorCTReports")),
    *(("group", "groupIdentifier"), ("more", "additionalInfo")),
)


def ncmec_report(
    case: Case, reporter: ReporterConfig, facts: PlatformFacts, *, priority: str | None
) -> tuple[bytes, tuple[str, ...]]:
    """The XML, and what it misses: settings of `[reporter]`, and what comes with the files themselves."""
    root = ET.Element("report")
    _summary(root, case, reporter, priority)
    _internet(root, case, facts)
    _reporter(root, reporter)
    _user(root, facts.user, reporter)
    _put(root, "additionalInfo", "\n".join(_additional(case)))
    needed = ("first_name", "last_name", "email", "service", "terms", "legal_url")
    missing = [f"reporter.{name}" for name in needed if not getattr(reporter, name)]
    if case.files():
        missing.append("fileDetails of each file: their reportId and fileId come with the answers of the service")
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)), tuple(missing)


def url_of(link: str) -> str | None:
    """A link as posted as a URL: as it is where it is one, else what a browser would request; None where that is none.

    >>> url_of("https://bad.example/Page"), url_of("hxxp://bad[.]example/page"), url_of("www.bad.example"), url_of("no")
    ('https://bad.example/Page', 'http://bad.example/page', 'http://www.bad.example/', None)
    """
    if _WHOLE.fullmatch(link):
        found = link
    else:
        canonical = canonicalize(refang(link))
        found = "" if canonical is None or "." not in str(canonical) else str(canonical)
    return found if 0 < len(found) <= _LONGEST["url"] else None


def _summary(root: ET.Element, case: Case, reporter: ReporterConfig, priority: str | None) -> None:
    summary = ET.SubElement(root, "incidentSummary")
    categories = {str(row.get("category")) for row in case.decisions}
    kinds = {reporter.incident_types.get(category, INCIDENT) for category in categories}
    _put(summary, "incidentType", INCIDENT if INCIDENT in kinds else min(kinds, default=INCIDENT))
    _put(summary, "platform", reporter.service or reporter.organisation)
    _put(summary, "escalateToHighPriority", priority)
    posted = [str(row["posted"]) for row in case.decisions if row.get("posted")]
    found = [str(row["time"]) for row in case.decisions]
    _put(summary, "incidentDateTime", min(posted or found, default=case.opened))
    what = "When the first message of this case was posted" if posted else "When a link of this case was first found"
    _put(summary, "incidentDateTimeDescription", f"{what}, UTC")


def _internet(root: ET.Element, case: Case, facts: PlatformFacts) -> None:
    """One incident for each link that was captured: of the others nobody knows the address. And the chat, if any."""
    for row in case.decisions:
        capture = case.captures.get(row["decision"])
        if capture is not None and capture.link:
            page = ET.SubElement(ET.SubElement(root, "internetDetails"), "webPageIncident")
            page.set("thirdPartyHostedContent", "true")
            _put(page, "url", url_of(capture.link))
            told = f"Posted as {capture.link} in message {row.get('message')}; list {row['list']}, entry {row['entry']}"
            _put(page, "additionalInfo", told)
    if facts.chat is not None:
        chat = ET.SubElement(ET.SubElement(root, "internetDetails"), "chatImIncident")
        _put(chat, "chatClient", facts.chat.client)
        _put(chat, "chatRoomName", facts.chat.room)
        _put(chat, "content", "\n\n".join(_texts(case.captures.values())))


def _texts(captures: Iterable[Capture]) -> list[str]:
    """The messages that were captured, each once."""
    return list(dict.fromkeys(capture.text for capture in captures if capture.text))


def _reporter(root: ET.Element, reporter: ReporterConfig) -> None:
    told = ET.SubElement(root, "reporter")
    _person(told, "reportingPerson", reporter.first_name, reporter.last_name, emails=(reporter.email,))
    contact = reporter.contact
    if contact is not None:
        _person(
            *(told, "contactPerson", contact.first_name, contact.last_name),
            emails=(contact.email,),
            phones=(contact.phone,),
        )
    _put(told, "companyTemplate", reporter.company_template)
    _put(told, "termsOfService", reporter.terms)
    _put(told, "legalURL", reporter.legal_url)


def _person(  # noqa: PLR0913  # what the schema has of one
    parent: ET.Element,
    name: str,
    first: str | None,
    last: str | None,
    *,
    emails: Iterable[str | None] = (),
    phones: Iterable[str | None] = (),
) -> None:
    person = ET.SubElement(parent, name)
    _put(person, "firstName", first)
    _put(person, "lastName", last)
    for phone in phones:
        _put(person, "phone", phone)
    for email in emails:
        _put(person, "email", email)


def _user(root: ET.Element, user: ReportedUser, reporter: ReporterConfig) -> None:
    """Who posted it, where the platform told anything of them: an empty suspect helps nobody."""
    if user == PlatformFacts().user:
        return
    person = ET.SubElement(root, "personOrUserReported")
    if user.first_name or user.last_name or user.emails or user.phones:
        names = (person, "personOrUserReportedPerson", user.first_name, user.last_name)
        _person(*names, emails=user.emails, phones=user.phones)
    for name, element in _USER:
        if element == "screenName":
            _put(person, "espService", reporter.service or reporter.organisation)
        value = getattr(user, name)
        for each in value if isinstance(value, tuple) else (value,):
            if element == "ipCaptureEvent":
                _ip_event(person, each)
            else:
                _put(person, element, None if each is None else str(each))


def _ip_event(person: ET.Element, event: IpEvent) -> None:
    told = ET.SubElement(person, "ipCaptureEvent")
    _put(told, "ipAddress", event.address)
    _put(told, "eventName", event.event)
    _put(told, "dateTime", None if event.time is None else event.time.isoformat())
    _put(told, "possibleProxy", None if event.possible_proxy is None else str(event.possible_proxy).lower())
    _put(told, "port", None if event.port is None else str(event.port))


def _additional(case: Case) -> Iterable[str]:
    yield f"linkgate case {case.id}: {case.reason}"
    for row in case.decisions:
        yield f"{row['time']} decision {row['decision']} message {row.get('message')}"
    for number, file in enumerate(case.files(), 1):
        yield f"file {number}: " + ", ".join(f"{name.upper()} {digits}" for name, digits in file.items())


def _put(parent: ET.Element, name: str, text: str | None) -> None:
    """An element, where there is something to say; never longer than the documentation allows."""
    if text:
        ET.SubElement(parent, name).text = _UNPRINTABLE.sub("", text)[: _LONGEST.get(name, _LONG_TEXT)]
