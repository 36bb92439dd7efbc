"""Statements of reasons (DSA, Article 17 and 24): one for each decision with an effect, checked by the published rules.

A statement holds no link and no account: its words come from templates, which may not name anybody either.

>>> from linkgate.lists.reporter_config import StatementTemplate
>>> template = StatementTemplate(legal_ground="Directive 2011/93/EU", explanation="It links to a listed page.")
>>> decision = Decision(time="2026-01-31T10:00:00Z", decision="d1", list="demo", entry="1", scope="page", kind="exact",
...                     action="block", asked="block", snapshot="id", micros=9)
>>> row = statement(decision, template, confirmed=False)
>>> row["puid"], row["automated_decision"], row["application_date"], faults_of(row)
('d1', 'AUTOMATED_DECISION_FULLY', '2026-01-31', [])
>>> faults_of(row | {"source_type": "OWN", "puid": "d/1"})
['source_type must be one of those known', 'puid has other letters than A-Z, a-z, 0-9, - and _']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.decisions.decision_report import Records
from linkgate.decisions.free_text import names_somebody
from linkgate.decisions.record import Decision
from linkgate.decisions.review import kept_reviews
from linkgate.decisions.statement_rules import faults_of
from linkgate.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from linkgate.lists.reporter_config import StatementTemplate

__all__ = ["Decision", "faults_of", "statement", "statements"]

DEFAULT = "default"


def statements(
    folder: Path, templates: Mapping[str, StatementTemplate], *, first: dt.date | None, last: dt.date | None
) -> Iterator[dict[str, Any]]:
    """The statements of a span of days. UsageError for a template that breaks a rule, or names somebody."""
    for name, template in templates.items():
        _check(name, template)
    reviews = {each.decision: each for each in kept_reviews(folder)}
    for each in Records(folder, first=first, last=last):
        review = reviews.get(each.decision)
        confirmed = review is not None and review.verdict == "confirmed"
        if review is not None and review.verdict == "wrong":
            continue  # it has no effect any more
        if each.shadow or not (each.action == "block" or (each.action == "review" and confirmed)):
            continue
        chosen = templates.get(each.category or DEFAULT) or templates.get(DEFAULT)
        if chosen is None:
            raise UsageError(
                f"no template for category {each.category!r}: add [dsa.category.{each.category or DEFAULT}]"
            )
        row = statement(each, chosen, confirmed=confirmed)
        if faults := faults_of(row):
            raise UsageError(f"decision {each.decision}: {faults[0]}")
        yield row


def statement(decision: Decision, template: StatementTemplate, *, confirmed: bool) -> dict[str, Any]:
    """One statement. confirmed: a person looked and said that it is right."""
    row: dict[str, Any] = {
        "decision_visibility": [template.visibility],
        "content_type": [template.content_type],
        "category": template.category,
        "category_specification": list(template.keywords),
        "content_date": decision.posted_day,
        "application_date": decision.day,
        "decision_facts": template.facts,
        "source_type": template.source,
        "automated_detection": "Yes",
        "automated_decision": _automated(decision, confirmed=confirmed),
        "puid": decision.decision,
    }
    row |= _ground(template)
    optional = {"territorial_scope": list(template.territory), "content_language": template.content_language}
    optional["source_identity"] = template.source_identity
    return row | {key: value for key, value in optional.items() if value}


def _ground(template: StatementTemplate) -> dict[str, str]:
    if template.ground == "illegal":
        return {
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": template.legal_ground,
            "illegal_content_explanation": template.explanation,
        }
    return {
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": template.legal_ground,
        "incompatible_content_explanation": template.explanation,
    }


def _automated(decision: Decision, *, confirmed: bool) -> str:
    if decision.action == "block":
        return "AUTOMATED_DECISION_FULLY"
    return "AUTOMATED_DECISION_PARTIALLY" if confirmed else "AUTOMATED_DECISION_NOT_AUTOMATED"


def _check(name: str, template: StatementTemplate) -> None:
    for key in ("legal_ground", "explanation", "facts"):
        if names_somebody(getattr(template, key)):
            raise UsageError(f"[dsa.category.{name}]: {key} holds an address or an account, and no personal data may")
