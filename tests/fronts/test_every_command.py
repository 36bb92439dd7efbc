"""Every command: what is no file for it, an output that takes nothing, and Ctrl-C, each told in a sentence."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from desk import Desk, local, page
from running import run, run_under
from test_broken_off import needs_full

import linkgate
from linkgate.fronts.cli import linkgate as program

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

KEY = "ab" * 32
REST = """
[decisions]
path = "decisions"
seal_key_env = "KEY"
[dsa.category.default]
legal_ground = "a law"
explanation = "It links to a listed page."
[cases]
key_env = "KEY"
[accounts]
keep = "30d"
key_env = "KEY"
[shorteners]
report = true
[resolve]
contact = "a@example.test"
mode = "after"
"""
CONFIG = ("--config", "linkgate.toml")
COMMANDS = {
    "cases due": CONFIG,
    "cases export": ("CASE", "--as", "neutral", "-o", "case.json", "--with", "facts.json", *CONFIG),
    "cases hold": ("CASE", "--until", "2999-12-31", "--reason", "x", *CONFIG),
    "cases list": CONFIG,
    "cases open": ("--message", "m1", "--reason", "x", *CONFIG),
    "cases purge": CONFIG,
    "cases release": ("CASE", "--reason", "x", *CONFIG),
    "cases show": ("CASE", *CONFIG),
    "check": (f"see {page(1)}", "--list", "listed.txt"),
    "completion": ("bash",),
    "decisions accounts": ("--hits", "hits.jsonl", "--report", "accounts.html"),
    "decisions campaigns": ("--hits", "hits.jsonl", "--report", "campaigns.html"),
    "decisions find": ("--message", "m1", *CONFIG),
    "decisions overturn": ("DECISION", "--reason", "x", *CONFIG),
    "decisions purge": ("--before", "2020-01-01", *CONFIG),
    "decisions report": CONFIG,
    "decisions review": ("sample.csv", *CONFIG),
    "decisions sample": ("-n", "2", "-o", "s.csv", *CONFIG),
    "decisions seal": CONFIG,
    "decisions show": ("DECISION", *CONFIG),
    "decisions statements": ("-o", "statements.jsonl", *CONFIG),
    "decisions verify": CONFIG,
    "feedback export": ("partner", "--as", "csv", "-o", "feedback.csv", *CONFIG),
    "feedback hits": ("partner", "-o", "hits.json", *CONFIG),
    "lists accept": ("partner", "--reason", "x", *CONFIG),
    "lists add": ("more", "listed.txt", *CONFIG),
    "lists compile": ("listed.txt", "-o", "s.snapshot", "--allow", "allowed.txt", "--report", "report.json"),
    "lists confirm": ("partner:1", "--reason", "x", *CONFIG),
    "lists diff": ("1", "1", *CONFIG),
    "lists dispute": ("partner:1", "--reason", "x", *CONFIG),
    "lists history": CONFIG,
    "lists rollback": ("1", *CONFIG),
    "lists show": ("ENTRY", *CONFIG),
    "lists status": CONFIG,
    "lists update": CONFIG,
    "lists verify": CONFIG,
    "lookup": (page(1), "--list", "listed.txt"),
    "policy alarms": CONFIG,
    "policy confirm": ("--all", *CONFIG),
    "policy show": CONFIG,
    "policy stop": ("partner", "--reason", "x", *CONFIG),
    "resolve": (*CONFIG, "--tokens", "tokens", "--uds", "r.sock"),
    "scan": ("posts.txt", "-o", "found.jsonl", "--list", "listed.txt", "--rejects", "bad.jsonl", "--report", "r.html"),
    "selftest": ("--list", "listed.txt", "-o", "certificate.json", "--page", "page.html"),
    "serve": (*CONFIG, "--tokens", "tokens", "--uds", "s.sock"),
    "why": (page(1), "--list", "listed.txt"),
}
"""Every command as it works in the folder below, but for `resolve` and `serve`, which do not end."""
ENDLESS = {"resolve", "serve"}
FILES = {"--config", "--list", "--with", "--hits", "--allow", "--tokens", "sample.csv", "posts.txt", "listed.txt"}
"""What is followed by the name of a file that is read, or is one."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, a record, a case and whatever else the commands read."""
    folder = tmp_path_factory.mktemp("whole")
    desk = Desk(folder)
    desk.configure(local(more="share_hits = true"), rest=REST)
    listed = "".join(f"{page(number)}\n" for number in range(3))
    for name in ("partner.txt", "listed.txt"):
        desk.put(name, listed.encode())
    desk.put("allowed.txt", b"http://other.example/\n")
    desk.put("posts.txt", f"good morning\nsee {page(1)}\n".encode())
    desk.put("posts.jsonl", json.dumps({"id": 1, "by": "a", "text": f"see {page(1)}"}).encode())
    desk.put("facts.json", b"{}")
    desk.update()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEY", KEY)
        with linkgate.Gate.of(desk.path, watch=None) as gate:
            for number in range(3):
                gate.check(page(1), message=f"m{number}", account="a")
    made = {
        "cases open": ("--message", "m0", "--reason", "x"),
        "decisions sample": ("-n", "2", "-o", "sample.csv"),
        "scan": ("posts.jsonl", "--account", "by", "-o", "hits.jsonl", "--config", "linkgate.toml"),
        "serve": ("--new-token", "ann=lookup"),
    }
    for name, words in made.items():
        done = run(*name.split(), *words, cwd=folder, KEY=KEY)
        assert done.returncode in {0, 1}, done.stderr
        if name == "serve":
            desk.put("tokens", done.stdout)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """One of one's own."""
    shutil.copytree(whole, tmp_path / "own")
    return tmp_path / "own"


