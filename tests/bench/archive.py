"""The benchmark of `linkgate scan`: `python tests/bench/archive.py`, with ../shared beside the repository.

Chat messages, repeated to the number asked for, as JSON lines, Parquet and plain text; each contender in
processes of its own. Reading alone is pyarrow in one thread, over the same fields. grep and ripgrep look for
the hosts of the same list as fixed strings. Read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet
from rich.console import Console
from rich.table import Table

import data
import linkgate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCAN = (sys.executable, "-m", "linkgate", "scan")
READ_JSONL = """
import sys, pyarrow as pa, pyarrow.json as j
pa.set_cpu_count(1)
schema = pa.schema([("id", pa.string()), ("text", pa.string())])
parse = j.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
read = j.ReadOptions(use_threads=False, block_size=4 << 20)
print(sum(batch.num_rows for batch in j.open_json(sys.argv[1], read_options=read, parse_options=parse)))
"""
READ_PARQUET = """
import sys, pyarrow as pa
from pyarrow import parquet
pa.set_cpu_count(1)
with parquet.ParquetFile(sys.argv[1]) as file:
    print(sum(batch.num_rows for batch in file.iter_batches(columns=["id", "text"], use_threads=False)))
"""
GENERATE = """
import sys
block, left = open(sys.argv[1], "rb").read(), int(sys.argv[2])
while left > 0:
    sys.stdout.buffer.write(block if left >= len(block) else block[: block.rfind(b"\\n", 0, left) + 1])
    left -= len(block)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One contender on one input: seconds of the best round, peak resident MB of all its processes together."""

    input: str
    contender: str
    seconds: float
    peak: int
    megabytes: int
    messages: int | None
    found: int | None


def main() -> int:
    """Run all, print a table; 1 when two ways of scanning the same messages disagree."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=10_000_000, help="default 10,000,000")
    options.add_argument("--rounds", type=int, default=2, help="of which the best counts (default 2)")
    options.add_argument("--list", choices=["rare", "talked-about"], default="rare", help="see cases.toml")
    options.add_argument("--huge", action="store_true", help="also scan 10,000,000,000 bytes on stdin: some minutes")
    options.add_argument("--folder", type=Path, help="where to put some GB for a while (default: the system's)")
    options.add_argument("--json", type=Path, help="write all numbers to this file")
    chosen = options.parse_args()
    if not data.SHARED.is_dir():
        sys.stderr.write("bench: no ../shared beside the repository; it holds the lists and messages to measure on\n")
        return 2
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        bench = Bench(Path(folder), chosen.messages, chosen.list)
        runs = bench.rounds(chosen.rounds)
        streams = [bench.stream(size) for size in (10**8, *([10**10] if chosen.huge else []))]
    show(runs, streams)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(run) for run in (*runs, *streams)], indent=1))
    scans = {run.found for run in runs if run.contender.startswith("linkgate")}
    return 0 if len(scans) == 1 else 1


