"""NCA: a case as a table after the headings of the United Kingdom's regulations on reports of CSEA content.

The headings are those of Schedule 1 of SI 2025/368, read in its table of contents on legislation.gov.uk (paragraphs 1
to 5 and 7, and regulations 13 and 14). It was revoked; of its successor SI 2026/268 regulations 1 and 2 could be
read, the schedule not: so each column is marked unverified: compare it with the schedule, or the portal of the NCA.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.decisions.csv_table import csv_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.decisions.case import Case
    from linkgate.decisions.platform_facts import PlatformFacts
    from linkgate.lists.reporter_config import ReporterConfig

COLUMNS = (
    *("registration and authorised person", "report and subsequent report", "priority", "detected content"),
    *("further information", "user", "identity documents", "declaration"),
)


def nca_table(
    case: Case, reporter: ReporterConfig, facts: PlatformFacts, *, subsequent_of: str | None, priority: str | None
) -> tuple[bytes, tuple[str, ...]]:
    """The table, a decision a row, and the columns that only the platform can fill."""
    who = ", ".join(filter(None, (reporter.organisation, reporter.first_name, reporter.last_name, reporter.email)))
    report = f"{case.id}, follows {subsequent_of}" if subsequent_of else case.id
    user = "; ".join(_user(facts))
    files = "; ".join(", ".join(f"{name} {digits}" for name, digits in file.items()) for file in case.files())
    rows = [(who, report, priority or "", *_content(case, row, files), user, "", "") for row in case.decisions]
    empty = ("identity documents", "declaration") if user else ("user", "identity documents", "declaration")
    head = [f"{name} (unverified)" for name in COLUMNS]
    return csv_table(head, rows), tuple(f"column {name}" for name in empty)


def _content(case: Case, row: dict[str, Any], files: str) -> tuple[str, str]:
    """What was detected, and what is known besides."""
    capture = case.captures.get(row["decision"])
    content = f"{row['time']} {capture.link if capture else ''} list {row['list']} entry {row['entry']}"
    posted = f", posted {row['posted']}" if row.get("posted") else ""
    return content, f"message {row.get('message') or ''}{posted}" + (f"; hash values: {files}" if files else "")


def _user(facts: PlatformFacts) -> Iterator[str]:
    user = facts.user
    names = (("id", user.id), ("screen name", user.screen_name), ("first name", user.first_name))
    for what, value in (*names, ("last name", user.last_name)):
        if value:
            yield f"{what} {value}"
    for what, values in (("e-mail", user.emails), ("telephone", user.phones), ("name", user.display_names)):
        yield from (f"{what} {value}" for value in values)
    for event in user.ip_events:
        port = f" port {event.port}" if event.port else ""
        at = f" at {event.time.isoformat()}" if event.time else ""
        yield f"{event.event} from {event.address}{port}{at}"
