"""A process that lets children update, each killed one step later than the last; it prints how many steps there were.

A step is a file opened, made, renamed or removed in the store, as Python's audit events tell.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from desk import Desk, local
from endless_updates import LISTS

from linkgate.lists.verify import verify

if TYPE_CHECKING:
    from linkgate.lists.store import Store

STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "tempfile.mkstemp"}


def update_killed_at(desk: Desk, step: int) -> bool:
    """Update in a child; whether it was killed before it was done."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    steps = count(1)
    store = str(desk.folder / "store")

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and str(arguments[0]).startswith(store) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    desk.update()
    os._exit(0)


def state(store: Store) -> bytes:
    """The file that decides; the engine and all else must be in order."""
    raw = store.raw(store.manifest().lists["partner"].raw)
    number = LISTS.index(raw)
    flags = [store.load().lookup(f"http://bad{page}.example/page").flagged for page in (0, 50)]
    assert flags == [number == 0, number == 1]
    assert not [finding for finding in verify(store) if "others" in finding.problem]
    return raw


def main(folder: Path) -> None:
    desk = Desk(folder, local(more='max_shrink = "100%"'), store="history = 1")
    desk.put("partner.txt", LISTS[0])
    for step in count(1):  # while the store is made: the next update makes it whole
        shutil.rmtree(folder / "store", ignore_errors=True)
        if not update_killed_at(desk, step):
            break
        assert desk.update().ok
        state(desk.store)
    made = step
    for step in count(1):
        before = state(desk.store)
        after = LISTS[1 - LISTS.index(before)]
        desk.put("partner.txt", after)
        killed = update_killed_at(desk, step)
        assert state(desk.store) in ({before, after} if killed else {after})
        if not killed:
            break
    assert not list(desk.store.path.rglob("*.draft"))
    sys.stdout.write(f"{made - 1} {step - 1}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
