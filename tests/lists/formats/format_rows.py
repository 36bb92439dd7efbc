"""Rows of tests/data/lists, and what a reader makes of a text in one line of a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkgate.lists.formats import FORMATS, ListItem

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).resolve().parents[2] / "data" / "lists"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]


def told(kind: str, document: object, columns: Mapping[str, str] | None = None) -> list[Any]:
    """`[address, scope, allow]` of an item, the reason of any other; the document is text or becomes JSON."""
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    found = FORMATS[kind](data, columns=columns)
    return [[item.address, item.scope, item.allow] if isinstance(item, ListItem) else item.reason for item in found]
