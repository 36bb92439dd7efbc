"""Hits on a terminal, as a short table; and which files must not be written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from linkgate import UsageError
from linkgate.fronts.show import in_colour, printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from rich.table import Table as RichTable

    Hit = dict[str, Any]

_SHOWN = 40
"""Hits in the table; the rest is counted."""


def refuse_input(output: str, inputs: Iterable[str]) -> None:
    """Raise UsageError when the file to write is one of those to read."""
    target = Path(output)
    if target.is_file() and any(Path(name).exists() and target.samefile(name) for name in inputs):
        raise UsageError(f"{output}: is also read; write to another file")


class TerminalTable:
    """The first hits, printed when all are there."""

    def __init__(self) -> None:
        self._kept: list[Hit] = []
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._kept:
            _print(self._kept, self._seen - len(self._kept))

    def add(self, hit: Hit) -> None:
        """Take a hit, as its JSON line has it."""
        self._seen += 1
        if self._seen <= _SHOWN:
            self._kept.append(hit)


def _print(found: list[Hit], left: int) -> None:
    from rich.console import Console  # noqa: PLC0415  # only a terminal pays for rich

    colours: Literal["auto"] | None = "auto" if in_colour(sys.stdout) else None
    console = Console(color_system=colours, highlight=False, markup=False)
    console.print(_as_table(found))
    if left:
        console.print(f"and {left:,} more; -o FILE keeps them all")


def _as_table(found: list[Hit]) -> RichTable:
    from rich.table import Table as RichTable  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415

    table = RichTable(box=None, pad_edge=False)
    for name in _cells(found[0]):
        table.add_column(name, overflow="fold")
    for hit in found:
        table.add_row(*(Text(printable(cell)) for cell in _cells(hit).values()))
    return table


def _cells(hit: Hit) -> dict[str, str]:
    """Pick what fits on a screen; JSON lines hold the rest."""
    place = f"{hit['file']}:{hit['place']}" if hit["id"] is None else str(hit["id"])
    cells = {
        "message": place,
        "action": hit["action"],
        "kind": ": ".join(filter(None, [hit["kind"], ", ".join(hit["steps"])])),
        "entry": hit["entry"],
        "scope": hit["scope"],
    }
    return cells | ({"link": str(hit["link"])} if "link" in hit else {})
