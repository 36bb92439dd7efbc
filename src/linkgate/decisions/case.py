"""A case: decisions that somebody keeps for a report, with what was captured of them, who held it and who looked.

>>> case = Case(id="c1", opened="2026-01-31T10:00:00Z", by="ann", reason="report", held_until="2027-01-31")
>>> case.is_held("2027-01-31"), case.is_held("2027-02-01")
(True, False)
>>> released = case.changed(CaseEvent(what="released", at="2026-02-01T10:00:00Z", by="bob", reason="reported"))
>>> again = released.changed(CaseEvent(what="held", at="2026-02-02T10:00:00Z", by="bob", until="2028-01-01"))
>>> released.is_held("2026-02-01"), again.held_until
(False, '2028-01-01')
"""

from __future__ import annotations

from typing import Any

import msgspec

from linkgate.decisions.capture import Capture  # noqa: TC001  # msgspec reads it

WITHOUT_END = "9999-12-31"
"""Until when a case is held of which nobody said until when."""


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done with a case. what: `opened`, `held`, `released` or `exported`."""

    what: str
    at: str
    by: str
    reason: str = ""
    until: str | None = None
    form: str | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as it is kept.

    decisions: their lines of the record, whole, chain fields included, so that a purge of the record takes
    nothing from it. captures: what was captured, by decision. reviews: what reviewers said. held_until: the
    last day on which it may not be removed; None once it was released. actors: the account's pseudonym, by decision.
    media: the digests of each file beside the messages, by algorithm, as the platform gave them.
    """

    id: str
    opened: str
    by: str
    reason: str
    held_until: str | None
    decisions: tuple[dict[str, Any], ...] = ()
    captures: dict[str, Capture] = {}
    reviews: dict[str, str] = {}
    actors: dict[str, str] = {}
    media: tuple[dict[str, str], ...] = ()
    events: tuple[CaseEvent, ...] = ()

    def is_held(self, today: str) -> bool:
        """Whether it may not be removed on a day."""
        return self.held_until is not None and today <= self.held_until

    @property
    def is_open_ended(self) -> bool:
        """Whether it is held until somebody releases it."""
        return self.held_until == WITHOUT_END

    def files(self) -> tuple[dict[str, str], ...]:
        """The digests of all files: those that the case was given, then those that were captured, each once."""
        captured = (file for capture in self.captures.values() for file in capture.media)
        found = {tuple(sorted(file.items())): dict(sorted(file.items())) for file in (*self.media, *captured)}
        return tuple(found.values())

    def changed(self, event: CaseEvent) -> Case:
        """The case after something was done with it."""
        held = {"held": event.until or WITHOUT_END, "released": None}.get(event.what, self.held_until)
        return msgspec.structs.replace(self, held_until=held, events=(*self.events, event))

    def summary(self) -> dict[str, Any]:
        """JSON-ready, without what was captured: no link, no text; of files the names of their digests' algorithms."""
        told = {name: getattr(self, name) for name in ("id", "opened", "by", "reason", "held_until")}
        shown = [{key: value for key, value in row.items() if key != "text"} for row in self.decisions]
        told |= {"decisions": shown, "captured": sorted(self.captures), "reviews": self.reviews, "actors": self.actors}
        told["media"] = [sorted(file) for file in self.files()]
        return told | {"events": msgspec.to_builtins(self.events)}

    def __repr__(self) -> str:
        return f"Case(id={self.id!r}, decisions={len(self.decisions)}, held_until={self.held_until!r})"
