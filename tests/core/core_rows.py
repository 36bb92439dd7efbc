"""Rows of tests/data/core: one JSON object a line, a bug becomes a row."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkgate import Source, compile_lists

if TYPE_CHECKING:
    from linkgate.core.engine import Engine

FOLDER = Path(__file__).parents[1] / "data" / "core"
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """The rows of one file; their texts may hold any code point, so JSON escapes them."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def label(row: Row) -> str:
    """A name for a row in a report of the tests: ASCII, and short."""
    return ascii(" ".join(str(value) for value in row.values()))[1:70]


@cache
def engine(*listed: str) -> Engine:
    """An engine on lines of a plain list, all of which count: the guard's objections were overruled."""
    source = Source(name="demo", data="\n".join(listed).encode())
    compiled = compile_lists([source] if listed else [], accept=dict.fromkeys(listed, "a test"))
    assert compiled.report.entries == len(listed)
    return compiled.engine
