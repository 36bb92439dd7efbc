"""The endpoints of the HTTP API. Nothing that they answer or log holds a listed address."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkgate.fronts.server.asgi import ApiResponse
from linkgate.fronts.server.check_pool import is_quick
from linkgate.fronts.server.request_body import BadRequestError, read_lookup, read_messages, write_json
from linkgate.fronts.show import defang

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Sequence

    from linkgate import Explanation, Verdict
    from linkgate.fronts.server.asgi import ApiRequest
    from linkgate.fronts.server.bearer_tokens import TokenOwner
    from linkgate.fronts.server.request_body import CheckRequest
    from linkgate.fronts.server.service import Service

_LONG = 20_000
"""Bytes above which a body is decoded in a thread, too."""

audit = logging.getLogger("linkgate.lookups")


def check(service: Service, request: ApiRequest) -> ApiResponse | Awaitable[ApiResponse]:
    """Check one message, or a batch; in a thread where that may take long, or has to be counted on the disk."""
    owner = service.authorize(request, "check")
    if len(request.body) > _LONG:
        return service.pool.run(lambda: _checked(service, owner, *_messages(service, request.body)))
    messages, batch = _messages(service, request.body)
    if (owner is None or owner.links is None) and _is_quick(service, messages):
        return _checked(service, owner, messages, batch)
    return service.pool.run(lambda: _checked(service, owner, messages, batch))


def _messages(service: Service, body: bytes) -> tuple[Sequence[CheckRequest], bool]:
    """The messages of a body within the limits, and whether it is a batch. Raises BadRequestError."""
    messages, batch = read_messages(body)
    for message in messages:
        service.size(message)
    return messages, batch


def _is_quick(service: Service, messages: Sequence[CheckRequest]) -> bool:
    """Whether the messages can be checked within the budget of the event loop."""
    size = sum([service.size(message) for message in messages])
    if is_quick(size, suspect=True):
        return True
    if not is_quick(size, suspect=False):
        return False
    suspects = [each for each in messages if service.gate.suspects(each.text, each.links)]
    return is_quick(sum(map(service.size, suspects)), suspect=True)


def _checked(
    service: Service,
    owner: TokenOwner | None,
    messages: Sequence[CheckRequest],
    batch: bool,  # noqa: FBT001  # as they are read
) -> ApiResponse:
    verdicts = [_verdict(service, message) for message in messages]
    if owner is not None:
        _count(service, owner, verdicts)
    if not batch:
        return _answer(service, verdicts[0])
    return ApiResponse(b'{"results":[' + b",".join([_answer(service, each).body for each in verdicts]) + b"]}")


def _verdict(service: Service, message: CheckRequest) -> Verdict:
    asked = message
    return service.gate.check(
        asked.text, links=asked.links, surface=asked.surface, message=asked.id, account=asked.account
    )


def _answer(service: Service, verdict: Verdict) -> ApiResponse:
    """The answer to one message; that to a clear one is written once for each surface and snapshot."""
    return ApiResponse(write_json(verdict.as_dict())) if verdict.matches else service.clear.answer(verdict)


def _count(service: Service, owner: TokenOwner, verdicts: Sequence[Verdict]) -> None:
    """Count the links of a token. Where they are limited, who asked and what was answered is on record, too."""
    links = sum([verdict.links or 0 for verdict in verdicts])
    if owner.links is None or not links:
        service.count_links(owner, links)
        return
    with _told(service, owner, "check"):
        service.count_links(owner, links)
    _remember("check", owner, verdicts)


async def lookup(service: Service, request: ApiRequest) -> ApiResponse:
    """Look one URL up; on record, and only so often."""
    owner = service.authorize(request, "lookup")
    asked = read_lookup(request.body)
    service.fits(asked.url)
    with _told(service, owner, "look-up"):
        await asyncio.to_thread(service.count_lookup, owner)
    explained = await service.pool.run(lambda: service.gate.explain(asked.url))
    _remember("look-up", owner, [explained.verdict])
    found = explained.verdict.as_dict() | {"readable": explained.canonical is not None}
    return ApiResponse(write_json(found | ({"steps": _steps(explained)} if asked.explain else {})))


@contextmanager
def _told(service: Service, owner: TokenOwner | None, what: str) -> Iterator[None]:
    """The first refusal that is one too many is on record: somebody may be asking for the whole list."""
    who = owner.name if owner else None
    try:
        yield
    except BadRequestError as error:
        if (what, who) not in service.refused:
            service.refused.add((what, who))
            audit.warning("%s refused", what, extra={"fields": {"who": who, "refused": str(error)}})
        raise
    service.refused.discard((what, who))


def _steps(explained: Explanation) -> list[dict[str, str]]:
    """The forms of what the person typed in, defanged."""
    return [{"step": stage.step, "url": defang(stage.url)} for stage in explained.stages]


def _remember(what: str, owner: TokenOwner | None, verdicts: Sequence[Verdict]) -> None:
    """Put on record who asked and what was answered, never what about."""
    record = {
        "who": owner.name if owner else None,
        "flagged": any(verdict.flagged for verdict in verdicts),
        "entries": [match.entry.id for verdict in verdicts for match in verdict.matches],
        "snapshot": verdicts[0].snapshot,
    }
    audit.info("%s", what, extra={"fields": record})


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
    """Whether this process can answer: it began with an engine, and a gate never lets go of its last one."""
    return ApiResponse(write_json({"ok": True, "snapshot": service.gate.status().snapshot}))


def healthz(service: Service, request: ApiRequest) -> ApiResponse:
    """Whether nobody needs to look at the gate; it goes on deciding either way.

    The sentences name files of the server, so strangers are told the kinds and lists alone.
    """
    status = service.gate.status()
    known = service.tokens is None or service.has_right(request, "lists")
    told = [
        {"kind": each.kind, "list": each.list} | ({"sentence": each.sentence} if known else {})
        for each in status.problems
    ]
    body = {"ok": status.ok, "snapshot": status.snapshot, "problems": told}
    return ApiResponse(write_json(body), 200 if status.ok else 503)