def words_of(name: str, folder: Path) -> list[str]:
    """A command line, with the ids of the case and of a decision in that folder."""
    case = next(folder.glob("cases/*.case")).stem
    found = linkgate.find_decisions(folder / "decisions", messages=["m0"])[0]["decision"]
    entry = linkgate.load(folder / "store").lookup(page(0)).matches[0].entry.id
    known = {"CASE": case, "DECISION": str(found), "ENTRY": entry}
    return [*name.split(), *(known.get(word, word) for word in COMMANDS[name])]


def told(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """What stderr says, which is sentences only."""
    lines = done.stderr.decode().splitlines()
    assert "Traceback" not in done.stderr.decode()
    assert not [line for line in lines if "a bug of linkgate" in line], lines
    return lines


def named(group: click.Group, before: str = "") -> Iterator[str]:
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        yield from named(command, f"{each} ") if isinstance(command, click.Group) else [before + each]


def test_every_command_is_here() -> None:
    assert sorted(named(program)) == sorted(COMMANDS)


BAD = ("missing", "directory", "empty", "binary", "locked", "a\0b")
"""What may stand where the name of a file belongs, and is no file that a command can read."""


@pytest.fixture
def spoilt(folder: Path) -> Path:
    """The same with what is no file for a command beside all that is one."""
    (folder / "directory").mkdir()
    (folder / "empty").touch(mode=0o600)
    (folder / "binary").write_bytes(bytes(range(256)) * 40)
    (folder / "binary").chmod(0o600)
    (folder / "locked").touch(mode=0)
    return folder


def read_by(name: str) -> dict[str, int]:
    """What a command reads, by what names it, and where in its words that stands."""
    words = COMMANDS[name]
    named_so = {word: at + 1 for at, word in enumerate(words) if word in FILES and word.startswith("--")}
    alone = {word: at for at, word in enumerate(words) if word in FILES and not word.startswith("--")}
    return named_so | {word: at for word, at in alone.items() if at not in named_so.values()}


def spoilings() -> Iterator[tuple[str, str, str]]:
    """Each file of each command in each way; the configuration, which all read alike, in one way a command."""
    for number, name in enumerate(sorted(COMMANDS)):
        for by in read_by(name):
            bads = [BAD[number % len(BAD)]] if by == "--config" else BAD
            yield from ((name, by, bad) for bad in bads)


def may_be(name: str, by: str, bad: str) -> bool:
    """Whether that is nothing wrong: a list that comes later, a configuration without tables, a scan without hits."""
    later = name == "lists add" and bad != BAD[-1] and (by == "listed.txt" or bad == "missing")
    return later or (bad == "empty" and by in {"--config", "--hits", "posts.txt"})


@pytest.mark.parametrize(("name", "by", "bad"), list(spoilings()))
def test_what_is_no_file_is_told(name: str, by: str, bad: str, spoilt: Path) -> None:
    words = words_of(name, spoilt)
    words[len(name.split()) + read_by(name)[by]] = bad
    done = run_under(words, cwd=spoilt, unprivileged=True, env={"KEY": KEY})
    lines = told(done)
    assert all(line.startswith("linkgate: ") for line in lines)
    assert done.returncode == 2 or may_be(name, by, bad), lines
    assert len(lines) == (done.returncode == 2) or name == "scan", lines


NAMES = (
    ("scan", "posts.txt", "--list", "listed.txt", "--since", BAD[-1]),
    ("serve", "--uds", BAD[-1]),
    ("resolve", "--uds", BAD[-1]),
    ("lists", "update", "--config", "empty", BAD[-1]),
)


@pytest.mark.parametrize("words", NAMES, ids=" ".join)
def test_a_name_that_no_file_can_have(words: tuple[str, ...], spoilt: Path) -> None:
    done = run(*words, cwd=spoilt, KEY=KEY)
    assert (done.returncode, len(told(done))) == (2, 1)


@needs_full
@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - ENDLESS))
def test_an_output_that_takes_nothing(name: str, whole: Path, tmp_path: Path) -> None:
    """It works; a full disk is told, and exit code 2; a closed pipe is quiet. Who prints nothing is as ever."""
    reads, closed = os.pipe()
    os.close(reads)
    with Path("/dev/full").open("wb") as full:
        outputs = {"whole": None, "full": full.fileno(), "closed": closed}
        done = {}
        for each, stdout in outputs.items():
            shutil.copytree(whole, tmp_path / each)
            done[each] = run_under(
                words_of(name, tmp_path / each), cwd=tmp_path / each, stdout=stdout, env={"KEY": KEY}
            )
    os.close(closed)
    assert done["whole"].returncode in {0, 1}, told(done["whole"])
    if not done["whole"].stdout:
        assert len({each.returncode for each in done.values()}) == 1
        return
    assert done["full"].returncode == 2
    assert told(done["full"])[-1] == "linkgate: output: no space left on device; make room and run it again"
    assert done["closed"].returncode == 141
    assert len(told(done["closed"])) <= len(told(done["whole"]))


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"completion"}))
def test_ctrl_c(name: str, folder: Path) -> None:
    """It comes when a file that it reads is opened; `completion` opens none."""
    first = COMMANDS[name][max(read_by(name).values())]
    done = run_under(words_of(name, folder), cwd=folder, interrupt=first, env={"KEY": KEY})
    assert done.returncode == 130, told(done)
    assert told(done)[-1].startswith("linkgate: interrupted")
