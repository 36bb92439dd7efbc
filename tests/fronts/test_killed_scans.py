"""Killed at any moment, and at every step, and gone on with: the same output as an unbroken scan, to the byte.

20 moments are tried for each format; LINKGATE_KILLS for more.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import environment

import linkgate

KILLS = int(os.environ.get("LINKGATE_KILLS", "20"))
HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Many small files: each is a chunk of its own."""
    linkgate.save(linkgate.compile_lines(["http://bad.example/page", "*.worse.example"]).engine, tmp_path / "listed")
    (tmp_path / "posts").mkdir()
    return tmp_path


def fill(folder: Path, files: int) -> None:
    for file in range(files):
        rows = [{"id": f"{file}.{row}", "text": f"{row} see http://bad.example/page"} for row in range(8)]
        lines = [*map(json.dumps, rows), "no JSON", '{"text": "nothing"}', ""]
        (folder / "posts" / f"{file:03}.jsonl").write_text("\n".join(lines))


def harass(folder: Path, *arguments: str | int) -> dict[str, int]:
    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import killed_scans; killed_scans.main(*sys.argv[1:])"
    command = [sys.executable, "-c", code, str(folder), *map(str, arguments)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr + (folder / "log").read_text()
    seen: dict[str, int] = json.loads(done.stdout)
    return seen


@pytest.mark.parametrize("output", ["hits.jsonl", "hits.csv", "hits.parquet"])
def test_killed_at_random_moments(folder: Path, output: str) -> None:
    fill(folder, 30)
    seen = harass(folder, output, KILLS, 1)
    assert seen["killed"] == KILLS
    assert seen["left unfinished"] > KILLS // 4


@pytest.mark.parametrize("output", ["hits.jsonl", "hits.csv", "hits.parquet"])
def test_killed_at_random_moments_with_two_processes(folder: Path, output: str) -> None:
    fill(folder, 30)
    assert harass(folder, output, max(KILLS // 5, 1), 2, "--jobs", "2")["killed"] == max(KILLS // 5, 1)


@pytest.mark.parametrize("output", ["hits.jsonl", "hits.parquet"])
def test_killed_at_every_step(folder: Path, output: str) -> None:
    fill(folder, 1)
    assert harass(folder, output, 0, 0)["steps"] > 15
