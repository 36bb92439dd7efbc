"""`linkgate policy …` and `linkgate decisions …`: what becomes of matches, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from linkgate.fronts import options

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Any], Any]

_DAY = click.DateTime(["%Y-%m-%d"])
_first: Decorator = click.option("--from", "first", metavar="DAY", type=_DAY, help="First day, as in 2026-01-31 (UTC).")
_last: Decorator = click.option("--to", "last", metavar="DAY", type=_DAY, help="Last day.")


@click.group()
def policy() -> None:
    """See what is done about matches, and answer the alarms of the surge breaker."""


@policy.command(epilog=options.STORE_CODES)
@options.config
@options.as_json
def show(**given: Any) -> int:
    """Show the action of each list and kind, what is in shadow, and which surfaces are off."""
    from linkgate.fronts import ruling  # noqa: PLC0415  # --help must not wait for the engine

    return ruling.show(**given)


@policy.command(epilog=options.STORE_CODES)
@click.option("--all", "every", is_flag=True, help="Show those, too, that were confirmed lately.")
@options.config
@options.as_json
def alarms(**given: Any) -> int:
    """Show which lists and entries flag far more than usual, and so fell to review."""
    from linkgate.fronts import ruling  # noqa: PLC0415  # as above

    return ruling.alarms(**given)


@policy.command(epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, required=True, metavar="LIST[:ENTRY]...")
@options.config
@options.as_json
def confirm(**given: Any) -> int:
    """Say that a surge is what it should be: the action of the list or entry is again what was asked for.

    All processes on this store follow within seconds.
    """
    from linkgate.fronts import ruling  # noqa: PLC0415  # as above

    return ruling.confirm(**given)


@click.group()
def decisions() -> None:
    """Work on the record of decisions: count, review, remove. Nothing here shows a listed address."""


@decisions.command(epilog=options.STORE_CODES)
@_first
@_last
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@options.config
@options.as_json
def report(**given: Any) -> int:
    """Count the matches of a span of days by day, list, kind and action."""
    from linkgate.fronts import reporting  # noqa: PLC0415  # as above

    return reporting.report(**given)


@decisions.command(epilog=options.STORE_CODES)
@click.option("-n", "--size", type=click.IntRange(1, 100_000), default=50, show_default=True, metavar="N")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Another one draws others.")
@click.option(
    "-o", "--output", metavar="FILE", type=options.PATH, help="Write there: .csv or .jsonl. Never overwrites."
)
@_first
@_last
@options.config
def sample(**given: Any) -> int:
    """Draw decisions at random for people to look at, from each list and kind its part.

    They write `confirmed` or `wrong` in the column `verdict`; `linkgate decisions review` reads it back.
    """
    from linkgate.fronts import reviewing  # noqa: PLC0415  # as above

    return reviewing.sample(**given)


@decisions.command(epilog=options.STORE_CODES)
@click.argument("file", required=False, metavar="[FILE]", type=options.PATH)
@options.config
@options.as_json
def review(**given: Any) -> int:
    """Read back the verdicts of a sample, and tell the precision of each list from all reviews so far."""
    from linkgate.fronts import reviewing  # noqa: PLC0415  # as above

    return reviewing.review(**given)


@decisions.command(epilog=options.STORE_CODES)
@click.option(
    "--before", metavar="DAY", type=_DAY, help="Remove the days before it; `keep` of the configuration if absent."
)
@options.config
@options.as_json
def purge(**given: Any) -> int:
    """Remove decisions that are older than they may be. A running gate does so itself, once an hour."""
    from linkgate.fronts import reporting  # noqa: PLC0415  # as above

    return reporting.purge(**given)
