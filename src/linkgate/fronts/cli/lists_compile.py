"""`linkgate lists compile`: lists in, one snapshot out, and a report of the lines that are not in it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.engines import sources, today
from linkgate.fronts.key_variable import environment_key
from linkgate.fronts.show import as_json as to_json
from linkgate.fronts.show import count, print_json, printable, say
from linkgate.fronts.sinks import refuse_input

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate import Compiled, Quarantined, Rejected, Report

_FIRST = 5
"""Line numbers told for each reason."""


@click.command("compile", epilog=options.CODES)
@click.argument("files", nargs=-1, required=True, metavar="LIST...", type=options.PATH)
@click.option("-o", "--output", required=True, metavar="FILE", type=options.NEW, help="The snapshot to write.")
@click.option("--format", "form", metavar="NAME", help="Format, such as csv or hosts; told by content if absent.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="PART=COLUMN",
    help="Where a part stands, as in --column url=address; may be given several times.",
)
@click.option("--category", metavar="NAME", help="Category of entries that name none.")
@click.option("--type", "kind", metavar="NAME", help="Of digests of files: sha256, sha1, md5, pdq, vpdq or photodna.")
@click.option("--allow", multiple=True, metavar="LIST", type=options.PATH, help="A list of what is not flagged.")
@click.option(
    "--max-rejected",
    metavar="PERCENT",
    callback=options.share,
    help="Write no snapshot when more than this share of a list's lines cannot be read; a half if absent.",
)
@click.option("--report", metavar="FILE", type=options.NEW, help="Write every refused line there, as JSON.")
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    files: tuple[str, ...],
    output: str,
    form: str | None,
    columns: tuple[str, ...],
    category: str | None,
    kind: str | None,
    allow: tuple[str, ...],
    max_rejected: float | None,
    report: str | None,
    as_json: bool,
) -> int:
    """Compile lists into one snapshot, encrypted with a key in LINKGATE_KEY; report the lines that are not in it.

    The report names lines by number and reason; what stands in them is never shown. An exception in a
    list is about that list alone; what `--allow` names is not flagged, whichever list names it too.
    """
    refuse_input(output, (*files, *allow))
    found = sources(files, form=form, columns=_columns(columns), category=category, kind=kind)
    compiled = linkgate.compile_lists([*found, *sources(allow, allow=True)], today=today())
    if report:
        with exits.writing(report):
            Path(report).write_text(to_json(compiled.report.as_dict()) + "\n", encoding="utf-8")
    fault = _fault(compiled.report, max_rejected)
    if fault is None:
        with exits.writing(output):
            linkgate.save(compiled.engine, output, key=environment_key())
    _print(compiled, output, as_json=as_json)  # after the snapshot: whoever reads this may stop reading
    if fault is not None:
        raise linkgate.ListError(f"{output} was not written: {fault}")
    if idle := next(compiled.report.idle(), None):
        raise linkgate.ListError(f"{output} was written, but {idle}")
    say(f"{output}: {count(compiled.report.entries, 'entry')}, snapshot {compiled.engine.snapshot}")
    return exits.CLEAR


def _fault(report: Report, most: float | None) -> str | None:
    """Why no snapshot is made, with the cure; None where one is."""
    if not report.entries:
        return "not one line can be used; name its --format and --column, or ask the publisher for it again"
    fault = next(report.faults() if most is None else report.faults(rejected=most), None)
    if fault is None and not report.listed:
        fault = next(report.idle(), "nothing is listed, only allowed")
    if fault is None:
        return None
    return f"{fault}; name its --format and --column, or mend it; --max-rejected takes what is right of it"


def _columns(pairs: Iterable[str]) -> dict[str, str] | None:
    """Read `part=column` pairs.

    >>> _columns(["url=address"]), _columns([])
    ({'url': 'address'}, None)
    """
    columns = {}
    for pair in pairs:
        part, equals, column = pair.partition("=")
        if not (part and equals and column):
            raise linkgate.UsageError("--column wants PART=COLUMN, as in --column url=address")
        columns[part] = column
    return columns or None


def _print(compiled: Compiled, output: str, *, as_json: bool) -> None:
    report = compiled.report
    if as_json:
        print_json({"output": output, "snapshot": compiled.engine.snapshot, **report.as_dict()})
        return
    scopes = ", ".join(f"{scope} {number:,}" for scope, number in report.scopes.items())
    click.echo(f"entries: {report.entries:,}" + (f" ({scopes})" if scopes else ""))
    click.echo(f"allowed: {report.allowed:,}")
    click.echo(f"duplicates: {report.duplicates:,}")
    click.echo(f"expired: {report.expired:,}")
    if report.anchors:
        click.echo(f"anchors that are no part of an address: {report.anchors:,}")
    for name, refused in (("rejected", report.rejected), ("quarantined", report.quarantined)):
        click.echo(f"{name}: {len(refused):,}")
        for row in _by_reason(refused):
            click.echo(f"  {row}")
    click.echo(f"skipped: {sum(report.skipped.values()):,}")
    for reason, number in report.skipped.items():
        click.echo(f"  {number:,} {printable(reason)}")


def _by_reason(refused: Iterable[Rejected | Quarantined]) -> Iterable[str]:
    """Group lines by list and reason, most frequent first."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in refused:
        groups[line.list, line.reason].append(line.line)
    for (name, reason), numbers in sorted(groups.items(), key=lambda group: -len(group[1])):
        first = ", ".join(map(str, numbers[:_FIRST])) + (", …" if len(numbers) > _FIRST else "")
        noun = "line" if len(numbers) == 1 else "lines"
        yield printable(f"{len(numbers):,} {reason} (list {name}, {noun} {first})")
