"""`lists compile`, and what every command has in common."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from running import DATA, environment, rows, run

LIST = DATA / "sample.txt"
HIT = "see http://bad.example/page"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.txt"
    path.write_text("http://bad.example/page\n*.worse.example\n")
    return path


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
    secret.write_text("http://hush.example/hidden-page\n*.hush-too.example\nhush.example/…\nhttp://hush .example\n")
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


def test_version_and_help() -> None:
    assert run("--version").stdout.startswith(b"linkgate, version 0.")
    for command in ((), ("lookup",), ("check",), ("scan",), ("lists",), ("lists", "compile")):
        done = run(*command, "--help")
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"Usage: " in done.stdout


def test_help_waits_for_nothing() -> None:
    code = "import sys, linkgate.fronts.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    loaded = set(done.stdout.split())
    assert not {"rich", "requests", "tldextract", "msgspec", "ada_url", "ahocorasick"} & loaded


def test_with_a_key_the_snapshot_is_encrypted(tmp_path: Path) -> None:
    key, output = "11" * 32, tmp_path / "today.snapshot"
    assert run("lists", "compile", DATA / "sample.txt", "-o", output, LINKGATE_KEY=key).returncode == 0
    assert b"bad.example" not in output.read_bytes()
    assert run("lookup", "http://bad.example/page", "--list", output, LINKGATE_KEY=key).returncode == 1
    assert b"is encrypted, and no key was given: set LINKGATE_KEY" in run("check", "x", "--list", output).stderr
    plain = tmp_path / "plain.snapshot"
    assert run("lists", "compile", DATA / "sample.txt", "-o", plain).returncode == 0
    assert run("lookup", "http://bad.example/page", "--list", plain, LINKGATE_KEY=key).returncode == 1
