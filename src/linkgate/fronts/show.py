"""What people and programs get to see: defanged links, verdicts as text, sentences on stderr.

No function here is ever handed a listed address: a match is shown by entry id, scope, list and kind,
and a link only as its poster wrote it, defanged (law 9).
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import click

from linkgate import defang, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate import Allowance, Link, Match, Verdict

__all__ = ["defang", "printable"]
_TYPED = re.compile(r"http(?=s?:/)", re.IGNORECASE)
_COLOURS = {"block": "red", "review": "yellow", "log": "cyan", None: "green"}


def say(sentence: str) -> None:
    """Write one sentence to stderr under the program's name; a closed stderr is no error."""
    try:
        click.echo(f"linkgate: {printable(_TYPED.sub('hxxp', sentence))}", file=sys.stderr)
    except OSError:
        mute(sys.stderr)


def mute(stream: TextIO) -> None:
    """Point a stream that can take no more at nothing, so that Python's last flush stays quiet."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def in_colour(stream: TextIO) -> bool:
    """Tell whether to colour: on a terminal that is not dumb, without NO_COLOR (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def as_json(value: Any) -> str:
    r"""One line of JSON in ASCII: what a poster wrote cannot break the line nor the terminal.

    >>> as_json({"id": "a\n\ud800"})
    '{"id": "a\\n\\ud800"}'
    """
    return json.dumps(value)


def print_json(value: Any) -> None:
    """Write one line of JSON to stdout."""
    click.echo(as_json(value))


def print_block(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Write a title and its rows, names in one column."""
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0)
    click.echo("\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows)]))


def verdict_word(verdict: Verdict) -> str:
    """Say `flagged (block)`, `listed (log)`, `opaque (log)`, `clear` or `not scanned`, coloured on a terminal."""
    if not verdict.scanned:
        return "not scanned"
    action = verdict.action
    what = "flagged" if verdict.flagged else "listed" if verdict.matches else "opaque"
    word = "clear" if action is None else f"{what} ({action})"
    return click.style(word, fg=_COLOURS[action], bold=True) if in_colour(sys.stdout) else word


def match_row(match: Match) -> str:
    """Kind, entry id, scope, list, category and steps of a match, in one line without its link."""
    entry = match.entry
    category = f", category {entry.category}" if entry.category else ""
    steps = f"; {_met(match)}" if match.steps else ""
    what = f"scope {entry.scope.value}, list {entry.list}{category}"
    return printable(f"{match.kind.value}: entry {entry.id} ({what}){steps}")


def _met(match: Match) -> str:
    """By what link or file and entry met."""
    if match.media is None:
        return f"steps: {', '.join(match.steps)}"
    return f"by {match.steps[0]}" + ("" if match.distance is None else f", {count(match.distance, 'bit')} apart")


def terms(allowance: Allowance) -> str:
    """Why an allow entry stands and when it ends, in one line without its address."""
    ends = "" if allowance.ends is None else f"; until {instant(allowance.ends)}"
    return printable(f"{allowance.reason or 'no reason given'}{ends}")


def allowed_row(allowance: Allowance) -> dict[str, str | None]:
    """The same for programs."""
    ends = None if allowance.ends is None else instant(allowance.ends)
    return {"list": allowance.list, "entry": allowance.id, "reason": allowance.reason, "ends": ends}


def instant(seconds: int) -> str:
    """A second since 1970, in UTC.

    >>> instant(1769904000), instant(-(10**15))
    ('2026-02-01T00:00:00Z', '-1000000000000000 seconds since 1970')
    """
    with suppress(OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    return f"{seconds} seconds since 1970"


def span(link: Link) -> str:
    """Where a link stands in its message, in characters; `hidden` for one outside the text."""
    return "hidden link" if link.start is None else f"characters {link.start}-{link.end}"


def count(number: int, noun: str) -> str:
    """`1 message`, `1,234 messages`.

    >>> count(1, "message"), count(1234, "entry")
    ('1 message', '1,234 entries')
    """
    many = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else many}"
