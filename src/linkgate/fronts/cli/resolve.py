"""`linkgate resolve`: the options of the command; `resolver.resolver_launcher` runs it."""

from __future__ import annotations

from typing import Any

import click

import linkgate
from linkgate.extras import installing
from linkgate.fronts.cli import options


@click.command("resolve", epilog="Exit codes: 0 stopped in order (SIGTERM or Ctrl-C), 2 could not start.")
@options.config
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", default=8081, show_default=True, type=click.IntRange(0, 65535), help="Where to listen.")
@click.option("--uds", metavar="PATH", type=options.PATH, help="Listen on a Unix socket instead.")
@click.option("--tokens", metavar="FILE", type=options.PATH, help="Who may ask; needed beyond this machine.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of the log, on stderr.",
)
def command(**given: Any) -> int:
    """Follow short links for gates: answer over HTTP where they lead.

    Only hosts of the table of shorteners are asked, never what is listed, and no body is read. `[resolve]` of the
    configuration says whether callers wait, and for how long.
    """
    try:
        from linkgate.fronts.resolver import resolver_launcher  # noqa: PLC0415  # an extra, and --help must not wait
    except ImportError:
        raise linkgate.UsageError(f"the resolver needs more packages: {installing('resolve')}") from None
    return resolver_launcher.run(**given)
