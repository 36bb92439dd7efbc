"""Decisions for people to look at: drawn at random by a seed, from each list and kind its part.

The sample does not depend on the order of the files: of each stratum those whose hash with the seed
is smallest. Each row says how many its stratum has and how many were drawn, for the precision.

>>> drawn = sample_decisions([], 50, seed=0)
>>> drawn
()
>>> allot({("a", "exact"): 900, ("a", "loose"): 99, ("b", "exact"): 1}, 10)
{('a', 'exact'): 8, ('a', 'loose'): 1, ('b', 'exact'): 1}
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkgate.decisions.record import Decision

    Stratum = tuple[str, str]
    Ranked = tuple[int, str, Decision]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A decision, how many decisions its list and kind have in the span, and how many of those were drawn."""

    decision: Decision
    stratum: int
    drawn: int

    def as_dict(self) -> dict[str, Any]:
        """A row for review: `verdict` is for the reviewer, `confirmed` or `wrong`."""
        told = msgspec.to_builtins(self.decision)
        names = ("decision", "time", "message", "surface", "list", "entry", "scope", "category", "kind", "steps")
        row = {name: told.get(name) for name in (*names, "action", "held", "snapshot")}
        row |= {"steps": list(self.decision.steps), "stratum": self.stratum, "drawn": self.drawn}
        return row | ({"text": self.decision.text} if self.decision.text is not None else {}) | {"verdict": ""}


def sample_decisions(decisions: Iterable[Decision], size: int, *, seed: int) -> tuple[Drawn, ...]:
    """Draw `size` decisions, fewer where there are fewer; ordered by list, kind and time."""
    sizes: Counter[Stratum] = Counter()
    kept: dict[Stratum, list[Ranked]] = defaultdict(list)
    for each in decisions:
        stratum = (each.list, each.kind)
        sizes[stratum] += 1
        ranked = (-_rank(seed, each), each.decision, each)  # the largest of those kept stands first
        if len(kept[stratum]) < size:
            heapq.heappush(kept[stratum], ranked)
        else:
            heapq.heappushpop(kept[stratum], ranked)
    parts = allot(sizes, size)
    found: list[Drawn] = []
    for stratum, number in parts.items():
        chosen = heapq.nlargest(number, kept[stratum], key=lambda ranked: ranked[:2])
        found += [Drawn(each, sizes[stratum], number) for _, _, each in chosen]
    return tuple(sorted(found, key=_place))


def allot(sizes: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """How many to draw of each stratum: by its size, by largest remainder, and one of each where there is room."""
    total = sum(sizes.values())
    size = min(size, total)
    least = {stratum: 1 if size >= len(sizes) else 0 for stratum in sizes}
    exact = {stratum: number * size / total for stratum, number in sizes.items()} if total else {}
    parts = {stratum: min(max(int(share), least[stratum]), sizes[stratum]) for stratum, share in exact.items()}
    while (missing := size - sum(parts.values())) != 0:
        step = 1 if missing > 0 else -1
        free = [s for s, part in parts.items() if (part < sizes[s] if step > 0 else part > least[s])]
        parts[max(free, key=lambda s: (step * (exact[s] - parts[s]), s))] += step
    return dict(sorted(parts.items()))


def _rank(seed: int, decision: Decision) -> int:
    return int.from_bytes(blake2b(f"{seed}:{decision.decision}".encode(), digest_size=8).digest(), "big")


def _place(drawn: Drawn) -> tuple[str, str, str, str]:
    each = drawn.decision
    return each.list, each.kind, each.time, each.decision
