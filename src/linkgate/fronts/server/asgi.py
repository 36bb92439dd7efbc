"""One endpoint as a bare ASGI application, with its limits: no framework, as that would cost more than a check."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from linkgate.fronts.server.body_timeout import BodyTimeout
from linkgate.fronts.server.request_body import BadRequestError, write_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    Receive = Callable[[], Awaitable[Mapping[str, Any]]]
    Respond = Callable[["ApiRequest"], "ApiResponse | Awaitable[ApiResponse]"]
    Send = Callable[[dict[str, Any]], Awaitable[None]]
    Headers = Iterable[tuple[bytes, bytes]]

JSON = b"application/json"
_TOO_LARGE, _GONE = 413, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """Bytes of a body, characters of a text, seconds that a body may take, look-ups a minute of one token."""

    body: int = 2 << 20
    text: int = 100_000
    seconds: float = 10.0
    lookups: int = 60


class ClientGoneError(Exception):
    """Nobody waits for the response any more."""


class ApiRequest(NamedTuple):
    """What an endpoint is given: the headers, and the body."""

    headers: Headers
    body: bytes = b""

    @property
    def authorization(self) -> bytes:
        """The Authorization header; empty where there is none."""
        for name, value in self.headers:
            if name == b"authorization":
                return value
        return b""


class ApiResponse:
    """What an endpoint returns: JSON unless it says otherwise. Immutable, so one may be sent again and again."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, body: bytes, status: int = 200, *, kind: bytes = JSON, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        self.body = body
        self.status = status
        self.headers = ((b"content-type", kind), (b"content-length", b"%d" % len(body)), *headers)


class AsgiEndpoint:
    """One endpoint as an ASGI application. `respond` returns a response, or an awaitable of one."""

    def __init__(self, respond: Respond, limits: RequestLimits) -> None:
        self._respond = respond
        self._limits = limits
        self._body_timeout = BodyTimeout(limits.seconds)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await self._body(receive) if scope["method"] == "POST" else b""
            found = self._respond(ApiRequest(scope["headers"], body))
            answer = found if isinstance(found, ApiResponse) else await _awaited(found, receive)
        except ClientGoneError:
            return
        except BadRequestError as error:
            answer = ApiResponse(write_json({"error": str(error)}), error.status, headers=error.headers)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _body(self, receive: Receive) -> bytes:
        """The whole body. Raises BadRequestError for one that is too long, too slow or breaks off."""
        most = self._limits.body
        with self._body_timeout:
            event = await receive()
            if event["type"] != "http.request" or event.get("more_body"):
                return await _rest(receive, event, most)
        body: bytes = event.get("body", b"")
        return body if len(body) <= most else _refuse(most)


async def _awaited(found: Awaitable[ApiResponse], receive: Receive) -> ApiResponse:
    """The response. Work in a thread that has not begun is given up when its client goes: raises ClientGoneError."""
    if not isinstance(found, asyncio.Future):
        return await found
    waiting: asyncio.Future[ApiResponse] = found
    leaving = asyncio.ensure_future(receive())
    try:
        await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done() and leaving.result()["type"] == "http.disconnect":
            waiting.cancel()
            raise ClientGoneError
        return await waiting
    finally:
        leaving.cancel()


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
    raise BadRequestError("the connection broke off", status=_GONE)


def _refuse(most: int) -> NoReturn:
    raise BadRequestError(f"the body is longer than {most:,} bytes", status=_TOO_LARGE)
