"""A process to kill: it updates a store for ever, from two files in turn, and says once when it has begun."""

from __future__ import annotations

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
            sys.stdout.write(f"{config.store.name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
