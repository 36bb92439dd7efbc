"""A request in, an answer out, on bare ASGI: a check takes microseconds, and what is around it shall not take fifty."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from linkgate.fronts.server import wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from linkgate.fronts.server.desk import Desk

    Receive = Callable[[], Awaitable[Mapping[str, Any]]]
    Act = Callable[[Desk, "Asked"], "Answer | Awaitable[Answer]"]
    Send = Callable[[dict[str, Any]], Awaitable[None]]

JSON = b"application/json"
_TOO_SLOW, _TOO_LARGE, _GONE = 408, 413, 400


class Asked(NamedTuple):
    """What an endpoint is told: its Authorization header, if there is one, and the body."""

    authorization: str | None
    body: bytes = b""


class Answer(NamedTuple):
    """What an endpoint tells: JSON unless it says otherwise."""

    body: bytes
    status: int = 200
    kind: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Endpoint:
    """One endpoint as an ASGI application. `act` gives an answer, or what becomes one once it is awaited."""

    def __init__(self, desk: Desk, act: Act) -> None:
        self._desk = desk
        self._act = act

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = await self._answer(scope, receive)
        headers = [(b"content-type", answer.kind), (b"content-length", b"%d" % len(answer.body)), *answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> Answer:
        authorization = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value.decode("latin-1")
        try:
            body = await self._body(receive) if scope["method"] == "POST" else b""
            found = self._act(self._desk, Asked(authorization, body))
            return found if isinstance(found, Answer) else await found
        except wire.BadRequestError as error:
            return Answer(wire.write({"error": str(error)}), error.status, headers=error.headers)

    async def _body(self, receive: Receive) -> bytes:
        """The whole body. Raises BadRequestError for one that is too long, too slow or breaks off."""
        limits = self._desk.limits
        try:
            async with asyncio.timeout(limits.seconds):
                event = await receive()
                if event["type"] == "http.request" and not event.get("more_body"):
                    body: bytes = event.get("body", b"")
                    return body if len(body) <= limits.body else _refuse(limits.body)
                return await _rest(receive, event, limits.body)
        except TimeoutError:
            raise wire.BadRequestError("the body did not arrive in time", status=_TOO_SLOW) from None


async def _rest(receive: Receive, event: Mapping[str, Any], most: int) -> bytes:
    parts, size = [b""], 0
    while event["type"] == "http.request":
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > most:
            _refuse(most)
        if not event.get("more_body"):
            return b"".join(parts)
        event = await receive()
    raise wire.BadRequestError("the connection broke off", status=_GONE)


def _refuse(most: int) -> NoReturn:
    raise wire.BadRequestError(f"the body is longer than {most:,} bytes", status=_TOO_LARGE)
