"""What clients make clickable and what people reported (../shared/telegram, ../shared/reports): flagged, or named.

A row that is not met has a pattern or a number in tests/data, with the reason.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from linkgate import Source, compile_lists

if TYPE_CHECKING:
    from linkgate.core.engine import Engine

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]
FAMILIES = dict.fromkeys(("linkify-it+tlds+ip", "markdown-it"), "linkify-it")
LEAST_EXACT, LEAST_OF_TWO, LEAST_REPORTS = 0.99, 0.97, 0.932


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@cache
def engine(*listed: str) -> Engine:
    source = Source(name="demo", data="\n".join(listed).encode())
    return compile_lists([source], accept=dict.fromkeys(listed, "a test")).engine


def kinds(row: Row) -> set[str]:
    listed = row["listed"] if isinstance(row["listed"], list) else [row["listed"]]
    verdict = engine(*listed).check(row["text"], links=row.get("links", []))
    return {match.kind.value for match in verdict.matches}


def is_named(row: Row, unmet: list[Row]) -> bool:
    return any(re.search(other["pattern"], row["text"]) for other in unmet)


def test_what_telegram_makes_clickable_is_flagged_and_exact(shared: Path) -> None:
    every, unmet = rows(shared / "telegram" / "entities.jsonl"), rows(DATA / "telegram" / "unmet.jsonl")
    found = [(row, kinds(row)) for row in every]
    assert not [row for row, said in found if not said]
    others = [row for row, said in found if "exact" not in said]
    assert len(others) <= (1 - LEAST_EXACT) * len(every)
    assert not [row for row in others if not is_named(row, unmet)]


def test_what_other_clients_make_clickable_is_flagged(shared: Path) -> None:
    every, unmet = rows(shared / "telegram" / "clients.jsonl"), rows(DATA / "clients" / "unmet.jsonl")
    families = [len({FAMILIES.get(name, name) for name in row["linkifiers"]}) for row in every]
    missed = [(number, row) for number, row in zip(families, every, strict=True) if not kinds(row)]
    assert not [row for number, row in missed if number > 2]
    assert len(missed) <= (1 - LEAST_OF_TWO) * families.count(2)
    assert not [row for _, row in missed if not is_named(row, unmet)]


def test_reports_are_answered_as_expected_or_named(shared: Path) -> None:
    unmet = {row["id"]: row["reason"] for row in rows(DATA / "reports" / "unmet.jsonl")}
    every = rows(shared / "reports" / "messages.jsonl")
    others = {row["id"] for row in every if not _as_expected(row["expect"], kinds(row))}
    assert others <= unmet.keys(), "rows no longer met"
    assert unmet.keys() <= others, "rows met by now: strike them from unmet.jsonl"
    assert len(others) <= (1 - LEAST_REPORTS) * len(every)


def _as_expected(expected: str | None, said: set[str]) -> bool:
    if expected is None:
        return not said
    return bool(said) and (expected == "any" or said <= set(expected.split("|")))


@pytest.mark.parametrize("name", ["telegram", "clients", "reports"])
def test_each_reason_is_told(name: str) -> None:
    assert all(row["reason"] for row in rows(DATA / name / "unmet.jsonl"))
