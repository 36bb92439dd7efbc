"""Coop: a case as bodies of its report API, one message a line, for those who let Coop review and report.

Source: `docs/api/report.md` and `server/routes/reporting/ReportingRoutes.ts` of github.com/roostorg/coop, commit
1c1f54d. `POST /api/v1/report` takes one body; who reports, and of which types items are, is set up in Coop and stands
in `[reporter.coop]`.

>>> from linkgate.decisions.case import Case
>>> from linkgate.lists.reporter_config import CoopConfig
>>> row = {"decision": "d1", "time": "2026-01-31T10:00:00Z", "list": "demo", "entry": "7", "message": "m1",
...        "category": "csam"}
>>> case = Case(id="c1", opened="", by="ann", reason="r", held_until=None, decisions=(row,))
>>> data, missing = coop_reports(case, CoopConfig(reporter_type="u", reporter_id="linkgate", item_type="post"))
>>> body = json.loads(data)
>>> body["reportedItem"], body["reportedForReason"]["csam"], missing
({'id': 'm1', 'typeId': 'post', 'data': {}}, True, ('the text and links of message m1: they were not captured',))
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkgate.decisions.case import Case
    from linkgate.lists.reporter_config import CoopConfig

    Row = dict[str, Any]


def coop_reports(case: Case, coop: CoopConfig) -> tuple[bytes, tuple[str, ...]]:
    """The bodies as lines, and what is missing in them. Decisions without a message's id are in none."""
    messages: dict[str, list[Row]] = {}
    nameless = 0
    for row in case.decisions:
        if row.get("message") is None:
            nameless += 1
        else:
            messages.setdefault(str(row["message"]), []).append(row)
    lines, missing = [], list[str]()
    for name, rows in messages.items():
        data = dict(_data(case, coop, rows))
        lines.append(json.dumps(_body(case, coop, name, rows, data)) + "\n")
        if not data:
            missing.append(f"the text and links of message {name}: they were not captured")
    if nameless:
        missing.append(f"{nameless} decisions on messages without an id: Coop knows items by it")
    return "".join(lines).encode(), tuple(missing)


def _body(case: Case, coop: CoopConfig, name: str, rows: Sequence[Row], data: dict[str, Any]) -> Row:
    entries = ", ".join(f"{row['list']}:{row['entry']} ({row.get('kind')})" for row in rows)
    reason: Row = {"reason": f"{case.reason}; links to listed pages: {entries}; case {case.id}"}
    reason["csam"] = any(row.get("category") in coop.csam for row in rows)
    if coop.policy:
        reason["policyId"] = coop.policy
    return {
        "reporter": {"kind": "user", "typeId": coop.reporter_type, "id": coop.reporter_id},
        "reportedAt": max(str(row["time"]) for row in rows),
        "reportedForReason": reason,
        "reportedItem": {"id": name, "typeId": coop.item_type, "data": data},
    }


def _data(case: Case, coop: CoopConfig, rows: Sequence[Row]) -> Iterator[tuple[str, Any]]:
    """What was captured of the message, in the fields that the type of item has in Coop."""
    captures = [case.captures[row["decision"]] for row in rows if row["decision"] in case.captures]
    text = next((capture.text for capture in captures if capture.text), None)
    text = text or next((row["text"] for row in rows if row.get("text")), None)
    if text and coop.text_field:
        yield coop.text_field, text
    links = list(dict.fromkeys(capture.link for capture in captures if capture.link))
    if links and coop.links_field:
        yield coop.links_field, links
    posted = next((row["posted"] for row in rows if row.get("posted")), None)
    if posted and coop.time_field:
        yield coop.time_field, posted
