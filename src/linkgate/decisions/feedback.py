"""Opinions of a list's entries, as its publisher can read them: its ids, its words, and never an address.

>>> from linkgate.decisions.opinions import Opinion
>>> from linkgate.lists.publisher_ids import PublisherId
>>> said = [Opinion(entry="7", list="demo", opinion=word, by=by, at="2026-01-31T10:00:00Z", reason=why)
...         for word, by, why in (("wrong", "ann", "a school"), ("confirmed", "bob", "see bad.example/page"))]
>>> row, = feedback_of(said, {"7": PublisherId(id="7")})
>>> row.verdict, row.confirmed, row.wrong, row.reasons, row.withheld
('mixed', 1, 1, ('a school',), 1)
>>> print(feedback_file([row], "stopncii", FeedbackAsked()).decode())
{"count": 1, "hashFeedbacks": [{"tags": [], "feedbackValue": "PendingReview", "hashValue": "7"}]}

The forms of StopNCII, NCMEC and ThreatExchange are those of the clients in github.com/facebook/ThreatExchange (commit
baefb4e), those of MISP of github.com/MISP/PyMISP (99a1c79).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from linkgate.decisions.csv_table import csv_table
from linkgate.decisions.free_text import names_somebody
from linkgate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from linkgate.decisions.opinions import Opinion
    from linkgate.lists.publisher_ids import PublisherId

_STOPNCII = {"confirmed": "Blocked", "wrong": "NotBlocked", "mixed": "PendingReview"}
_NCMEC = {"confirmed": "upvote", "wrong": "downvote"}
_REACTIONS = {"confirmed": "HELPFUL", "wrong": "NOT_HELPFUL"}
_HASHSHARING = "https://hashsharing.ncmec.org/hashsharing/v2"
_SIGHTINGS = {"confirmed": "0", "wrong": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """What people here think of one entry: each person's last word counts.

    reasons: those in which there is no link and no name of an account; the rest are `withheld`.
    """

    entry: PublisherId
    confirmed: int
    wrong: int
    reasons: tuple[str, ...]
    withheld: int
    last: str

    @property
    def verdict(self) -> str:
        """`confirmed`, `wrong`, or `mixed` where people disagree."""
        return "mixed" if self.confirmed and self.wrong else "wrong" if self.wrong else "confirmed"

    @property
    def name(self) -> dict[str, Any]:
        """The publisher's name of the entry."""
        return {"id": self.entry.id} if self.entry.id is not None else {"line": self.entry.line}


def feedback_of(opinions: Iterable[Opinion], names: Mapping[str, PublisherId]) -> list[FeedbackRow]:
    """The feedback on the entries of one list that have a publisher's name, in the order of its ids or lines."""
    said: dict[str, dict[str, Opinion]] = defaultdict(dict)
    for each in opinions:
        if each.opinion != "resent" and each.entry in names:
            said[each.entry][each.by] = each
    rows = [_row(names[entry], list(last.values())) for entry, last in said.items()]
    return sorted(rows, key=lambda row: (row.entry.line or 0, row.entry.id or ""))


def _row(name: PublisherId, opinions: Sequence[Opinion]) -> FeedbackRow:
    reasons = [each.reason for each in opinions if each.reason]
    shown = tuple(reason for reason in reasons if not names_somebody(reason))
    right = sum(each.opinion == "confirmed" for each in opinions)
    return FeedbackRow(
        entry=name,
        confirmed=right,
        wrong=len(opinions) - right,
        reasons=shown,
        withheld=len(reasons) - len(shown),
        last=max(each.at for each in opinions)[:10],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAsked:
    """What a file needs besides. checksum: the SHA-256 of the list's file, for entries that are told by their lines.

    reason_id: which of NCMEC's reasons its downvotes name.
    """

    checksum: str = ""
    reason_id: str | None = None


def feedback_file(rows: Sequence[FeedbackRow], form: str, asked: FeedbackAsked) -> bytes:
    """The rows as a file, in one of FORMS.

    Formats other than csv need the publisher's ids: UsageError where there are none.
    """
    if form != "csv" and any(row.entry.id is None for row in rows):
        raise UsageError(f"this list has no ids of its publisher, and {form} needs them: export it with --as csv")
    return _FORMS[form](rows, asked)


def _csv(rows: Sequence[FeedbackRow], asked: FeedbackAsked) -> bytes:
    head = ("id", "line", "list_sha256", "opinion", "confirmed", "wrong", "reasons", "last")
    return csv_table(head, (_csv_row(row, asked.checksum) for row in rows))


def _csv_row(row: FeedbackRow, checksum: str) -> tuple[object, ...]:
    place = (row.entry.id or "", row.entry.line or "", checksum if row.entry.id is None else "")
    return (*place, row.verdict, row.confirmed, row.wrong, "; ".join(row.reasons), row.last)


def _stopncii(rows: Sequence[FeedbackRow], _asked: FeedbackAsked) -> bytes:
    """A body of SubmitFeedback; the id of an entry stands where the service has its hash."""
    told: list[dict[str, Any]] = [
        {"tags": [], "feedbackValue": _STOPNCII[row.verdict], "hashValue": row.entry.id} for row in rows
    ]
    return json.dumps({"count": len(told), "hashFeedbacks": told}).encode()


def _ncmec(rows: Sequence[FeedbackRow], asked: FeedbackAsked) -> bytes:
    """Bodies of `PUT entries/MEMBER/ID/FINGERPRINT/feedback`, one a line; a downvote names one of NCMEC's reasons."""
    kept = [row for row in rows if row.verdict in _NCMEC]
    if asked.reason_id is None and any(row.verdict == "wrong" for row in kept):
        raise UsageError("a downvote names one of NCMEC's own reasons: give its id with --reason-id")
    lines = ({"id": row.entry.id, "vote": _NCMEC[row.verdict], "body": _vote(row.verdict, asked)} for row in kept)
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def _vote(verdict: str, asked: FeedbackAsked) -> str:
    root = ET.Element("feedbackSubmission", {"xmlns": _HASHSHARING})
    if verdict == "confirmed":
        ET.SubElement(root, "affirmative")
    else:
        reasons = ET.SubElement(ET.SubElement(root, "negative"), "reasonIds")
        ET.SubElement(reasons, "guid").text = asked.reason_id
    return ET.tostring(root, encoding="unicode")


def _threatexchange(rows: Sequence[FeedbackRow], _asked: FeedbackAsked) -> bytes:
    """Bodies of `POST /DESCRIPTOR`, one a line."""
    kept = [row for row in rows if row.verdict in _REACTIONS]
    lines = (json.dumps({"descriptor_id": row.entry.id, "reactions": _REACTIONS[row.verdict]}) for row in kept)
    return "".join(f"{line}\n" for line in lines).encode()


def _misp(rows: Sequence[FeedbackRow], _asked: FeedbackAsked) -> bytes:
    kept = [row for row in rows if row.verdict in _SIGHTINGS]
    return json.dumps([{"uuid": row.entry.id, "type": _SIGHTINGS[row.verdict]} for row in kept]).encode()


_FORMS: dict[str, Callable[[Sequence[FeedbackRow], FeedbackAsked], bytes]] = {
    "csv": _csv,
    "misp": _misp,
    "ncmec": _ncmec,
    "stopncii": _stopncii,
    "threatexchange": _threatexchange,
}
FORMS = tuple(_FORMS)
