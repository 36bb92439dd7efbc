"""The command line: `linkgate lookup | check | scan | lists compile`.

It sees linkgate only through its face, like any other program.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from linkgate import __version__
from linkgate.fronts import exits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Decorator = Callable[[Any], Any]

_CODES = "Exit codes: 0 clear, 1 flagged, 2 could not tell, 130 stopped by Ctrl-C."

PATH = click.Path(readable=False)  # an unreadable file is told about where it is read

list_option: Decorator = click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="FILE",
    type=PATH,
    envvar="LINKGATE_LIST",
    show_envvar=True,
    help="A list file or a snapshot; may be given several times.",
)
json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
show_option: Decorator = click.option(
    "--show-urls", is_flag=True, help="Show each link as its poster wrote it, defanged."
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_CODES,
    no_args_is_help=True,
)
@click.version_option(__version__, prog_name="linkgate")
def linkgate() -> None:
    """Say whether a message links to a listed page, however the link is spelled, and which entry says so."""


@linkgate.command(epilog=_CODES)
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--explain", is_flag=True, help="Show every step from the link as written to the entry.")
@list_option
@json_option
def lookup(*, urls: tuple[str, ...], explain: bool, lists: tuple[str, ...], as_json: bool) -> int:
    """Look up URLs as they were pasted, defanged or not; `-` reads one a line from stdin.

    A URL that no browser would open, and that no entry covers, is "could not tell".
    """
    from linkgate.fronts import asking  # noqa: PLC0415  # --help must not wait for the engine

    return asking.lookup(urls, lists=lists, explain=explain, as_json=as_json)


@linkgate.command(epilog=_CODES)
@click.argument("text", default="-", metavar="[TEXT|-]")
@click.option("--link", "links", multiple=True, metavar="URL", help="A link that the text does not show.")
@show_option
@list_option
@json_option
def check(
    *, text: str, links: tuple[str, ...], show_urls: bool, lists: tuple[str, ...], as_json: bool
) -> int:
    """Check one message, given as TEXT or on stdin."""
    from linkgate.fronts import asking  # noqa: PLC0415  # as above

    return asking.check(text, links=links, lists=lists, show_urls=show_urls, as_json=as_json)


@linkgate.command(epilog=_CODES)
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
@click.option(
    "--id", "id_field", default="id", show_default=True, metavar="FIELD", help="Where the id stands."
)
@show_option
@list_option
@json_option
def scan(**options: Any) -> int:
    """Scan messages: JSON lines, CSV, TSV (with a header line) or plain text, each also as .gz; `-` is stdin.

    FIELD is a column, or a dotted path in JSON: `--links entities.url` reads the url of every entity.
    Hits go to stdout unless -o names a file, the summary goes to stderr. A record that cannot be read
    is counted and skipped. Exit code 2 stands above 1: something could not be read, flagged or not.
    """
    from linkgate.fronts import scanning  # noqa: PLC0415  # as above

    return scanning.run(**options)


@linkgate.group()
def lists() -> None:
    """Work on lists."""


@lists.command()
@click.argument("files", nargs=-1, required=True, metavar="LIST...", type=PATH)
@click.option("-o", "--output", required=True, metavar="FILE", type=PATH, help="The snapshot to write.")
@click.option(
    "--format", "form", metavar="NAME", help="plain, csv, jsonl, hosts, adblock; told by content if absent."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="PART=COLUMN",
    help="Where a part stands, as in --column url=address; may be given several times.",
)
@click.option("--category", metavar="NAME", help="Category of entries that name none.")
@click.option("--report", metavar="FILE", type=PATH, help="Write every refused line there, as JSON.")
@json_option
def compile(**options: Any) -> int:  # noqa: A001  # the command's name
    """Compile lists into one snapshot, and report the lines that are not in it.

    The report names lines by number and reason; what stands in them is never shown.
    """
    from linkgate.fronts import compiling  # noqa: PLC0415  # as above

    return compiling.run(**options)


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
