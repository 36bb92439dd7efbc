"""LinkFollower: short links in, what they lead to out; cached, one flight a link, and never a wait without end."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from typing import TYPE_CHECKING

from linkgate import ShortTarget
from linkgate.fronts.resolver.ask_limits import HostLimits
from linkgate.fronts.resolver.location import with_fragment
from linkgate.fronts.resolver.target_cache import KnownTarget, TargetCache
from linkgate.fronts.resolver.walk import RedirectWalk, may_ask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linkgate import ShortenerTable
    from linkgate.fronts.resolver.walk import Ask

MOST_LINKS = 5
"""Links of one message."""
PATIENCE = 4.0
"""Seconds for one link with all its questions, from the moment it is asked for."""
MOST_FLIGHTS, MOST_WAITING = 100, 10_000


class LinkFollower:
    """Follows links. One event loop; what it counts is read by the metrics.

    ask: makes a request. table: the shorteners at present. is_listed: whether a URL may not be asked.
    """

    def __init__(
        self,
        ask: Ask,
        *,
        table: Callable[[], ShortenerTable],
        is_listed: Callable[[str], bool],
        limits: HostLimits | None = None,
    ) -> None:
        self.states: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.hits = 0
        self.cache = TargetCache(key=os.urandom(32))
        self._table = table
        self._walk = RedirectWalk(
            ask=ask,
            table=table,
            is_listed=is_listed,
            limits=limits or HostLimits(),
            sleep=asyncio.sleep,
            noted=self._note,
        )
        self._flights: dict[bytes, asyncio.Task[KnownTarget]] = {}
        self._turns = asyncio.Semaphore(MOST_FLIGHTS)

    @property
    def waiting(self) -> int:
        """Links that are being followed, or wait for it."""
        return len(self._flights)

    async def targets(self, links: Sequence[str], *, budget: float | None = None) -> tuple[ShortTarget, ...]:
        """Where links lead, in their order. budget: seconds; a link that takes longer is a `timeout`, and goes on."""
        flights = [self._flight(link) for link in links]
        running = [flight for flight in flights if isinstance(flight, asyncio.Task)]
        if running:
            await asyncio.wait(running, timeout=budget)
        found = [flight if isinstance(flight, KnownTarget) else _landed(flight) for flight in flights]
        self.states.update(each.state for each in found)
        return tuple(_target(link, each) for link, each in zip(links, found, strict=True))

    def _flight(self, link: str) -> asyncio.Task[KnownTarget] | KnownTarget:
        """What is known of a link, or the one task that finds out."""
        asked = may_ask(link, self._table())
        if asked is None:
            return KnownTarget("refused", at=time.time())
        known = self.cache.get(asked, now=time.monotonic())
        if known is not None:
            self.hits += 1
            return known
        name = self.cache.name(asked)
        flight = self._flights.get(name)
        if flight is None:
            if len(self._flights) >= MOST_FLIGHTS + MOST_WAITING:
                return KnownTarget("overload", at=time.time())
            flight = self._flights[name] = asyncio.create_task(self._follow(asked))
            flight.add_done_callback(lambda _: self._flights.pop(name, None))
        return flight

    async def _follow(self, link: str) -> KnownTarget:
        """Follow one link, as it may be asked. Never raises."""
        hops: list[str] = []
        state = "overload"  # while it waits for its turn
        try:
            async with asyncio.timeout(PATIENCE), self._turns:
                state = "timeout"
                state = await self._walk.follow(link, hops)
        except TimeoutError:
            pass
        except Exception:  # noqa: BLE001  # its words might hold an address
            state = "refused"
        found = KnownTarget(state, tuple(hops), time.time())
        self.cache.put(link, found, now=time.monotonic())
        return found

    def _note(self, outcome: str) -> None:
        self.answers[outcome] += 1

    async def close(self) -> None:
        """End what is under way."""
        for flight in tuple(self._flights.values()):
            flight.cancel()
        await asyncio.gather(*self._flights.values(), return_exceptions=True)


def _landed(flight: asyncio.Task[KnownTarget]) -> KnownTarget:
    if not flight.done() or flight.cancelled():
        return KnownTarget("timeout", at=time.time())
    return flight.result()


def _target(link: str, found: KnownTarget) -> ShortTarget:
    """A target of this link: its hops with the fragment that a browser would keep."""
    fragment = link.partition("#")[2]
    hops = tuple(with_fragment(hop, fragment) for hop in found.hops)
    return ShortTarget(link, found.state, hops, round(found.at, 3))
