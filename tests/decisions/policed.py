"""A gate under the policy of a linkgate.toml, and its record."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from desk import Desk, local, page

from linkgate import Gate
from linkgate.decisions.log import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORD = '[decisions]\npath = "decisions"\n'
SURGE = f"{RECORD}[surge]\nentry_per_minute = 3\n"
PATIENCE = 60.0


def desk(folder: Path, *, more: str = "", rest: str = RECORD, number: int = 4) -> Desk:
    made = Desk(folder, local(more=more))
    made.configure(local(more=more), rest=rest)
    made.put("partner.txt", "".join(f"{page(each)}\n" for each in range(number)).encode())
    made.update()
    return made


def gate_of(made: Desk) -> Gate:
    return Gate.of(made.path, watch=None)


def records(made: Desk) -> list[dict[str, Any]]:
    folder = made.folder / "decisions"
    lines = [path.read_text("utf-8").splitlines() for path in files(folder)] if folder.is_dir() else []
    return [json.loads(line) for each in lines for line in each]


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)
