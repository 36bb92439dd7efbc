"""`--resume`: what stopped a scan, what may have changed since, and what must not."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import COMMAND, environment, last, run, sentence, until

import linkgate

HITS = '{"id": "%s", "text": "see http://bad.example/page"}\n'
SCAN = ("scan", "a.jsonl", "b.jsonl", "-", "-o", "hits.jsonl", "--list", "listed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    filled(tmp_path)
    return tmp_path


def filled(folder: Path) -> None:
    linkgate.save(linkgate.compile_lines(["http://bad.example/page"]).engine, folder / "listed")
    for name in "ab":
        (folder / f"{name}.jsonl").write_text("".join(HITS % f"{name}{row}" for row in range(5)) + "no JSON\n")


@pytest.fixture(scope="module")
def broken_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("left")
    filled(folder)
    interrupted(folder)
    return folder


@pytest.fixture
def left(broken_off: Path, tmp_path: Path) -> Path:
    """What an interrupted scan left, in a folder of its own."""
    return Path(shutil.copytree(broken_off, tmp_path / "left"))


@contextlib.contextmanager
def waiting(folder: Path, *scan: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A scan that has done its files and waits for standard input."""
    (folder / "hits.jsonl").unlink(missing_ok=True)
    with subprocess.Popen(
        [*COMMAND, *scan], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=environment()
    ) as process:
        until(lambda: _size(folder / "hits.jsonl") > 2_000)
        yield process
        process.kill()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def interrupted(folder: Path, *scan: str) -> str:
    """Have a scan interrupted; what it said last."""
    with waiting(folder, *(scan or SCAN)) as process:
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 130, told
    return told.decode().splitlines()[-1]


def test_ctrl_c_and_on(folder: Path) -> None:
    whole = run(*SCAN, stdin=HITS.encode(), cwd=folder)
    assert whole.returncode == 2, whole.stderr  # one record in seven is bad
    expected = [(folder / name).read_bytes() for name in ("hits.jsonl", "hits.jsonl.rejects.jsonl")]
    assert interrupted(folder) == "linkgate: interrupted; go on with --resume"
    state = json.loads((folder / "hits.jsonl.progress").read_bytes())["state"]
    assert (state["file"], state["tally"]["messages"]) == (1, 10)
    done = run(*SCAN, "--resume", stdin=HITS.encode(), cwd=folder)
    assert [(folder / name).read_bytes() for name in ("hits.jsonl", "hits.jsonl.rejects.jsonl")] == expected
    assert summary(done.stderr) == summary(whole.stderr)
    assert sorted(path.name for path in folder.glob("hits*")) == ["hits.jsonl", "hits.jsonl.rejects.jsonl"]


def summary(told: bytes) -> str:
    """What was counted, without the time."""
    [line] = [line for line in told.decode().splitlines() if " messages in " in line]
    return line.split(" messages in ")[0] + line.partition(";")[2]


def test_an_unfinished_scan_is_not_begun_again_unasked(left: Path) -> None:
    before = (left / "hits.jsonl").read_bytes()
    told = sentence(run(*SCAN, stdin=b"", cwd=left))
    assert told == (
        "linkgate: hits.jsonl is unfinished: go on with --resume, or remove hits.jsonl.progress to start again"
    )
    assert (left / "hits.jsonl").read_bytes() == before


CHANGES: dict[str, tuple[tuple[str, ...], str]] = {
    "link shown": (("--show-urls",), "--show-urls"),
    "another field": (("--text", "body"), "--text"),
    "another format": (("--format", "jsonl"), "--format"),
    "more files": (("c.jsonl",), "the file c.jsonl"),
    "other rejects": (("--rejects", "bad.jsonl"), "--rejects"),
    "another query": (("sqlite:///x.db?query=SELECT 2",), "the file sqlite:///x.db?query"),
    "since": (("--since", "old.txt"), "the snapshot of --since"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_command_does_not_go_on(left: Path, change: str) -> None:
    (left / "old.txt").write_text("*.worse.example\n")
    (left / "c.jsonl").write_text(HITS)
    before = (left / "hits.jsonl").read_bytes()
    options, named = CHANGES[change]
    told = run(*SCAN, *options, "--resume", cwd=left).stderr.decode().splitlines()
    assert f"linkgate: hits.jsonl: {named} has changed since it was begun: run the same command" in told[-1]
    assert (left / "hits.jsonl").read_bytes() == before


@pytest.mark.parametrize("file", ["a.jsonl", "listed"])
def test_other_content_is_not_gone_on_with(left: Path, file: str) -> None:
    if file == "listed":
        linkgate.save(linkgate.compile_lines(["http://bad.example/other"]).engine, left / file)
    else:
        (left / file).write_text("more")
    told = sentence(run(*SCAN, "--resume", cwd=left))
    named = "the snapshot of the lists" if file == "listed" else f"the file {file}"
    assert f"hits.jsonl: {named} has changed since it was begun" in told


def test_another_number_of_processes_does_go_on(folder: Path) -> None:
    run(*SCAN, cwd=folder)
    expected = (folder / "hits.jsonl").read_bytes()
    interrupted(folder)
    done = run(*SCAN, "--resume", "--jobs", "2", "--fail-on", "never", "--max-bad", "50%", cwd=folder)
    assert ((folder / "hits.jsonl").read_bytes(), done.returncode) == (expected, 0)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("hits.jsonl", b"short", "hits.jsonl is shorter than the scan left it"),
        ("hits.jsonl.rejects.jsonl", b"", "hits.jsonl.rejects.jsonl is shorter than the scan left it"),
        ("hits.jsonl.progress", b"{", "hits.jsonl.progress is damaged"),
        ("hits.jsonl.progress", b"[]", "hits.jsonl.progress is damaged"),
        ("hits.jsonl.progress", b'{"format": 99}', "hits.jsonl.progress is of another version of linkgate"),
        ("hits.jsonl.progress", b'{"format": 2, "parameters": {}, "state": {"file": "x"}}', "is damaged"),
    ],
)
def test_what_was_left_is_damaged(left: Path, name: str, data: bytes, said: str) -> None:
    (left / name).write_bytes(data)
    told = sentence(run(*SCAN, "--resume", cwd=left))
    assert said in told
    assert "start again without --resume, after removing the .progress file beside it" in told


