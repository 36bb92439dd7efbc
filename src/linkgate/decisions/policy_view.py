"""PolicyView: the policy of one moment, and by what it was made, so that a gate sees when it must be made anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from linkgate.core.verdict import Verdict
from linkgate.decisions.gate_arguments import surface_name
from linkgate.decisions.policy import PRIVATE, PUBLIC

if TYPE_CHECKING:
    from linkgate.decisions.enforcement import Enforcement
    from linkgate.decisions.policy import Policy
    from linkgate.decisions.unknown_surfaces import UnknownSurfaces
    from linkgate.lists.config import Config
    from linkgate.lists.current import Current
    from linkgate.lists.manifest import ListState
    from linkgate.lists.surge import Key

_MOST_SURFACES = 64


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The policy of one moment, and what it was made of. It holds no engine: an old one shall be let go.

    policy: None for a gate without one. clear: what to say of a message without a match, by surface: made once,
    given out again and again.
    """

    snapshot: str
    lists: tuple[ListState, ...]
    surges: frozenset[Key] | None
    disputed: frozenset[Key] | None
    config: Config | None
    policy: Policy | None
    clear: dict[str, Verdict]

    @classmethod
    def of(cls, current: Current, enforcement: Enforcement | None, fixed: Policy | None) -> Self:
        """The view of an engine under what is enforced now, or under a fixed policy where nothing is."""
        snapshot = current.engine.snapshot
        if enforcement is None:
            return cls(snapshot, current.lists, None, None, None, fixed, {})
        surges, disputed, config = enforcement.surge_watch.surges, enforcement.disputed, enforcement.config
        policy = enforcement.policy(current.lists)
        view = cls(snapshot, current.lists, surges, disputed, config, policy, {})
        for surface in (PUBLIC, PRIVATE, *config.policy.surfaces):
            view.without_match(surface)
        return view

    def is_of(self, current: Current, enforcement: Enforcement | None) -> bool:
        """Whether it was made of these: engine, breaker, opinions and configuration are the same ones."""
        if self.lists is not current.lists or self.snapshot != current.engine.snapshot:
            return False
        if enforcement is None:
            return True
        same = self.surges is enforcement.surge_watch.surges and self.disputed is enforcement.disputed
        return same and self.config is enforcement.config

    def unmet(self, surface: object, unknown: UnknownSurfaces) -> Verdict:
        """What to say of a clear message of a surface that was not met before, or that is unknown and counted."""
        name = surface if isinstance(surface, str) else surface_name(surface)
        if self.policy is None or self.policy.knows(name):
            return self.clear.get(name) or self.without_match(name)
        unknown.add(name)
        return self.made(name)

    def without_match(self, surface: str) -> Verdict:
        """What to say of a message that is clear, or that nobody may read; kept for the next one."""
        made = self.made(surface)
        if len(self.clear) < _MOST_SURFACES:
            self.clear[surface] = made
        return made

    def made(self, surface: str) -> Verdict:
        """The same, made anew."""
        scanned = self.policy is None or self.policy.scans(surface)
        return Verdict(snapshot=self.snapshot, policy=self.policy, surface=surface, scanned=scanned)
