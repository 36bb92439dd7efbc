"""The command line: `linkgate lookup | check | scan | lists`.

It sees linkgate only through its face, like any other program.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from linkgate import __version__
from linkgate.fronts import exits, options
from linkgate.fronts.listing import lists

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=options.CODES,
    no_args_is_help=True,
)
@click.version_option(__version__, prog_name="linkgate")
def linkgate() -> None:
    """Say whether a message links to a listed page, however the link is spelled, and which entry says so."""


@linkgate.command(epilog=options.CODES)
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--explain", is_flag=True, help="Show every step from the link as written to the entry.")
@options.lists
@options.as_json
def lookup(*, urls: tuple[str, ...], explain: bool, lists: tuple[str, ...], as_json: bool) -> int:
    """Look up URLs as they were pasted, defanged or not; `-` reads one a line from stdin.

    A URL that no browser would open, and that no entry covers, is "could not tell".
    """
    from linkgate.fronts import asking  # noqa: PLC0415  # --help must not wait for the engine

    return asking.lookup(urls, lists=lists, explain=explain, as_json=as_json)


@linkgate.command(epilog=options.CODES)
@click.argument("text", default="-", metavar="[TEXT|-]")
@click.option("--link", "links", multiple=True, metavar="URL", help="A link that the text does not show.")
@options.show_urls
@options.lists
@options.as_json
def check(*, text: str, links: tuple[str, ...], show_urls: bool, lists: tuple[str, ...], as_json: bool) -> int:
    """Check one message, given as TEXT or on stdin."""
    from linkgate.fronts import asking  # noqa: PLC0415  # as above

    return asking.check(text, links=links, lists=lists, show_urls=show_urls, as_json=as_json)


@linkgate.command(epilog=options.CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("-o", "--output", metavar="FILE", help="Write the hits there, as JSON lines.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "tsv", "text"]),
    help="Format of the files; told by name and first bytes if absent.",
)
@click.option("--text", default="text", show_default=True, metavar="FIELD", help="Where the text stands.")
@click.option("--links", metavar="FIELD", help="Where links stand that the text does not show.")
@click.option("--id", "id_field", default="id", show_default=True, metavar="FIELD", help="Where the id stands.")
@options.show_urls
@options.lists
@options.as_json
def scan(**options: Any) -> int:
    """Scan messages: JSON lines, CSV, TSV (with a header line) or plain text, each also as .gz; `-` is stdin.

    FIELD is a column, or a dotted path in JSON: `--links entities.url` reads the url of every entity.
    Hits go to stdout unless -o names a file, the summary goes to stderr. A record that cannot be read
    is counted and skipped. Exit code 2 stands above 1: something could not be read, flagged or not.
    """
    from linkgate.fronts import scanning  # noqa: PLC0415  # as above

    return scanning.run(**options)


linkgate.add_command(lists)


def run(arguments: Sequence[str]) -> int:
    """Run one command line to its exit code, printing whatever there is to print."""

    def command() -> int:
        with linkgate.make_context("linkgate", list(arguments)) as ctx:
            return int(linkgate.invoke(ctx) or 0)

    return exits.guarded(command)


def main() -> NoReturn:
    """Be the `linkgate` program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # half an emoji must not end the program
    sys.exit(run(sys.argv[1:]))
