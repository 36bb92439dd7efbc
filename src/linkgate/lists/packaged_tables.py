"""The tables that ship with linkgate: own-written text files under `data/`, one row a line.

>>> "bit.ly" in table("shorteners"), "utm_*" in table("tracking")
(True, True)
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[str, ...]:
    """Rows of `data/<name>.txt` in order, without comments, blanks and repetitions."""
    text = files("linkgate.lists").joinpath("data", f"{name}.txt").read_text("utf-8")
    rows = (line.partition(" #")[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(row for row in rows if row and not row.startswith("#")))
