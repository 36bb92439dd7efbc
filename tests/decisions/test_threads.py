"""Eight threads at one gate while its list, and its policy, change: verdict, record and counts are those of one thread.

tests/bench/threads.py does the same at full size.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from itertools import count, product
from typing import TYPE_CHECKING

from desk import local, page
from policed import RECORD, desk, gate_of

from linkgate import Records
from linkgate.fronts.counts import Counts

if TYPE_CHECKING:
    from pathlib import Path

    from desk import Desk

    from linkgate import Gate, Verdict

THREADS, CHECKS, CHANGES = 8, 300, 20
TEXTS = [
    "good morning",
    page(0),
    f"see {page(1)} or www.bad2.example/page/",
    "http://me@bad1.example/other",
    page(5),
    page(9),
    "x " * 50,
]
NAMES = [str(number) for number in range(40)]
POLICIES = ["", 'share = "50%"', "shadow = true"]

Told = tuple[object, ...]


def told(verdict: Verdict) -> Told:
    return verdict.matches, verdict.rulings, verdict.links


def change(made: Desk, gate: Gate, turn: int) -> None:
    """Another policy, and another list, one after the other."""
    made.configure(local(more=POLICIES[turn % 3]), rest=RECORD)
    made.put("partner.txt", "".join(f"{page(each)}\n" for each in range(4 + 3 * (turn % 2))).encode())
    made.update()
    gate.reload()


def expected(made: Desk, gate: Gate) -> dict[tuple[str, int, int], set[Told]]:
    """What one thread is told under each list and policy; the snapshot says which list, the rulings which policy."""
    found: dict[tuple[str, int, int], set[Told]] = defaultdict(set)
    for turn in range(6):
        change(made, gate, turn)
        for text, name in product(range(len(TEXTS)), range(len(NAMES))):
            verdict = gate.check(TEXTS[text], message=NAMES[name])
            found[verdict.snapshot, text, name].add(told(verdict))
    return found


def test_eight_threads_say_what_one_says(tmp_path: Path) -> None:
    made = desk(tmp_path)
    with gate_of(made) as gate:
        right = expected(made, gate)
        before, counts, done = gate.status().written, Counts(), threading.Event()
        gate.observe(counts)
        wrong, matches, checks = [0] * THREADS, [0] * THREADS, [0] * THREADS

        def ask(thread: int) -> None:
            for turn in count():
                text, name = (turn + thread) % len(TEXTS), (turn * 7 + thread) % len(NAMES)
                verdict = gate.check_clear(TEXTS[text]) if turn % 2 else None
                verdict = verdict or gate.check(TEXTS[text], message=NAMES[name])
                wrong[thread] += told(verdict) not in right[verdict.snapshot, text, name]
                matches[thread] += len(verdict.matches)
                checks[thread] = turn + 1
                if done.is_set() and turn >= CHECKS:
                    return
                time.sleep(0.0005)  # or who changes things waits for the interpreter's lock

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for turn in range(CHANGES):
            change(made, gate, turn)
        done.set()
        for thread in threads:
            thread.join()
        status = gate.status()
    assert (sum(wrong), status.failed, status.reloads >= CHANGES) == (0, 0, True)
    assert (sum(counts.messages.values()), sum(counts.seconds)) == (sum(checks), sum(checks))
    assert sum(counts.matches.values()) == sum(matches) == status.written - before
    kept = Records(tmp_path / "decisions")
    assert (len(list(kept)), kept.torn) == (status.written, 0)
