"""`linkgate lists update`: fetch what is due, and publish a new version."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import print_update
from linkgate.fronts.show import say
from linkgate.fronts.update_loop import loop, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate import Config, Update


@click.command("update", epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--force", is_flag=True, help="Ask for lists that are not due, and for full files; mend.")
@click.option("--every", metavar="TIME", help="Go on, and update again after so long, as in 5m; SIGTERM ends it.")
@options.config
@options.silent
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *, names: tuple[str, ...], force: bool, every: str | None, config: str, quiet: bool, as_json: bool
) -> int:
    """Ask the publishers for their lists, all or those named, and publish what is new.

    A list that fails, or goes over one of its limits, keeps its last good file; the others go on. Whom `[notify]` of
    the configuration names is told once when something begins to fail, and once when it is over.
    """
    tell = partial(print_update, as_json=as_json, quiet=quiet)
    update = partial(_update, names, force=force, config=config, tell=tell)
    if every is None:
        return update()
    linkgate.load_config(config)  # one that is wrong from the start ends it
    return loop(update, every=seconds(every))


def _update(names: tuple[str, ...], *, force: bool, config: str, tell: Callable[[Update], int]) -> int:
    found = linkgate.load_config(config)
    found.named(names)
    if not found.sources:
        raise linkgate.UsageError(f"{config} names no list: add one with `linkgate lists add NAME URL`")
    try:
        code = tell(_published(found, names, force=force))
    except linkgate.LinkgateError as error:
        _notify(found, fault=str(error))
        raise
    return code if _notify(found) else exits.UNSURE


def _published(found: Config, names: tuple[str, ...], *, force: bool) -> Update:
    store = found.open_store(create=True)
    before = store.manifest().current
    done = linkgate.update(found, store, only=names, force=force)
    if done.published and before is not None and done.version is not None:
        linkgate.note_sent_anew(found, store, before, done.version.id)
    return done


def _notify(found: Config, *, fault: str | None = None) -> bool:
    """Tell whom the configuration names; whether that worked."""
    wrong = linkgate.notify(found, at=dt.datetime.now(dt.UTC), fault=fault)
    if wrong is not None:
        say(wrong)
    return wrong is None
