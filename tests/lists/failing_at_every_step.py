"""A process that lets children work on a store, each with one failing call more than the last one got past.

A call is a file opened, made, renamed or removed in the store, as Python's audit events tell; it fails
as a broken disk does (EIO). For every child it prints the task, the step, and all that the child had
to say, its log and tracebacks too; the store must hold the old state or the new, and mend.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import traceback
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from desk import Desk, local
from endless_updates import LISTS
from killed_at_every_step import STEPS, state

import linkgate

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS: dict[str, Callable[[Desk], object]] = {
    "update": lambda desk: desk.update(force=True),
    "accept": lambda desk: linkgate.accept(desk.config, desk.store, ("partner",)),
    "rollback": lambda desk: desk.store.rollback(desk.store.versions()[0].id),
    "status": lambda desk: linkgate.status(desk.config, desk.store),
    "verify": lambda desk: linkgate.verify(desk.store),
    "load": lambda desk: linkgate.load(desk.store.path),
}
WHOLE, TOLD, BUG = range(3)


def failing(desk: Desk, task: str, step: int) -> tuple[int, bool]:
    """Run a task in a child whose n-th call fails: how it ended, and whether there was such a call."""
    met, meets = os.pipe()
    child = os.fork()
    if child:
        os.close(meets)
        with os.fdopen(met, "rb") as pipe:
            failed = bool(pipe.read())
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), failed
    steps = count(1)
    store = str(desk.folder / "store")

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and str(arguments[0]).startswith(store) and next(steps) == step:
            os.write(meets, b"x")
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(arguments[0]))

    sys.addaudithook(hook)
    os._exit(told(task, desk))


def told(task: str, desk: Desk) -> int:
    """Run a task and say all that there is to say."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
    try:
        done = TASKS[task](desk)
        sys.stdout.write(f"{done!r} {done}\n")
        end = WHOLE
    except linkgate.LinkgateError as error:
        sys.stdout.write("".join(traceback.format_exception(error)))
        end = TOLD
    except Exception as error:  # noqa: BLE001  # whatever it is, it should have been told
        sys.stdout.write("".join(traceback.format_exception(error)))
        end = BUG
    sys.stdout.flush()
    return end


def main(folder: Path) -> None:
    desk = Desk(folder, local(more='max_shrink = "10%"'), store="history = 2")
    for task in TASKS:
        for step in count(1):
            for data in LISTS:
                desk.put("partner.txt", data)
                if not desk.update().ok:
                    linkgate.accept(desk.config, desk.store, ("partner",))
            before = state(desk.store)
            desk.put("partner.txt", LISTS[0])
            end, failed = failing(desk, task, step)
            sys.stdout.write(f"\n== {task} {step} {end}\n")
            sys.stdout.flush()
            assert end != BUG, (task, step)
            assert state(desk.store) in {before, LISTS[0]}
            if not failed:
                break


if __name__ == "__main__":
    main(Path(sys.argv[1]))
