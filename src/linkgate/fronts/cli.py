"""The command line: `linkgate lookup | check | scan | lists`.

It sees linkgate only through its face, like any other program.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from linkgate import __version__
from linkgate.fronts import exits, options
from linkgate.fronts.deciding import decisions, policy
from linkgate.fronts.listing import lists
from linkgate.fronts.selftesting import selftest
from linkgate.fronts.server.serving import serve

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
@click.option("--id", "message", metavar="ID", help="With --config: the message's id, for lists with a share.")
@options.show_urls
@options.lists
@options.policed
@options.surface
@options.as_json
def check(*, text: str, **given: Any) -> int:
    """Check one message, given as TEXT or on stdin.

    With --config it is ruled on as in the send path: by list, kind, surface, shadow and share.
    """
    from linkgate.fronts import asking  # noqa: PLC0415  # as above

    return asking.check(text, **given)


@linkgate.command(epilog=options.SCAN_CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@options.scan
@options.show_urls
@options.lists
@options.policed
@options.surface
@options.as_json
def scan(**options: Any) -> int:
    """Scan messages in files, folders and globs; `-` is stdin.

    FIELD is a column, or a dotted path in JSON: `--links entities.url` reads the url of every entity.
    Hits go to stdout unless -o names a file, the summary goes to stderr. A record that cannot be read is
    counted, written down and skipped. A scan into a file can be stopped at any moment, or killed: the
    same command with --resume goes on and gives the same output. With --config each message gets the
    action that it would get in the send path, by its id and the surface of all.
    """
    from linkgate.fronts import scanning  # noqa: PLC0415  # as above

    return scanning.run(**options)


linkgate.add_command(decisions)
linkgate.add_command(lists)
linkgate.add_command(policy)
linkgate.add_command(selftest)
linkgate.add_command(serve)


def run(arguments: Sequence[str]) -> int:
    """Run one command line to its exit code, printing whatever there is to print."""

    def command() -> int:
        with linkgate.make_context("linkgate", list(arguments)) as ctx:
            return int(linkgate.invoke(ctx) or 0)

    return exits.guarded(command)


def _nowhere() -> TextIO:
    """What stands for a closed output. It is open until the end, so that no file gets the output's number."""
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # it is no path


def main() -> NoReturn:
    """Be the `linkgate` program. Who has closed an output wants the exit code alone, and gets it."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # half an emoji must not end the program
    sys.exit(run(sys.argv[1:]))
