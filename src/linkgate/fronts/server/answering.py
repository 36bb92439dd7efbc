"""A request in, an answer out, on bare ASGI: a check takes microseconds, and what is around it shall not take fifty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from linkgate.fronts.server import wire
from linkgate.fronts.server.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from linkgate.fronts.server.desk import Desk

    Receive = Callable[[], Awaitable[Mapping[str, Any]]]
    Act = Callable[[Desk, "Asked"], "Answer | Awaitable[Answer]"]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Headers = Iterable[tuple[bytes, bytes]]

JSON = b"application/json"
_TOO_LARGE, _GONE = 413, 400


class Asked(NamedTuple):
    """What an endpoint is told: the headers, and the body."""

    headers: Headers
    body: bytes = b""

    @property
    def authorization(self) -> bytes:
        """The Authorization header; empty where there is none."""
        for name, value in self.headers:
            if name == b"authorization":
                return value
        return b""


class Answer:
    """What an endpoint tells: JSON unless it says otherwise. Never changed, so one may be given again and again."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, body: bytes, status: int = 200, *, kind: bytes = JSON, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        self.body = body
        self.status = status
        self.headers = ((b"content-type", kind), (b"content-length", b"%d" % len(body)), *headers)


class Endpoint:
    """One endpoint as an ASGI application. `act` gives an answer, or what becomes one once it is awaited."""

    def __init__(self, desk: Desk, act: Act) -> None:
        self._desk = desk
        self._act = act
        self._patience = Patience(desk.limits.seconds)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await self._body(receive) if scope["method"] == "POST" else b""
            found = self._act(self._desk, Asked(scope["headers"], body))
            answer = found if isinstance(found, Answer) else await found
        except wire.BadRequestError as error:
            answer = Answer(wire.write({"error": str(error)}), error.status, headers=error.headers)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _body(self, receive: Receive) -> bytes:
        """The whole body. Raises BadRequestError for one that is too long, too slow or breaks off."""
        most = self._desk.limits.body
        with self._patience:
            event = await receive()
            if event["type"] != "http.request" or event.get("more_body"):
                return await _rest(receive, event, most)
        body: bytes = event.get("body", b"")
        return body if len(body) <= most else _refuse(most)


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
