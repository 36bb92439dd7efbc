"""Appeals: a decision is overturned, on record as a review, as an opinion of its entry, and told to the platform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.command_hook import run_command
from linkgate.decisions.find_decisions import find_decisions
from linkgate.decisions.opinions import Opinion, OpinionFile
from linkgate.decisions.record import Decision
from linkgate.decisions.review import Review, keep_reviews, kept_reviews
from linkgate.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.lists.config import Config

_HIDDEN = "text"
_CHAIN = ("w", "n")


def shown_decision(config: Config, name: str) -> dict[str, Any]:
    """All that is on record of a decision, but for the text of its message. UsageError where there is none."""
    folder = _folder(config)
    row = _row(folder, name)
    told = _known(row) | {key: row.get(key) for key in _CHAIN}
    review = next((each for each in kept_reviews(folder) if each.decision == name), None)
    opinions = [each for each in OpinionFile.of(config).read() if each.key == (row["list"], row["entry"])]
    told["review"] = None if review is None else msgspec.to_builtins(review)
    told["opinions"] = [msgspec.to_builtins(each) for each in opinions]
    return told


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a line as it was recorded, with those that it leaves out."""
    fields = (each for each in msgspec.structs.fields(Decision) if each.name != _HIDDEN)
    return {each.name: row.get(each.name, None if each.required else each.default) for each in fields}


def overturn(config: Config, name: str, *, reason: str, by: str, at: str) -> Review:
    """Put on record that a decision was wrong and is no more. UsageError where there is no such decision."""
    folder = _folder(config)
    row = _row(folder, name)
    before = next((each for each in kept_reviews(folder) if each.decision == name), None)
    if before is not None and before.overturned:
        raise UsageError(f"decision {name} was overturned at {before.at} by {before.by}")
    review = Review(
        at=at,
        decision=name,
        list=row["list"],
        kind=row["kind"],
        verdict="wrong",
        weight=before.weight if before else 1.0,
        sampled=before.sampled if before else False,
        overturned=True,
        by=by,
        reason=reason,
    )
    keep_reviews(folder, [review])
    opinion = Opinion(entry=row["entry"], list=row["list"], opinion="wrong", by=by, at=at, reason=reason, decision=name)
    OpinionFile.of(config).add([opinion])
    return review


def tell_platform(config: Config, name: str, review: Review) -> str | None:
    """Run the configured command, with the decision as JSON on stdin; what went wrong, None where nothing did."""
    record = config.policy.record
    if record is None or not record.on_overturn:
        return None
    row = _row(record.path, name)
    keys = ("decision", "message", "surface", "list", "entry", "kind", "action", "time")
    told = {key: row.get(key) for key in keys} | {"by": review.by, "reason": review.reason}
    fault = run_command(record.on_overturn, json.dumps(told).encode())
    return f"on_overturn: {fault}; the platform may not know" if fault else None


def _folder(config: Config) -> Path:
    if config.policy.record is None:
        raise UsageError(f"{config.path} has no [decisions], so nothing is recorded: add the table")
    return config.policy.record.path


def _row(folder: Path, name: str) -> dict[str, Any]:
    found = find_decisions(folder, decisions=[name])
    if not found:
        raise UsageError(f"there is no decision {name} on record: it was purged, or never made")
    return found[0]
