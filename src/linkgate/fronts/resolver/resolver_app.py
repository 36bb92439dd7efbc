"""The HTTP API of the resolver: links in, where they lead out, for tokens with the right `resolve`."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from linkgate.fronts import metrics
from linkgate.fronts.resolver.late_links import LateLinks, LateMessage
from linkgate.fronts.resolver.link_follower import MOST_LINKS, LinkFollower
from linkgate.fronts.resolver.resolver_metrics import ResolverCollector
from linkgate.fronts.server.bearer_tokens import TokenFile  # noqa: TC001  # a field
from linkgate.fronts.server.origin import refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkgate import Gate

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LONGEST_BODY = 64 * 1024
_BODY_SECONDS = 5.0
_Link = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
_log = logging.getLogger("linkgate.resolve")


class ResolveBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked. message and what follows: with `mode = "after"`, of the message that was published."""

    links: Annotated[tuple[_Link, ...], msgspec.Meta(min_length=1, max_length=MOST_LINKS)]
    message: Annotated[str, msgspec.Meta(min_length=1, max_length=512)] | None = None
    surface: Annotated[str, msgspec.Meta(max_length=64)] = "public"
    account: Annotated[str, msgspec.Meta(max_length=512)] | None = None


@dataclass(slots=True, kw_only=True)
class ResolverService:
    """What answers. budget: seconds that a caller waits; None where messages are published first.

    local: whether only this machine is served, over TCP, and so no browser's page of another site.
    """

    gate: Gate
    follower: LinkFollower
    budget: float | None
    tokens: TokenFile | None = None
    local: bool = False
    late: LateLinks | None = field(default=None, init=False)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry, init=False)


def build_app(service: ResolverService) -> web.Application:
    """The application; it closes the follower when it ends."""
    app = web.Application(client_max_size=LONGEST_BODY, middlewares=[_guarded(service)])
    app.add_routes(
        [
            web.post("/v1/resolve", partial(_resolve, service)),
            web.get("/livez", _ok),
            web.get("/readyz", _ok),
            web.get("/metrics", partial(_metrics, service)),
        ]
    )
    app.cleanup_ctx.append(lambda _: _living(service))
    return app


async def _living(service: ResolverService) -> Any:
    service.late = LateLinks(service.follower, service.gate) if service.budget is None else None
    metrics.watch(service.gate, service.registry)
    service.registry.register(ResolverCollector(service.follower, service.late))
    yield
    if service.late is not None:
        await service.late.close()
    await service.follower.close()


def _guarded(service: ResolverService) -> Any:
    """Answers what goes wrong with a sentence; nothing of a request is told in a log."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        headers = [(name.lower(), value) for name, value in request.raw_headers]
        if service.local and (why := refusal(headers)):
            return _error(why, 403)
        try:
            return await handler(request)
        except web.HTTPException as error:
            return _error(error.text or error.reason, error.status)
        except Exception as error:  # noqa: BLE001  # its words might hold an address
            _log.error("a request failed: %s", type(error).__name__)  # as above
            return _error("this request could not be answered", 500)

    return guarded


def _authorize(service: ResolverService, request: web.Request, right: str) -> None:
    if service.tokens is None:
        return
    owner = service.tokens.owner(request.headers.get("Authorization", "").encode("utf-8", "surrogateescape"))
    if owner is None:
        raise web.HTTPUnauthorized(text="a bearer token is needed that is known here")
    if right not in owner.rights:
        raise web.HTTPForbidden(text=f"this token has not the right {right!r}")


async def _resolve(service: ResolverService, request: web.Request) -> web.Response:
    _authorize(service, request, "resolve")
    body = await _body(request)
    if service.late is None:
        targets = await service.follower.targets(body.links, budget=service.budget)
        return _json([target.as_dict() for target in targets])
    if body.message is None:
        raise web.HTTPBadRequest(text="with mode = after a message is needed, the id of what was published")
    late = LateMessage(message=body.message, links=body.links, surface=body.surface, account=body.account)
    if not service.late.put(late):
        raise web.HTTPServiceUnavailable(text="too many messages wait; this one is not followed")
    return _json({"queued": service.late.waiting}, 202)


async def _body(request: web.Request) -> ResolveBody:
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            data = await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body took too long to arrive") from None
    try:
        return msgspec.json.decode(data, type=ResolveBody)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest(text=f"the body must be JSON with links, a list of 1 to {MOST_LINKS} texts") from None


async def _metrics(service: ResolverService, request: web.Request) -> web.Response:
    _authorize(service, request, "metrics")
    text = await asyncio.to_thread(generate_latest, service.registry)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _ok(_request: web.Request) -> web.Response:
    return _json({"ok": True})


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def _error(sentence: str, status: int) -> web.Response:
    return _json({"error": sentence}, status)
