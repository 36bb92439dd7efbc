"""The answer to "why?": of a message or decision on record, of an entry id, or of a URL. Never an address (law 9)."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.fronts.entry_report import entry_facts, entry_reports
from linkgate.fronts.show import allowed_row, defang

if TYPE_CHECKING:
    from linkgate import Config, Engine, Match, NearMiss, Policy, Ruling, Store, Verdict


def why(
    asked: str, *, engine: Engine, policy: Policy | None, config: Config | None, store: Store | None
) -> dict[str, Any]:
    """All that answers: `decisions` on record, `entries` of this id, and of what is a URL, `url`.

    A message is looked for on record by its id, a decision by its own. What is neither there nor an
    entry id is read as a URL; what is plainly one is not looked for there, as record and store may be large.
    """
    plainly = "//" in asked or "[" in asked
    decisions = [] if plainly else _decisions(asked, config)
    names = sorted({f"{row['list']}:{row['entry']}" for row in decisions} or {asked})
    entries = [] if plainly else _entries(names, engine, policy, config, store)
    url = None if decisions or entries or (_NAME.fullmatch(asked) and not plainly) else _url(asked, engine, policy)
    return {"decisions": decisions, "entries": entries, "url": url}


_NAME = re.compile(r"[\w:-]*")
"""What no web page is called: a name of one label is an id, though a browser would open it."""


def _entries(
    names: list[str], engine: Engine, policy: Policy | None, config: Config | None, store: Store | None
) -> list[dict[str, Any]]:
    if config is None or store is None or policy is None:
        return [entry_facts(each, engine) for each in engine.find_entries(names)]
    return [each for name in names for each in entry_reports(name, config, store, policy=policy)]


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
    near = _only_nearly(verdict) if verdict.matches else engine.near_misses(asked)
    return {
        "readable": told.canonical is not None,
        "steps": [{"step": stage.step, "url": defang(stage.url)} for stage in told.stages],
        **verdict.as_dict(),
        "near": [asdict(each) for each in near],
        "allowed": [allowed_row(each) for each in told.allowed],
    }


def _only_nearly(verdict: Verdict) -> tuple[NearMiss, ...]:
    """Of a URL that is listed and yet not flagged: as what, and what makes less of it."""
    if verdict.flagged:
        return ()
    rulings = zip(verdict.matches, verdict.rulings, strict=True)
    return tuple(linkgate.NearMiss(_listed_as(*each), (each[0].entry.id,), 1) for each in rulings)


def _listed_as(match: Match, ruling: Ruling) -> str:
    """How an entry covers a URL, and why less is done than its list asks for."""
    steps = f": {', '.join(match.steps)}" if match.steps else ""
    held = f"; {ruling.held} makes {ruling.action} of {ruling.asked}" if ruling.held else ""
    return f"listed as {match.kind.value}{steps}{held}"
