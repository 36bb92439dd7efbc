"""`lists add | update | status | history | diff | rollback | verify | accept`, as people and timers meet them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk, local, page, pages
from running import COMMAND, environment, run, sentence, until

if TYPE_CHECKING:
    from pathlib import Path


class Shell:
    """The commands in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
        return run("lists", *arguments, stdin=b"", cwd=self.folder, **env)

    def told(self, *arguments: str, code: int = 0, **env: str) -> str:
        done = self(*arguments, **env)
        assert done.returncode == code, done.stderr
        return done.stdout.decode()

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.told(*arguments, "--json", code=code))
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "partner.txt").write_bytes(pages(10) + b"twitter.com\nhalf...\n")
    return Shell(tmp_path)


@pytest.fixture
def updated(shell: Shell) -> Shell:
    """Two versions: ten pages, then twelve."""
    shell.told("add", "partner", "partner.txt", "--format", "plain")
    shell.told("update")
    (shell.folder / "partner.txt").write_bytes(pages(12) + b"twitter.com\nhalf...\n")
    shell.told("update")
    return shell


def test_from_nothing_to_a_verdict(shell: Shell) -> None:
    assert shell.told("add", "partner", "partner.txt") == "linkgate.toml: list partner added\n"
    told = shell.told("update").splitlines()
    assert told[0] == "partner: updated (10 entries, 1 rejected, 1 quarantined)"
    assert told[1].startswith("new version 1: 10 entries, snapshot ")
    assert shell.told("update").splitlines()[0].startswith("partner: unchanged")
    assert run("lookup", page(1), "--list", shell.folder / "store").returncode == 1
    assert run("check", f"see {page(99)}", "--list", shell.folder / "store").returncode == 0


def test_status(updated: Shell) -> None:
    told = updated.told("status").splitlines()
    assert told[0].startswith("version 2 of 20")
    assert told[1].startswith("  partner: checked ")
    assert told[2].endswith("(line 13), popular host")
    assert told[3] == "    rejected: line 14, truncated"
    found = updated.json("status")
    assert (found["ok"], found["version"], found["entries"], found["encrypted"]) == (True, 2, 12, False)
    [row] = found["lists"]
    assert (row["list"], row["entries"], row["rejected"], row["quarantined"]) == ("partner", 12, 1, 1)
    assert row["refused"] == [{"line": 14, "reason": "truncated"}]


def test_an_allow_entry_whose_end_cannot_be_read_is_told_with_its_line(shell: Shell) -> None:
    (shell.folder / "own.csv").write_text("url,expires,note\ngood.example,next week,case 7\nbetter.example,,case 8\n")
    (shell.folder / "linkgate.toml").write_text('[[list]]\nname = "own"\npath = "own.csv"\nkind = "allow"\n')
    assert shell.told("update").splitlines()[0] == "own: updated (1 entry, 1 rejected)"
    assert shell.told("status").splitlines()[-1] == "    rejected: line 2, its end is no date"


def test_many_rejected_lines_are_told_in_part(shell: Shell) -> None:
    (shell.folder / "own.txt").write_bytes(pages(99) + b"half...\n" * 99)
    own = '[[list]]\nname = "own"\npath = "own.txt"\nmax_rejected = "60%"\n'
    (shell.folder / "linkgate.toml").write_text(own)
    shell.told("update")
    assert sum("rejected: line" in line for line in shell.told("status").splitlines()) == 5
    assert len(shell.json("status")["lists"][0]["refused"]) == 20


def test_history_and_diff(updated: Shell) -> None:
    lines = updated.told("history").splitlines()
    assert [line[:4] for line in lines] == ["  1 ", "* 2 "]
    assert [version["current"] for version in updated.json("history")["versions"]] == [False, True]
    [change] = updated.json("diff", "1", "2")["lists"]
    assert (change["list"], len(change["added"]), change["removed"]) == ("partner", 2, [])
    assert updated.told("diff", "1", "2").splitlines()[0] == "partner: 2 added, 0 removed"
    assert updated.told("diff", "2", "2") == "no difference\n"
    assert "no version 7" in sentence(updated("diff", "1", "7"))


def test_rollback_and_accept(updated: Shell) -> None:
    assert updated.told("rollback", "1") == "version 1 is current: 10 entries\n"
    done = updated("update")
    assert done.returncode == 2
    assert b"rolled back; if that is right: `linkgate lists accept partner`" in done.stderr
    assert "held back" in updated.told("status", code=2)
    assert updated.json("accept", "partner")["entries"] == 12
    assert updated.told("verify") == "all is well: 3 versions\n"


def test_accept_an_entry(updated: Shell) -> None:
    [held] = updated.json("status")["lists"][0]["quarantine"]
    assert "--reason" in sentence(updated("accept", held["id"]))
    assert "no quarantined entry of this id" in sentence(updated("accept", "0" * 16, "--reason", "x"))
    assert updated.json("accept", held["id"], "--reason", "ticket 7") == {"accepted": [held["id"]]}
    assert updated.json("update")["entries"] == 13


def test_verify(updated: Shell) -> None:
    raw = max((updated.folder / "store" / "raw").iterdir(), key=lambda path: path.stat().st_size)
    raw.write_bytes(b"half")
    done = updated("verify")
    assert done.returncode == 2
    assert b"is damaged" in done.stderr
    assert not updated.json("verify", code=2)["ok"]
    updated.told("update", "--force")
    assert updated.json("verify") == {"ok": True, "findings": []}


