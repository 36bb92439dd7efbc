"""Files of which nothing can be read as a list: never exit code 0, one sentence, and it says what to do."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from running import COMMAND, environment, run

import linkgate
from linkgate.fronts import cli

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "lists" / "foreign.jsonl").read_text("utf-8").splitlines()
]


def put(row: dict[str, Any], folder: Path) -> Path:
    path = folder / str(row["name"])
    path.write_bytes(bytes.fromhex(row["hex"]) if "hex" in row else row["data"].encode())
    return path


def told(capfd: pytest.CaptureFixture[str]) -> str:
    """The one sentence on stderr."""
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("linkgate: ")
    return lines[0]


def test_there_are_many_shapes() -> None:
    assert len({row["name"] for row in ROWS}) == len(ROWS) >= 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_compile_writes_nothing_and_says_what_to_do(
    row: dict[str, Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, output = put(row, tmp_path), tmp_path / "out.snapshot"
    assert cli.run(["lists", "compile", str(path), "-o", str(output)]) == 2
    sentence = told(capfd)
    assert row["cure"] in sentence
    assert ";" in sentence  # behind it stands what to do
    assert not output.exists()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_check_calls_nothing_clear(row: dict[str, Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = put(row, tmp_path)
    assert cli.run(["check", "good morning", "--list", str(path)]) == 2
    assert row["name"] in capfd.readouterr().err


def test_whoever_stops_reading_the_report_has_the_snapshot(tmp_path: Path) -> None:
    listed, output = tmp_path / "x.txt", tmp_path / "x.snapshot"
    listed.write_text("http://bad.example/\n")
    reading, writing = os.pipe()
    os.close(reading)  # as after `| head -1`
    command = [*COMMAND, "lists", "compile", str(listed), "-o", str(output)]
    subprocess.run(command, stdout=writing, env=environment(), check=False, timeout=60)
    os.close(writing)
    assert linkgate.load(output).size == 1


def test_the_report_tells_what_was_allowed_and_skipped(tmp_path: Path) -> None:
    listed, allow = tmp_path / "x.txt", tmp_path / "ours.txt"
    listed.write_text("! Title: x\n||bad.example^\n@@||good.bad.example^\nbad.example##.ad\n||x.example^$script\n")
    allow.write_text("http://bad.example/fine\n")
    done = run("lists", "compile", listed, "--allow", allow, "-o", tmp_path / "x.snapshot")
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == ["entries: 3 (domain 1)", "allowed: 2"]
    assert lines[-3:] == ["skipped: 2", "  1 adblock: cosmetic rule", "  1 adblock: modifier"]
    engine = linkgate.load(tmp_path / "x.snapshot")
    assert [engine.lookup(f"http://bad.example/{path}").flagged for path in ("fine", "other")] == [False, True]


def test_a_list_of_which_half_cannot_be_read_flags_and_clears_nothing(tmp_path: Path) -> None:
    listed = tmp_path / "x.txt"
    listed.write_text("http://bad.example/page\nhalf...\n")
    for command in (("check", "see http://bad.example/page"), ("lookup", "http://bad.example/page")):
        assert run(*command, "--list", listed).returncode == 1
    for command in (("check", "see http://good.example/"), ("lookup", "http://good.example/")):
        done = run(*command, "--list", listed)
        assert done.returncode == 2
        assert b"so nothing is called clear; `linkgate lists compile`" in done.stderr
        assert b"could not tell" in done.stdout
        assert json.loads(run(*command, "--list", listed, "--json").stdout)["partial"] is True
    assert run("scan", "-", "--list", listed, stdin=b"good morning\n").returncode == 2
    output = tmp_path / "x.snapshot"
    assert run("lists", "compile", listed, "-o", output, "--max-rejected", "60%").returncode == 0
    assert run("check", "good morning", "--list", output).returncode == 0


@pytest.mark.parametrize(
    "second",
    [
        "! Title: x\n@@||bad.example^$popup\n",
        "! Title: x\n@@||bad.example^\n",
        '{"type": "hostname", "matching_attributes": ["url"], "list": ["bad.example"]}',
    ],
)
def test_a_second_list_of_exceptions_alone_lifts_nothing_and_is_told(second: str, tmp_path: Path) -> None:
    listed, other, output = tmp_path / "x.txt", tmp_path / "other.txt", tmp_path / "x.snapshot"
    listed.write_text("bad.example\n")
    other.write_text(second)
    both = ("--list", listed, "--list", other)
    assert run("check", "see http://bad.example/", *both).returncode == 1
    assert run("check", "good morning", *both).returncode == 2
    done = run("lists", "compile", listed, other, "-o", output)
    assert done.returncode == 2
    assert b"x.snapshot was written, but list 'other.txt' holds" in done.stderr
    assert run("check", "see http://bad.example/", "--list", output).returncode == 1
