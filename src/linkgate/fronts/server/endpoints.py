"""The endpoints of the HTTP API. Nothing that they answer or log holds a listed address."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkgate.fronts.server.asgi import ApiResponse
from linkgate.fronts.server.request_body import BadRequestError, read_lookup, read_messages, write_json
from linkgate.fronts.show import defang

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from linkgate import Explanation, Verdict
    from linkgate.fronts.server.asgi import ApiRequest
    from linkgate.fronts.server.bearer_tokens import TokenOwner
    from linkgate.fronts.server.request_body import CheckRequest
    from linkgate.fronts.server.service import Service

_LONG = 5_000
"""Characters above which messages are checked in a thread, so that others need not wait for them."""

audit = logging.getLogger("linkgate.lookups")


def check(service: Service, request: ApiRequest) -> ApiResponse | Awaitable[ApiResponse]:
    """Check one message, or a batch."""
    service.authorize(request, "check")
    messages, batch = read_messages(request.body)
    size = sum([service.size(message) for message in messages]) if batch else service.size(messages[0])
    if size > _LONG:
        return asyncio.to_thread(_checked, service, messages, batch=batch)
    return _checked(service, messages, batch=batch)


def _checked(service: Service, messages: Sequence[CheckRequest], *, batch: bool) -> ApiResponse:
    if not batch:
        return _answered(service, messages[0])
    found = [_answered(service, message).body for message in messages]
    return ApiResponse(b'{"results":[' + b",".join(found) + b"]}")


def _answered(service: Service, message: CheckRequest) -> ApiResponse:
    """The verdict on one message; that on a clear one is written once for each surface and snapshot."""
    verdict = service.gate.check(message.text, links=message.links, surface=message.surface, message=message.id)
    if verdict.matches:
        return ApiResponse(write_json(verdict.as_dict()))
    return service.clear.answer(verdict)


async def lookup(service: Service, request: ApiRequest) -> ApiResponse:
    """Look one URL up; on record, and only so often."""
    owner = service.authorize(request, "lookup")
    asked = read_lookup(request.body)
    service.fits(asked.url)
    await _spend(service, owner)
    explained = await asyncio.to_thread(service.gate.explain, asked.url)
    _remember(owner, explained.verdict)
    found = explained.verdict.as_dict() | {"readable": explained.canonical is not None}
    return ApiResponse(write_json(found | ({"steps": _steps(explained)} if asked.explain else {})))


async def _spend(service: Service, owner: TokenOwner | None) -> None:
    """Count one look-up. The first that is one too many is on record: somebody may be asking for the whole list."""
    who = owner.name if owner else None
    try:
        await asyncio.to_thread(service.count_lookup, owner)
    except BadRequestError as error:
        if who not in service.refused:
            service.refused.add(who)
            audit.warning("%s", json.dumps({"at": _now(), "who": who, "refused": str(error)}))
        raise
    service.refused.discard(who)


def _steps(explained: Explanation) -> list[dict[str, str]]:
    """The forms of what the person typed in, defanged."""
    return [{"step": stage.step, "url": defang(stage.url)} for stage in explained.stages]


def _remember(owner: TokenOwner | None, verdict: Verdict) -> None:
    """Put on record who asked and what was answered, never what about."""
    record = {
        "at": _now(),
        "who": owner.name if owner else None,
        "flagged": verdict.flagged,
        "entries": [match.entry.id for match in verdict.matches],
        "snapshot": verdict.snapshot,
    }
    audit.info("%s", json.dumps(record))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def lists(service: Service, request: ApiRequest) -> ApiResponse:
    """The lists that decide, and their age."""
    service.authorize(request, "lists")
    status = service.gate.status()
    told = {
        "snapshot": status.snapshot,
        "version": status.version,
        "entries": status.entries,
        "age": round(status.age, 1),
        "lists": [_list(each, stale=each.name in status.stale) for each in service.gate.lists],
    }
    return ApiResponse(write_json(told))


def _list(state: Any, *, stale: bool) -> dict[str, Any]:
    age = datetime.now(UTC) - datetime.fromisoformat(state.origin.checked)
    return {
        "name": state.name,
        "kind": state.kind,
        "category": state.category,
        "entries": state.entries,
        "confirmed": state.origin.checked,
        "age": round(age.total_seconds()),
        "stale": stale,
    }


def livez(service: Service, request: ApiRequest) -> ApiResponse:  # noqa: ARG001  # an endpoint like the others
    """Whether this process answers."""
    return ApiResponse(b'{"ok":true}')


def readyz(service: Service, request: ApiRequest) -> ApiResponse:  # noqa: ARG001  # as above
    """Whether nobody needs to look at the gate; it goes on deciding either way."""
    status = service.gate.status()
    body = {"ok": status.ok, "stale": status.stale, "failed": status.error is not None, "snapshot": status.snapshot}
    return ApiResponse(write_json(body), 200 if status.ok else 503)
