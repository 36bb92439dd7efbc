"""The application: endpoints, the page for analysts, what comes up and goes down with a worker.

Settings travel to workers as one environment variable, so that every worker, and one that takes the
place of a dead one, builds the same application.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import signal
import threading
import time
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import linkgate
from linkgate.fronts import metrics
from linkgate.fronts.key_variable import key_for
from linkgate.fronts.server import case_endpoints, endpoints
from linkgate.fronts.server.asgi import ApiResponse, AsgiEndpoint, RequestLimits
from linkgate.fronts.server.bearer_tokens import TokenFile
from linkgate.fronts.server.connections import REQUEST_TIMEOUT
from linkgate.fronts.server.docs_page import docs_page
from linkgate.fronts.server.openapi import DOCUMENT
from linkgate.fronts.server.origin import refusal
from linkgate.fronts.server.rate_limit import RateLimit, SharedRateLimit
from linkgate.fronts.server.request_body import BadRequestError
from linkgate.fronts.server.service import Service
from linkgate.fronts.server.worker_metrics import WorkerMetrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from multiprocessing.process import BaseProcess

    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from linkgate.fronts.server.asgi import ApiRequest

    Act = Callable[[Service, ApiRequest], ApiResponse | Awaitable[ApiResponse]]

SETTINGS = "LINKGATE_SERVE"
"""The environment variable that carries the settings to the workers."""

_BUSY = frozenset({"/v1/check", "/v1/lookup"})
_PAUSE = 1.0
_FORBIDDEN = 403
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
_TYPES = {
    "page.html": b"text/html; charset=utf-8",
    "page.js": b"text/javascript; charset=utf-8",
    "page.css": b"text/css; charset=utf-8",
}


class SidecarApp:
    """The whole application. Requests to busy endpoints go straight there; all others go the plain way.

    The plain way leads to the same endpoints (`tests/fronts/server/test_routes.py` compares the answers), by
    way of middleware and a list of routes that cost more than a check does.
    """

    def __init__(self, plain: Starlette, busy: Mapping[str, ASGIApp], *, local: bool) -> None:
        self.plain = plain
        self._busy = busy
        self._local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow one life of the process."""
        if self._local and scope["type"] == "http" and (why := refusal(scope["headers"])):
            await Response(json.dumps({"error": why}), _FORBIDDEN, media_type="application/json")(scope, receive, send)
            return
        app = self._busy.get(scope["path"]) if scope.get("method") == "POST" else None
        await (app or self.plain)(scope, receive, send)


def application() -> SidecarApp:
    """The application that the settings in the environment describe.

    `running` has tried them, so what fails here is a store that broke since: then this worker ends, and
    the next one tries again, while the others go on.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), name="linkgate-parent", daemon=True).start()
    try:
        return build(service_of(json.loads(os.environ[SETTINGS])))
    except linkgate.LinkgateError as error:
        logging.getLogger("uvicorn.error").error("this worker cannot begin, and tries again: %s", error)  # noqa: TRY400
        time.sleep(_PAUSE)
        raise SystemExit(1) from None


def _end_with(parent: BaseProcess) -> None:
    """End in order where the process that started this worker was killed, and would leave it without a master."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def service_of(settings: dict[str, Any]) -> Service:
    """A service with its gate open. Raises UsageError, StoreError or SnapshotError."""
    limits = RequestLimits(**settings.get("limits", {}))
    shared = Path(settings["shared"]) if settings.get("shared") else None
    return Service(
        gate=open_gate(settings),
        tokens=TokenFile(Path(settings["tokens"])) if settings.get("tokens") else None,
        lookups=bool(settings.get("lookups")),
        limits=limits,
        rate=SharedRateLimit(limits.lookups, shared) if shared else RateLimit(limits.lookups),
        shared=shared,
        local=not settings.get("tokens") and not settings.get("uds"),
    )


def open_gate(settings: dict[str, Any]) -> linkgate.Gate:
    """The gate of a store or snapshot, or of a configuration."""
    times = {name: settings[name] for name in ("watch", "jitter") if name in settings}
    if settings.get("store"):
        return linkgate.Gate.open(settings["store"], key=key_for(settings["store"]), **times)
    return linkgate.Gate.of(settings["config"], **times)


