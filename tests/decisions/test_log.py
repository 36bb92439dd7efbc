"""The log: whole lines whatever happens, several writers, a full disk stops nobody, nothing is lost that was told."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linkgate.decisions.chain import Chain
from linkgate.decisions.custody import verify_decisions
from linkgate.decisions.log import DecisionLog, files
from linkgate.decisions.purge import purge_decisions
from linkgate.decisions.record import Decision, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[2] / "src"
DAY = "2026-01-31"


def line(number: object) -> bytes:
    row = {"time": f"{DAY}T10:00:00Z", "decision": f"d{number}", "list": "demo", "entry": "demo:1", "scope": "page"}
    row |= {"kind": "exact", "action": "block", "asked": "block", "snapshot": "id"}
    return json.dumps(row | {"micros": 7}, separators=(",", ":")).encode()


SIZE = len(Chain().link(line(1)))
"""Bytes of a line as it is written, without its end."""


def read(folder: Path) -> tuple[list[Decision], int]:
    found, torn = [], 0
    for path in files(folder):
        reading = Reading(path.read_bytes().splitlines(keepends=True))
        found += list(reading)
        torn += reading.torn
    return found, torn


def ids(folder: Path) -> list[str]:
    return [each.decision for each in read(folder)[0]]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "log")
    log.write([line(1), line(2)], day=DAY)
    log.write([line(3)], day=DAY)
    assert ids(tmp_path / "log") == ["d1", "d2", "d3"]
    assert (log.written.total, log.failed.total, log.error) == (3, 0, None)
    path = files(tmp_path / "log")[0]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("cut", range(1, SIZE + 2))
def test_half_a_line_costs_no_other_wherever_it_is_cut(cut: int, tmp_path: Path) -> None:
    DecisionLog(tmp_path).write([line(1), line(2)], day=DAY)
    path = files(tmp_path)[0]
    os.truncate(path, path.stat().st_size - cut)
    log = DecisionLog(tmp_path)
    log.write([line(3)], day=DAY)
    log.write([line(4)], day=DAY)
    found, torn = read(tmp_path)
    whole = cut == 1 or cut == SIZE + 1  # only the end of the line is gone, or all of it
    assert [each.decision for each in found if each.decision != "d2"] == ["d1", "d3", "d4"]
    assert torn == (0 if whole else 1)
    assert not verify_decisions(tmp_path).changed


def test_what_stands_behind_a_torn_line_is_found() -> None:
    reading = Reading([line(1)[:70] + line(2) + b"\n", b"\xff\xfe\n", b"[" * 10_000 + b"\n", line(3)])
    assert [each.decision for each in reading] == ["d2", "d3"]
    assert reading.torn == 3


def test_another_writers_torn_line_is_seen_while_the_file_is_open(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.write([line(1)], day=DAY)
    with files(tmp_path)[0].open("ab") as file:
        file.write(line(2)[:30])
    log.write([line(3)], day=DAY)
    assert ids(tmp_path) == ["d1", "d3"]


def test_a_full_file_and_a_new_day_begin_another(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, size=3 * SIZE)
    for number in range(10):
        log.write([line(number)], day=DAY)
    log.write([line(10)], day="2026-02-01")
    names = [path.name for path in files(tmp_path)]
    assert names[:2] == [f"{DAY}.jsonl", f"{DAY}.1.jsonl"]
    assert names[-1] == "2026-02-01.jsonl"
    assert len(names) == 5
    assert ids(tmp_path) == [f"d{number}" for number in range(11)]
    assert files(tmp_path, first="2026-02-01") == [tmp_path / "2026-02-01.jsonl"]


def test_a_file_that_somebody_removes_is_begun_anew(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "log")
    log.write([line(1)], day=DAY)
    files(tmp_path / "log")[0].unlink()
    (tmp_path / "log").rmdir()
    log.write([line(2)], day=DAY)
    assert ids(tmp_path / "log") == ["d2"]


def test_purge_removes_old_days_and_nothing_else(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, size=1)
    for day in ("2026-01-01", "2026-01-01", "2026-01-02", "2026-01-03"):
        log.write([line(1)], day=day)
    (tmp_path / "reviews.jsonl").write_text("kept")
    (tmp_path / "2020-01-01.txt").write_text("kept")
    assert purge_decisions(tmp_path, before="2026-01-03").files == 3
    assert [path.name for path in files(tmp_path)] == ["2026-01-03.jsonl"]
    kept = ["2020-01-01.txt", "2026-01-03.jsonl", "purges.jsonl", "reviews.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == kept


def test_what_cannot_be_removed_keeps_nothing_else(tmp_path: Path) -> None:
    DecisionLog(tmp_path).write([line(1)], day="2026-01-02")
    (tmp_path / "2026-01-01.jsonl").mkdir()
    with pytest.raises(OSError, match="2026-01-01"):
        purge_decisions(tmp_path, before="2026-01-03")
    assert [path.name for path in files(tmp_path)] == ["2026-01-01.jsonl"]


def test_a_size_of_nothing_ends(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, size=0)
    log.write([line(1)], day=DAY)
    log.write([line(2)], day=DAY)
    assert ids(tmp_path) == ["d1", "d2"]


def test_a_folder_that_cannot_be_made_is_counted_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file is in the way")
    log = DecisionLog(tmp_path / "log")
    log.write([line(1), line(2)], day=DAY)
    assert (log.written.total, log.failed.total) == (0, 2)
    assert str(log.error).startswith("decisions cannot be recorded: ")
    (tmp_path / "log").unlink()
    log.write([line(3)], day=DAY)
    assert (log.written.total, log.failed.total) == (1, 2)
    assert log.error is None


FULL = """
import resource, signal, sys
from pathlib import Path
from linkgate.decisions.log import DecisionLog
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = DecisionLog(Path(sys.argv[1]))
row = sys.argv[2].encode()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
for _ in range(10):
    log.write([row], day="2026-01-31")
