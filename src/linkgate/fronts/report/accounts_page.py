"""`decisions accounts --report page.html`: accounts or campaigns as one HTML page, for the person who looks at them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkgate.fronts.exits import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ROWS = 5_000
"""Rows on the page; the rest are counted."""

LEAD = (
    "Who posted messages that link to listed pages, by pseudonym. There is no score: who reports or quotes a link "
    "looks like who spreads it, so this is evidence for a person to look at."
)
NOTE = "No link, no text and no account's own id is on this page. linkgate acts on no account."


def write_page(path: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write the page, for its owner alone; how many rows there are. UsageError without the extra, or where it fails."""
    from linkgate.fronts.report import replace_page, require_report  # noqa: PLC0415  # loads what may lack

    require_report(path)
    from linkgate.fronts.report.render import render_table  # noqa: PLC0415  # as above

    left = iter(rows)
    shown = [[_word(cell) for cell in row] for row in islice(left, MOST_ROWS)]
    more = sum(1 for _ in left)
    page = render_table({"title": title, "lead": LEAD, "note": NOTE, "heads": heads, "rows": shown, "left": more})
    with writing(path):
        replace_page(Path(path), page.encode())
    return len(shown) + more


def _word(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
