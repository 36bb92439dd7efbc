"""A list that cannot be used gets one clear sentence and exit 2."""

import gzip
import random
from pathlib import Path

import pytest
from running import run, sentence

HIT = "see http://bad.example/page\n"
NOISE = random.Random(1).randbytes(200_000)  # noqa: S311  # any bytes will do


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.txt"
    path.write_text("http://bad.example/page\n")
    return path


COMMANDS = {
    "lookup": ("lookup", "http://bad.example/page"),
    "check": ("check", "a message"),
    "scan": ("scan", "-"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty"), (b"# nothing\n", "not one line"), (NOISE, "binary"), (b"\0\1\2\3" * 99, "binary")],
    ids=["empty", "comments", "noise", "zeros"],
)
def test_unusable_list(tmp_path: Path, command: tuple[str, ...], content: bytes, word: str) -> None:
    path = tmp_path / "broken.txt"
    path.write_bytes(content)
    told = sentence(run(*command, "--list", path))
    assert "broken.txt" in told
    assert word in told


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_list_that_is_not_there(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "no such file" in sentence(run(*command, "--list", tmp_path / "none.txt"))
    assert "is no store: check the path" in sentence(run(*command, "--list", tmp_path))
    assert "no list" in sentence(run(*command))


def test_damaged_snapshot(tmp_path: Path, listed: Path) -> None:
    snapshot = tmp_path / "today.snapshot"
    assert run("lists", "compile", listed, "-o", snapshot).returncode == 0
    snapshot.write_bytes(snapshot.read_bytes()[:-7])
    told = sentence(run("check", "a message", "--list", snapshot))
    assert "today.snapshot" in told
    assert "copy it again" in told


def test_truncated_gz_list(tmp_path: Path, listed: Path) -> None:
    path = tmp_path / "listed.txt.gz"
    path.write_bytes(gzip.compress(listed.read_bytes())[:-9])
    assert "listed.txt.gz" in sentence(run("check", "a message", "--list", path))


def test_list_with_a_line_of_100_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"x" * 100_000_000 + b"\nhttp://bad.example/page\n")
    done = run("check", HIT, "--list", path)
    assert done.returncode == 1
    assert b"1 line rejected" in done.stderr
