"""The rules of the DSA Transparency Database for a statement of reasons, as its published validation has them.

Source: `app/Http/Requests/StatementStoreRequest.php` of github.com/digital-services-act/transparency-database, commit
69e80a0; a request holds 1 to 100 statements (`StatementMultipleAPIController.php`).

>>> faults_of({})[:2]
['decision_visibility must be one or several of those known', 'decision_ground must be one of those known']
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from linkgate.decisions.statement_words import CATEGORIES, COUNTRIES, KEYWORDS, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_VISIBILITY = frozenset(
    f"DECISION_VISIBILITY_{word}"
    for word in (
        *("CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED"),
        *("CONTENT_INTERACTION_RESTRICTED", "CONTENT_LABELLED", "OTHER"),
    )
)
_GROUNDS = {
    "DECISION_GROUND_ILLEGAL_CONTENT": ("illegal_content_legal_ground", "illegal_content_explanation"),
    "DECISION_GROUND_INCOMPATIBLE_CONTENT": ("incompatible_content_ground", "incompatible_content_explanation"),
}
_CONTENT = frozenset(
    f"CONTENT_TYPE_{word}" for word in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
)
_SOURCES = frozenset(
    f"SOURCE_{word}" for word in ("ARTICLE_16", "TRUSTED_FLAGGER", "TYPE_OTHER_NOTIFICATION", "VOLUNTARY")
)
_AUTOMATED = frozenset(f"AUTOMATED_DECISION_{word}" for word in ("FULLY", "PARTIALLY", "NOT_AUTOMATED"))
_PUID = re.compile(r"[A-Za-z0-9_-]{1,500}", re.ASCII)
_SHORT, _MIDDLE, _LONG = 500, 2000, 5000
_OTHERS = (("decision_visibility", "DECISION_VISIBILITY_OTHER"), ("content_type", "CONTENT_TYPE_OTHER"))
_DAYS = {"content_date": "2000-01-01", "application_date": "2020-01-01"}
_LAST = "2038-01-01"


def faults_of(row: Mapping[str, Any]) -> list[str]:
    """What is wrong with a statement, field by field; empty where nothing is."""
    return [*_choices(row), *_texts(row), *_days(row), *_others(row)]


def _choices(row: Mapping[str, Any]) -> Iterator[str]:
    if not _several(row.get("decision_visibility"), _VISIBILITY):
        yield "decision_visibility must be one or several of those known"
    for key, known in (
        ("decision_ground", _GROUNDS),
        ("source_type", _SOURCES),
        ("automated_detection", {"Yes", "No"}),
        ("automated_decision", _AUTOMATED),
    ):
        if row.get(key) not in known:
            yield f"{key} must be one of those known"
    if not _several(row.get("content_type"), _CONTENT):
        yield "content_type must be one or several of those known"


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    ground, explanation = _GROUNDS.get(str(row.get("decision_ground")), ("", ""))
    needed = {ground: _SHORT, explanation: _MIDDLE, "decision_facts": _LONG}
    for key, longest in needed.items():
        text = row.get(key)
        if key and not (isinstance(text, str) and 0 < len(text) <= longest):
            yield f"{key} must be a text of at most {longest} characters"
    for field, other in _OTHERS:
        said = row.get(f"{field}_other")
        if other in (row.get(field) or ()) and not (isinstance(said, str) and 0 < len(said) <= _SHORT):
            yield f"{field}_other must say which: a text of at most {_SHORT} characters"
    identity = row.get("source_identity", "")
    if len(identity) > _SHORT:
        yield f"source_identity must be a text of at most {_SHORT} characters"
    if identity and row.get("source_type") == "SOURCE_VOLUNTARY":
        yield "source_identity is nobody's where the source is one's own"


def _days(row: Mapping[str, Any]) -> Iterator[str]:
    for key, first in _DAYS.items():
        try:
            right = dt.date.fromisoformat(row[key]).isoformat() == row[key] and first <= row[key] <= _LAST
        except (KeyError, TypeError, ValueError):
            right = False
        if not right:
            yield f"{key} is no day as YYYY-MM-DD between {first} and {_LAST}"


def _others(row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("category") not in CATEGORIES:
        yield "category is no STATEMENT_CATEGORY_… that the database knows"
    for key, known in (("category_specification", KEYWORDS), ("territorial_scope", COUNTRIES)):
        if not all(each in known for each in row.get(key, ())):
            yield f"{key} must hold words that the database knows"
    if "content_language" in row and row["content_language"] not in LANGUAGES:
        yield "content_language must be a language's two capital letters"
    if not _PUID.fullmatch(str(row.get("puid", ""))):
        yield "puid has other letters than A-Z, a-z, 0-9, - and _"


def _several(found: object, known: Collection[str]) -> bool:
    return isinstance(found, list) and bool(found) and all(each in known for each in found)
