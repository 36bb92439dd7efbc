"""`linkgate check`: one message, its verdict and its matches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.digest_options import digests, files
from linkgate.fronts.configured import Opened, open_asked
from linkgate.fronts.line_reader import LIMIT, decode, not_utf8
from linkgate.fronts.show import defang, match_row, print_json, printable, say, span, verdict_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate import Link, Match, Ruling, Verdict


@click.command("check", epilog=options.CODES)
@click.argument("text", default="-", metavar="[TEXT|-]")
@click.option("--link", "links", multiple=True, metavar="URL", help="A link that the text does not show.")
@click.option("--id", "message", metavar="ID", help="With --config: the message's id, for lists with a share.")
@click.option("--explain", is_flag=True, help="Show how each link that met an entry was read, step by step.")
@digests
@options.show_urls
@options.lists
@options.policed
@options.surface
@options.quiet
@options.as_json
def command(  # noqa: PLR0913  # the options of the command
    text: str,
    *,
    links: tuple[str, ...],
    lists: Sequence[str],
    config: str | None,
    surface: str | None,
    message: str | None,
    explain: bool,
    show_urls: bool,
    quiet: bool,
    as_json: bool,
    **given: tuple[str, ...],
) -> int:
    """Check one message, given as TEXT or on stdin, with the digests of its files.

    With --config it is ruled on as in the send path: by list, kind, surface, shadow and share.
    """
    media = [media for _, _, media in files(given)]
    opened = open_asked(lists, config, surface, partial=True)
    if message is not None and opened.policy is None:
        raise linkgate.UsageError("--id counts where a list has a share: name linkgate.toml with --config")
    text, valid = _stdin_text() if text == "-" else (text, True)
    verdict = opened.check(text, links=links, media=media, message=message)
    partial = opened.engines.partial and not verdict.flagged
    if quiet:
        pass
    elif as_json:
        told = _checked(verdict, opened, show_urls=show_urls, explain=explain)
        print_json(told | ({"partial": True} if opened.engines.partial else {}))
    else:
        click.echo("could not tell" if partial else verdict_word(verdict))
        for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
            click.echo("  " + _match_line(match, show_urls=show_urls) + _held(ruling))
            for step, url in _steps(match, opened) if explain and match.media is None else ():
                click.echo(f"    {step}: {url}")
        for link in verdict.opaque:
            click.echo("  " + _opaque_line(link, show_urls=show_urls))
    if not verdict.scanned:
        say(f"the configuration has the surface {opened.surface} off, so nobody looked")
    if not valid or not verdict.scanned:
        return exits.UNSURE
    if verdict.flagged:
        return exits.FLAGGED
    return exits.UNSURE if partial else exits.CLEAR


def _held(ruling: Ruling) -> str:
    """Why less is done than was asked for."""
    why = {"shadow": "its list is in shadow", "share": "the message is not in the share of its list"}
    return f"; {ruling.action}, not {ruling.asked}: {why.get(ruling.held, ruling.held)}" if ruling.held else ""


def _stdin_text() -> tuple[str, bool]:
    data = sys.stdin.buffer.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise linkgate.UsageError(f"the message is longer than {LIMIT >> 20} MiB; use linkgate scan for a file of them")
    text, valid = decode(data)
    if not valid:
        say("the message is " + not_utf8(1).reason)
    return text, valid


def _steps(match: Match, opened: Opened) -> list[tuple[str, str]]:
    """The forms of a link on its way to the entry; the person typed the message in, so they are shown, defanged."""
    return [(stage.step, defang(stage.url)) for stage in opened.explain(match.link.url).stages]


def _checked(verdict: Verdict, opened: Opened, *, show_urls: bool, explain: bool) -> dict[str, Any]:
    answer = verdict.as_dict()
    if explain:
        for row, match in zip(answer["matches"], verdict.matches, strict=True):
            if match.media is None:
                row["stages"] = [{"step": step, "url": url} for step, url in _steps(match, opened)]
    if show_urls:
        for row, match in zip(answer["matches"], verdict.matches, strict=True):
            if match.media is None:
                row["link"] = defang(match.link.text)
        for row, link in zip(answer.get("opaque", ()), verdict.opaque, strict=True):
            row["link"] = defang(link.text)
    return answer


def _opaque_line(link: Link, *, show_urls: bool) -> str:
    shown = f": {defang(link.text)}" if show_urls else ""
    return f"opaque: a short link that no entry covers; {span(link)}{shown}"


def _match_line(match: Match, *, show_urls: bool) -> str:
    if match.media is not None:
        return f"{match_row(match)}; file {printable(match.media)}"
    link = f": {defang(match.link.text)}" if show_urls else ""
    return f"{match_row(match)}; {span(match.link)}{link}"
