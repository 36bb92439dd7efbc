"""The endpoints: what is asked, what is answered. Nothing that they answer or log holds a listed address."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkgate.fronts.server import wire
from linkgate.fronts.server.answering import Answer
from linkgate.fronts.show import defang

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from linkgate import Explanation, Verdict
    from linkgate.fronts.server.answering import Asked
    from linkgate.fronts.server.desk import Desk
    from linkgate.fronts.server.tokens import Holder

_LONG = 5_000
"""Characters above which messages are checked in a thread, so that others need not wait for them."""

audit = logging.getLogger("linkgate.lookups")


def check(desk: Desk, asked: Asked) -> Answer | Awaitable[Answer]:
    """Check one message, or a batch."""
    desk.admit(asked, "check")
    messages, batch = wire.read_messages(asked.body)
    size = sum([desk.size(message) for message in messages]) if batch else desk.size(messages[0])
    if size > _LONG:
        return asyncio.to_thread(_checked, desk, messages, batch=batch)
    return _checked(desk, messages, batch=batch)


def _checked(desk: Desk, messages: Sequence[wire.Message], *, batch: bool) -> Answer:
    if not batch:
        return _answered(desk, messages[0])
    found = [_answered(desk, message).body for message in messages]
    return Answer(b'{"results":[' + b",".join(found) + b"]}")


def _answered(desk: Desk, message: wire.Message) -> Answer:
    """The verdict on one message; that on a clear one is written once for each surface and snapshot."""
    verdict = desk.gate.check(message.text, links=message.links, surface=message.surface, message=message.id)
    if verdict.matches:
        return Answer(wire.write(verdict.as_dict()))
    return desk.clear.answer(verdict)


async def lookup(desk: Desk, asked: Asked) -> Answer:
    """Look one URL up; on record, and only so often."""
    holder = desk.admit(asked, "lookup")
    question = wire.read_question(asked.body)
    desk.fits(question.url)
    await _spend(desk, holder)
    explained = await asyncio.to_thread(desk.gate.explain, question.url)
    _remember(holder, explained.verdict)
    found = explained.verdict.as_dict() | {"readable": explained.canonical is not None}
    return Answer(wire.write(found | ({"steps": _steps(explained)} if question.explain else {})))


async def _spend(desk: Desk, holder: Holder | None) -> None:
    """Count one look-up. The first that is one too many is on record: somebody may be asking for the whole list."""
    who = holder.name if holder else None
    try:
        await asyncio.to_thread(desk.spend, holder)
    except wire.BadRequestError as error:
        if who not in desk.refused:
            desk.refused.add(who)
            audit.warning("%s", json.dumps({"at": _now(), "who": who, "refused": str(error)}))
        raise
    desk.refused.discard(who)


def _steps(explained: Explanation) -> list[dict[str, str]]:
    """The forms of what the person typed in, defanged."""
    return [{"step": stage.step, "url": defang(stage.url)} for stage in explained.stages]


def _remember(holder: Holder | None, verdict: Verdict) -> None:
    """Put on record who asked and what was answered, never what about."""
    record = {
        "at": _now(),
        "who": holder.name if holder else None,
        "flagged": verdict.flagged,
        "entries": [match.entry.id for match in verdict.matches],
        "snapshot": verdict.snapshot,
    }
    audit.info("%s", json.dumps(record))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def lists(desk: Desk, asked: Asked) -> Answer:
    """The lists that decide, and their age."""
    desk.admit(asked, "lists")
    status = desk.gate.status()
    told = {
        "snapshot": status.snapshot,
        "version": status.version,
        "entries": status.entries,
        "age": round(status.age, 1),
        "lists": [_list(each, stale=each.name in status.stale) for each in desk.gate.lists],
    }
    return Answer(wire.write(told))


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


def livez(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001  # an endpoint like the others
    """Whether this process answers."""
    return Answer(b'{"ok":true}')


def readyz(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001  # as above
    """Whether nobody needs to look at the gate; it goes on deciding either way."""
    status = desk.gate.status()
    body = {"ok": status.ok, "stale": status.stale, "failed": status.error is not None, "snapshot": status.snapshot}
    return Answer(wire.write(body), 200 if status.ok else 503)
