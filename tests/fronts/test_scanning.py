"""`scan` as people and scripts use it."""

import csv
import gzip
import io
import json
import os
import select
import subprocess
from pathlib import Path
from typing import Any

import pytest
from running import COMMAND, DATA, environment, rows, run

HIT = "see http://bad.example/page"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.txt"
    path.write_text("http://bad.example/page\n*.worse.example\n")
    return path


HITS: list[dict[str, Any]] = [
    {"id": 7, "text": HIT, "links": None},
    {"id": "b", "text": "x", "links": ["http://worse.example"]},
]


def as_jsonl() -> str:
    return "\n".join(map(json.dumps, HITS))


def as_table(delimiter: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["id", "text", "links"])
    writer.writerows([[row["id"], row["text"], (row["links"] or [""])[0]] for row in HITS])
    return out.getvalue()


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("posts.jsonl", as_jsonl()),
        ("posts.ndjson", "\ufeff" + as_jsonl()),
        ("posts", as_jsonl()),
        ("posts.csv", as_table(",")),
        ("posts.CSV", "\ufeff" + as_table(";")),
        ("posts.tsv", as_table("\t")),
    ],
)
def test_scan_formats(tmp_path: Path, listed: Path, name: str, content: str, *, zipped: bool) -> None:
    data = content.encode()
    path = tmp_path / (name + ".gz" if zipped else name)
    path.write_bytes(gzip.compress(data) if zipped else data)
    done = run("scan", path, "--links", "links", "--list", listed)
    assert done.returncode == 1, done.stderr
    hits = rows(done.stdout)
    assert [(str(hit["id"]), hit["entry"], hit["start"]) for hit in hits] == [
        ("7", "listed.txt:1", 4),
        ("b", "listed.txt:2", None),
    ]
    piped = run("scan", "-", "--links", "links", "--list", listed, "--format", form(name), stdin=path.read_bytes())
    assert [hit["entry"] for hit in rows(piped.stdout)] == ["listed.txt:1", "listed.txt:2"]


def form(name: str) -> str:
    return {"csv": "csv", "tsv": "tsv"}.get(name.lower().rpartition(".")[2], "jsonl")


def test_scan_plain_text(listed: Path) -> None:
    done = run("scan", "-", "--list", listed, stdin=f"\r\n{HIT}\r\nno\n".encode())
    [hit] = rows(done.stdout)
    assert hit == {
        "file": "-",
        "place": 2,
        "id": None,
        "time": None,
        "start": 4,
        "end": 27,
        "entry": "listed.txt:1",
        "list": "listed.txt",
        "category": None,
        "scope": "page",
        "kind": "exact",
        "steps": [],
        "action": "block",
        "snapshot": snapshot(listed),
        "asked": "block",
        "held": None,
        "message_action": "block",
        "link_start": 4,
        "link_end": 27,
        **dict.fromkeys(("media", "distance", "actor", "spelling")),
    }
    assert b"2 messages in" in done.stderr


def snapshot(listed: Path) -> str:
    [answer] = rows(run("lookup", "http://other.example/", "--json", "--list", listed).stdout)
    return str(answer["snapshot"])


def test_scan_of_dotted_fields(listed: Path) -> None:
    entities = [{"type": "bold"}, {"url": "http://bad.example/page"}, {"url": "http://x.worse.example"}]
    row = {"post": {"body": "hi", "key": 3, "entities": entities}}
    fields = ("--text", "post.body", "--links", "post.entities.url", "--id", "post.key")
    done = run("scan", "-", *fields, "--show-urls", "--list", listed, stdin=json.dumps(row).encode())
    assert sorted((hit["id"], hit["link"]) for hit in rows(done.stdout)) == [
        (3, "hxxp://bad[.]example/page"),
        (3, "hxxp://x[.]worse[.]example"),
    ]


def test_scan_of_several_files_into_one(tmp_path: Path, listed: Path) -> None:
    hits = tmp_path / "hits.jsonl"
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(HIT)
    done = run("scan", "a.txt", "b.txt", "-o", hits, "--json", "--list", listed, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert [hit["file"] for hit in rows(hits.read_bytes())] == ["a.txt", "b.txt"]
    summary = json.loads(done.stderr)
    assert (summary["messages"], summary["flagged"], summary["kinds"]) == (2, 2, {"exact": 2})


def test_a_table_on_a_terminal_and_json_in_a_pipe(listed: Path) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    arguments = ("scan", str(DATA / "posts.jsonl"), "--list", str(listed), "--show-urls")
    done = subprocess.run(
        [*COMMAND, *arguments],
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
        env=environment() | {"NO_COLOR": "1", "COLUMNS": "120", "TERM": "xterm"},
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.returncode == 1
    assert "post-01" in shown
    assert "hxxp://bad[.]example/page" in shown
    assert "{" not in shown
    assert "\x1b[" not in shown


def test_progress_on_a_terminal(listed: Path) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "scan", "-", "--list", str(listed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment() | {"COLUMNS": "100", "TERM": "xterm"},
    ) as process:
        assert process.stdin
        written, shown = 0, ""
        while "messages, 0 flagged" not in shown and written < 100:  # however long a busy machine takes to begin
            process.stdin.write(b"nothing here\n" * 65_536)
            process.stdin.flush()
            written += 1
            if select.select([ours], [], [], 1)[0]:
                shown += os.read(ours, 1 << 16).decode()
        process.stdin.close()
    os.close(theirs)
    shown += os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "messages, 0 flagged" in shown
    assert f"{written * 65_536:,} messages in" in shown


def test_a_scan_does_without_pandas(tmp_path: Path) -> None:
    """pyarrow would load it, where it is installed, which is a quarter of the time of a short scan."""
    (tmp_path / "posts.jsonl").write_text('{"text": "see http://bad.example/page"}\n')
    (tmp_path / "list.txt").write_text("http://bad.example/page\n")
    code = (
        "import atexit, sys; from linkgate.__main__ import main; sys.argv[0] = 'linkgate';"
        "atexit.register(lambda: print('pandas' in sys.modules, file=sys.stderr)); main()"
    )
    command = [COMMAND[0], "-c", code, "scan", "posts.jsonl", "--list", "list.txt"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == "False"
