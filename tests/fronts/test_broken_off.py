"""Whatever stops a command, it says so in one sentence and keeps what was written."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
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
    posts.write_text(HIT * 2_000)  # their hits fill the pipe ten times over
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


def test_a_closed_stderr_gives_its_number_to_no_file(tmp_path: Path, listed: Path, posts: Path) -> None:
    scan = f"{' '.join(COMMAND)} scan {posts} --list {listed} -o hits.jsonl 2>&-"
    done = subprocess.run(["bash", "-c", scan], check=False, timeout=60, env=environment(), cwd=tmp_path)  # noqa: S607  # as above
    assert done.returncode == 1
    assert [row["place"] for row in rows((tmp_path / "hits.jsonl").read_bytes())] == [2]


def test_rejects_and_report_may_be_no_files(tmp_path: Path, listed: Path, posts: Path) -> None:
    hits = tmp_path / "hits.jsonl"
    posts.write_bytes(b"good\n" * 30 + b"\xff\n" + HIT.encode())
    done = run("scan", posts, "--list", listed, "-o", hits, "--rejects", "/dev/null", "--report", "/dev/null")
    assert done.returncode == 1, done.stderr
    assert [row["place"] for row in rows(hits.read_bytes())] == [32]
    done = run("scan", posts, "--list", listed, "-o", hits, "--rejects", "/dev/stdout")
    assert [row["place"] for row in rows(done.stdout)] == [31]


def test_a_report_that_cannot_be_written_is_told_before_the_scan(tmp_path: Path, listed: Path, posts: Path) -> None:
    scan: tuple[str | Path, ...] = ("scan", posts, "--list", listed, "-o", tmp_path / "hits.jsonl", "--report")
    assert "its folder is missing" in sentence(run(*scan, tmp_path / "no" / "report.html"))
    assert "is a directory" in sentence(run(*scan, tmp_path))
    assert not list(tmp_path.glob("hits.jsonl*"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for next to nothing."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount a small file system")
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S607  # beside mount


@needs_full
@pytest.mark.parametrize("option", ["--report", "--rejects"])
def test_room_is_made_and_the_scan_goes_on(tmp_path: Path, listed: Path, small_disk: Path, option: str) -> None:
    posts, hits = tmp_path / "posts.txt", tmp_path / "hits.jsonl"
    posts.write_bytes((b"good\n" * 99 + HIT.encode() + b"\xff\n" * 3) * 500)
    names = {"-o": hits, "--report": tmp_path / "report.html", "--rejects": tmp_path / "rejects.jsonl"}
    names[option] = small_disk / names[option].name
    (small_disk / "filler").write_bytes(bytes(30_000))
    scan = ("scan", str(posts), "--list", str(listed), *(str(part) for pair in names.items() for part in pair))
    told = last(run(*scan))
    assert "no space left on device; make room; go on with --resume" in told
    assert str(names[option]) in told
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=100m", small_disk], check=True)  # noqa: S607  # as above
    assert run(*scan, "--resume").returncode == 1
    assert len(rows(names["-o"].read_bytes())) == 500
    assert len(rows(names["--rejects"].read_bytes())) == 1_500
    assert b"</html>" in names["--report"].read_bytes()
    assert not list(names["-o"].parent.glob("*.draft"))


def test_ctrl_c_while_the_command_is_loaded(listed: Path, posts: Path) -> None:
    code = (
        "import builtins, os, signal; real = builtins.__import__\n"
        "def slow(name, *rest):\n"
        "    if name == 'click': builtins.__import__ = real; os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = slow\n"
        "from linkgate.__main__ import main; main()"
    )
    command = [sys.executable, "-c", code, "scan", str(posts), "--list", str(listed)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, env=environment())
    assert sentence(done, code=130) == "linkgate: interrupted"


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
