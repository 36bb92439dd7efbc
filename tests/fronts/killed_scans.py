"""A process that lets children scan and kills them, at random moments or at every step; a JSON line tells what it saw.

Children are forked from here, so that none of them has to load anything or to make the tables of the engine first.
They write down their progress after every chunk. A step is a file opened, renamed or removed in the folder.
Run with -c and not as a script: the processes of a scan (--jobs) would load it, too.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pyarrow as pa

import linkgate
from linkgate.columns.suspects import Suspects
from linkgate.fronts import cli, scanning
from linkgate.fronts.archive import checkpoints
from linkgate.fronts.without_pandas import without_pandas

assert scanning, "loaded before the first fork"
checkpoints._SECONDS = 0.0
STEPS = {"open", "os.remove", "os.rename"}
Killer = Callable[[int], None]


class Scans:
    """Scans of the files in a folder into one output, of which the unbroken one is known."""

    def __init__(self, folder: Path, output: str, *options: str) -> None:
        os.chdir(folder)
        self.files = sorted(str(path) for path in Path("posts").iterdir())
        self.output = Path(output)
        self.options = options
        self.once()
        assert not self.traces()
        self.expected = self.written()
        self.seconds = 0.0

    def once(self, *more: str, before: Callable[[], None] = lambda: None, killer: Killer = lambda _: None) -> bool:
        """Scan in a child; whether it came to its end."""
        began = time.perf_counter()
        child = os.fork()
        if not child:
            log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 2)
            before()
            asked = ("-o", str(self.output), "--list", "listed", "--max-bad", "20%")
            os._exit(cli.run(["scan", *self.files, *asked, *self.options, *more]))
        killer(child)
        status = os.waitpid(child, 0)[1]
        self.seconds = time.perf_counter() - began
        if os.WIFSIGNALED(status):
            return False
        assert os.WEXITSTATUS(status) == 1, Path("log").read_text()
        return True

    def traces(self) -> list[str]:
        """What a finished scan must not leave behind."""
        beside = (str(path) for path in Path().glob(f"{self.output}.*"))
        return [name for name in beside if not name.endswith("rejects.jsonl")]

    def written(self) -> tuple[bytes, bytes]:
        return self.output.read_bytes(), Path(f"{self.output}.rejects.jsonl").read_bytes()

    def check(self) -> None:
        """The scan is done: its output is that of an unbroken one, and nothing else is left."""
        assert self.written() == self.expected
        assert not self.traces(), self.traces()
        self.output.unlink()


def at_random(scans: Scans, kills: int, seed: int) -> dict[str, int]:
    """Kill scan after scan, each going on where the last one was killed."""
    moments = random.Random(seed)  # noqa: S311  # the same moments every time, as far as there is a same time
    scans.once()
    whole = scans.seconds
    killed = ends = broken = 0

    def killer(child: int) -> None:
        time.sleep(moments.uniform(0, whole * 0.7))
        os.kill(child, signal.SIGKILL)

    while killed < kills:
        if scans.once("--resume", killer=killer):
            scans.check()
            ends += 1
        else:
            killed += 1
            broken += bool(scans.traces())
    scans.once("--resume")
    scans.check()
    return {"killed": killed, "ends": ends + 1, "left unfinished": broken}


def at_every_step(scans: Scans) -> dict[str, int]:
    """Kill a scan at its first step, another at its second; each is gone on with."""
    for step in count(1):
        scans.output.write_bytes(b"old")
        if scans.once("--resume", before=lambda at=step: _kill_at(at)):  # type: ignore[misc]
            scans.check()
            return {"steps": step - 1}
        untouched = scans.output.read_bytes() in {b"old", scans.expected[0]}
        assert untouched or Path(f"{scans.output}.progress").exists(), "neither whole nor known as unfinished"
        scans.once("--resume")
        scans.check()
    raise AssertionError


def _kill_at(step: int) -> None:
    steps = count(1)
    here = str(Path.cwd())

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in STEPS or not isinstance(arguments[0], str):
            return
        inside = not Path(arguments[0]).is_absolute() or arguments[0].startswith(here)
        if inside and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _warm() -> None:
    """Make the tables that all engines share."""
    without_pandas()
    text = "see http://bad.example/page"
    engine = linkgate.compile_lines(["http://bad.example/page"]).engine
    engine.check(text)
    Suspects(engine.hosts).of(pa.array([text]))
    gc.freeze()  # what is shared with the children is not copied for the collector's sake


def main(folder: str, output: str, kills: str, seed: str, *options: str) -> None:
    _warm()
    scans = Scans(Path(folder), output, *options)
    seen = at_random(scans, int(kills), int(seed)) if int(kills) else at_every_step(scans)
    sys.stdout.write(json.dumps(seen) + "\n")
