"""Tells the platform of a late decision: the command and the webhook of `[resolve]`, with ids and no address.

>>> from linkgate.core.verdict import Verdict
>>> from linkgate.decisions.rechecking import Rechecked
>>> late_row(Rechecked(Verdict(snapshot="id", message="m1", surface="public"), ("d1",)))["decisions"]
['d1']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.command_hook import run_command
from linkgate.decisions.webhook import post_json
from linkgate.errors import LinkgateError
from linkgate.lists.credentials import filled, headers

if TYPE_CHECKING:
    from linkgate.decisions.rechecking import Rechecked
    from linkgate.lists.config import Config


def tell_late(config: Config, again: Rechecked) -> str | None:
    """Run the command and post to the webhook; what went wrong with either, None where nothing did."""
    settings = config.resolve
    if settings is None:
        return None
    data = msgspec.json.encode(late_row(again))
    wrong = [run_command(settings.on_late, data)] if settings.on_late else []
    if settings.webhook is not None:
        try:
            address = filled(settings.webhook, settings.credentials)
            wrong.append(post_json(address, data, headers=headers(settings.credentials)))
        except LinkgateError as error:
            wrong.append(str(error))
    told = "; ".join(filter(None, wrong))
    return f"[resolve]: {told}" if told else None


def late_row(again: Rechecked) -> dict[str, Any]:
    """What is told: the message, the decisions, what they ask for."""
    verdict = again.verdict
    return {
        "late": True,
        "message": verdict.message,
        "surface": verdict.surface,
        "action": verdict.action,
        "decisions": list(again.decisions),
        "entries": [match.entry.id for match in verdict.matches],
        "snapshot": verdict.snapshot,
    }
