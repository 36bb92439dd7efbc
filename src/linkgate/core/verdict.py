"""Match and Verdict: what was found, kept as evidence; yes or no is derived from it in one place.

>>> from linkgate.core.verdict import ACTIONS, Kind, weigh
>>> weigh([Kind.LOOSE]), weigh([Kind.LOOSE, Kind.EXACT]), weigh([])
('review', 'block', None)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.core.entry import Entry
    from linkgate.core.links import Link

Action = Literal["block", "review", "log"]


class Kind(StrEnum):
    """How sure it is that the link leads to the listed page (DESIGN §3)."""

    EXACT = "exact"  # the browser would request the listed page
    NESTED = "nested"  # the listed link stands inside another link
    LOOSE = "loose"  # another URL that is nearly surely the same page


ACTIONS: dict[Kind, Action] = {Kind.EXACT: "block", Kind.NESTED: "block", Kind.LOOSE: "review"}
_WEIGHT: dict[Action, int] = {"block": 3, "review": 2, "log": 1}


def weigh(kinds: Iterable[Kind]) -> Action | None:
    """The heaviest action that the kinds of a message's matches ask for; None without a match."""
    actions = [ACTIONS[kind] for kind in kinds]
    return max(actions, key=_WEIGHT.__getitem__, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One link that meets one entry, and the named steps that made them meet."""

    link: Link
    entry: Entry
    kind: Kind
    steps: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: span, entry id, scope, list, category, kind and steps; no address, no link."""
        entry = self.entry
        return {
            "start": self.link.start,
            "end": self.link.end,
            "entry": entry.id,
            "scope": entry.scope.value,
            "list": entry.list,
            "category": entry.category,
            "kind": self.kind.value,
            "steps": list(self.steps),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All matches of one message and the id of the snapshot that decided."""

    snapshot: str
    matches: tuple[Match, ...] = ()

    @property
    def action(self) -> Action | None:
        """`block`, `review`, `log`, or None when nothing matched."""
        if not self.matches:
            return None
        return weigh(match.kind for match in self.matches)

    @property
    def flagged(self) -> bool:
        """True when the action is `block` or `review`."""
        return bool(self.matches) and self.action in {"block", "review"}

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; holds no listed address and no link as it was written (law 9)."""
        return {
            "flagged": self.flagged,
            "action": self.action,
            "snapshot": self.snapshot,
            "matches": [match.as_dict() for match in self.matches],
        }