def build(service: Service) -> SidecarApp:
    """The application for a service."""
    registry, told = CollectorRegistry(), CollectorRegistry()
    metrics.watch(service.gate, registry)
    registry.register(service.links)
    registry.register(service.unknown)
    worker_metrics = WorkerMetrics(service.shared, registry) if service.shared else None
    told.register(worker_metrics or registry)
    acts: dict[str, Act] = {
        "POST /v1/check": endpoints.check,
        "POST /v1/recheck": endpoints.recheck,
        "POST /v1/lookup": endpoints.lookup,
        "POST /v1/why": endpoints.why,
        "GET /v1/lists": endpoints.lists,
        "GET /v1/cases": case_endpoints.cases,
        "POST /v1/cases/show": case_endpoints.case,
        "POST /v1/decisions/show": case_endpoints.decision,
        "POST /v1/decisions/overturn": case_endpoints.overturn,
        "GET /livez": endpoints.livez,
        "GET /readyz": endpoints.readyz,
        "GET /healthz": endpoints.healthz,
        "GET /metrics": partial(_metrics, told),
        "GET /openapi.json": _openapi,
        "GET /docs": _docs,
        "GET /": partial(_page, "page.html"),
        "GET /page.js": partial(_page, "page.js"),
        "GET /page.css": partial(_page, "page.css"),
    }
    routes = [
        Route(
            name.partition(" ")[2],
            AsgiEndpoint(partial(act, service), service.limits),
            methods=[name.partition(" ")[0]],
        )
        for name, act in acts.items()
    ]
    app = Starlette(routes=routes, lifespan=_lifespan, exception_handlers={404: _sentence, 405: _sentence})
    app.state.service, app.state.worker_metrics = service, worker_metrics
    app.router.redirect_slashes = False  # a sentence, not a redirect that forgets the body
    return SidecarApp(app, {route.path: route.app for route in routes if route.path in _BUSY}, local=service.local)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[dict[str, float]]:
    service: Service = app.state.service
    if threading.current_thread() is threading.main_thread():
        reload = partial(service.pool.run, partial(_reload, service.gate))
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)
    try:
        yield {REQUEST_TIMEOUT: service.limits.seconds}
    finally:
        service.gate.close()
        if app.state.worker_metrics is not None:
            app.state.worker_metrics.close()


def _reload(gate: linkgate.Gate) -> None:
    """What SIGHUP asks for. What fails is in the log and in the status."""
    with suppress(linkgate.LinkgateError):
        gate.reload()


def _openapi(service: Service, request: ApiRequest) -> ApiResponse:  # noqa: ARG001  # an endpoint like the others
    return ApiResponse(json.dumps(DOCUMENT).encode())


async def _metrics(told: CollectorRegistry, service: Service, request: ApiRequest) -> ApiResponse:
    """Metrics for Prometheus, of all workers."""
    if service.tokens is not None:
        service.authorize(request, "metrics")
    try:
        text = await asyncio.to_thread(generate_latest, told)
    except OSError:
        raise BadRequestError("the numbers of the workers cannot be put together", status=503) from None
    return ApiResponse(text, kind=CONTENT_TYPE_LATEST.encode())


def _docs(service: Service, request: ApiRequest) -> ApiResponse:  # noqa: ARG001  # as above
    return ApiResponse(docs_page(DOCUMENT).encode(), kind=_TYPES["page.html"], headers=_SAFE)


def _page(name: str, service: Service, request: ApiRequest) -> ApiResponse:  # noqa: ARG001  # as above
    content = files("linkgate.fronts.server").joinpath(name).read_bytes()
    return ApiResponse(content, kind=_TYPES[name], headers=_SAFE)


async def _sentence(request: Request, error: Exception) -> Response:  # as above
    """What Starlette refuses, as everything else is refused: a sentence in JSON."""
    fault: HTTPException = error  # type: ignore[assignment]  # registered for these alone
    known = f"{request.method} is not known here" if fault.status_code == 405 else "there is nothing here"  # noqa: PLR2004
    body = json.dumps({"error": f"{known}; see /openapi.json"})
    return Response(body, fault.status_code, dict(fault.headers or {}), "application/json")
