"""Several processes: the same output, and whatever is killed, nobody is left and one sentence says so."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import COMMAND, environment, last, run, until

import linkgate
from linkgate.fronts.archive.workers import _answer, _decoded_or_told
from linkgate.fronts.inputs import Chunk
from linkgate.fronts.inputs.chunks import Plan
from linkgate.fronts.inputs.messages import EMPTY

if sys.platform != "linux":
    pytest.skip("who is whose child is read from /proc", allow_module_level=True)

LOST = "linkgate: a worker process was killed (SIGKILL), perhaps for want of memory: use fewer --jobs"
SCAN = ("scan", "posts", "more.jsonl", "-", "--list", "listed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    linkgate.save(linkgate.compile_lines(["http://bad.example/page", "*.worse.example"]).engine, tmp_path / "listed")
    (tmp_path / "more.jsonl").write_text('{"text": "see http://bad.example/page"}\nno JSON\n')
    texts = (f"{row} http://x{row}.worse.example/" if not row % 50 else f"{row}" for row in range(20_000))
    (tmp_path / "posts").write_text(
        "".join(json.dumps({"id": row, "text": text}) + "\n" for row, text in enumerate(texts))
    )
    return tmp_path


@contextlib.contextmanager
def waiting(folder: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A scan with two workers that has done its files and waits for standard input."""
    with subprocess.Popen(
        [*COMMAND, *SCAN, "--jobs", "2", "-o", "hits.jsonl", *options],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(),
    ) as process:
        until(lambda: b"more.jsonl" in written(folder))
        yield process
        process.kill()


def written(folder: Path) -> bytes:
    path = folder / "hits.jsonl"
    return path.read_bytes() if path.exists() else b""


def workers(process: "subprocess.Popen[bytes]") -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def alive(number: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("output", ["hits.jsonl", "hits.csv.gz", "hits.parquet", "-"])
def test_the_same_output(folder: Path, output: str) -> None:
    found = []
    for jobs in ("1", "2", "3"):
        done = run(*SCAN[:-2], *SCAN[-2:], "--jobs", jobs, "-o", output, stdin=b"http://bad.example/page\n", cwd=folder)
        assert done.returncode == 1, done.stderr
        rejects = folder / f"{output}.rejects.jsonl"
        found.append((done.stdout if output == "-" else (folder / output).read_bytes(), rejects.exists()))
    assert found[0] == found[1] == found[2]
    assert len(found[0][0]) > 2_000


def test_a_killed_worker(folder: Path) -> None:
    with waiting(folder) as process:
        for number in workers(process):
            os.kill(number, signal.SIGKILL)
        assert process.stdin
        told = process.communicate(b"http://bad.example/page\n", timeout=60)[1].decode().splitlines()
    assert (process.returncode, told[-1]) == (2, f"{LOST}; go on with --resume")
    assert "Traceback" not in "".join(told)
    done = run(*SCAN, "-o", "hits.jsonl", "--resume", stdin=b"http://bad.example/page\n", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert len(written(folder).splitlines()) == 402


def test_a_worker_killed_at_work(folder: Path) -> None:
    (folder / "posts").write_bytes((folder / "posts").read_bytes() * 30)
    scan = [*COMMAND, "scan", "posts", "--list", "listed", "--jobs", "2", "-o", "hits.csv"]
    with subprocess.Popen(scan, stderr=subprocess.PIPE, cwd=folder, env=environment()) as process:
        until(lambda: len(workers(process)) == 2)
        os.kill(workers(process)[0], signal.SIGKILL)
        told = process.communicate(timeout=60)[1].decode().splitlines()
    assert (process.returncode, told[-1]) == (2, f"{LOST}; go on with --resume")


def test_workers_end_with_a_killed_parent(folder: Path) -> None:
    with waiting(folder) as process:
        children = workers(process)
        assert len(children) == 2
        process.kill()
        process.wait()
        until(lambda: not any(map(alive, children)))
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()


def test_ctrl_c_ends_all_and_can_be_gone_on_with(folder: Path) -> None:
    run(*SCAN, "-o", "hits.jsonl", cwd=folder)
    expected = written(folder)
    (folder / "hits.jsonl").unlink()
    with subprocess.Popen(
        [*COMMAND, *SCAN, "--jobs", "2", "-o", "hits.jsonl"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(),
        start_new_session=True,
    ) as process:
        until(lambda: b"more.jsonl" in written(folder))
        children = workers(process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to all of them
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert told.endswith(b"linkgate: interrupted; go on with --resume\n")
    assert b"Traceback" not in told
    until(lambda: not any(map(alive, children)))
    assert run(*SCAN, "-o", "hits.jsonl", "--resume", "--jobs", "2", cwd=folder).returncode == 1
    assert written(folder) == expected


def test_what_a_worker_says_quotes_nothing() -> None:
    class BrokenInput:
        def do(self, *_: object) -> None:
            raise ValueError("http://bad.example/page")

    chunk = Chunk(file="x", number=0, first=1, content=b"", offset=0)
    told = _answer(BrokenInput(), chunk, (EMPTY, []))  # type: ignore[arg-type]
    assert isinstance(told, str)
    assert told.startswith("a bug of linkgate: ValueError in test_jobs.py:")
    assert "bad.example" not in told


def test_what_cannot_be_decoded_for_a_fault_of_ours_is_a_sentence() -> None:
    chunk = Chunk(file="x", number=0, first=1, content=b"http://bad.example/page", offset=0)
    _, told = _decoded_or_told(chunk, Plan(form="telegram"))
    assert isinstance(told, str)
    assert told.startswith("a bug of linkgate: ")
    assert "bad.example" not in told


def test_no_room_for_what_workers_found(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    told = last(run("scan", "posts", "--list", "listed", "--jobs", "2", "-o", "/dev/full", cwd=folder))
    assert told == "linkgate: /dev/full: no space left on device; make room and run it again"
