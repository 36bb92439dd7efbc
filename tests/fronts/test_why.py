"""`why`, `lists show`, `decisions find`, `check --explain`: an answer to every "why?", and never an address."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from running import rows, run

import linkgate

if TYPE_CHECKING:
    from pathlib import Path

TOML = """[store]
path = "store"
[decisions]
path = "decisions"
[[list]]
name = "partner"
path = "partner.txt"
shadow = true
[[list]]
name = "exceptions"
path = "allow.csv"
kind = "allow"
"""
LISTED = """http://bad.example/page
http://bad.example/page?id=1
http://port.bad.example:8080/x
http://dir.bad.example/files/*
host.bad.example
*.worse.example
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("why")
    (folder / "linkgate.toml").write_text(TOML)
    (folder / "partner.txt").write_text(LISTED)
    (folder / "allow.csv").write_text("url,note,expires\nallowed.worse.example,tested,2999-01-01\n")
    config = linkgate.load_config(folder / "linkgate.toml")
    assert linkgate.update(config, config.open_store(create=True)).ok
    with linkgate.Gate.of(config, watch=None) as gate:
        gate.check("see http://www.bad.example/page", message="m-1")
        gate.check("see a.worse.example", message="m-2")
    return folder


def asked(folder: Path, *arguments: str, code: int = 0) -> Any:
    done = run(*arguments, "--json", cwd=folder)
    assert done.returncode == code, done.stderr
    assert b"bad.example" not in done.stdout + done.stderr
    assert b"worse.example" not in done.stdout + done.stderr
    return rows(done.stdout)


def test_why_of_a_message(folder: Path) -> None:
    [told] = asked(folder, "why", "m-1")
    [decision] = told["decisions"]
    assert (decision["message"], decision["kind"], decision["steps"]) == ("m-1", "loose", ["www"])
    assert (decision["action"], decision["asked"], decision["held"]) == ("log", "review", "shadow")
    [entry] = told["entries"]
    assert (entry["entry"], entry["list"], entry["line"]) == (decision["entry"], "partner", 1)
    assert (entry["since_version"], entry["scope"], told["url"]) == (1, "page", None)
    assert entry["policy"]["loose"] == {"action": "log", "asked": "review", "held": "shadow"}
    [again] = asked(folder, "why", decision["decision"])
    assert again == told
    [shown] = asked(folder, "why", decision["entry"])
    assert (shown["entries"], shown["decisions"]) == (told["entries"], [])
    for name in (decision["entry"], f"partner:{decision['entry']}"):
        assert asked(folder, "lists", "show", name) == [{"entries": told["entries"]}]
    found = asked(folder, "decisions", "find", "--entry", decision["entry"])
    [row] = found
    assert len(shared := row.keys() & decision.keys()) > 12  # each leaves out what says nothing
    assert {name: row[name] for name in shared} == {name: decision[name] for name in shared}
    assert [each["message"] for each in asked(folder, "decisions", "find", "--list", "partner")] == ["m-1", "m-2"]
    assert asked(folder, "decisions", "find", "--message", "m-3") == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("bad.example/other", "another path of this host is listed"),
        ("bad.example/page?id=2", "this page is listed with another query"),
        ("port.bad.example/x", "it is listed on another port of this host"),
        ("dir.bad.example/other/x", "another directory of this host is listed"),
        ("a.host.bad.example", "a host above this one is listed, without its subdomains"),
        ("a.bad.example/page", "a page of a host above this one is listed"),
        ("example", "a host below this one is listed, and not this one"),
        ("other.example/page", None),
        ("http://allowed.worse.example/", "an allow entry lifts it"),
    ],
)
def test_near_misses(folder: Path, url: str, reason: str | None) -> None:
    config = linkgate.load_config(folder / "linkgate.toml")
    near = config.open_store().load().near_misses(url)
    assert reason in [each.reason for each in near] if reason else near == ()
    assert all(len(each.entries) == min(each.number, 5) for each in near)


