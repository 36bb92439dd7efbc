"""Messages that were published before their short links were followed: judged when that is known, and told of.

What is told holds the id of the message and of the decisions, and no address.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import linkgate

if TYPE_CHECKING:
    from linkgate.fronts.resolver.link_follower import LinkFollower

MOST_WAITING = 10_000
_WORKERS = 100
_log = logging.getLogger("linkgate.late")


@dataclass(frozen=True, slots=True, kw_only=True)
class LateMessage:
    """A message whose short links are to be followed. links: not shown by `repr`."""

    message: str
    links: tuple[str, ...] = field(repr=False)
    surface: str = "public"
    account: str | None = field(default=None, repr=False)


class LateLinks:
    """The queue of such messages."""

    def __init__(self, follower: LinkFollower, gate: linkgate.Gate) -> None:
        self._follower, self._gate = follower, gate
        self._queue: asyncio.Queue[LateMessage] = asyncio.Queue(MOST_WAITING)
        self._workers = [asyncio.create_task(self._work()) for _ in range(_WORKERS)]
        self.decisions = 0
        self.faults = 0

    @property
    def waiting(self) -> int:
        """Messages that wait."""
        return self._queue.qsize()

    def put(self, message: LateMessage) -> bool:
        """Take a message; whether there was room."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True

    async def _work(self) -> None:
        while True:
            message = await self._queue.get()
            try:
                await self._judge(message)
            except Exception as error:  # noqa: BLE001  # one message must not end the worker; its words are not told
                self.faults += 1
                _log.warning("a late message could not be judged: %s", type(error).__name__)
            finally:
                self._queue.task_done()

    async def _judge(self, message: LateMessage) -> None:
        targets = await self._follower.targets(message.links)
        verdict = linkgate.Verdict(
            snapshot="",
            opaque=tuple(linkgate.Link(None, None, link, link, token=n) for n, link in enumerate(message.links)),
            surface=message.surface,
            message=message.message,
        )
        again = await asyncio.to_thread(self._gate.rechecked, verdict, targets, account=message.account, late=True)
        if not again.verdict.matches:
            return
        self.decisions += max(1, len(again.decisions))
        config = self._gate.config
        if config is not None and (fault := await asyncio.to_thread(linkgate.tell_late, config, again)):
            self.faults += 1
            _log.warning("%s", fault)

    async def drained(self) -> None:
        """Wait until every message is judged."""
        await self._queue.join()

    async def close(self) -> None:
        """End the workers; messages that wait are lost."""
        for worker in self._workers:
            worker.cancel()
        for worker in self._workers:
            with suppress(asyncio.CancelledError):
                await worker
