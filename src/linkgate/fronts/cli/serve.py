"""`linkgate serve`: the options of the command; `server.launcher` runs it."""

from __future__ import annotations

from typing import Any

import click

from linkgate.fronts.cli import options


@click.command("serve", epilog="Exit codes: 0 stopped in order (SIGTERM or Ctrl-C), 2 could not start.")
@options.config
@click.option("--store", metavar="PATH", type=options.PATH, help="A store or snapshot, instead of a configuration.")
@click.option("--list", "lists", multiple=True, metavar="FILE", type=options.PATH, help="List files, instead of both.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Where to listen.")
@click.option("--uds", metavar="PATH", type=options.PATH, help="Listen on a Unix socket instead.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 128), help="Processes.")
@click.option("--tokens", metavar="FILE", type=options.PATH, help="Who may ask what; needed beyond this machine.")
@click.option("--new-token", metavar="NAME=RIGHTS", help="Print a line for the file of tokens, and its token, and end.")
@click.option("--lookup", "lookups", is_flag=True, help="Answer look-ups, too, for tokens with that right.")
@click.option("--lookups-per-minute", default=60, show_default=True, type=click.IntRange(1), help="Of one token.")
@click.option("--max-body", default=2 << 20, show_default=True, type=click.IntRange(1_000), help="Bytes of a request.")
@click.option(
    "--max-seconds", default=10.0, show_default=True, type=click.FloatRange(0.1), help="For a body to arrive."
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of the log, on stderr.",
)
@click.option("--max-text", default=100_000, show_default=True, type=click.IntRange(100), help="Characters of a text.")
def command(
    *, lookups_per_minute: int, max_body: int, max_text: int, max_seconds: float, new_token: str | None, **given: Any
) -> int:
    """Answer over HTTP: check messages for services in any language, and look URLs up for analysts.

    The page for analysts is at `/`, the description of all endpoints at `/openapi.json`.
    """
    from linkgate.fronts.server import launcher  # noqa: PLC0415  # --help must not wait for it

    limits = {"body": max_body, "text": max_text, "lookups": lookups_per_minute, "seconds": max_seconds}
    if new_token:
        return launcher.print_new_token(new_token)
    return launcher.run(**given, limits=limits)
