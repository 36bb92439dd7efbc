"""`linkgate selftest` as a process: through library, commands and a server, with what may go wrong."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk, local
from running import COMMAND, environment, run, sentence
from small_sidecar import TOKEN, serving, truthful

import linkgate

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate import Engine

WORD = "zebrapath"
LISTED = f"http://bad.example/{WORD}\nhttp://198.51.100.7/{WORD}\n".encode()
NONE: dict[str, Any] = {"matches": [], "snapshot": "x"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with one list."""
    desk = Desk(tmp_path_factory.mktemp("desk"), local())
    desk.put("partner.txt", LISTED)
    desk.update()
    return desk


@pytest.fixture(scope="module")
def store(desk: Desk) -> Path:
    return desk.folder / "store"


@pytest.fixture(scope="module")
def engine(store: Path) -> Engine:
    return linkgate.load(store)


def passed(done: subprocess.CompletedProcess[bytes], certificate: Path) -> dict[str, Any]:
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    assert done.stdout.startswith(b"selftest passed: ")
    told: dict[str, Any] = json.loads(certificate.read_bytes())
    assert told["result"] == "passed"
    assert told["counts"]["tried"] == told["counts"]["caught"] > 700
    return told


def test_library(store: Path, engine: Engine, tmp_path: Path) -> None:
    certificate, page = tmp_path / "c.json", tmp_path / "c.html"
    told = passed(run("selftest", "--list", store, "-o", certificate, "--page", page), certificate)
    assert (told["via"], told["snapshots"]) == ("library", [engine.snapshot])
    [row] = told["lists"]
    assert (row["name"], row["kind"], row["entries"]) == ("partner", "deny", 2)
    assert row["checked"] >= row["changed"] > "2020"
    assert [each["tried"] for each in told["canaries"]] == [True] * 9 + [
        False
    ] * 5  # no IPv6 address is listed, and no file
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert engine.snapshot in text
    for shown in (certificate.read_text(), text):
        assert WORD not in shown
        assert "bad.example" not in shown


def test_two_certificates_differ_in_their_date_alone(store: Path) -> None:
    one, other = (json.loads(run("selftest", "--list", store, "--json").stdout) for _ in range(2))
    del one["date"], other["date"]
    assert one == other


def test_command_line(store: Path, engine: Engine, tmp_path: Path) -> None:
    told = passed(run("selftest", "--list", store, "--via", "cli", "-o", tmp_path / "c"), tmp_path / "c")
    assert (told["via"], told["snapshots"]) == ("command line", [engine.snapshot])


def test_an_encrypted_store(tmp_path: Path) -> None:
    key = "ab" * 32
    desk = Desk(tmp_path, local(), store='key_env = "KEY"')
    desk.put("partner.txt", LISTED)
    assert run("lists", "update", cwd=tmp_path, KEY=key).returncode == 0
    done = run("selftest", "--list", tmp_path / "store", "-o", tmp_path / "c", LINKGATE_KEY=key)
    assert passed(done, tmp_path / "c")["lists"][0]["name"] == "partner"
    assert "no key was given" in sentence(run("selftest", "--list", tmp_path / "store"))


@pytest.mark.parametrize("unix", [False, True])
def test_sidecar(engine: Engine, tmp_path: Path, *, unix: bool) -> None:
    with serving(truthful(engine), path=tmp_path / "s" if unix else None) as via:
        told = passed(run("selftest", "--via", via, "-o", tmp_path / "c", LINKGATE_TOKEN=TOKEN), tmp_path / "c")
    assert (told["via"], told["snapshots"]) == (via, [engine.snapshot])
    assert told["lists"] == [{"name": "partner", "entries": 1, "checked": "2026-01-30T00:00:00Z"}]
    assert TOKEN not in (tmp_path / "c").read_text()


