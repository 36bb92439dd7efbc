"""Where the hits of a scan go: a file or a pipe as JSON lines, a terminal as a short table.

Every line is flushed as it is written: whatever stops the scan, the hits before it are kept.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from linkgate import UsageError
from linkgate.fronts.exits import writing
from linkgate.fronts.show import as_json, in_colour, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.table import Table

    Hit = dict[str, Any]
    Sink = Callable[[Hit], None]

_SHOWN = 40
"""Hits in the table on a terminal; the rest is counted."""


@contextmanager
def open_sink(output: str | None, *, lines: bool, inputs: Iterable[str]) -> Iterator[Sink]:
    """Give the function that takes one hit.

    `output` is a file, `-` or None; `lines` asks for JSON lines on a terminal too. Raises UsageError
    when the output is one of the inputs, or cannot be written.
    """
    if output is not None and output != "-":
        _refuse(output, inputs)
        with writing(output), open(output, "wb") as file:  # noqa: PTH123  # `/dev/fd/3` is a name too
            yield _json_lines(file, output)
    elif lines or output == "-" or not sys.stdout.isatty():
        yield _json_lines(sys.stdout.buffer, "stdout")
    else:
        with _table() as sink:
            yield sink


def _refuse(output: str, inputs: Iterable[str]) -> None:
    if output.endswith((".parquet", ".csv")):
        raise UsageError(f"{output}: hits are written as JSON lines; name it *.jsonl")
    refuse_input(output, inputs)


def refuse_input(output: str, inputs: Iterable[str]) -> None:
    """Raise UsageError when the file to write is one of those to read."""
    target = Path(output)
    if target.is_file() and any(Path(name).exists() and target.samefile(name) for name in inputs):
        raise UsageError(f"{output}: is also read; write to another file")


def _json_lines(file: BinaryIO, name: str) -> Sink:
    def take(hit: Hit) -> None:
        with writing(name):
            file.write(as_json(hit).encode("ascii") + b"\n")
            file.flush()

    return take


@contextmanager
def _table() -> Iterator[Sink]:
    kept: list[Hit] = []
    seen = 0

    def take(hit: Hit) -> None:
        nonlocal seen
        seen += 1
        if seen <= _SHOWN:
            kept.append(hit)

    try:
        yield take
    finally:
        if kept:
            _print_table(kept, seen - len(kept))


def _print_table(found: list[Hit], left: int) -> None:
    from rich.console import Console  # noqa: PLC0415  # only a terminal pays for rich

    colours: Literal["auto"] | None = "auto" if in_colour(sys.stdout) else None
    console = Console(color_system=colours, highlight=False, markup=False)
    console.print(_as_table(found))
    if left:
        console.print(f"and {left:,} more; -o FILE keeps them all")


def _as_table(found: list[Hit]) -> Table:
    from rich.table import Table  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for name in _cells(found[0]):
        table.add_column(name, overflow="fold")
    for hit in found:
        table.add_row(*(Text(printable(cell)) for cell in _cells(hit).values()))
    return table


def _cells(hit: Hit) -> dict[str, str]:
    """Pick what fits on a screen; JSON lines hold the rest."""
    place = f"{hit['file']}:{hit['line']}" if hit["id"] is None else str(hit["id"])
    cells = {
        "message": place,
        "action": hit["action"],
        "kind": ": ".join(filter(None, [hit["kind"], ", ".join(hit["steps"])])),
        "entry": hit["entry"],
        "scope": hit["scope"],
    }
    return cells | ({"link": hit["link"]} if "link" in hit else {})
