"""Measuring: the minimum of interleaved rounds, percentiles of single calls, and fresh processes for memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from linkgate import Verdict

    Check = Callable[[str], bool | Verdict]

ROUNDS, PIECES = 5, 20
_MEMORY = """
import gc, json, sys, time
from pathlib import Path
import linkgate
linkgate.compile_lines(["http://bad.example/page"]).engine.check("warm http://up.example/ up")
def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
before, start = resident(), time.perf_counter()
engine = linkgate.load(sys.argv[1])
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "bytes": (resident() - before) / engine.size, "entries": engine.size}))
"""
_IMPORT = """
import sys, time
start = time.perf_counter()
import linkgate
milliseconds = (time.perf_counter() - start) * 1e3
heavy = sorted({"requests", "tldextract", "rich", "click"} & set(sys.modules))
print(milliseconds, *heavy)
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """Microseconds a call: the mean of the best round, percentiles of one more round, and its hits."""

    mean: float
    p50: float
    p99: float
    p999: float
    hits: int
    calls: int


def interleaved(contenders: Mapping[str, tuple[Check, Sequence[str]]]) -> dict[str, Pass]:
    """Every contender in turn, several rounds, so that noise hits all alike.

    The mean is of the CPU time of the calls, in the best round of each of some pieces of the texts.
    """
    best: dict[tuple[str, int], float] = {}
    for _ in range(ROUNDS):
        for name, (check, texts) in contenders.items():
            for piece in range(PIECES):
                some = texts[len(texts) * piece // PIECES : len(texts) * (piece + 1) // PIECES]
                start = time.thread_time()
                deque(map(check, some), maxlen=0)
                spent = time.thread_time() - start
                best[name, piece] = min(best.get((name, piece), spent), spent)
    return {
        name: _percentiles(*contenders[name], sum(best[name, piece] for piece in range(PIECES))) for name in contenders
    }


def _percentiles(check: Check, texts: Sequence[str], seconds: float) -> Pass:
    spent, hits = [], 0
    for text in texts:
        start = time.perf_counter_ns()
        answer = check(text)
        spent.append(time.perf_counter_ns() - start)
        hits += answer if isinstance(answer, bool) else answer.flagged
    spent.sort()
    count = len(spent)
    marks = [spent[min(count - 1, int(count * share))] / 1e3 for share in (0.5, 0.99, 0.999)]
    return Pass(seconds / count * 1e6, marks[0], marks[1], marks[2], hits, count)


def loaded(snapshot: Path) -> dict[str, float]:
    """Seconds to load a snapshot and resident bytes an entry, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", _MEMORY, str(snapshot)], capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(run.stdout)
    return answer


def import_time() -> tuple[float, list[str]]:
    """Milliseconds that `import linkgate` takes, the best of seven processes, and heavy modules it loads."""
    runs = [
        subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(7)
    ]
    return min(float(run[0]) for run in runs), runs[0][1:]
