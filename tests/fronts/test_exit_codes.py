"""What a scan says of itself: bad records, too many of them, exit codes, the summary, progress in a log."""

import json
import subprocess
from pathlib import Path

import pytest
from running import COMMAND, environment, rows, run, sentence

import linkgate

POSTS = [
    {"id": 1, "text": "see http://bad.example/page and www.bad.example/Page/"},
    {"id": 2, "text": "nothing"},
    {"id": 3, "text": "see http://a.worse.example/"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    linkgate.save(linkgate.compile_lines(["http://bad.example/page", "*.worse.example"]).engine, tmp_path / "listed")
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in POSTS))
    return tmp_path


def scan(folder: Path, *options: str, code: int = 1) -> "subprocess.CompletedProcess[bytes]":
    done = run("scan", "posts.jsonl", "--list", "listed", *options, cwd=folder)
    assert done.returncode == code, done.stderr
    return done


def test_bad_records_are_written_down_and_tolerated(folder: Path) -> None:
    lines = ['{"text": "see http://bad.example/page"}'] * 99
    lines[40] = '{"text": "secret http://bad.example/page'
    lines[60] = '{"nothing": "secret"}'
    (folder / "posts.jsonl").write_text("\n".join(lines))
    done = scan(folder, "-o", "hits.jsonl")
    assert "; 1 bad record; 1 record without text or link" in done.stderr.decode()
    found = rows((folder / "hits.jsonl.rejects.jsonl").read_bytes())
    assert [(row["file"], row["place"]) for row in found] == [("posts.jsonl", 41), ("posts.jsonl", 61)]
    assert all(set(row) == {"file", "place", "reason"} for row in found)
    assert not {"bad.example", "secret"} & set(str(found).split())
    named = scan(folder, "--rejects", "bad.jsonl", "--fail-on", "never", code=0)
    assert rows((folder / "bad.jsonl").read_bytes()) == found
    assert len(rows(named.stdout)) == 97


def test_no_bad_record_leaves_no_file(folder: Path) -> None:
    (folder / "hits.jsonl.rejects.jsonl").write_text("of another scan")
    scan(folder, "-o", "hits.jsonl", "--rejects", "bad.jsonl")
    assert (folder / "bad.jsonl").read_bytes() == b""
    scan(folder, "-o", "hits.jsonl")
    assert not (folder / "hits.jsonl.rejects.jsonl").exists()


def test_too_many_bad_records_at_the_end(folder: Path) -> None:
    (folder / "posts.jsonl").write_text('{"text": "see http://bad.example/page"}\n' * 9 + "no JSON\n")
    done = scan(folder, "-o", "hits.jsonl", code=2)
    assert done.stderr.decode().splitlines()[-1] == (
        "linkgate: exit code 2, as 1 of 10 records (10 %) cannot be read, more than the 5 % of --max-bad"
    )
    assert len(rows((folder / "hits.jsonl").read_bytes())) == 9
    assert scan(folder, "-o", "hits.jsonl", "--max-bad", "10").returncode == 1


def test_too_many_bad_records_stop_a_scan(folder: Path) -> None:
    (folder / "posts.jsonl").write_text("no JSON\n" * 1_000)
    (folder / "good.jsonl").write_text('{"text": "see http://bad.example/page"}\n' * 1_000)
    command = ("scan", "posts.jsonl", "good.jsonl", "-o", "hits.jsonl", "--list", "listed")
    done = run(*command, cwd=folder)
    told = done.stderr.decode().splitlines()
    assert (done.returncode, len(told)) == (2, 13)
    assert told[11] == "linkgate: more bad records follow; they are written to hits.jsonl.rejects.jsonl"
    assert told[-1] == (
        "linkgate: stopped, as 1,000 of 1,000 records (100 %) cannot be read, more than the 5 % of --max-bad; "
        "if they are as they should be, go on with --resume and a larger --max-bad, "
        "else remove hits.jsonl.progress and start again with other fields (--text)"
    )
    assert run(*command, "--resume", "--max-bad", "50%", cwd=folder).returncode == 1
    assert len(rows((folder / "hits.jsonl").read_bytes())) == 1_000
    assert len(rows((folder / "hits.jsonl.rejects.jsonl").read_bytes())) == 1_000


# --- exit codes


