"""Whatever stops a command, it says so in one sentence and keeps what was written."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from running import COMMAND, environment, last, rows, run, sentence

HIT = "see http://bad.example/page\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.txt"
    path.write_text("http://bad.example/page\n")
    return path


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.txt"
    path.write_text("good morning\n" + HIT)
    return path


@pytest.mark.parametrize("hits", [True, False], ids=["file", "stdout"])
def test_ctrl_c_keeps_what_was_found(tmp_path: Path, listed: Path, posts: Path, *, hits: bool) -> None:
    path = tmp_path / "hits.jsonl"
    output = ["-o", str(path)] if hits else []
    with subprocess.Popen(
        [*COMMAND, "scan", str(posts), "-", "--list", str(listed), *output],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        shown = wait_for(path) if hits else first_line(process)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 130, told
    assert rows(shown)[0]["place"] == 2
    kept = "go on with --resume" if hits else "the hits found so far are kept"
    assert told.decode().splitlines()[-1] == f"linkgate: interrupted; {kept}"
    assert b"Traceback" not in told


def first_line(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout
    return process.stdout.readline()


def wait_for(path: Path) -> bytes:
    for _ in range(600):
        if path.exists() and path.stat().st_size:
            return path.read_bytes()
        time.sleep(0.05)
    raise AssertionError("no hit was written")


def test_closed_pipe_is_quiet(tmp_path: Path, listed: Path) -> None:
    posts = tmp_path / "posts.txt"
    posts.write_text(HIT * 20_000)
    scan = f"{' '.join(COMMAND)} scan {posts} --list {listed}"
    script = f"set -o pipefail; {scan} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607  # whichever bash there is
        capture_output=True,
        check=False,
        timeout=120,
        env=environment(),
    )
    line, code = done.stdout.splitlines()
    assert (json.loads(line)["place"], int(code)) == (1, 141)
    assert done.stderr.decode() == f"linkgate: {posts}: plain text, each line a message\n"


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")


@needs_full
def test_full_disk_for_hits(listed: Path, posts: Path) -> None:
    told = last(run("scan", posts, "--list", listed, "-o", "/dev/full"))
    assert told == "linkgate: /dev/full: no space left on device; make room and run it again"


@needs_full
@pytest.mark.parametrize("command", ["lookup", "check", "scan", "help"])
def test_full_disk_for_stdout(listed: Path, posts: Path, command: str) -> None:
    arguments = {
        "lookup": ("lookup", "http://bad.example/page", "--list", listed),
        "check": ("check", HIT, "--list", listed),
        "scan": ("scan", posts, "--list", listed),
        "help": ("--help",),
    }[command]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
            env=environment(),
        )
    assert done.returncode == 2
    assert done.stderr.count(b"linkgate: ") == 1 + (command == "scan")
    assert b"no space left" in done.stderr.splitlines()[-1]


def test_output_into_nowhere(tmp_path: Path, listed: Path, posts: Path) -> None:
    assert "no such file" in sentence(run("scan", posts, "--list", listed, "-o", tmp_path / "no" / "hits.jsonl"))
    assert "is a directory" in sentence(run("scan", posts, "--list", listed, "-o", tmp_path))
    assert sentence(run("lists", "compile", listed, "-o", tmp_path / "no" / "snapshot"))


def test_output_that_is_an_input(listed: Path, posts: Path) -> None:
    before = posts.read_bytes(), listed.read_bytes()
    assert "is also read" in sentence(run("scan", posts, "--list", listed, "-o", posts))
    assert "is also read" in sentence(run("lists", "compile", listed, "-o", listed))
    assert (posts.read_bytes(), listed.read_bytes()) == before


def without_privilege() -> list[str]:
    """A prefix under which file permissions hold, for root too."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may read everything, and there is no setpriv to drop that")
    right = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={right}", f"--inh-caps={right}"]


@pytest.mark.parametrize("closed", ["messages", "list", "hits"])
def test_no_permission(listed: Path, posts: Path, tmp_path: Path, closed: str) -> None:
    paths = {"messages": posts, "list": listed, "hits": tmp_path / "hits.jsonl"}
    paths["hits"].touch()
    paths[closed].chmod(0)
    scan = ("scan", str(posts), "--list", str(listed), "-o", str(paths["hits"]))
    done = subprocess.run(
        [*without_privilege(), *COMMAND, *scan],
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(),
    )
    assert done.returncode == 2
    assert f"linkgate: {paths[closed]}: ".encode() in done.stderr
    assert b"permission denied; ask for the right" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan",),
        ("lookup",),
        ("nothing",),
        ("scan", "--format", "xml", "x"),
        ("lists", "compile", "x"),
        ("--none",),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert "--help" in sentence(run(*arguments))