class Bench:
    """The inputs, made in a folder, and the contenders."""

    def __init__(self, folder: Path, messages: int, name: str) -> None:
        self.folder = folder
        self.messages = messages
        case = next(case for case in data.cases(10_000) if case.list == name)
        lines = data.lines(case)
        linkgate.save(linkgate.compile_lines(lines, name=name).engine, folder / "list.snapshot")
        hosts = sorted(host for host in data.listed_hosts(lines) if len(host) > 3)
        (folder / "hosts.txt").write_text("\n".join(hosts) + "\n")
        self._write()

    def _write(self) -> None:
        texts = data.messages()
        rows = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
        writers = {
            "posts.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(),
            "posts.txt": "".join(" ".join(text.split("\n")) + "\n" for text in texts).encode("utf-8", "replace"),
        }
        whole, rest = divmod(self.messages, len(rows))
        for name, block in writers.items():
            lines = block.splitlines(keepends=True)
            with (self.folder / name).open("wb") as file:
                file.writelines([block] * whole)
                file.writelines(lines[:rest])
        (self.folder / "block.jsonl").write_bytes(writers["posts.jsonl"])
        table = pa.Table.from_pylist(rows)
        with parquet.ParquetWriter(self.folder / "posts.parquet", table.schema) as writer:
            for _ in range(whole):
                writer.write_table(table)
            writer.write_table(table.slice(0, rest))

    def contenders(self) -> Iterator[tuple[str, str, Sequence[str]]]:
        """Input, name, command."""
        for name, code in (("posts.jsonl", READ_JSONL), ("posts.parquet", READ_PARQUET)):
            yield name, "reading alone", (sys.executable, "-c", code, name)
            for jobs in (1, 2):
                scan = (
                    *SCAN,
                    name,
                    "--list",
                    "list.snapshot",
                    "--jobs",
                    str(jobs),
                    "-o",
                    f"hits{jobs}.jsonl",
                    "--json",
                )
                yield name, f"linkgate --jobs {jobs}", scan
        yield "posts.txt", "grep -F -f hosts", ("grep", "-c", "-F", "-f", "hosts.txt", "posts.txt")
        if shutil.which("rg"):
            yield "posts.txt", "rg -F -f hosts", ("rg", "-c", "-j1", "-F", "-f", "hosts.txt", "posts.txt")

    def rounds(self, rounds: int) -> list[Run]:
        """Every contender in turn, several times; the best time of each."""
        best: dict[tuple[str, str], Run] = {}
        for _ in range(rounds):
            for name, contender, command in self.contenders():
                one = self._measured(name, contender, command)
                known = best.get((name, contender), one)
                best[name, contender] = min(known, one, key=lambda run: run.seconds)
        return list(best.values())

    def stream(self, size: int) -> Run:
        """So many bytes of JSON lines, generated, on standard input."""
        scan = (*SCAN, "-", "--list", "list.snapshot", "-o", "streamed.jsonl", "--json")
        source = (sys.executable, "-c", GENERATE, "block.jsonl", str(size))
        return self._measured(f"stdin, {size:.0e} bytes", "linkgate --jobs 1", scan, source=source, size=size)

    def _measured(
        self, name: str, contender: str, command: Sequence[str], *, source: Sequence[str] = (), size: int = 0
    ) -> Run:
        began = time.perf_counter()
        feeding = subprocess.Popen(source, cwd=self.folder, stdout=subprocess.PIPE) if source else None
        with subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=feeding.stdout if feeding else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        ) as process:
            peak = Peak(process.pid)
            said, told = process.communicate()
        if feeding:
            feeding.wait()
        seconds = time.perf_counter() - began
        if process.returncode not in {0, 1}:
            raise SystemExit(f"bench: {contender} failed: {told.decode()[-500:]}")
        seen = json.loads(told.splitlines()[-1]) if command[:4] == SCAN else {}
        count = int(said) if said.strip() else 0
        return Run(
            input=name,
            contender=contender,
            seconds=seconds,
            peak=peak.megabytes(),
            megabytes=(size or (self.folder / name).stat().st_size) // 10**6,
            messages=seen.get("messages", self.messages if not source else None),
            found=seen["hits"] if seen else count if "hosts" in contender else None,
        )


def _environment() -> dict[str, str]:
    return os.environ | {"LC_ALL": "C", "PYTHONPATH": str(data.HERE.parents[1] / "src")}


class Peak:
    """The most memory that a process and its children had together, looked at fifty times a second."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._most = 0
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while pages := sum(map(_pages, _tree(self._number))):
            self._most = max(self._most, pages)
            time.sleep(0.02)

    def megabytes(self) -> int:
        """In MB of a million bytes."""
        return self._most * os.sysconf("SC_PAGE_SIZE") // 10**6


def _pages(number: int) -> int:
    try:
        return int(Path(f"/proc/{number}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0


def _tree(number: int) -> list[int]:
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except OSError:
        children = []
    return [number, *map(int, children)]


def show(runs: Sequence[Run], streams: Sequence[Run]) -> None:
    """Print the runs, each beside what it is to be compared with."""
    table = Table(title="linkgate scan")
    for name in ("input", "contender", "s", "MB/s", "messages/s", "peak MB", "found", "compared"):
        table.add_column(name, justify="left" if name in {"input", "contender", "compared"} else "right")
    for run in (*runs, *streams):
        table.add_row(*_cells(run, [*runs, *streams]))
    Console(width=150).print(table)


def _cells(run: Run, runs: Sequence[Run]) -> list[str]:
    rate = f"{run.messages / run.seconds:,.0f}" if run.messages else ""
    found = "" if run.found is None else f"{run.found:,}"
    speed = f"{run.megabytes / run.seconds:,.0f}"
    return [run.input, run.contender, f"{run.seconds:.1f}", speed, rate, str(run.peak), found, _compared(run, runs)]


def _compared(run: Run, runs: Sequence[Run]) -> str:
    """The ratio that counts for this row."""
    others = {each.contender: each for each in runs if each.input == run.input}
    if run.contender.endswith("--jobs 2"):
        return f"{others['linkgate --jobs 1'].seconds / run.seconds:.2f} x as fast as one process (goal: 1.7)"
    if run.input.startswith("stdin"):
        first = next(each for each in runs if each.input.startswith("stdin"))
        return "" if run is first else f"{run.peak / first.peak - 1:+.0%} memory (goal: under 20 %)"
    if run.contender.startswith("linkgate"):
        return f"{run.seconds / others['reading alone'].seconds:.2f} x reading alone (goal: 2.5)"
    return ""


if __name__ == "__main__":
    sys.exit(main())
