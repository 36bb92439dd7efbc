"""What `linkgate decisions accounts` and `campaigns` share: options, and rows as table, CSV or JSON."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts.cli.decision_options import lined_up
from linkgate.fronts.show import print_json
from linkgate.fronts.spreadsheet import cell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Decorator = Callable[[Any], Any]

as_csv: Decorator = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")


def folder_of(config: str) -> tuple[Path, frozenset[tuple[str, str | None]]]:
    """The folder of the record, and the entries that say nothing of an account. UsageError without `[accounts]`."""
    found = linkgate.load_config(config)
    record = found.policy.record
    if found.accounts is None or record is None:
        raise linkgate.UsageError(f"{config} has no [accounts], so nobody knows who posted what: add the table")
    return record.path, linkgate.disputed_entries(found)


def print_table(  # noqa: PLR0913  # three ways to print
    rows: Sequence[dict[str, Any]], heads: Sequence[str], *, name: str, none: str, as_csv: bool, as_json: bool
) -> None:
    """Print the rows; people are shown the columns in `heads`, programs all."""
    if as_csv and as_json:
        raise linkgate.UsageError("--csv and --json: choose one")
    if as_json:
        print_json({name: rows})
    elif as_csv:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(rows[0] if rows else heads)
        writer.writerows([cell(_word(value)) for value in row.values()] for row in rows)
        click.echo(text.getvalue(), nl=False)
    elif rows:
        click.echo("\n".join(lined_up([tuple(heads), *(tuple(_word(row[head]) for head in heads) for row in rows)])))
    else:
        click.echo(none)


def _word(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
