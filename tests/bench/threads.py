"""Eight threads check while the list is reloaded: `python tests/bench/threads.py`, with ../shared beside it all.

Chat messages, and among them listed pages in several spellings, are checked once by each of two
versions in one thread. Then eight threads check them again and again through one gate, 10^6 checks
each, while the two versions take each other's place. Every verdict must be the one that the snapshot
which it names gave in one thread. Exit code 1 when one is not.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import data
import linkgate
from linkgate.lists.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Matches = tuple[linkgate.Match, ...]
    Expected = dict[str, dict[int, Matches]]

_CHAT = 50_000
_EVERY = 97
"""One message in so many names a listed page."""


def main() -> int:
    """Print one line; 1 when a verdict was wrong, or nothing was reloaded."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--threads", type=int, default=8)
    options.add_argument("--checks", type=int, default=1_000_000, help="of each thread")
    options.add_argument("--pause", type=float, default=1.0, help="seconds between two reloads")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder, "store"), create=True)
        messages = _prepared(store, chosen.entries)
        gc.collect()
        run = Run(store, messages)
        seconds = run.through(threads=chosen.threads, checks=chosen.checks, pause=chosen.pause)
    total, reloads = chosen.threads * chosen.checks, run.gate.status().reloads
    found = {snapshot: len(matches) for snapshot, matches in run.expected.items()}
    sys.stdout.write(
        f"{chosen.threads} threads x {chosen.checks:,} checks on {run.gate.engine.size:,} entries, {reloads} reloads: "
        f"{seconds:.1f} s, {seconds / total * 1e6:.2f} µs a check; {run.wrong} wrong; "
        f"of {len(messages):,} messages with a match, by snapshot: {found}; asked of each: {run.asked}\n"
    )
    return int(run.wrong > 0 or not reloads)


def _prepared(store: Store, entries: int) -> list[str]:
    """Publish two versions; the messages. The lines are let go, or the garbage collector would walk them."""
    case = data.Case("rare", ("tweetfeed_409k.txt.gz", "urlhaus_1035k.txt.gz"), entries, 0)
    lines = data.lines(case)
    half = [line for number, line in enumerate(lines) if number % 3 or number > _CHAT]
    for kept in (lines, [*half, "http://canary.example/"]):
        store.publish(linkgate.compile_lines(kept, name="rare").engine)
    return list(_messages(lines))


def _messages(lines: Sequence[str]) -> Iterator[str]:
    spellings = ("see {}", "SEE {} !", "({})", "look:{}?utm_source=x", "http://other.example/?u={}")
    for number, text in enumerate(data.messages()[:_CHAT]):
        if number % _EVERY:
            yield text
        else:
            yield spellings[number % len(spellings)].format(lines[number % len(lines)])


class Run:
    """One gate, and what its verdicts must be."""

    def __init__(self, store: Store, messages: Sequence[str]) -> None:
        self._store = store
        self._messages = messages
        self.expected: Expected = {}
        for version in store.versions():
            engine = store.load(version.id)
            verdicts = ((number, engine.check(text).matches) for number, text in enumerate(messages))
            self.expected[engine.snapshot] = {number: matches for number, matches in verdicts if matches}
        self.gate = linkgate.Gate.open(store.path, watch=None)
        self.asked: dict[str, int] = dict.fromkeys(self.expected, 0)
        self.wrong = 0
        self._lock = threading.Lock()

    def through(self, *, threads: int, checks: int, pause: float) -> float:
        """Seconds until all threads have checked so often; the gate is reloaded meanwhile."""
        workers = [threading.Thread(target=self._check, args=(number, checks)) for number in range(threads)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        turn = 0
        while any(worker.is_alive() for worker in workers):
            self._store.rollback(1 + turn % 2)
            self.gate.reload()
            turn += 1
            time.sleep(pause)
        return time.perf_counter() - start

    def _check(self, thread: int, checks: int) -> None:
        count, wrong, asked = len(self._messages), 0, dict.fromkeys(self.expected, 0)
        check, messages = self.gate.check, self._messages
        for turn in range(checks):
            number = (turn + thread * 7919) % count
            verdict = check(messages[number])
            asked[verdict.snapshot] += 1
            wrong += verdict.matches != self.expected[verdict.snapshot].get(number, ())
        with self._lock:
            self.wrong += wrong
            for snapshot, times in asked.items():
                self.asked[snapshot] += times


if __name__ == "__main__":
    sys.exit(main())
