"""`linkgate scan`: the options of the command; `scanning` runs it."""

from __future__ import annotations

from typing import Any

import click

from linkgate.fronts.cli import options


@click.command("scan", epilog=options.SCAN_CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@options.scan
@options.show_urls
@options.lists
@options.policed
@options.surface
@options.as_json
def command(**options: Any) -> int:
    """Scan messages in files, folders and globs; `-` is stdin.

    FIELD is a column, or a dotted path in JSON: `--links entities.url` reads the url of every entity.
    Hits go to stdout unless -o names a file, the summary goes to stderr. A record that cannot be read is
    counted, written down and skipped. A scan into a file can be stopped at any moment, or killed: the
    same command with --resume goes on and gives the same output. With --config each message gets the
    action that it would get in the send path, by its id and the surface of all.
    """
    from linkgate.fronts import scanning  # noqa: PLC0415  # --help must not wait for Arrow

    return scanning.run(**options)
