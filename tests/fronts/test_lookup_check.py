"""`lookup` and `check` as people and scripts use them."""

import os
from pathlib import Path

import pytest
from running import DATA, rows, run

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


def test_control_characters_of_a_poster_stay_off_the_terminal(listed: Path) -> None:
    done = run("lookup", "http://bad.example/\x1b[2J\u202e\udcff", "--list", listed)
    assert b"\x1b" not in done.stdout
    assert b"\\x1b[2J\\u202e" in done.stdout
