"""`linkgate decisions sample`: draw decisions for people to look at."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import day, first_day, last_day, record_of
from linkgate.fronts.show import count, defang, say
from linkgate.fronts.spreadsheet import cell

if TYPE_CHECKING:
    import datetime as dt

_CELL = 32_000
"""Characters of a text that a sample shows: the cell of a spreadsheet holds 32,767."""

_WORD = re.compile(r"\S+")
_LINK = re.compile(r"[^\s.。．｡][.。．｡]+[^\s.。．｡]|:[/\\]|:resolve", re.IGNORECASE)


@click.command("sample", epilog=options.STORE_CODES)
@click.option(
    "-n",
    "--size",
    type=click.IntRange(1, 100_000),
    default=50,
    show_default=True,
    metavar="N",
    help="Decisions to draw.",
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Another one draws others.")
@click.option("-o", "--output", metavar="FILE", type=options.NEW, help="Write there: .csv or .jsonl. Never overwrites.")
@first_day
@last_day
@options.config
def command(  # noqa: PLR0913  # one argument an option
    *,
    size: int,
    seed: int,
    output: str | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    config: str,
) -> int:
    """Draw decisions at random for people to look at, from each list and kind its part.

    They write `confirmed` or `wrong` in the column `verdict`; `linkgate decisions review` reads it back.
    """
    records = linkgate.Records(record_of(config), first=day(first), last=day(last))
    rows = [_shown(drawn.as_dict()) for drawn in linkgate.sample_decisions(records, size, seed=seed)]
    if not rows:
        say("no decision on record to draw from: see --from and --to")
        return exits.UNSURE
    if output is None:
        _write_jsonl(rows, sys.stdout)
    else:
        _write(rows, output)
        click.echo(f"{output}: {count(len(rows), 'decision')} to look at")
    if records.torn:
        say(f"{count(records.torn, 'line')} of the record cannot be read")
    return exits.CLEAR


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose text, where the record has it, holds no link that a reviewer could click."""
    return row | {"text": readable(row["text"])} if "text" in row else row


def readable(text: str) -> str:
    """The text of a message, every link in it defanged (law 9), cut to the cell of a spreadsheet.

    >>> readable("Hello. See http://bad.example/page or bad.example!")
    'Hello. See hxxp://bad[.]example/page or bad[.]example!'
    """
    shown = _WORD.sub(lambda word: defang(word[0]) if _LINK.search(word[0]) else word[0], text)
    return shown if len(shown) <= _CELL else f"{shown[:_CELL]}…"


def _write(rows: list[dict[str, Any]], output: str) -> None:
    """Into a new file that only its owner can read: a sample that somebody works on is never written over."""
    write = {".csv": _write_csv, ".jsonl": _write_jsonl}.get(Path(output).suffix.lower())
    if write is None:
        raise linkgate.UsageError(f"{output}: a sample is a .csv or a .jsonl file")
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise linkgate.UsageError(
            f"{output} is there already, perhaps with verdicts in it: name another file"
        ) from None
    with exits.writing(output, whole=True), open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123  # a descriptor
        write(rows, file)


def _write_jsonl(rows: list[dict[str, Any]], file: TextIO) -> None:
    file.writelines(json.dumps(row) + "\n" for row in rows)


def _write_csv(rows: list[dict[str, Any]], file: TextIO) -> None:
    names = list(rows[0]) if rows else ["decision", "list", "kind", "stratum", "drawn", "verdict"]
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)


def _cell(value: object) -> object:
    """What a spreadsheet shows and does not run."""
    text = " ".join(value) if isinstance(value, list) else value
    if isinstance(text, str):
        text = text.encode("utf-8", "backslashreplace").decode()
        return cell(text)
    return text