def test_why_of_a_url_for_people(folder: Path) -> None:
    done = run("why", "hxxp://bad[.]example/other", cwd=folder)
    assert done.returncode == 0
    lines = [line.split(None, 1) for line in done.stdout.decode().splitlines()[1:]]
    assert lines[0] == ["as", "written  hxxp://bad[.]example/other"]
    told = dict(lines[1:])
    assert told["action"] == "none"
    assert told["near"].startswith("another path of this host is listed: entry ")
    done = run("why", "http://allowed.worse.example/", cwd=folder)
    assert re.search(rb"allowed +entry ", done.stdout)
    assert b"of exceptions: tested; until 2999-01-0" in done.stdout
    shadow = run("why", "bad.example/page", cwd=folder)
    assert (shadow.returncode, b"log, not block: shadow" in shadow.stdout) == (0, True)
    done = run("why", "www.bad.example/page", cwd=folder)
    assert b"near        listed as loose: www; shadow makes log of review: entry " in done.stdout


def test_an_entry_of_the_past_and_one_that_is_held_back(tmp_path: Path) -> None:
    (tmp_path / "linkgate.toml").write_text('[store]\npath = "store"\n[[list]]\nname = "a"\npath = "a.txt"\n')
    config = linkgate.load_config(tmp_path / "linkgate.toml")
    one, two, other = (f"http://{name}.example/x\n" for name in ("one", "two", "other"))
    for lines in (one + other, one + two + other, two + other + "com\n"):
        (tmp_path / "a.txt").write_text(lines)
        assert linkgate.update(config, config.open_store(create=True), force=True).published
    names = [config.open_store().load(2).lookup(url).matches[0].entry.id for url in ("one.example/x", "two.example/x")]
    [held] = [each.id for state in config.open_store().current.lists for each in state.quarantine]
    wanted = (
        (names[0], {"listed": False, "since_version": 1, "last_version": 2, "policy": "block"}),
        (names[1], {"listed": True, "since_version": 2, "last_version": None, "line": 1}),
        (held, {"listed": False, "since_version": None, "line": 3}),
    )
    for name, facts in wanted:
        [told] = asked(tmp_path, "lists", "show", name)[0]["entries"]
        told["policy"] = told["policy"]["exact"]["action"]
        assert {key: told[key] for key in facts} == facts
    assert told["held_back"]
    done = run("lists", "show", f"a:{names[1]}", cwd=tmp_path)
    assert b"  if exact       block\n" in done.stdout
    assert b"example" not in done.stdout


def test_what_is_nothing_is_said(folder: Path) -> None:
    done = run("why", "no such message", cwd=folder)
    assert done.returncode == 2
    assert b"no decision, no entry of this name, and no browser would open" in done.stderr
    for name in ("m-99", "12345", "partner:7"):  # a browser would open http://m-99/, and nobody means that
        done = run("why", name, cwd=folder)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"nothing on record and no entry has this id" in done.stderr
    done = run("lists", "show", "no-such", cwd=folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no version of the store has an entry of this id" in done.stderr


def test_the_configuration_of_the_folder_is_used_where_no_list_is_named(folder: Path) -> None:
    [told] = asked(folder, "check", "see a.worse.example")
    assert (told["action"], told["matches"][0]["held"]) == ("log", "shadow")
    assert run("lookup", "a.worse.example", "--json", cwd=folder).returncode == 0  # in shadow
    done = run("check", "see a.worse.example", "--json", "--list", "partner.txt", cwd=folder)
    assert (done.returncode, json.loads(done.stdout)["action"]) == (1, "block")
    assert run("lookup", "a.worse.example", "--list", "partner.txt", cwd=folder).returncode == 1
    both = run("lookup", "a.worse.example", "--list", "partner.txt", "--config", "linkgate.toml", cwd=folder)
    assert (both.returncode, b"leave out --list" in both.stderr) == (2, True)


def test_why_of_a_list_file_alone(folder: Path) -> None:
    [told] = asked(folder, "why", "partner.txt:6", "--list", "partner.txt")
    assert [(each["entry"], each["scope"]) for each in told["entries"]] == [("partner.txt:6", "domain")]


def test_check_explains(folder: Path) -> None:
    done = run("check", "see hxxp://www[.]bad[.]example/page/", "--explain", cwd=folder)
    lines = done.stdout.decode().splitlines()
    assert "    www: hxxp://bad[.]example/page/" in lines
    assert "    trailing-slash: hxxp://bad[.]example/page" in lines
    [told] = rows(run("check", "see http://www.bad.example/page", "--explain", "--json", cwd=folder).stdout)
    assert [each["step"] for each in told["matches"][0]["stages"]][-1] == "www"