def test_two_scans_do_not_write_one_file(folder: Path) -> None:
    with waiting(folder, *SCAN):
        for options in ((), ("--resume",)):
            told = sentence(run(*SCAN, *options, cwd=folder))
            assert told == "linkgate: hits.jsonl: another scan is writing it; wait, or name another file"
        assert "another scan" in sentence(run("scan", "a.jsonl", "-o", "hits.jsonl", "--list", "listed", cwd=folder))


def test_only_a_file_can_be_gone_on_with(folder: Path) -> None:
    for output in ((), ("-o", "-"), ("-o", "/dev/null")):
        told = sentence(run("scan", "a.jsonl", *output, "--resume", "--list", "listed", cwd=folder))
        assert told == "linkgate: --resume needs a file to go on with: name the same -o FILE as before"


def test_nothing_to_go_on_with_is_a_scan(folder: Path) -> None:
    done = run("scan", "a.jsonl", "-o", "hits.jsonl", "--resume", "--list", "listed", "--max-bad", "50%", cwd=folder)
    assert done.returncode == 1
    assert b"hits.jsonl: nothing to go on with, so from the beginning" in done.stderr
    assert len((folder / "hits.jsonl").read_bytes().splitlines()) == 5


def test_what_lies_beside_the_output_is_for_its_owner(folder: Path) -> None:
    scan = [*SCAN[:5], "hits.parquet", *SCAN[6:], "--show-urls"]
    with subprocess.Popen(
        [*COMMAND, *scan], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=environment()
    ) as process:
        until(lambda: _size(folder / "hits.parquet.spool") > 2_000)
        process.kill()
    for name in ("spool", "progress"):
        assert (folder / f"hits.parquet.{name}").stat().st_mode & 0o777 == 0o600
    assert not (folder / "hits.parquet").exists()
    assert b"bad.example" not in (folder / "hits.parquet.progress").read_bytes()


def test_nothing_of_the_list_is_left_behind(folder: Path) -> None:
    """Law 9, for all that a broken-off scan with a spool and bad records has written."""
    with (folder / "a.jsonl").open("ab") as out:
        out.write(b'{"text": "http://bad.example/page\n{"no text": "http://bad.example/page"}\n')
    scan = [*SCAN[:5], "hits.parquet", *SCAN[6:]]
    with subprocess.Popen(
        [*COMMAND, *scan], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=environment()
    ) as process:
        until(lambda: _size(folder / "hits.parquet.spool") > 2_000)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    written = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith("hits")}
    assert set(written) == {f"hits.parquet.{name}" for name in ("spool", "progress", "rejects.jsonl")}
    for name, data in {**written, "stderr": told}.items():
        assert b"bad.example" not in data, name


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk with little room."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a tmpfs takes root on Linux")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  # where it is differs


@pytest.mark.parametrize("name", ["hits.jsonl", "hits.parquet"])
def test_a_full_disk_and_on(folder: Path, small: Path, name: str) -> None:
    for number in range(8):
        (folder / f"{number}.jsonl").write_text("".join(HITS % f"{number}.{row}" for row in range(600)))
    files = [f"{number}.jsonl" for number in range(8)]
    run("scan", *files, "-o", name, "--list", "listed", cwd=folder)
    scan = ("scan", *files, "-o", str(small / name), "--list", "listed")
    told = last(run(*scan, cwd=folder))
    assert told.endswith("no space left on device; make room; go on with --resume")
    assert str(small) in told
    subprocess.run(["mount", "-o", "remount,size=9m", str(small)], check=True)  # noqa: S607  # as above
    assert run(*scan, "--resume", cwd=folder).returncode == 1
    assert (small / name).read_bytes() == (folder / name).read_bytes()
    assert [path.name for path in small.iterdir()] == [name]


def test_standard_input_is_read_again_and_skipped(folder: Path) -> None:
    lines = [(HITS % row if not row % 9_999 else '{"text": "%s"}\n' % ("x" * 90)).encode() for row in range(120_000)]
    posts = b"".join(lines)
    scan = ("scan", "-", "-o", "hits.jsonl", "--list", "listed")
    run(*scan, stdin=posts, cwd=folder)
    expected = (folder / "hits.jsonl").read_bytes()
    (folder / "hits.jsonl").unlink()
    with subprocess.Popen(
        [*COMMAND, *scan], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=environment()
    ) as process:
        assert process.stdin
        process.stdin.write(posts[: len(posts) * 3 // 4])
        process.stdin.flush()
        until(lambda: _size(folder / "hits.jsonl") > 0)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    state = json.loads((folder / "hits.jsonl.progress").read_bytes())["state"]
    assert 0 < state["tally"]["messages"] < 120_000
    done = run(*scan, "--resume", stdin=posts, cwd=folder)
    assert (done.returncode, (folder / "hits.jsonl").read_bytes()) == (1, expected)
    assert b"120,000 messages" in done.stderr
