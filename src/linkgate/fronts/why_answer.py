"""The answer to "why?": of a message or decision on record, of an entry id, or of a URL. Never an address (law 9)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.fronts.entry_report import entry_reports
from linkgate.fronts.show import allowed_row, defang

if TYPE_CHECKING:
    from linkgate import Config, Engine, Policy, Store


def why(
    asked: str, *, engine: Engine, policy: Policy | None, config: Config | None, store: Store | None
) -> dict[str, Any]:
    """All that answers: `decisions` on record, `entries` of this id, and of what is a URL, `url`.

    A message is looked for on record by its id, a decision by its own. What is neither there nor an
    entry id is read as a URL.
    """
    decisions = _decisions(asked, config)
    names = {row["entry"] for row in decisions} or {asked}
    entries = (
        [each for name in sorted(names) for each in entry_reports(name, config, store)] if config and store else []
    )
    url = None if decisions or entries else _url(asked, engine, policy)
    return {"decisions": decisions, "entries": entries, "url": url}


def _decisions(asked: str, config: Config | None) -> list[dict[str, Any]]:
    """What is on record of a message or decision, without the text of the message."""
    record = config.policy.record if config else None
    if record is None:
        return []
    found = linkgate.find_decisions(record.path, decisions=[asked], messages=[asked])
    return [{name: value for name, value in row.items() if name in _KNOWN} for row in found]


_KNOWN = frozenset(linkgate.Decision.__struct_fields__) - {"text"}


def _url(asked: str, engine: Engine, policy: Policy | None) -> dict[str, Any]:
    told = engine.explain(asked)
    verdict = told.verdict if policy is None else replace(told.verdict, policy=policy)
    near = () if verdict.matches else engine.near_misses(asked)
    return {
        "readable": told.canonical is not None,
        "steps": [{"step": stage.step, "url": defang(stage.url)} for stage in told.stages],
        **verdict.as_dict(),
        "near": [asdict(each) for each in near],
        "allowed": [allowed_row(each) for each in told.allowed],
    }
