"""What the documentation says is caught is caught, and what it says is not is not."""

from __future__ import annotations

from typing import Any

import pytest

import linkgate
from catches import PAGE, page, rows


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['class']}: {row.get('text', row.get('link'))!a}")
def test_row(row: dict[str, Any]) -> None:
    engine = linkgate.compile_lines([row["listed"]]).engine
    verdict = engine.check(row.get("text", ""), links=[row["link"]] if "link" in row else [])
    kinds = {match.kind.value for match in verdict.matches}
    assert kinds == ({row["kind"]} if row["kind"] else set())
    assert verdict.flagged == bool(row["kind"])


def test_page_is_made_from_the_rows() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python tests/catches.py"
