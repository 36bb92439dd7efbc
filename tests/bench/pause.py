"""What a check costs, and a reload beside it: `python tests/bench/pause.py`, with ../shared beside the repository.

First all chat messages are checked at rest, three times over: the best time of each message is what
it costs, the rest is what else the machine did. Then a store of 10^6 entries gets a new version again
and again; a gate follows while another thread checks chat messages. Then each phase of one load is run
alone beside the same checks, which shows what the longest wait is made of.
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
MOST_TIMES = 20.0
PASSES = 3


def main() -> int:
    """Print one line a phase; 1 when a check took longer than 50 ms, or p99.9 at rest is over 20 times p50."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--reloads", type=int, default=10)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder, "store"), create=True)
        _publish_two(store, chosen.entries)
        gc.collect()
        gate = linkgate.Gate.open(store.path, watch=None)
        times = _at_rest(gate)
        worst = _while_reloading(store, gate, chosen.reloads)
        _phases(store)
    return int(worst > MOST_MS or times > MOST_TIMES)


def _publish_two(store: Store, entries: int) -> None:
    """Two versions; the lines are let go, or the garbage collector would walk them during the measure."""
    case = data.Case("rare", ("tweetfeed_409k.txt.gz", "urlhaus_1035k.txt.gz"), entries, 0)
    lines = data.lines(case)
    for kept in (lines, [*lines[:-1], "http://canary.example/"]):
        store.publish(linkgate.compile_lines(kept, name="rare").engine)


def _at_rest(gate: linkgate.Gate) -> float:
    """How many times p50 the p99.9 is, of the best times of each message."""
    texts = data.messages()
    best = array("Q", [2**63]) * len(texts)
    for _ in range(PASSES):
        for number, text in enumerate(texts):
            start = time.perf_counter_ns()
            gate.check(text)
            best[number] = min(best[number], time.perf_counter_ns() - start)
    waits = sorted(best)
    _tell(f"at rest, the best of {PASSES}", waits)
    times = waits[int(len(waits) * 0.999)] / waits[len(waits) // 2]
    sys.stdout.write(f"{'':36} p99.9 is {times:.1f} times p50\n")
    return times


def _while_reloading(store: Store, gate: linkgate.Gate, reloads: int) -> float:
    _tell("at rest, once", _waits(gate.check, lambda: time.sleep(3)))

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
