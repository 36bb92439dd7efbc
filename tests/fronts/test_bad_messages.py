"""Messages that cannot be read are counted and told, and never stop a scan."""

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import COMMAND, environment, rows, run

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


@pytest.mark.parametrize("name", ["posts.jsonl", "posts.csv", "posts.txt", "posts"])
def test_binary_messages(tmp_path: Path, listed: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(NOISE)
    done = run("scan", path, "--list", listed)
    assert done.returncode == 2
    assert b"binary file" in done.stderr
    assert b"Traceback" not in done.stderr


def test_messages_that_are_not_there(tmp_path: Path, listed: Path, posts: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = run("scan", tmp_path / "none.txt", tmp_path / "folder", posts, "--list", listed)
    assert done.returncode == 2
    assert b"none.txt: cannot be read: no such file" in done.stderr
    assert b"folder: a folder without a file of messages" in done.stderr
    assert b"2 unreadable files" in done.stderr
    assert [hit["place"] for hit in rows(done.stdout)] == [2]


def test_empty_messages(tmp_path: Path, listed: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    assert run("scan", path, "--list", listed).returncode == 0


def test_invalid_utf8_is_told_and_still_checked(listed: Path) -> None:
    done = run("scan", "-", "--list", listed, stdin=b"good\n caf\xe9 " + HIT.encode())
    assert done.returncode == 2
    assert [hit["place"] for hit in rows(done.stdout)] == [2]
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
    assert [hit["place"] for hit in rows(done.stdout)] == [5, 7]
    told = [line.split(b":")[2] for line in done.stderr.splitlines()[1:7]]
    assert told == [b"%d" % number for number in (1, 2, 3, 4, 5, 6)]
    assert b"5 bad records; 1 record without text or link" in done.stderr


# A process that comes of a large one counts as large itself, so a small one stands between.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def test_a_line_of_100_megabytes_in_small_memory(tmp_path: Path, listed: Path) -> None:
    hits, told, peak = tmp_path / "hits.jsonl", tmp_path / "told", tmp_path / "peak"
    scan = [sys.executable, "-c", MEASURED, *COMMAND, "scan", "-", "--list", str(listed), "-o", str(hits)]
    with told.open("wb") as err, peak.open("wb") as out:
        process = subprocess.Popen(scan, stdin=subprocess.PIPE, stdout=out, stderr=err, env=environment())
    assert process.stdin
    for chunk in long_line():
        process.stdin.write(chunk)
    process.stdin.close()
    assert process.wait(300) == 2, told.read_bytes()
    assert b"-:2: longer than 16 MiB" in told.read_bytes()
    assert int(peak.read_text()) < 300 << 10  # KiB
    assert [hit["place"] for hit in rows(hits.read_bytes())] == [1, 3]


def long_line() -> Iterator[bytes]:
    yield HIT.encode()
    for _ in range(100):
        yield b"x" * 1_000_000
    yield b"\n" + HIT.encode()


def test_truncated_gz_messages(tmp_path: Path, listed: Path) -> None:
    path, hits = tmp_path / "posts.txt.gz", tmp_path / "hits.jsonl"
    noise = "".join(f"{random.Random(n).random()}\n" for n in range(20_000))  # noqa: S311  # as above
    path.write_bytes(gzip.compress((HIT + noise + HIT).encode())[:-5_000])
    done = run("scan", path, "--list", listed, "-o", hits)
    assert done.returncode == 2
    assert b"posts.txt.gz: the .gz breaks off" in done.stderr
    assert [hit["place"] for hit in rows(hits.read_bytes())] == [1]
    seen = int(done.stderr.split(b" messages in")[0].split()[-1].replace(b",", b""))
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
    assert run("check", "-", "--list", listed, stdin=url).returncode in {0, 1}
    assert run("lookup", "-", "--list", listed, stdin=url).returncode in {0, 1}


def test_nested_escapes(listed: Path) -> None:
    url = b"http://bad.example/%" + b"25" * 100_000 + b"41"
    assert run("check", "-", "--list", listed, stdin=url).returncode in {0, 1}
    assert run("lookup", "-", "--list", listed, stdin=url).returncode in {0, 1}
