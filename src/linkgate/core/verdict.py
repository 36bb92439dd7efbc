"""Match and Verdict: what was found, kept as evidence; yes or no is derived from it in one place.

>>> from linkgate.core.verdict import ACTIONS, Kind, weigh
>>> weigh([Kind.LOOSE]), weigh([Kind.LOOSE, Kind.EXACT]), weigh([])
('review', 'block', None)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.core.index.entry import Entry
    from linkgate.core.links.find import Link

Action = Literal["block", "review", "log"]
Held = Literal["shadow", "share", "surge", "disputed"]


class Kind(StrEnum):
    """How sure it is that the link leads to the listed page (DESIGN §3), or that the file is the listed one."""

    EXACT = "exact"  # the browser would request the listed page; the file has the listed digest
    NESTED = "nested"  # the listed link stands inside another link
    LOOSE = "loose"  # another URL that is nearly surely the same page
    NEAR = "near"  # a picture that looks like the listed one, by its PDQ value


ACTIONS: dict[Kind, Action] = {
    Kind.EXACT: "block",
    Kind.NESTED: "block",
    Kind.LOOSE: "review",
    Kind.NEAR: "review",
}
_WEIGHT: dict[Action, int] = {"block": 3, "review": 2, "log": 1}


def weigh(kinds: Iterable[Kind]) -> Action | None:
    """The heaviest action that the kinds of a message's matches ask for; None without a match."""
    return heaviest(ACTIONS[kind] for kind in kinds)


def heaviest(actions: Iterable[Action]) -> Action | None:
    """The action that counts where several are asked for; the one place that weighs them.

    >>> heaviest(["log", "block", "review"]), heaviest([])
    ('block', None)
    """
    return max(actions, key=_WEIGHT.__getitem__, default=None)


def lighter(one: Action, other: Action) -> Action:
    """The lighter of two actions.

    >>> lighter("block", "review"), lighter("log", "review")
    ('review', 'log')
    """
    return min(one, other, key=_WEIGHT.__getitem__)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of one match: `action` counts, `asked` is what its list and kind ask for.

    `held` is why the action is lighter than asked: `shadow` (the list only reports), `share` (the
    list is rolled out to a part of the messages, and not to this one), `surge` (the breaker is open), `disputed`
    (people here called the entry wrong).
    """

    action: Action
    asked: Action
    held: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One link that meets one entry, and the named steps that made them meet.

    Of a file, `media` is the id that the caller gave it, `steps` names the type of the digest by which they met, and
    `distance` says of a PDQ value in how many bits it differs from the listed one. Its link is an empty one.
    """

    link: Link
    entry: Entry
    kind: Kind
    steps: tuple[str, ...] = ()
    media: str | None = None
    distance: int | None = None

    @property
    def written(self) -> str:
        """The link as it was posted; of a file the digest by which it met: for keyed hashes alone."""
        digest = self.entry.digest
        return self.link.text if digest is None else f"{digest.type.value}:{digest.octets.hex()}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: span, entry id, scope, list, category, kind and steps; no address, no link, no digest.

        Of a file, `media` and `distance` too.
        """
        entry = self.entry
        file = {} if self.media is None else {"media": self.media, "distance": self.distance}
        return {
            "start": self.link.start,
            "end": self.link.end,
            "entry": entry.id,
            "scope": entry.scope.value,
            "list": entry.list,
            "category": entry.category,
            "kind": self.kind.value,
            "steps": list(self.steps),
            **file,
        }


class SupportsRuling(Protocol):
    """What a policy is to a verdict: it rules on one match after the other."""

    def rule_on(self, match: Match, message: str | None, /) -> Ruling:
        """What becomes of one match in a message with this id, if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All matches of one message and the id of the snapshot that decided.

    `policy` weighs them; None is today's `ACTIONS`. `surface` and `message` are where the message
    stood and its id, if the caller said so. `scanned` is False where the policy has the surface off:
    then nobody looked, and the message is not known to be clear. `links` is how many links the matcher
    read; None where it was not asked, as none could matter. `opaque` are its short links that no entry covers, where
    the engine notes them: nobody can tell where they lead; `opaque_action` is what the policy asks for then.
    """

    snapshot: str
    matches: tuple[Match, ...] = ()
    policy: SupportsRuling | None = field(default=None, repr=False, compare=False)
    surface: str | None = field(default=None, compare=False)
    message: str | None = field(default=None, repr=False, compare=False)
    scanned: bool = True
    links: int | None = field(default=None, repr=False, compare=False)
    opaque: tuple[Link, ...] = ()
    opaque_action: Action | None = field(default=None, compare=False)

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """What becomes of each match, in their order."""
        policy = self.policy
        if policy is None:
            return tuple(Ruling(ACTIONS[match.kind], ACTIONS[match.kind]) for match in self.matches)
        return tuple(policy.rule_on(match, self.message) for match in self.matches)

    @property
    def action(self) -> Action | None:
        """`block`, `review`, `log`, or None when nothing matched, nor is anything asked for short links."""
        seen = self.opaque_action if self.opaque else None
        if not self.matches:
            return seen
        asked = heaviest(ruling.action for ruling in self.rulings)
        return asked if seen is None or asked is None else heaviest((asked, seen))

    @property
    def flagged(self) -> bool:
        """True when the action is `block` or `review`."""
        return (bool(self.matches) or bool(self.opaque)) and self.action in {"block", "review"}

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; holds no listed address and no link as it was written (law 9).

        Under a policy it says the surface too, whether it was scanned, and how each match was ruled on. `opaque` is
        there only where there are such links.
        """
        told: dict[str, Any] = {"flagged": self.flagged, "action": self.action, "snapshot": self.snapshot}
        if self.opaque:
            told["opaque"] = [{"start": link.start, "end": link.end} for link in self.opaque]
        if self.policy is None:
            return told | {"matches": [match.as_dict() for match in self.matches]}
        matches = [
            match.as_dict() | {"action": ruling.action, "asked": ruling.asked, "held": ruling.held}
            for match, ruling in zip(self.matches, self.rulings, strict=True)
        ]
        return told | {"surface": self.surface, "scanned": self.scanned, "matches": matches}
