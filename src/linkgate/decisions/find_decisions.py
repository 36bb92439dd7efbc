"""Finds decisions on record by their id or by the id of their message: their lines, whole, the newest file first.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     line = b'{"time":"2026-01-31T10:00:00Z","decision":"d1","message":"m1"}'
...     _ = Path(name, "2026-01-31.jsonl").write_bytes(line)
...     find_decisions(Path(name), messages=["m1", "m2"])
[{'time': '2026-01-31T10:00:00Z', 'decision': 'd1', 'message': 'm1'}]
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linkgate.decisions.log import files, lines_of
from linkgate.decisions.record import BEGINNING
from linkgate.errors import UsageError
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_KEYS = ("decision", "message")


def find_decisions(
    folder: Path, *, decisions: Collection[str] = (), messages: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Their lines as JSON objects, in the order of time; those that are not there are left out. UsageError."""
    wanted = {("decision", name) for name in decisions} | {("message", name) for name in messages}
    needles = [json.dumps(name).encode() for _, name in wanted]
    found: list[dict[str, Any]] = []
    try:
        for path in reversed(files(folder)):
            found += [
                row
                for row in _rows(path, needles)
                if wanted & {("decision", row.get("decision")), ("message", row.get("message"))}
            ]
            if not messages and len(found) == len(wanted):
                break
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{folder}: the decisions cannot be read: {reason(error)}") from None
    return sorted(found, key=lambda row: str(row.get("time")))


def _rows(path: Path, needles: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines_of(path):
        if any(needle in line for needle in needles):
            text = line[max(line.rfind(BEGINNING), 0) :]
            try:
                row = json.loads(text)
            except ValueError:
                continue
            if isinstance(row, dict):
                yield row
