"""What noting short links costs: `python tests/bench/shorteners.py`, with ../shared beside the repository.

Three engines on the same list and the same posts, in one run: without a table of shorteners, with it and off, and on.
The ratios count. It ends with 1 where another match was found, or noting makes too many posts suspects.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from statistics import median
from typing import Any

import data
import linkgate
from linkgate.core.engine import Engine
from linkgate.lists.packaged_rules import packaged_rules

_MOST_SUSPECTS = 0.011
_CHUNK, _ROUNDS = 1000, 3


def main() -> int:
    """Compile, measure, print one JSON object."""
    case = next(each for each in data.cases(10_000) if each.files == ("reddit_tech_6k.txt",))
    compiled = linkgate.compile_lines(data.lines(case), name="demo").engine
    entries = tuple(entry for entry in compiled._matcher.index.entries() if entry.list == "demo")
    rules = packaged_rules()
    engines = {
        "no table": Engine.build(entries, rules=replace(rules, shorteners=())),
        "off": Engine.build(entries, rules=rules),
        "on": Engine.build(entries, rules=rules, opaque=True),
    }
    told = {
        name: _measured(engines, texts) for name, texts in (("chat", data.messages()[::5]), ("posts", data.posts()))
    }
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    wrong = [name for name, row in told.items() if row["other matches"] or row["more suspects"] > _MOST_SUSPECTS]
    return 1 if wrong else 0


def _measured(engines: dict[str, Engine], texts: tuple[str, ...]) -> dict[str, Any]:
    times = _times(engines, texts)
    verdicts = {name: [engine.check(text) for text in texts] for name, engine in engines.items()}
    suspects = {name: sum(engine.cleared(text) is None for text in texts) for name, engine in engines.items()}
    off, on = verdicts["off"], verdicts["on"]
    base = times["no table"]
    return {
        "texts": len(texts),
        "x CPU, median of chunks": {
            name: round(median(one / other for one, other in zip(chunks, base, strict=True)), 3)
            for name, chunks in times.items()
        },
        "more suspects": round((suspects["on"] - suspects["off"]) / len(texts), 5),
        "posts with short links": sum(bool(verdict.opaque) for verdict in on),
        "short links": sum(len(verdict.opaque) for verdict in on),
        "other matches": sum(one.matches != other.matches for one, other in zip(off, on, strict=True)),
    }


def _times(engines: dict[str, Engine], texts: tuple[str, ...]) -> dict[str, list[float]]:
    """CPU seconds of each chunk of texts, engine by engine in turn: what else the machine does counts little."""
    found: dict[str, list[float]] = {name: [] for name in engines}
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        for name, engine in engines.items():
            best = float("inf")
            for _ in range(_ROUNDS):
                began = time.process_time()
                for text in chunk:
                    engine.check(text)
                best = min(best, time.process_time() - began)
            found[name].append(best)
    return found


if __name__ == "__main__":
    sys.exit(main())
