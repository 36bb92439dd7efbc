"""The endpoints of the HTTP API. Nothing that they answer or log holds a listed address."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.fronts.server.asgi import ApiResponse
from linkgate.fronts.server.check_pool import is_quick
from linkgate.fronts.server.offsets import offset_in
from linkgate.fronts.server.request_body import (
    BadRequestError,
    RecheckRequest,
    WhyRequest,
    read_as,
    read_lookup,
    read_messages,
    write_json,
)
from linkgate.fronts.show import defang
from linkgate.fronts.why_answer import why as why_answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Sequence

    from linkgate import Explanation, Policy, Verdict
    from linkgate.fronts.server.asgi import ApiRequest
    from linkgate.fronts.server.bearer_tokens import TokenOwner
    from linkgate.fronts.server.request_body import CheckBody, CheckRequest
    from linkgate.fronts.server.service import Service

_LONG = 20_000
"""Bytes above which a body is decoded in a thread, too."""

audit = logging.getLogger("linkgate.lookups")


def check(service: Service, request: ApiRequest) -> ApiResponse | Awaitable[ApiResponse]:
    """Check one message, or a batch; in a thread where that may take long, or has to be counted on the disk."""
    owner = service.authorize(request, "check")
    if len(request.body) > _LONG:
        return service.pool.run(lambda: _checked(service, owner, _read(service, request.body)))
    body = _read(service, request.body)
    if not body.batch and (clear := _cleared(service, body.messages[0])) is not None:
        return service.clear.answer(clear)
    if (owner is None or owner.links is None) and _is_quick(service, body.messages):
        return _checked(service, owner, body)
    return service.pool.run(lambda: _checked(service, owner, body))


def _read(service: Service, body: bytes) -> CheckBody:
    """The messages of a body within the limits. Raises BadRequestError."""
    found = read_messages(body)
    for message in found.messages:
        service.size(message)
    if found.unknown:
        service.unknown.add()
    return found


def _cleared(service: Service, message: CheckRequest) -> Verdict | None:
    """The verdict on a message that is told to be clear within the budget; it has no links to count."""
    if message.media or not is_quick(_size(message), suspect=False):
        return None
    return service.gate.check_clear(message.text, links=message.links, surface=message.surface)


def _is_quick(service: Service, messages: Sequence[CheckRequest]) -> bool:
    """Whether the messages can be checked within the budget of the event loop."""
    if any([message.media and _is_compared(message) for message in messages]):  # noqa: C419  # quicker
        return False
    size = sum(map(_size, messages))
    if is_quick(size, suspect=True):
        return True
    if not is_quick(size, suspect=False):
        return False
    engine = service.gate.engine
    suspects = [each for each in messages if engine.cleared(each.text, each.links) is None]
    return is_quick(sum(map(_size, suspects)), suspect=True)


def _is_compared(message: CheckRequest) -> bool:
    """Whether a file of a message is compared with every listed one."""
    return any(each.near is not None or each.vpdq for each in message.media)


def _size(message: CheckRequest) -> int:
    """The characters of a message."""
    return len(message.text) + (sum(map(len, message.links)) if message.links else 0)


def _checked(service: Service, owner: TokenOwner | None, body: CheckBody) -> ApiResponse:
    verdicts = [_verdict(service, message) for message in body.messages]
    if owner is not None:
        _count(service, owner, verdicts)
    if not body.batch:
        return _answer(service, body.messages[0], verdicts[0])
    pairs = zip(body.messages, verdicts, strict=True)
    answers = [_identified(message, _answer(service, message, verdict)) for message, verdict in pairs]
    return ApiResponse(b'{"results":[' + b",".join(answers) + b"]}")


def _verdict(service: Service, message: CheckRequest) -> Verdict:
    asked = message
    return service.gate.check(
        asked.text,
        links=asked.links or (),
        media=asked.media or (),
        surface=asked.surface,
        message=asked.id,
        account=asked.account,
        posted=asked.posted,
    )


def _answer(service: Service, message: CheckRequest, verdict: Verdict) -> ApiResponse:
    """The answer to one message; that to a clear one is written once for each surface and snapshot."""
    if not verdict.matches and not verdict.opaque:
        return service.clear.answer(verdict)
    told = verdict.as_dict()
    if message.offsets != "code-points":
        for match in (*told["matches"], *told.get("opaque", ())):
            match |= {name: offset_in(message.text, match[name], message.offsets) for name in ("start", "end")}
    return ApiResponse(write_json(told))


def _identified(message: CheckRequest, answer: ApiResponse) -> bytes:
    """The answer in a batch, with the id of its message if it has one."""
    return answer.body if message.id is None else b'{"id":' + write_json(message.id) + b"," + answer.body[1:]


def _count(service: Service, owner: TokenOwner, verdicts: Sequence[Verdict]) -> None:
    """Count the links of a token. Where they are limited, who asked and what was answered is on record, too."""
    links = sum([verdict.links or 0 for verdict in verdicts])
    if owner.links is None or not links:
        service.count_links(owner, links)
        return
    with _told(service, owner, "check"):
        service.count_links(owner, links)
    _remember("check", owner, verdicts)


async def recheck(service: Service, request: ApiRequest) -> ApiResponse:
    """Judge where the short links of a message lead, as a resolver told; each address counts as a link."""
    owner = service.authorize(request, "check")
    asked = read_as(request.body, RecheckRequest)
    for each in asked.targets:
        for text in (each.link, *each.hops):
            service.fits(text)
    links = [linkgate.Link(each.start, each.end, each.link, each.link, token=n) for n, each in enumerate(asked.targets)]
    verdict = linkgate.Verdict(snapshot="", opaque=tuple(links), surface=asked.surface, message=asked.id)
    targets = [linkgate.ShortTarget(each.link, each.state, tuple(each.hops), each.at) for each in asked.targets]
    again = await service.pool.run(
        lambda: (
            service.gate.rechecked(
                verdict, targets, account=asked.account, posted=asked.posted, late=asked.late
            ).verdict
        )
    )
    if owner is not None:
        _count(service, owner, [replace(again, links=sum(len(each.hops) for each in asked.targets))])
    return ApiResponse(write_json(again.as_dict()))


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


async def why(service: Service, request: ApiRequest) -> ApiResponse:
    """Why: of a message or decision on record, an entry id, or a URL; counted and on record as a look-up."""
    owner = service.authorize(request, "lookup")
    asked = read_as(request.body, WhyRequest)
    service.fits(asked.asked)
    with _told(service, owner, "look-up"):
        await asyncio.to_thread(service.count_lookup, owner)
    told = await service.pool.run(lambda: _why(service, asked.asked))
    names = [each["entry"] for each in (*told["decisions"], *told["entries"], *(told["url"] or {}).get("matches", ()))]
    audit.info("why", extra={"fields": {"who": owner.name if owner else None, "entries": names}})
    return ApiResponse(write_json(told))


def _why(service: Service, asked: str) -> dict[str, Any]:
    gate = service.gate
    config = gate.config
    store = config.open_store() if config is not None else None
    return why_answer(asked, engine=gate.engine, policy=gate.policy, config=config, store=store)


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
    status, policy = service.gate.status(), service.gate.policy
    told = {
        "snapshot": status.snapshot,
        "version": status.version,
        "entries": status.entries,
        "age": round(status.age, 1),
        "lists": [_list(each, stale=each.name in status.stale, policy=policy) for each in service.gate.lists],
    }
    return ApiResponse(write_json(told))


def _list(state: Any, *, stale: bool, policy: Policy | None) -> dict[str, Any]:
    rule = None if policy is None else policy.rules.get(state.name)
    age = datetime.now(UTC) - datetime.fromisoformat(state.origin.checked)
    return {
        "name": state.name,
        "kind": state.kind,
        "category": state.category,
        "entries": state.entries,
        "confirmed": state.origin.checked,
        "age": round(age.total_seconds()),
        "stale": stale,
        "shadow": rule is not None and rule.shadow,
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
