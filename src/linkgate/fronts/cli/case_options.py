"""What the commands of `linkgate cases` share: who asks, which cases, how a case is shown in a row."""

from __future__ import annotations

import datetime as dt
import getpass
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts.cli.decision_options import DAY
from linkgate.fronts.show import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate import Case, CaseStore

    Decorator = Callable[[Any], Any]

HEADS = ("case", "opened", "by", "held until", "decisions")


def _login() -> str:
    """Who is logged in; where the system does not know, nobody."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


by: Decorator = click.option(
    "--by",
    metavar="NAME",
    envvar="LINKGATE_USER",
    show_envvar=True,
    default=_login,
    show_default="who is logged in",
    help="Who does this; it is written down.",
)
reason: Decorator = click.option("--reason", metavar="TEXT", required=True, help="Why; it is written down.")
until: Decorator = click.option("--until", metavar="DAY", type=DAY, help="The last day on which it is held.")


def store_of(config: str) -> CaseStore:
    """The cases of a configuration. UsageError."""
    return linkgate.CaseStore.of(linkgate.load_config(config))


def today() -> str:
    """The day in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def now() -> str:
    """The moment in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def row(case: Case) -> tuple[str, ...]:
    """A case in a line: no link, no text."""
    return case.id, case.opened, case.by, held(case), f"{len(case.decisions):,}"


def held(case: Case) -> str:
    """Until when it is held, for people."""
    if case.held_until is None:
        return "released"
    return "release" if case.is_open_ended else case.held_until


def told(case: Case) -> str:
    """What was done, in one sentence."""
    state = "released" if case.held_until is None else f"held until {held(case)}"
    return f"case {case.id}: {count(len(case.decisions), 'decision')}, {state}"
