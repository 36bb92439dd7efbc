"""Bad input gets one clear sentence and exit 2, or is counted and skipped; nothing written is lost."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import COMMAND, environment, rows, run, sentence

HIT = "see http://bad.example/page\n"
NOISE = random.Random(1).randbytes(200_000)  # noqa: S311  # any bytes will do


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
    assert "is a directory" in sentence(run(*command, "--list", tmp_path))
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


@pytest.mark.parametrize("name", ["posts.jsonl", "posts.csv", "posts.txt", "posts"])
def test_binary_messages(tmp_path: Path, listed: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(NOISE)
    done = run("scan", path, "--list", listed)
    assert done.returncode == 2
    assert b"binary file" in done.stderr
    assert b"Traceback" not in done.stderr


def test_messages_that_are_not_there(tmp_path: Path, listed: Path, posts: Path) -> None:
    done = run("scan", tmp_path / "none.txt", tmp_path, posts, "--list", listed)
    assert done.returncode == 2
    assert b"none.txt: cannot be read: no such file" in done.stderr
    assert b"is a directory" in done.stderr
    assert [hit["line"] for hit in rows(done.stdout)] == [2]


def test_empty_messages(tmp_path: Path, listed: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    assert run("scan", path, "--list", listed).returncode == 0


def test_invalid_utf8_is_told_and_still_checked(listed: Path) -> None:
    done = run("scan", "-", "--list", listed, stdin=b"good\n caf\xe9 " + HIT.encode())
    assert done.returncode == 2
    assert [hit["line"] for hit in rows(done.stdout)] == [2]
    assert b"-:2: not valid UTF-8" in done.stderr


def test_bad_records_do_not_stop_a_scan(listed: Path) -> None:
    lines = [
        b'{"text": "x"',
        b"[]",
        b'{"txt": 1}',
        b'{"text": 7}',
        b'{"text": "\xff' + HIT[:-1].encode() + b'"}',
    ]
    lines += [b"[" * 100_000, json.dumps({"text": "\ud83d " + HIT}).encode()]
    done = run("scan", "-", "--format", "jsonl", "--list", listed, stdin=b"\n".join(lines))
    assert done.returncode == 2
    assert [hit["line"] for hit in rows(done.stdout)] == [5, 7]
    assert [line.split(b":")[2] for line in done.stderr.splitlines()[:6]] == [
        b"1",
        b"2",
        b"3",
        b"4",
        b"5",
        b"6",
    ]
    assert b"6 bad records" in done.stderr


def test_a_line_of_100_megabytes_in_small_memory(tmp_path: Path, listed: Path) -> None:
    hits, limited = tmp_path / "hits.jsonl", limited_to(400)
    scan = [*limited, *COMMAND, "scan", "-", "--list", str(listed), "-o", str(hits)]
    with subprocess.Popen(scan, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdin
        assert process.stderr
        for piece in long_line():
            process.stdin.write(piece)
        process.stdin.close()
        told = process.stderr.read()
    assert process.returncode == 2, told
    assert b"-:2: longer than 16 MiB" in told
    assert [hit["line"] for hit in rows(hits.read_bytes())] == [1, 3]


def long_line() -> Iterator[bytes]:
    yield HIT.encode()
    for _ in range(100):
        yield b"x" * 1_000_000
    yield b"\n" + HIT.encode()


def limited_to(megabytes: int) -> list[str]:
    """A prefix that runs a command with its address space bounded."""
    code = (
        "import os, resource, sys;"
        f"resource.setrlimit(resource.RLIMIT_AS, ({megabytes} << 20, {megabytes} << 20));"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-c", code]


def test_truncated_gz_messages(tmp_path: Path, listed: Path) -> None:
    path, hits = tmp_path / "posts.txt.gz", tmp_path / "hits.jsonl"
    noise = "".join(f"{random.Random(n).random()}\n" for n in range(20_000))  # noqa: S311  # as above
    path.write_bytes(gzip.compress((HIT + noise + HIT).encode())[:-5_000])
    done = run("scan", path, "--list", listed, "-o", hits)
    assert done.returncode == 2
    assert b"posts.txt.gz: the .gz breaks off" in done.stderr
    assert [hit["line"] for hit in rows(hits.read_bytes())] == [1]
    seen = int(done.stderr.splitlines()[1].split()[1].replace(b",", b""))
    assert 10_000 < seen < 20_000


def test_damaged_gz_messages(tmp_path: Path, listed: Path) -> None:
    path = tmp_path / "posts.txt.gz"
    data = bytearray(gzip.compress(HIT.encode() * 3))
    data[-6] ^= 255
    path.write_bytes(data)
    done = run("scan", path, "--list", listed)
    assert done.returncode == 2
    assert b"the .gz is damaged" in done.stderr


def test_a_url_of_one_megabyte(listed: Path) -> None:
    url = b"http://bad.example/page?" + b"a" * 1_000_000
    began = time.perf_counter()
    assert run("check", "-", "--list", listed, stdin=url).returncode in {0, 1}
    assert run("lookup", "-", "--list", listed, stdin=url).returncode in {0, 1}
    assert time.perf_counter() - began < 60


def test_nested_escapes(listed: Path) -> None:
    url = b"http://bad.example/%" + b"25" * 100_000 + b"41"
    began = time.perf_counter()
    assert run("check", "-", "--list", listed, stdin=url).returncode in {0, 1}
    assert run("lookup", "-", "--list", listed, stdin=url).returncode in {0, 1}
    assert time.perf_counter() - began < 60


@pytest.mark.parametrize("hits", [True, False], ids=["file", "stdout"])
def test_ctrl_c_keeps_what_was_found(tmp_path: Path, listed: Path, *, hits: bool) -> None:
    path = tmp_path / "hits.jsonl"
    output = ["-o", str(path)] if hits else []
    with subprocess.Popen(
        [*COMMAND, "scan", "-", "--list", str(listed), *output],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdin
        process.stdin.write(HIT.encode())
        process.stdin.flush()
        found = path.read_bytes if hits else None
        shown = first_line(process) if found is None else wait_for(path)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert rows(shown)[0]["line"] == 1
    assert told.splitlines()[-1].strip() == b"linkgate: interrupted; the hits found so far are kept"
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
    assert (json.loads(line)["line"], int(code), done.stderr) == (1, 141, b"")


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")


@needs_full
def test_full_disk_for_hits(listed: Path, posts: Path) -> None:
    told = sentence(run("scan", posts, "--list", listed, "-o", "/dev/full"))
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
    assert done.stderr.decode().count("linkgate: ") == 1
    assert b"no space left" in done.stderr


def test_output_into_nowhere(tmp_path: Path, listed: Path, posts: Path) -> None:
    assert "no such file" in sentence(
        run("scan", posts, "--list", listed, "-o", tmp_path / "no" / "hits.jsonl")
    )
    assert "is a directory" in sentence(run("scan", posts, "--list", listed, "-o", tmp_path))
    assert sentence(run("lists", "compile", listed, "-o", tmp_path / "no" / "snapshot"))


def test_output_that_is_an_input(listed: Path, posts: Path) -> None:
    before = posts.read_bytes(), listed.read_bytes()
    assert "is also read" in sentence(run("scan", posts, "--list", listed, "-o", posts))
    assert "is also read" in sentence(run("lists", "compile", listed, "-o", listed))
    assert (posts.read_bytes(), listed.read_bytes()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(listed: Path, posts: Path) -> None:
    posts.chmod(0)
    done = run("scan", posts, "--list", listed)
    assert done.returncode == 2
    assert b"permission denied" in done.stderr
    listed.chmod(0)
    assert "permission denied" in sentence(run("check", "a message", "--list", listed))


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
