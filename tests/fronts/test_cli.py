"""The commands as people and scripts use them."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from running import COMMAND, DATA, environment, rows, run

LIST = DATA / "sample.txt"
HIT = "see http://bad.example/page"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.txt"
    path.write_text("http://bad.example/page\n*.worse.example\n")
    return path


def test_lookup_for_people(listed: Path) -> None:
    done = run("lookup", "hxxps://www[.]bad[.]example/page", "http://other.example/", "--list", listed)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode().splitlines() == [
        "hxxps://www[.]bad[.]example/page",
        "  canonical  hxxp://www[.]bad[.]example/page",
        "  verdict    flagged (review)",
        "  match      loose: entry listed.txt:1 (scope page, list listed.txt); steps: www",
        f"  snapshot   {snapshot(listed)}",
        "hxxp://other[.]example/",
        "  canonical  hxxp://other[.]example/",
        "  verdict    clear",
        f"  snapshot   {snapshot(listed)}",
    ]


def snapshot(listed: Path) -> str:
    [answer] = rows(run("lookup", "http://other.example/", "--json", "--list", listed).stdout)
    return str(answer["snapshot"])


def test_lookup_for_programs(listed: Path) -> None:
    done = run(
        "lookup",
        "-",
        "--json",
        "--explain",
        "--list",
        listed,
        stdin=b"http://A.WORSE.example/x\n\nmailto:x@y\n",
    )
    found, none = rows(done.stdout)
    assert done.returncode == 2
    assert (found["url"], found["canonical"]) == (
        "hxxp://A[.]WORSE[.]example/x",
        "hxxp://a[.]worse[.]example/x",
    )
    assert (found["flagged"], found["matches"][0]["entry"]) == (True, "listed.txt:2")
    assert found["stages"][0] == {"step": "as written", "url": "hxxp://A[.]WORSE[.]example/x"}
    assert (none["flagged"], none["canonical"]) == (False, None)


def test_lookup_explains(listed: Path) -> None:
    done = run("lookup", "http://WWW.bad.example/%70age/", "--explain", "--list", listed)
    steps = [line.split("  ")[1] for line in done.stdout.decode().splitlines()[1:]]
    assert steps[:2] == ["as written", "browser"]
    assert {"www", "trailing-slash"} <= set(steps)
    assert done.stdout.decode().count("listed.txt:1") == 1


@pytest.mark.parametrize("link", ["mailto:joe@bad.example", "http://", "http://a b.example/", ""])
def test_lookup_of_no_link_cannot_tell(listed: Path, link: str) -> None:
    assert run("lookup", link, "--list", listed).returncode == 2


def test_check_for_people(listed: Path) -> None:
    done = run("check", HIT, "--list", listed)
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        "flagged (block)",
        "  exact: entry listed.txt:1 (scope page, list listed.txt); characters 4-27",
    ]
    assert b"hxxp://bad[.]example/page" in run("check", HIT, "--list", listed, "--show-urls").stdout


def test_check_reads_stdin_and_hidden_links(listed: Path) -> None:
    assert run("check", "--list", listed, stdin=HIT.encode()).returncode == 1
    assert run("check", "-", "--list", listed, stdin=b"hello").stdout == b"clear\n"
    done = run("check", "hello", "--link", "http://bad.example/page", "--json", "--list", listed)
    [answer] = rows(done.stdout)
    assert (answer["action"], answer["matches"][0]["start"]) == ("block", None)


def test_lists_from_the_environment(listed: Path) -> None:
    assert run("check", HIT, LINKGATE_LIST=str(listed)).returncode == 1
    both = os.pathsep.join([str(DATA / "partner.jsonl"), str(listed)])
    assert run("check", HIT, LINKGATE_LIST=both).returncode == 1


def test_snapshots_and_lists_together(tmp_path: Path, listed: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second.snapshot"
    assert run("lists", "compile", listed, "-o", first).returncode == 0
    assert run("lists", "compile", DATA / "partner.jsonl", "-o", second).returncode == 0
    text = "http://partner.example/a/1 " + HIT + " http://shown.example/paste/4711"
    done = run("check", text, "--json", "--list", first, "--list", second, "--list", LIST)
    [answer] = rows(done.stdout)
    found = [(match["list"], match["start"]) for match in answer["matches"]]
    assert found == sorted(found, key=lambda row: row[1])
    assert {name for name, _ in found} == {"listed.txt", "partner.jsonl", "sample.txt"}
    assert answer["snapshot"].count("+") == 2


def test_refused_lines_are_told(listed: Path) -> None:
    listed.write_text("http://bad.example/page\nco.uk\nhttp://\n")
    told = run("check", HIT, "--list", listed).stderr.decode()
    assert "list listed.txt: 1 line rejected" in told
    assert "list listed.txt: 1 line quarantined" in told


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
    piped = run(
        "scan", "-", "--links", "links", "--list", listed, "--format", form(name), stdin=path.read_bytes()
    )
    assert [hit["entry"] for hit in rows(piped.stdout)] == ["listed.txt:1", "listed.txt:2"]


def form(name: str) -> str:
    return {"csv": "csv", "tsv": "tsv"}.get(name.lower().rpartition(".")[2], "jsonl")


def test_scan_plain_text(listed: Path) -> None:
    done = run("scan", "-", "--list", listed, stdin=f"\r\n{HIT}\r\nno\n".encode())
    [hit] = rows(done.stdout)
    assert hit == {
        "file": "-",
        "line": 2,
        "id": None,
        "start": 4,
        "end": 27,
        "entry": "listed.txt:1",
        "scope": "page",
        "list": "listed.txt",
        "category": None,
        "kind": "exact",
        "steps": [],
        "action": "block",
        "snapshot": snapshot(listed),
    }
    assert b"2 messages in" in done.stderr


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


def test_compile_reports(tmp_path: Path) -> None:
    report, output = tmp_path / "report.json", tmp_path / "today.snapshot"
    done = run("lists", "compile", LIST, DATA / "partner.jsonl", "-o", output, "--report", report)
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode()
    assert "entries: 17" in told
    assert "(list sample.txt, line 31)" in told
    whole = json.loads(report.read_text())
    assert whole["entries"] == 17
    assert {line["line"] for line in whole["rejected"] + whole["quarantined"]} == {30, 31}
    assert "half" not in told + report.read_text()


def test_compile_with_columns(tmp_path: Path) -> None:
    source, output = tmp_path / "feed.csv", tmp_path / "feed.snapshot"
    source.write_text("when,what\n2026-01-01,http://bad.example/page\n")
    arguments = (
        "lists",
        "compile",
        source,
        "-o",
        output,
        "--column",
        "url=what",
        "--category",
        "scam",
        "--json",
    )
    [told] = rows(run(*arguments).stdout)
    assert (told["entries"], told["output"]) == (1, str(output))
    [answer] = rows(run("check", HIT, "--list", output, "--json").stdout)
    assert (answer["matches"][0]["category"], answer["snapshot"]) == ("scam", told["snapshot"])


def test_compile_of_nothing_usable_keeps_the_old_snapshot(tmp_path: Path, listed: Path) -> None:
    output = tmp_path / "today.snapshot"
    run("lists", "compile", listed, "-o", output)
    before = output.read_bytes()
    listed.write_text("com\nco.uk\n")
    done = run("lists", "compile", listed, "-o", output)
    assert done.returncode == 2
    assert b"not one line" in done.stderr
    assert output.read_bytes() == before


def test_listed_addresses_are_never_printed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(
        "http://hush.example/hidden-page\n*.hush-too.example\nhush.example/…\nhttp://hush .example\n"
    )
    output = tmp_path / "secret.snapshot"
    commands: list[tuple[str | Path, ...]] = [
        ("lists", "compile", secret, "-o", output),
        ("lists", "compile", secret, "-o", output, "--json"),
        ("check", "x", "--list", secret),
        ("scan", "-", "--list", secret, "--list", output),
        ("lookup", "http://other.example/", "--explain", "--list", output),
    ]
    for command in commands:
        done = run(*command, stdin=b"see HTTP://HUSH.example:80/hidden-page\n")
        assert b"hush" not in (done.stdout + done.stderr).lower(), command


def test_control_characters_of_a_poster_stay_off_the_terminal(listed: Path) -> None:
    done = run("lookup", "http://bad.example/\x1b[2J\u202e\udcff", "--list", listed)
    assert b"\x1b" not in done.stdout
    assert b"\\x1b[2J\\u202e" in done.stdout


def test_version_and_help() -> None:
    assert run("--version").stdout.startswith(b"linkgate, version 0.")
    for command in ((), ("lookup",), ("check",), ("scan",), ("lists",), ("lists", "compile")):
        done = run(*command, "--help")
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"Usage: " in done.stdout


def test_help_waits_for_nothing() -> None:
    code = "import sys, linkgate.fronts.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )
    loaded = set(done.stdout.split())
    assert not {"rich", "requests", "tldextract", "msgspec", "ada_url", "ahocorasick"} & loaded
