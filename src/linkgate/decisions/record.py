"""One decision as a line of JSON, and lines read back; a torn line is counted and costs no other.

>>> reading = Reading([b'{"time":"2026-01-31T10:00:00Z","decision":"1","list":"demo","entry":"demo:1","half'])
>>> list(reading), reading.torn
([], 1)
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.lists.canaries import SHORT_LINKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkgate.core.verdict import Action, Match, Ruling, Verdict

BEGINNING = b'{"time":"'
"""How each line begins; inside a line its quotes would be escaped."""

LONGEST_LINE = 1 << 20
"""Bytes that a line has at most; what is longer is none of ours."""

_LONGEST_ID, _LONGEST_TEXT = 512, 40_000


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One match on record.

    time: UTC, to the microsecond. decision: a random id of this line. message: the id that the
    caller gave. media: that of the file, of a match of a file, and distance in how many bits its picture differs
    from the listed one. posted: when the message was, where the caller said it. action: what counted; asked:
    what the list asked for; held: why it was less, None if it was not (`shadow`, `share`, `surge`).
    micros: how long the check took, in microseconds. text: its first 40,000 characters, and only
    where the configuration asks for it. An id is cut at 512. late: the message was published before. A short
    link that no entry covers is of kind `opaque`, of no entry, on no list.
    """

    time: str
    decision: str
    message: str | None = None
    surface: str | None = None
    posted: str | None = None
    list: str
    entry: str
    scope: str
    category: str | None = None
    kind: str
    steps: tuple[str, ...] = ()
    media: str | None = None
    distance: int | None = None
    action: str
    asked: str
    held: str | None = None
    shadow: bool = False
    snapshot: str
    micros: int
    text: str | None = None
    late: bool = False

    @property
    def day(self) -> str:
        """The day in UTC."""
        return self.time[:10]

    @property
    def posted_day(self) -> str:
        """The day on which the message was posted; that of the decision where nobody said it."""
        return (self.posted or self.time)[:10]

    @property
    def seconds(self) -> float | None:
        """How long after the post it was made; None where nobody said when that was."""
        if self.posted is None:
            return None
        try:
            passed = dt.datetime.fromisoformat(self.time) - dt.datetime.fromisoformat(self.posted)
        except (TypeError, ValueError):
            return None
        return max(passed.total_seconds(), 0.0)


def line_of(  # noqa: PLR0913  # what a record holds
    match: Match,
    ruling: Ruling,
    verdict: Verdict,
    *,
    at: str,
    decision: str,
    micros: int,
    text: str | None = None,
    posted: str | None = None,
    late: bool = False,
) -> bytes:
    """One match as a line, without its end; the text of the message, and when it was posted, only if given."""
    entry = match.entry
    row: dict[str, Any] = _beginning(verdict, at, decision) | {
        "list": entry.list,
        "entry": entry.id,
        "scope": entry.scope.value,
        "category": _sound(entry.category, _LONGEST_ID),
        "kind": match.kind.value,
        "steps": match.steps,
        "action": ruling.action,
        "asked": ruling.asked,
        "held": ruling.held,
        "shadow": ruling.held in {"shadow", "share"},
        "snapshot": verdict.snapshot,
        "micros": micros,
    }
    if match.media is not None:
        row |= {"media": _sound(match.media, _LONGEST_ID), "distance": match.distance}
    return _line(row | {"late": True} if late else row, text, posted)


def opaque_line(  # noqa: PLR0913  # what a record holds
    verdict: Verdict,
    action: Action,
    *,
    at: str,
    decision: str,
    micros: int,
    text: str | None = None,
    posted: str | None = None,
) -> bytes:
    """One short link that no entry covers as a line, as `line_of`; under its own name in place of a list's."""
    row: dict[str, Any] = _beginning(verdict, at, decision) | {
        "list": SHORT_LINKS,
        "entry": f"{SHORT_LINKS}:opaque",
        "scope": "page",
        "kind": "opaque",
        "action": action,
        "asked": action,
        "snapshot": verdict.snapshot,
        "micros": micros,
    }
    return _line(row, text, posted)


def _beginning(verdict: Verdict, at: str, decision: str) -> dict[str, Any]:
    return {
        "time": at,
        "decision": decision,
        "message": _sound(verdict.message, _LONGEST_ID),
        "surface": _sound(verdict.surface, _LONGEST_ID),
    }


def _line(row: dict[str, Any], text: str | None, posted: str | None) -> bytes:
    if posted is not None:
        row["posted"] = posted
    if text is not None:
        row["text"] = _sound(text, _LONGEST_TEXT)
    line = msgspec.json.encode(row)
    return line if line.isascii() else json.dumps(row, separators=(",", ":")).encode("ascii")


def _sound(text: str | None, longest: int) -> str | None:
    r"""A text that every reader of JSON takes: half of a surrogate pair is spelled out, or nothing would read the line.

    >>> print(_sound("a\ud800b", 9))
    a\ud800b
    """
    if text is None or text.isascii():
        return text and text[:longest]
    return text[:longest].encode("utf-8", "backslashreplace").decode()


@dataclass(slots=True)
class Reading:
    """Decisions from lines, in their order; `torn` counts those that a killed writer or a full disk left half."""

    lines: Iterable[bytes]
    torn: int = 0
    _decoder: msgspec.json.Decoder[Decision] = field(
        default_factory=lambda: msgspec.json.Decoder(Decision), init=False, repr=False
    )

    def __iter__(self) -> Iterator[Decision]:
        for line in self.lines:
            text = line.strip()
            if text and (found := self._read(text)):
                yield found

    def _read(self, text: bytes) -> Decision | None:
        """A line, or what another writer put behind a torn one."""
        try:
            return self._decoder.decode(text)
        except (msgspec.DecodeError, RecursionError):
            self.torn += 1
        behind = text.rfind(BEGINNING)
        if behind <= 0:
            return None
        try:
            return self._decoder.decode(text[behind:])
        except (msgspec.DecodeError, RecursionError):
            return None
