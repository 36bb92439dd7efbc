"""The benchmark: `python tests/bench`, with the extra `bench` installed and ../shared beside the repository.

Every mean is CPU time, the best of some interleaved rounds in one run; read the ratios, not the microseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import contenders
import measure
import publish
from rich.console import Console
from rich.table import Table

import data
import linkgate

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOW_SAMPLE = 2_000


def main() -> int:
    """Run all cases, print three tables; 1 when hits are not what cases.toml says, or an update is over its limits."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000, help="largest list (default 1,000,000)")
    options.add_argument("--json", type=Path, help="write all numbers to this file")
    chosen = options.parse_args()
    if not data.SHARED.is_dir():
        sys.stderr.write("bench: no ../shared beside the repository; it holds the lists and messages to measure on\n")
        return 2
    rows: list[dict[str, Any]] = []
    sizes: list[dict[str, Any]] = []
    for case in data.cases(chosen.entries):
        checks, size = run(case)
        rows += checks
        sizes.append(size)
    show(f"engine.check on {len(data.messages()):,} chat messages and {len(data.posts()):,} posts", rows)
    show("compiled lists", sizes)
    updated = publish.measured(chosen.entries)
    show("an update from a server on loopback", [updated])
    milliseconds, heavy = measure.import_time()
    sys.stdout.write(f"import linkgate: {milliseconds:.0f} ms; heavy modules loaded: {', '.join(heavy) or 'none'}\n")
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"checks": rows, "lists": sizes, "update": updated, "import_ms": milliseconds}, indent=1)
        )
    wrong = [row for row in rows if row["expected"] not in {None, row["hits"]}]
    for row in wrong:
        sys.stderr.write(f"bench: {row['list']} {row['entries']}: {row['hits']} hits, expected {row['expected']}\n")
    over = publish.passed(updated)
    sys.stderr.writelines(f"bench: the update: {fault}\n" for fault in over)
    return 1 if wrong or over else 0


def run(case: data.Case) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Compile one case, measure all contenders on it."""
    lines = data.lines(case)
    start = time.perf_counter()
    compiled = linkgate.compile_lines(lines, name=case.list)
    seconds = time.perf_counter() - start
    hosts = data.listed_hosts(lines)
    corpora = (data.Corpus("chat", data.messages(), case.hits), data.Corpus("posts", data.posts(), case.posts))
    rows = [row for corpus in corpora for row in checks(case, compiled.engine, hosts, corpus)]
    return rows, size_of(case, compiled, seconds, len(lines))


def checks(case: data.Case, engine: linkgate.Engine, hosts: set[str], corpus: data.Corpus) -> list[dict[str, Any]]:
    """All contenders on one corpus; the slow ones on a part of it."""
    lines, texts = data.lines(case), corpus.texts
    suspects = sum(not engine._prefilter.search(text).clear for text in texts)  # the bench looks inside on purpose
    entrants: dict[str, tuple[measure.Check, Sequence[str]]] = {
        "linkgate": (engine.check, texts),
        "bare pass": (contenders.bare_pass(hosts), texts),
    }
    sample = texts[:: len(texts) // SLOW_SAMPLE]
    if case.entries <= 10_000 and corpus.name == "chat":  # the slow ones do not change with the list
        entrants["linkify-it-py + set"] = contenders.linkify(lines), sample
        entrants["urlextract + set"] = contenders.urlextract(lines), sample
    if case.entries <= 100_000 and corpus.name == "chat":  # its rules take minutes to build beyond
        entrants["adblock, URLs only"] = contenders.adblock(hosts), contenders.urls_of(texts)
    passes = measure.interleaved(entrants)
    bare = passes["bare pass"].mean
    width = sum(map(len, texts)) / len(texts)
    return [
        {
            "list": case.list,
            "texts": corpus.name,
            "entries": engine.size,
            "contender": name,
            "calls": one.calls,
            "suspects": suspects if name == "linkgate" else None,
            "hits": one.hits,
            "expected": corpus.hits if name == "linkgate" else None,
            "mean µs": round(one.mean, 2),
            "p50": round(one.p50, 2),
            "p99": round(one.p99, 1),
            "p99.9": round(one.p999, 1),
            "calls/s": round(1e6 / one.mean),
            "MB/s": round(width / one.mean, 1),
            "x bare": round(one.mean / bare, 2),
        }
        for name, one in passes.items()
    ]


def size_of(case: data.Case, compiled: linkgate.Compiled, seconds: float, lines: int) -> dict[str, Any]:
    """Compile time, snapshot size, load time and memory of one list."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.snapshot"
        linkgate.save(compiled.engine, path)
        loaded = measure.loaded(path)
        return {
            "list": case.list,
            "lines": lines,
            "entries": compiled.report.entries,
            "compile µs/line": round(seconds / lines * 1e6, 1),
            "snapshot bytes/entry": round(path.stat().st_size / compiled.report.entries, 1),
            "load s": round(loaded["seconds"], 3),
            "resident bytes/entry": round(loaded["bytes"], 1),
        }


def show(title: str, rows: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    table = Table(title=title)
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(
            *("" if value is None else f"{value:,}" if isinstance(value, int) else str(value) for value in row.values())
        )
    Console(width=170).print(table)


if __name__ == "__main__":
    sys.exit(main())
