"""How long a body may take to arrive, watched by one timer for all requests: a timer each would cost more than a check.

>>> async def slow() -> str:
...     try:
...         with BodyTimeout(0.01):
...             await asyncio.sleep(60)
...     except BadRequestError as error:
...         return f"{error.status}: {error}"
...     return "in time"
>>> asyncio.run(slow())
'408: the body did not arrive in time'
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from linkgate.fronts.server.request_body import BadRequestError

if TYPE_CHECKING:
    from types import TracebackType

_TOO_SLOW = 408
_CLOSE = ((b"connection", b"close"),)  # what comes now is the rest of the body, not another request


class BodyTimeout:
    """A context in which a task may wait for `seconds`; then BadRequestError is raised in it.

    Any number of tasks of one event loop may be in it. Their time is the same, so who came first is
    late first, and the timer looks at no more than one task that is not.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: dict[asyncio.Task[object] | None, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        self._ends[asyncio.current_task()] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._expire, loop)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        task = asyncio.current_task()
        if self._ends.pop(task, None) is not None or task is None:
            return
        if task.uncancel() == 0 and kind is asyncio.CancelledError:  # else somebody else wants it to end, too
            raise BadRequestError("the body did not arrive in time", status=_TOO_SLOW, headers=_CLOSE) from None

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        for task, end in list(self._ends.items()):
            if end > loop.time():
                self._timer = loop.call_at(end, self._expire, loop)
                return
            del self._ends[task]
            if task is not None:
                task.cancel()
