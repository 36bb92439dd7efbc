"""The command line as a real process, which is how people and scripts meet it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from forking import forker

REPO = Path(__file__).parents[2]
DATA = REPO / "data"
COMMAND = (sys.executable, "-m", "linkgate")
SECONDS = 120


def environment() -> dict[str, str]:
    """This process's environment with linkgate importable, and nothing that changes the output."""
    env = {key: value for key, value in os.environ.items() if key not in {"LINKGATE_LIST", "NO_COLOR"}}
    paths = [str(REPO / "src"), env.get("PYTHONPATH", "")]
    return env | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}


def run(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run one command to its end. It is forked from a process that has loaded linkgate, see `forking.py`."""
    return run_under(arguments, stdin=stdin, cwd=cwd, env=env)


def run_under(
    arguments: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    stdin: bytes = b"",
    cwd: Path | None = None,
    **conditions: Any,
) -> subprocess.CompletedProcess[bytes]:
    """The same under conditions that `Forker.run` names: an output of ours, Ctrl-C, no privilege."""
    words = [str(each) for each in arguments]
    code, out, err = forker().run(
        words, stdin=stdin, cwd=str(cwd or Path.cwd()), env=environment() | dict(env), seconds=SECONDS, **conditions
    )
    return subprocess.CompletedProcess([*COMMAND, *words], code, out, err)


def run_anew(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """The same from the start of Python on: for what only a start shows."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        cwd=cwd,
        env=environment() | env,
    )


def rows(output: bytes) -> list[dict[str, Any]]:
    """JSON lines as dictionaries."""
    return [json.loads(line) for line in output.splitlines()]


def last(done: subprocess.CompletedProcess[bytes], *, code: int = 2) -> str:
    """The last line that a scan printed on stderr, behind how its files are read."""
    lines = done.stderr.decode().splitlines()
    assert done.returncode == code, lines
    assert all(line.startswith("linkgate: ") for line in lines)
    return lines[-1]


def sentence(done: subprocess.CompletedProcess[bytes], *, code: int = 2) -> str:
    """The one line that a failed command may print; anything else fails the test."""
    lines = done.stderr.decode().splitlines()
    assert done.returncode == code, lines
    assert len(lines) == 1, lines
    assert lines[0].startswith("linkgate: ")
    return lines[0]


def until(done: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    for _ in range(1_200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")
