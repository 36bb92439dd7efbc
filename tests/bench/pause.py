"""What a reload costs the checks beside it: `python tests/bench/pause.py`, with ../shared beside the repository.

A store of 10^6 entries gets a new version again and again; a gate follows while another thread
checks chat messages. Then each phase of one load is run alone beside the same checks, which shows
what the longest wait is made of.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import threading
import time
from array import array
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import data
import linkgate
from linkgate.core.engine import Engine
from linkgate.lists.snapshot import unpack
from linkgate.lists.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_MS = 50.0


def main() -> int:
    """Print one line a phase; 1 when a check took longer than 50 ms."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--reloads", type=int, default=10)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder, "store"), create=True)
        _publish_two(store, chosen.entries)
        gc.collect()
        worst = _while_reloading(store, chosen.reloads)
        _phases(store)
    return int(worst > MOST_MS)


def _publish_two(store: Store, entries: int) -> None:
    """Two versions; the lines are let go, or the garbage collector would walk them during the measure."""
    case = data.Case("rare", ("tweetfeed_409k.txt.gz", "urlhaus_1035k.txt.gz"), entries, 0)
    lines = data.lines(case)
    for kept in (lines, [*lines[:-1], "http://canary.example/"]):
        store.publish(linkgate.compile_lines(kept, name="rare").engine)


def _while_reloading(store: Store, reloads: int) -> float:
    gate = linkgate.Gate.open(store.path, watch=None)
    _tell("at rest", _waits(gate.check, lambda: time.sleep(3)))

    def reload() -> None:
        for number in range(reloads):
            store.rollback(1 + number % 2)
            gate.reload(force=True)

    waits = _waits(gate.check, reload)
    _tell(f"{reloads} reloads of {gate.engine.size:,} entries", waits)
    return waits[-1] / 1e6


def _phases(store: Store) -> None:
    check = store.load().check
    made: dict[str, Any] = {}

    def read() -> None:
        made["bytes"] = store.snapshot_bytes(store.current)

    def unpacked() -> None:
        made["sections"] = unpack(made["bytes"])

    def built() -> None:
        made["engine"] = Engine.from_sections(made["sections"])

    for phase in (read, unpacked, built, made.clear):
        name = {"clear": "let go"}.get(phase.__name__, phase.__name__)
        _tell(f"phase: {name}", _waits(check, phase))


def _waits(check: Callable[[str], Any], work: Callable[[], Any]) -> list[int]:
    """Nanoseconds of every check made while `work` runs in another thread, sorted."""
    spent = array("Q")  # no list: the garbage collector would walk it
    thread = threading.Thread(target=work)
    thread.start()
    for text in cycle(data.messages()[:50_000]):
        start = time.perf_counter_ns()
        check(text)
        spent.append(time.perf_counter_ns() - start)
        if not thread.is_alive():
            break
    return sorted(spent)


def _tell(name: str, waits: list[int]) -> None:
    marks = [waits[min(len(waits) - 1, int(len(waits) * share))] / 1e3 for share in (0.5, 0.99, 0.999)]
    told = " ".join(f"{mark:10.1f}" for mark in marks)
    sys.stdout.write(
        f"{name:36} {len(waits):>9,} checks; p50, p99, p99.9 µs {told}; slowest {waits[-1] / 1e6:6.1f} ms\n"
    )


if __name__ == "__main__":
    sys.exit(main())