def test_sidecar_token_from_a_file_and_what_its_store_carries(engine: Engine, store: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    options = ("--list", store, "--token-file", tmp_path / "token", "-o", tmp_path / "c")
    with serving(truthful(engine)) as via:
        passed(run("selftest", "--via", via, *options), tmp_path / "c")


def test_sidecar_that_decides_by_another_snapshot(store: Path) -> None:
    other = linkgate.compile_lines(["http://other.example/"]).engine
    with serving(truthful(other)) as via:
        done = run("selftest", "--via", via, "--list", store, LINKGATE_TOKEN=TOKEN)
    assert done.returncode == 0
    assert f"decides by snapshot {other.snapshot}, not by" in done.stderr.decode()
    assert b"not tried: ipv4" in done.stdout


def test_a_sidecar_that_misses_something_fails(engine: Engine, tmp_path: Path) -> None:
    truth = truthful(engine)

    def forgetful(body: dict[str, Any]) -> Any:
        """It loses hidden links, but only in batches."""
        for message in body.get("messages", ()):
            message["links"] = []
        return truth(body)

    with serving(forgetful) as via:
        done = run("selftest", "--via", via, "-o", tmp_path / "c", LINKGATE_TOKEN=TOKEN)
    assert done.returncode == 1
    assert b"selftest FAILED" in done.stdout
    assert b"slipped: tabs and line breaks in a hidden link, canary page" in done.stdout
    told = json.loads((tmp_path / "c").read_bytes())
    assert told["result"] == "failed"
    assert told["counts"]["caught"] < told["counts"]["tried"]


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda _: {"results": []}, 200, "gave no answer that linkgate reads"),
        (lambda _: {"results": [None] * 50}, 200, "gave no answer that linkgate reads"),
        (lambda _: {"results": [{"matches": [{}]}] * 50}, 200, "lack list, entry or kind"),
        (lambda _: [], 200, "gave no answer that linkgate reads"),
        (lambda _: b"<html>", 200, "gave no answer that linkgate reads"),
        (lambda _: {}, 500, "answered 500 to /v1/check: see its log"),
        (lambda body: {"results": [NONE] * len(body["messages"])} if "messages" in body else NONE, 200, "no canaries"),
    ],
)
def test_a_sidecar_that_is_none_cannot_be_tested(answer: Any, status: int, words: str) -> None:
    with serving(answer, status=status) as via:
        assert words in sentence(run("selftest", "--via", via, LINKGATE_TOKEN=TOKEN))


def test_what_cannot_be_asked(engine: Engine, tmp_path: Path) -> None:
    with serving(truthful(engine)) as via:
        assert "answered 401 to /v1/check: give its token" in sentence(run("selftest", "--via", via))
        assert "answered 404" in sentence(run("selftest", "--via", f"{via}/other", LINKGATE_TOKEN=TOKEN))
    assert "connection refused" in sentence(run("selftest", "--via", via))
    assert "no such file" in sentence(run("selftest", "--via", f"unix:{tmp_path}/none"))
    assert "is no sidecar" in sentence(run("selftest", "--via", "ftp://127.0.0.1/"))
    (tmp_path / "token").write_text("\n")
    assert "is empty" in sentence(run("selftest", "--via", via, "--token-file", tmp_path / "token"))
    assert "no such file" in sentence(run("selftest", "--via", via, "--token-file", tmp_path / "none"))


def test_wrong_options_say_what_to_do(store: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "s"
    linkgate.save(linkgate.Engine.build(iter(()), rules=linkgate.packaged_rules()), snapshot)
    assert "no list: name the store or snapshot" in sentence(run("selftest"))
    assert "--via takes library, cli, or the URL" in sentence(run("selftest", "--list", store, "--via", "x"))
    assert "carries no canaries: compile its lists again" in sentence(run("selftest", "--list", snapshot))
    assert "name one file" in sentence(run("selftest", "--list", store, "-o", tmp_path / "x", "--page", tmp_path / "x"))
    assert "is also read" in sentence(run("selftest", "--list", snapshot, "-o", snapshot))
    assert "is no store" in sentence(run("selftest", "--list", tmp_path))
    assert "several lists" in sentence(run("selftest", LINKGATE_LIST=f"{store}:{snapshot}"))
    assert "is a directory" in sentence(run("selftest", "--list", store, "-o", tmp_path))
    assert "no such file" in sentence(run("selftest", "--list", store, "--page", tmp_path / "a" / "b"))


def test_a_full_disk_and_a_closed_pipe(store: Path) -> None:
    assert "no space left" in sentence(run("selftest", "--list", store, "-o", "/dev/full"))
    script = f"ulimit -f 0; exec {COMMAND[0]} -m linkgate selftest --list {store} -o certificate.json"
    full = subprocess.run(
        ["bash", "-c", script],  # noqa: S607  # whichever bash there is
        cwd=store.parent,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert "certificate.json: file too large" in sentence(full)
    assert not (store.parent / "certificate.json").exists()  # nothing that could be taken for a certificate
    whole = [*COMMAND, "selftest", "--list", str(store), "--json"]
    with subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c(engine: Engine) -> None:
    def interrupts(body: dict[str, Any]) -> Any:
        process.send_signal(signal.SIGINT)
        return truthful(engine)(body)

    with serving(interrupts) as via:
        process = subprocess.Popen(
            [*COMMAND, "selftest", "--via", via],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment() | {"LINKGATE_TOKEN": TOKEN},
        )
        output, said = process.communicate(timeout=60)
    assert (process.returncode, output, said) == (130, b"", b"linkgate: interrupted\n")
