"""`linkgate decisions sample` and `review`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.reporting import day, lined_up, record_of
from linkgate.fronts.show import count, defang, print_json, say

if TYPE_CHECKING:
    from linkgate import Precision

_CELL = 32_000
"""Characters of a text that a sample shows: the cell of a spreadsheet holds 32,767."""

_WORD = re.compile(r"\S+")
_LINK = re.compile(r"[^\s.。．｡][.。．｡]+[^\s.。．｡]|:[/\\]|:resolve", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADS = ("list", "kind", "confirmed", "wrong", "precision", "95 % interval")


def sample(  # noqa: PLR0913  # one argument an option
    *,
    size: int,
    seed: int,
    output: str | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    config: str,
) -> int:
    """Draw, and write to a file or as JSON lines to stdout."""
    records = linkgate.Records(record_of(config), first=day(first), last=day(last))
    rows = [_shown(drawn.as_dict()) for drawn in linkgate.sample_decisions(records, size, seed=seed)]
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
        return f"'{text}" if text.startswith(_FORMULA) else text
    return text


def review(*, file: str | None, config: str, as_json: bool) -> int:
    """Take in the verdicts of a file; tell the precision from all that are kept."""
    folder, taken, blank = record_of(config), 0, 0
    if file is not None:
        found, blank = linkgate.reviews_of(_rows(file), at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        linkgate.keep_reviews(folder, found)
        taken = len(found)
    told = linkgate.precision(linkgate.kept_reviews(folder))
    if as_json:
        print_json({"taken": taken, "blank": blank, "lists": [each.as_dict() for each in told]})
        return exits.CLEAR
    if file is not None:
        click.echo(f"{count(taken, 'verdict')} taken, {count(blank, 'row')} without one")
    click.echo("\n".join(lined_up([_HEADS, *map(_row, told)])) if told else "no decision was reviewed yet")
    return exits.CLEAR


def _row(each: Precision) -> tuple[str, ...]:
    interval = f"{each.low:.1%} to {each.high:.1%}"
    return each.list, each.kind or "all", f"{each.confirmed:,}", f"{each.wrong:,}", f"{each.precision:.1%}", interval


def _rows(name: str) -> list[dict[str, Any]]:
    """A sample that came back, as CSV (of any spreadsheet: comma or semicolon) or JSON lines."""
    path = Path(name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if path.suffix.lower() != ".csv":
            rows = [json.loads(line) for line in text.split("\n") if line.strip()]
            if all(isinstance(row, dict) for row in rows):
                return rows
        else:
            head = text.partition("\n")[0]
            delimiter = ";" if ";" in head and "," not in head else ","
            return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, ValueError, csv.Error, RecursionError):
        pass
    raise linkgate.UsageError(f"{name} is no sample: give the .csv or .jsonl file that `decisions sample` wrote")
