"""`linkgate why`: what decided about a message, what an entry is, why a URL is flagged or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.configured import open_asked
from linkgate.fronts.entry_report import entry_rows
from linkgate.fronts.show import defang, print_block, print_json, printable, say
from linkgate.fronts.why_answer import why

if TYPE_CHECKING:
    from collections.abc import Iterator

    Rows = Iterator[tuple[str, str]]


@click.command("why", epilog=options.CODES)
@click.argument("asked", metavar="MESSAGE-ID|ENTRY-ID|URL")
@options.lists
@options.policed
@options.as_json
def command(*, asked: str, lists: tuple[str, ...], config: str | None, as_json: bool) -> int:
    """Say why: the decision on record, the entry behind it, or what a URL meets and nearly meets.

    No address is shown but the URL that you typed in, defanged.
    """
    opened = open_asked(lists, config, None, partial=True)
    if len(opened.engines.parts) > 1:
        raise linkgate.UsageError("--list names several things, and an answer is about one: name one, or --config")
    [engine] = opened.engines.parts
    told = why(asked, engine=engine, policy=opened.policy, config=opened.config, store=opened.store)
    if as_json:
        print_json(told)
    else:
        _print(asked, told)
    return _code(told)


def _print(asked: str, told: dict[str, Any]) -> None:
    for row in told["decisions"]:
        print_block("decision on record", entry_rows(row))
    for row in told["entries"]:
        print_block("entry", entry_rows(row))
    if told["url"] is not None:
        print_block(defang(asked), _url_rows(told["url"]))
    elif not told["decisions"] and not told["entries"]:
        say("nothing on record and no entry has this id; a URL has a dot or two slashes")


def _url_rows(url: dict[str, Any]) -> Rows:
    for stage in url["steps"]:
        yield stage["step"], stage["url"]
    if not url["readable"] and not url["matches"]:
        say("no decision, no entry of this name, and no browser would open a web page for it")
    yield "action", url["action"] or ("none" if url["readable"] else "could not tell")
    for match in url["matches"]:
        yield "match", _match(match)
    for near in url["near"]:
        more = f" and {near['number'] - len(near['entries']):,} more" if near["number"] > len(near["entries"]) else ""
        yield "near", printable(f"{near['reason']}: entry {', '.join(near['entries'])}{more}")
    for each in url["allowed"]:
        ends = f"; until {each['ends']}" if each["ends"] else ""
        yield (
            "allowed",
            printable(f"entry {each['entry']} of {each['list']}: {each['reason'] or 'no reason given'}{ends}"),
        )
    if not url["matches"] and not url["near"] and url["readable"]:
        yield "near", "nothing: no entry is about this host"


def _match(match: dict[str, Any]) -> str:
    steps = f"; steps: {', '.join(match['steps'])}" if match["steps"] else ""
    held = f"; {match['action']}, not {match['asked']}: {match['held']}" if match.get("held") else ""
    what = f"{match['kind']}: entry {match['entry']} (scope {match['scope']}, list {match['list']})"
    return printable(f"{what}{steps}{held}")


def _code(told: dict[str, Any]) -> int:
    url = told["url"]
    if url is None and not told["decisions"] and not told["entries"]:
        return exits.UNSURE
    if url is None:
        heavy = any(row.get("action") in {"block", "review"} for row in told["decisions"])
        return exits.FLAGGED if heavy else exits.CLEAR
    if url["flagged"]:
        return exits.FLAGGED
    return exits.CLEAR if url["readable"] else exits.UNSURE
