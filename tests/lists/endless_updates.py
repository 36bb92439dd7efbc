"""Processes to kill: each updates a store for ever, from two files in turn, and says its number when it has begun.

They are forked from one that has loaded what they need, one for each line that it reads.
"""

from __future__ import annotations

import gc
import os
import sys
from itertools import cycle
from pathlib import Path

from desk import Desk, pages

LISTS = (pages(40), pages(40, first=20))


def main(folder: Path) -> None:
    desk = Desk.__new__(Desk)
    desk.folder, desk.path = folder, folder / "linkgate.toml"
    config = desk.config
    for number, data in enumerate(cycle(LISTS)):
        desk.put("partner.new", data)
        (folder / "partner.new").rename(folder / "partner.txt")
        desk.update()
        if not number:
            assert config.store.name == "store"
            os.write(1, b"%d\n" % os.getpid())


if __name__ == "__main__":
    gc.freeze()
    for _ in sys.stdin:
        if not (child := os.fork()):
            main(Path(sys.argv[1]))
        os.write(1, b"%d\n" % os.waitpid(child, 0)[1])