print(log.written.total, log.failed.total, log.error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.write([row], day="2026-01-31")
print(log.written.total, log.failed.total, log.error)
"""


@pytest.mark.parametrize("short", [1, 17, 80])
def test_no_room_for_a_whole_line_is_counted_and_the_next_one_is_whole(short: int, tmp_path: Path) -> None:
    size = 4 * (SIZE + 1) - short
    done = python(FULL, str(tmp_path), line(1).decode(), str(size))
    first, then = done.stdout.splitlines()
    assert first.startswith("3 7 decisions cannot be recorded: ")
    assert then == "4 7 None"
    found, torn = read(tmp_path)
    assert (len(found) in {4, 5}, torn) == (True, 0 if short == 1 else 1)
    assert not verify_decisions(tmp_path).changed


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    env = os.environ | {"PYTHONPATH": str(SOURCE)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a tmpfs takes root on Linux")
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  # where it is differs


@pytest.mark.parametrize("fsync", ["never", "interval", "always"])
def test_a_full_disk_loses_what_is_counted_and_a_purge_ends_it(fsync: str, small_disk: Path) -> None:
    folder = small_disk / "log"
    log = DecisionLog(folder, fsync=fsync)
    for number in range(1000):
        log.write([line(number)], day=DAY)
    assert log.written.total + log.failed.total == 1000
    assert log.error == "decisions cannot be recorded: no room on the disk, make room and run it again"
    found, torn = read(folder)
    assert [each.decision for each in found] == [f"d{number}" for number in range(log.written.total)]
    assert torn <= 1
    purge_decisions(folder, before="2999-01-01")
    log.write([line("after")], day=DAY)
    assert log.error is None
    assert ids(folder) == ["dafter"]


WRITING = """
import sys
from pathlib import Path
from linkgate.decisions.log import DecisionLog
log = DecisionLog(Path(sys.argv[1]), fsync=sys.argv[2], size=200_000)
name, row = sys.argv[3], sys.argv[4]
for number in range(int(sys.argv[5])):
    two = [row.replace("NUMBER", f"{name}{sign}{number}").encode() for sign in "-+"]
    log.write(two, day="2026-01-31")
    if log.failed.total:
        break
    print(number, flush=True)
"""


def writer(folder: Path, name: str, count: int, *, fsync: str = "never") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITING, str(folder), fsync, name, line("NUMBER").decode(), str(count)]
    env = os.environ | {"PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_one_log(tmp_path: Path) -> None:
    writers = [writer(tmp_path, f"w{number}", 1500) for number in range(4)]
    for each in writers:
        each.communicate(timeout=120)
    found, torn = read(tmp_path)
    assert torn == 0
    assert len(found) == len({each.decision for each in found}) == 4 * 1500 * 2
    assert len(files(tmp_path)) > 5  # several changed files while others wrote
    by_writer = [each.decision for each in found if each.decision.startswith("dw1-")]
    assert by_writer == [f"dw1-{number}" for number in range(1500)]
    told = verify_decisions(tmp_path)
    assert (told.lines, told.writers, told.changed) == (12_000, 4, 0)


@pytest.mark.parametrize("fsync", ["never", "always"])
def test_killed_writers_lose_nothing_that_was_told(fsync: str, tmp_path: Path) -> None:
    """SIGKILL at any moment, while others go on: every write that returned is there, each half line counted."""
    chance = random.Random(7)  # noqa: S311  # it draws when to kill
    survivor = writer(tmp_path, "survivor", 10_000_000, fsync=fsync)
    threading.Thread(target=survivor.communicate, daemon=True).start()
    told: dict[str, int] = {}
    for number in range(6):
        each = writer(tmp_path, f"k{number}", 10_000_000, fsync=fsync)
        assert each.stdout is not None
        each.stdout.readline()
        threading.Timer(chance.uniform(0.05, 0.3), each.send_signal, [signal.SIGKILL]).start()
        numbers = [0, *(int(row) for row in each.stdout.read().splitlines(keepends=True) if row.endswith("\n"))]
        told[f"k{number}"] = numbers[-1]
        each.wait()
        each.stdout.close()
    survivor.kill()
    survivor.wait()
    found = set(ids(tmp_path))
    for name, last in told.items():
        wanted = {f"d{name}{sign}{number}" for number in range(last + 1) for sign in "-+"}
        assert wanted <= found
    assert read(tmp_path)[1] <= len(told) + 1
    DecisionLog(tmp_path).write([line("after")], day=DAY)
    assert "dafter" in ids(tmp_path)
    assert not verify_decisions(tmp_path).changed


def test_threads_share_it_while_it_changes_files(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path, size=20_000)
    before = len(list(Path("/proc/self/fd").iterdir()))

    def work(name: str) -> None:
        for number in range(500):
            log.write([line(f"{name}-{number}")], day=DAY)

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found, torn = read(tmp_path)
    assert (len({each.decision for each in found}), torn, log.written.total) == (3000, 0, 3000)
    told = verify_decisions(tmp_path)
    assert (told.lines, told.changed, told.writers <= 6) == (3000, 0, True)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
