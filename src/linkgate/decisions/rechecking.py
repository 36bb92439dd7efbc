"""What was found of the short links of a message -> its verdict: each address on the way is judged at their place.

>>> from linkgate.lists.compile import compile_lists, Source
>>> lists = [Source(name="demo", data=b"http://bad.example/page")]
>>> engine = compile_lists(lists, shorteners=("sho.example",), opaque=True).engine
>>> verdict = engine.check("see http://sho.example/3xYz there")
>>> found = ShortTarget("http://sho.example/3xYz", "redirects", ("http://BAD.example/page",), 0.0)
>>> again = rechecked(verdict, [found], engine)
>>> [(match.kind.value, match.steps, match.link) for match in again.matches], again.opaque
([('nested', ('shortener',), Link(4, 27))], ())
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from linkgate.core.matcher import best
from linkgate.core.verdict import heaviest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkgate.core.engine import Engine
    from linkgate.core.links.find import Link
    from linkgate.core.verdict import Action, Match, Verdict
    from linkgate.decisions.policy import Policy
    from linkgate.lists.resolve_config import ResolveConfig

KNOWN = frozenset({"redirects", "gone", "loop", "non_http"})
"""States in which it is known where a short link leads; a page with a script, `not_redirect`, may lead anywhere."""

LATE = frozenset({"timeout", "overload"})
"""States in which nobody has answered in time."""


@dataclass(frozen=True, slots=True)
class ShortTarget:
    """Where a short link leads, as far as it was followed.

    link: as `Link.url` of a verdict's `opaque`. state: `redirects` (its last hop is no short link), `not_redirect`,
    `gone`, `loop`, `non_http`, `refused`, `timeout`, `limit`, `bad_address` or `overload`. hops: the addresses that it
    led to, in their order. at: when it was asked, in seconds since 1970. Its addresses never show in `repr`.
    """

    link: str
    state: str
    hops: tuple[str, ...]
    at: float

    def __repr__(self) -> str:
        return f"ShortTarget(state={self.state!r}, hops={len(self.hops)})"

    def as_dict(self) -> dict[str, Any]:
        """As the resolver answers it: with its addresses, for who may see them."""
        return {"link": self.link, "state": self.state, "hops": list(self.hops), "at": self.at}


def rechecked(verdict: Verdict, targets: Iterable[ShortTarget], engine: Engine) -> Verdict:
    """The verdict with what its short links lead to; `opaque` are those of which that is still not known."""
    found = {target.link: target for target in targets}
    matches = tuple(chain.from_iterable(_behind(link, found.get(link.url), engine) for link in verdict.opaque))
    told = {_place(match.link) for match in matches}
    left = tuple(link for link in verdict.opaque if _place(link) not in told and not _is_known(found.get(link.url)))
    return replace(verdict, matches=best([*verdict.matches, *matches]), opaque=left)


class Rechecked(NamedTuple):
    """A verdict with what its short links lead to, and the ids of the decisions that came of it."""

    verdict: Verdict
    decisions: tuple[str, ...]


def judged_again(
    verdict: Verdict,
    targets: Sequence[ShortTarget],
    engine: Engine,
    policy: Policy | None,
    settings: ResolveConfig | None,
) -> tuple[Verdict, Verdict]:
    """The verdict with what its short links lead to, under a policy, and one that has the new matches alone."""
    after = rechecked(verdict, targets, engine)
    asked = None if policy is None else policy.asks_of_opaque(after.surface)
    after = replace(
        after,
        policy=policy,
        snapshot=engine.snapshot + ("" if policy is None else policy.overlay),
        opaque_action=_left(after, targets, asked, settings),
    )
    new = tuple(match for match in after.matches if match not in verdict.matches)
    return after, replace(after, matches=new, opaque=(), opaque_action=None)


def _left(
    verdict: Verdict, targets: Iterable[ShortTarget], asked: Action | None, settings: ResolveConfig | None
) -> Action | None:
    """What the opaque links of a verdict ask for, now that it is known why they still are opaque.

    asked: what such links ask for at any time.
    """
    found = {target.link: target.state for target in targets}
    states = {found.get(link.url) for link in verdict.opaque}
    asks = [] if asked is None or not states else [asked]
    if settings is not None and None in states:
        asks.append(settings.on_failure)
    if settings is not None and settings.on_timeout == "review" and states & LATE:
        asks.append("review")
    return heaviest(asks)


def _behind(link: Link, target: ShortTarget | None, engine: Engine) -> Iterable[Match]:
    return chain.from_iterable(engine.behind(link, hop) for hop in target.hops) if target is not None else ()


def _is_known(target: ShortTarget | None) -> bool:
    return target is not None and target.state in KNOWN


def _place(link: Link) -> tuple[int | None, int | None, int]:
    return link.start, link.end, link.token
