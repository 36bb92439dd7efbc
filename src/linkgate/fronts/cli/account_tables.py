"""What `linkgate decisions accounts` and `campaigns` share: options, and rows as table, CSV, JSON or page."""

from __future__ import annotations

import csv
import io
import json
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec
from click.core import ParameterSource

import linkgate
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import lined_up
from linkgate.fronts.show import say
from linkgate.fronts.spreadsheet import cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Decorator = Callable[[Any], Any]
    Row = dict[str, Any]

MOST_SHOWN = 1_000
"""Rows that a person is shown."""

as_csv: Decorator = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
report: Decorator = click.option(
    "--report", metavar="FILE", type=options.PATH, help="Write a page, for people (.html)."
)
hits: Decorator = click.option(
    "--hits", metavar="FILE", type=options.PATH, help="Instead of the record: the output of a scan with --account."
)


class Asked(NamedTuple):
    """How the rows are wanted. heads: the columns that people are shown; none: what to say where there is no row."""

    name: str
    heads: tuple[str, ...]
    none: str
    as_csv: bool
    as_json: bool
    report: str | None


def folder_of(config: str) -> tuple[Path, frozenset[tuple[str, str | None]]]:
    """The folder of the record, and the entries that say nothing of an account. UsageError without `[accounts]`."""
    found = linkgate.load_config(config)
    record = found.policy.record
    if found.accounts is None or record is None:
        raise linkgate.UsageError(f"{config} has no [accounts], so nobody knows who posted what: add the table")
    return record.path, linkgate.disputed_entries(found)


def only_record(hits: str | None, **given: object) -> None:
    """UsageError where options of the record are given for the hits of a scan, its configuration among them."""
    config = click.get_current_context().get_parameter_source("config")
    typed = given | {"config": True if config is ParameterSource.COMMANDLINE else None}
    for name, value in typed.items():
        if hits is not None and value is not None:
            raise linkgate.UsageError(f"--{name} is about the record, and --hits names a scan: choose one")


def print_rows(rows: Iterable[msgspec.Struct], asked: Asked) -> None:
    """Print the rows as they come; people are shown the columns in `heads` and so many rows, programs all."""
    if sum((asked.as_csv, asked.as_json, asked.report is not None)) > 1:
        raise linkgate.UsageError("--csv, --json and --report: choose one")
    found: Iterator[Row] = map(msgspec.to_builtins, rows)
    if asked.report is not None:
        _print_page(asked.report, found, asked)
    elif asked.as_json:
        _print_json(found, asked.name)
    elif asked.as_csv:
        _print_csv(found, asked.heads)
    else:
        _print_table(found, asked)


def _print_page(path: str, rows: Iterator[Row], asked: Asked) -> None:
    from linkgate.fronts.report.accounts_page import write_page  # noqa: PLC0415  # needs an extra

    cells = ([row[head] for head in asked.heads] for row in rows)
    number = write_page(path, asked.name.capitalize(), asked.heads, cells)
    click.echo(f"{path}: {number:,} {asked.name}")


def _print_json(rows: Iterator[Row], name: str) -> None:
    """One object, row by row: there may be millions."""
    click.echo(f'{{"{name}": [', nl=False)
    for number, row in enumerate(rows):
        click.echo(("," if number else "") + "\n " + json.dumps(row), nl=False)
    click.echo("]}")


def _print_csv(rows: Iterator[Row], heads: tuple[str, ...]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    first = next(rows, None)
    writer.writerow(first or heads)
    for row in chain([first] if first else [], rows):
        writer.writerow([cell(_word(value)) for value in row.values()])
        click.echo(text.getvalue(), nl=False)
        text.seek(0)
        text.truncate()
    click.echo(text.getvalue(), nl=False)


def _print_table(rows: Iterator[Row], asked: Asked) -> None:
    shown = [tuple(_word(row[head]) for head in asked.heads) for row in islice(rows, MOST_SHOWN)]
    click.echo("\n".join(lined_up([asked.heads, *shown])) if shown else asked.none)
    if left := sum(1 for _ in rows):
        say(f"{left:,} more {asked.name}: --csv, --json and --report tell them")


def _word(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