def test_one_bad_list_is_said_on_stderr_and_the_others_go_on(updated: Shell) -> None:
    updated.told("add", "two", "two.txt")
    done = updated("update")
    assert done.stdout.decode().splitlines()[0].startswith("partner: unchanged")
    assert sentence(done).startswith("linkgate: list two: failed: ")
    assert updated.json("update", code=2)["lists"][1]["state"] == "failed"


def test_an_encrypted_store(shell: Shell) -> None:
    desk = Desk(shell.folder, local(), store='key_env = "KEY"')
    key, other = "ab" * 32, "cd" * 32
    assert desk.path.exists()
    assert "KEY is not set" in sentence(shell("update"))
    shell.told("update", KEY=key)
    assert "encrypted" in shell.told("status", KEY=key)
    assert "encrypted with another key" in sentence(shell("status", KEY=other))
    store = shell.folder / "store"
    assert run("lookup", page(1), "--list", store, LINKGATE_KEY=key).returncode == 1
    assert "no key was given" in sentence(run("lookup", page(1), "--list", store))
    assert "another key" in sentence(run("lookup", page(1), "--list", store, LINKGATE_KEY=other))


@pytest.mark.parametrize("command", [["status"], ["history"], ["verify"], ["rollback", "1"], ["diff", "1", "2"]])
def test_before_the_first_update(command: list[str], shell: Shell) -> None:
    assert "linkgate.toml cannot be read: it does not exist" in sentence(shell(*command))
    shell.told("add", "partner", "partner.txt")
    assert "is no store" in sentence(shell(*command))


def test_update_without_a_list(shell: Shell) -> None:
    (shell.folder / "linkgate.toml").write_text('[store]\npath = "store"\n')
    assert "linkgate lists add" in sentence(shell("update"))
    assert not (shell.folder / "store").exists()


def test_a_name_that_is_not_configured(updated: Shell) -> None:
    assert sentence(updated("update", "partnr")) == "linkgate: linkgate.toml has no such list; it has partner"


def test_another_configuration(updated: Shell) -> None:
    other = updated.folder / "etc"
    other.mkdir()
    (updated.folder / "linkgate.toml").rename(other / "linkgate.toml")
    (updated.folder / "store").rename(other / "store")
    assert updated.told("history", "--config", "etc/linkgate.toml")
    assert updated.told("history", LINKGATE_CONFIG="etc/linkgate.toml")


def test_a_path_is_the_callers_wherever_the_configuration_lies(shell: Shell) -> None:
    (shell.folder / "etc").mkdir()
    shell.told("add", "partner", "partner.txt", "--config", "etc/linkgate.toml")
    shell.told("update", "--config", "etc/linkgate.toml")
    assert (shell.folder / "etc" / "store").is_dir()


def test_ctrl_c_leaves_the_store_as_it_was(updated: Shell) -> None:
    (updated.folder / "partner.txt").write_bytes(pages(200_000))
    command = [*COMMAND, "lists", "update"]
    with subprocess.Popen(
        command, cwd=updated.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        lock = updated.folder / "store" / "lock"
        while process.poll() is None and lock.read_text() != str(process.pid):
            time.sleep(0.01)
        assert "at work on it; wait until it is done" in sentence(updated("update"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"linkgate: interrupted\n")
    assert updated.json("history")["versions"][-1]["version"] == 2
    assert not list(updated.folder.rglob("*.draft"))


def test_updates_in_a_loop_until_sigterm_and_who_is_told(tmp_path: Path) -> None:
    notify = json.dumps([sys.executable, "-c", "import sys; open('told', 'a').write(sys.stdin.read() + chr(10))"])
    lists = '[[list]]\nname = "a"\npath = "a.txt"\n'
    (tmp_path / "linkgate.toml").write_text(f'[store]\npath = "store"\n{lists}[notify]\ncommand = {notify}\n')
    (tmp_path / "a.txt").write_text("http://bad.example/page\n")
    told = tmp_path / "told"
    command = [*COMMAND, "lists", "update", "--every", "1s"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=log, stderr=log)
    try:
        until(lambda: (tmp_path / "log").read_text().count("version 1: 1 entry") >= 2)
        assert not told.exists()
        (tmp_path / "a.txt").write_text("<html>")
        until(lambda: (tmp_path / "log").read_text().count("list a: kept") >= 2)
        (tmp_path / "a.txt").write_text("http://bad.example/page\nhttp://bad.example/other\n")
        until(lambda: len(told.read_text().splitlines()) == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
    assert "bad.example" not in (tmp_path / "log").read_text() + told.read_text()
    began, over = map(json.loads, told.read_text().splitlines())
    assert [(each["kind"], each["list"]) for each in began["began"]] == [("failed", "a")]
    assert began["text"].startswith("linkgate: list a: failed: ")
    assert (over["began"], over["text"]) == ([], "linkgate: list a: failed no more")
    assert run("lists", "update", "--every", "5", cwd=tmp_path).returncode == 2
    assert "no key that linkgate knows" in sentence(
        run("lists", "update", "--every", "1s", "--config", _wrong(tmp_path), cwd=tmp_path)
    )


def _wrong(folder: Path) -> Path:
    (folder / "wrong.toml").write_text("[notify]\nurll = 1\n")
    return folder / "wrong.toml"


def test_quiet_where_all_is_well(tmp_path: Path) -> None:
    (tmp_path / "linkgate.toml").write_text('[store]\npath = "store"\n[[list]]\nname = "a"\npath = "a.txt"\n')
    (tmp_path / "a.txt").write_text("http://bad.example/page\n")
    for more in ((), ("--json",)):
        done = run("lists", "update", "-q", *more, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (tmp_path / "a.txt").write_text("<html>")
    done = run("lists", "update", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"linkgate: list a: kept")