@pytest.mark.parametrize(("fail_on", "code"), [("block", 0), ("review", 1), ("log", 1), ("never", 0)])
def test_a_message_for_review(folder: Path, fail_on: str, code: int) -> None:
    (folder / "posts.jsonl").write_text('{"text": "see www.bad.example/page/"}')
    scan(folder, "--fail-on", fail_on, code=code)


def test_a_message_to_block(folder: Path) -> None:
    scan(folder, "--fail-on", "block", code=1)
    (folder / "posts.jsonl").write_text('{"text": "nothing"}')
    scan(folder, "--fail-on", "log", code=0)


def test_a_file_that_is_not_there_is_no_all_clear(folder: Path) -> None:
    done = run("scan", "none.jsonl", "posts.jsonl", "--list", "listed", "--fail-on", "never", cwd=folder)
    assert done.returncode == 2
    assert b"exit code 2, as not all of the input could be read" in done.stderr
    assert len(rows(done.stdout)) == 3


def test_standard_input_that_is_closed(folder: Path) -> None:
    script = f"exec {COMMAND[0]} -m linkgate scan - --list listed <&-"
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607  # whichever bash there is
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert sentence(done) == "linkgate: standard input is closed: name a file, or pipe something into it"


@pytest.mark.parametrize(
    ("closed", "command", "code"),
    [
        (">&-", "check http://bad.example/page --list listed", 1),
        (">&-", "check hello --list listed", 0),
        (">&-", "scan posts.jsonl --list listed -o hits.jsonl", 1),
        (">&-", "scan posts.jsonl --list listed", 1),
        (">&-", "lookup http://bad.example/page --explain --json --list listed", 1),
        (">&-", "check hello --list none", 2),
        ("2>&-", "check hello --list none", 2),
        (">&- 2>&-", "scan posts.jsonl --list listed", 1),
        (">&- 2>&- <&-", "check http://bad.example/page --list listed", 1),
    ],
)
def test_output_that_is_closed(folder: Path, closed: str, command: str, code: int) -> None:
    """Who closes an output wants the exit code alone; a crash would be 1, which means flagged."""
    before = (folder / "listed").read_bytes()
    script = f"exec {COMMAND[0]} -m linkgate {command} {closed}"
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607  # as above
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (code, b"")
    assert b"Traceback" not in done.stderr
    assert b"a bug of linkgate" not in done.stderr
    assert (folder / "listed").read_bytes() == before  # no file took the place of an output


def test_json_summary(folder: Path) -> None:
    seen = json.loads(scan(folder, "-o", "hits.csv", "--json").stderr)
    assert {name: seen[name] for name in ("messages", "flagged", "hits", "actions", "kinds", "lists")} == {
        "messages": 3,
        "flagged": 2,
        "hits": 3,
        "actions": {"block": 2},
        "kinds": {"exact": 2, "loose": 1},
        "lists": {"list": 2},
    }
    assert (seen["bad_records"], seen["unreadable_files"]) == (0, 0)
    assert list(seen["read_as"]) == ["posts.jsonl"]
    assert "text from text, id from id" in seen["read_as"]["posts.jsonl"]


def test_several_snapshots_are_asked_as_one(folder: Path) -> None:
    linkgate.save(linkgate.compile_lines(["bad.example"], name="more").engine, folder / "more")
    found = rows(scan(folder, "--list", "more").stdout)
    answers = rows(
        run("check", str(POSTS[0]["text"]), "--list", "listed", "--list", "more", "--json", cwd=folder).stdout
    )
    assert [hit["entry"] for hit in found[:-1]] == [match["entry"] for match in answers[0]["matches"]]
    assert {hit["snapshot"] for hit in found} == {answers[0]["snapshot"]}
    assert {hit["message_action"] for hit in found} == {"block"}


def test_progress_in_a_log(folder: Path) -> None:
    """Where stderr is no terminal, a sentence a minute, with rate and time left."""
    code = (
        "import sys; from linkgate.fronts import cli, progress; progress._MINUTE = 0.0;"
        "sys.exit(cli.run(['scan', 'posts.jsonl', 'posts.jsonl', '--list', 'listed']))"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", code], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "a second" in line]
    assert told[0].startswith("linkgate: posts.jsonl: 3 messages, 2 flagged, ")
    assert told[0].endswith("; 50% of 306 bytes, 1 min left"), told
