"""One connection of a client: uvicorn's, with more patience where that is due, and less where it is abused.

A client that has sent its requests and then closes its side still gets the answers. One that does not send
what it began, or does not read what it asked for, is let go; a head that does not end is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

REQUEST_TIMEOUT = "linkgate_body_timeout"
"""Under this name the application tells, when it begins, how many seconds a request may take to arrive."""

_SECONDS = 10.0
_MOST_HEAD = 65_536


class Connection(HttpToolsProtocol):
    """What uvicorn makes for each connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin, and look now and then whether anything goes on."""
        super().connection_made(transport)
        self._head = 0
        self._stuck: tuple[str, object] | None = None
        self._earlier: list[RequestResponseCycle] = []
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; requests before the last one are told, too, or they would write to what is closed."""
        self._timer.cancel()
        for cycle in self._earlier:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Begin a request, or put it behind those that came before their answers."""
        before = self.cycle
        super().on_headers_complete()
        if before is not None and not before.response_complete:
            self._earlier = [cycle for cycle in (*self._earlier, before) if not cycle.response_complete]

    def data_received(self, data: bytes) -> None:
        """Take some bytes; refuse those of a head that is longer than any."""
        super().data_received(data)
        if self.scope is None or "method" in self.scope or self.transport.is_closing():
            self._head = 0
            return
        self._head += len(data)
        if self._head > _MOST_HEAD:
            self.send_400_response(f"The head of the request is longer than {_MOST_HEAD:,} bytes.")

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn always says None
        """Whether to stay, when the client has sent its last: yes, where it waits for an answer."""
        last = self.pipeline[0][0] if self.pipeline else self.cycle
        if last is None or last.response_complete or last.more_body:
            return False
        last.keep_alive = False
        return True

    def _look(self) -> None:
        """Let a client go that is stuck as it was at the last look. A timer each request would cost more."""
        stuck = self._is_stuck()
        if stuck is not None and stuck == self._stuck:
            self.transport.abort()
            return
        self._stuck = stuck
        self._timer = self.loop.call_later(self.app_state.get(REQUEST_TIMEOUT, _SECONDS), self._look)

    def _is_stuck(self) -> tuple[str, Any] | None:
        """At what, and at which request; a connection that is idle between two has a timer of uvicorn's."""
        if self.transport.is_closing() or self.flow.write_paused:
            return "reading", self.cycle
        if (self.cycle is None or self.cycle.response_complete) and self.timeout_keep_alive_task is None:
            return "sending", self.cycle
        return None
