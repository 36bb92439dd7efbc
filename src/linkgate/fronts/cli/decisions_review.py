"""`linkgate decisions review`: read back the verdicts of a sample."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by
from linkgate.fronts.cli.decision_options import lined_up, record_of
from linkgate.fronts.show import count, print_json

if TYPE_CHECKING:
    from linkgate import Precision


_HEADS = ("list", "kind", "confirmed", "wrong", "precision", "95 % interval")


@click.command("review", epilog=options.STORE_CODES)
@click.argument("file", required=False, metavar="[FILE]", type=options.PATH)
@by
@options.config
@options.as_json
def command(*, file: str | None, by: str, config: str, as_json: bool) -> int:
    """Read back the verdicts of a sample, and tell the precision of each list from all reviews so far."""
    folder, taken, blank = record_of(config), 0, 0
    if file is not None:
        rows, at = _rows(file), dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        found, blank = linkgate.reviews_of(rows, at=at)
        linkgate.keep_reviews(folder, found)
        linkgate.OpinionFile.of(linkgate.load_config(config)).add(linkgate.opinions_of(rows, by=by, at=at))
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
            if rows and all(isinstance(row, dict) for row in rows):
                return rows
        else:
            head = text.partition("\n")[0]
            delimiter = ";" if ";" in head and "," not in head else ","
            if head.strip():
                return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, ValueError, csv.Error, RecursionError):
        pass
    raise linkgate.UsageError(f"{name} is no sample: give the .csv or .jsonl file that `decisions sample` wrote")
