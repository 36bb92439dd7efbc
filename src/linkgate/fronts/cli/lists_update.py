"""`linkgate lists update`: fetch what is due, and publish a new version."""

from __future__ import annotations

from functools import partial

import click

import linkgate
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import print_update
from linkgate.fronts.update_loop import loop, runner, seconds


@click.command("update", epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--force", is_flag=True, help="Ask for lists that are not due, and for full files; mend.")
@click.option("--every", metavar="TIME", help="Go on, and update again after so long, as in 5m; SIGTERM ends it.")
@click.option("--on-change", metavar="COMMAND", help="With --every: run it, with the exit code, when that changes.")
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *, names: tuple[str, ...], force: bool, every: str | None, on_change: str | None, config: str, as_json: bool
) -> int:
    """Ask the publishers for their lists, all or those named, and publish what is new.

    A list that fails, or goes over one of its limits, keeps its last good file; the others go on.
    """
    if every is None:
        if on_change is not None:
            raise linkgate.UsageError("--on-change goes with --every; a timer has its own way to tell of a failure")
        return _update(names, force=force, config=config, as_json=as_json)
    notify = runner(on_change) if on_change is not None else None
    update = partial(_update, names, force=force, config=config, as_json=as_json)
    return loop(update, every=seconds(every), notify=notify)


def _update(names: tuple[str, ...], *, force: bool, config: str, as_json: bool) -> int:
    found = linkgate.load_config(config)
    found.named(names)
    if not found.sources:
        raise linkgate.UsageError(f"{config} names no list: add one with `linkgate lists add NAME URL`")
    store = found.open_store(create=True)
    before = store.manifest().current
    done = linkgate.update(found, store, only=names, force=force)
    if done.published and before is not None and done.version is not None:
        linkgate.note_sent_anew(found, store, before, done.version.id)
    return print_update(done, as_json=as_json)
