"""Law 9: no listed host or path leaves the store, whatever fails, in whichever command."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk, local, remote
from loopback import Loopback, answer, reset
from running import COMMAND, environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST, PATH = "zebrahost", "giraffepath"
LISTED = f"http://{HOST}.example/{PATH}\n*.{HOST}.test\n".encode()
MORE = LISTED + f"http://{HOST}2.example/{PATH}\n{HOST}.github.io...\ngithub.io\n".encode()
SHRUNK = b"http://other.example/\n"
KEY, OTHER_KEY = "ab" * 32, "cd" * 32
ACCOUNT = "hyenaaccount"
WORDS = (HOST, PATH, ACCOUNT)


class Room:
    """A folder for one test: desk and store in it, and folders that must stay empty."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, local(more='max_shrink = "40%"'), store='key_env = "KEY"')
        self.desk.put("partner.txt", LISTED)
        self.empty = [folder / name for name in ("tmp", "home")]
        for each in self.empty:
            each.mkdir()
        tmp, home = map(str, self.empty)
        self.env = {"KEY": KEY, "LINKGATE_KEY": KEY, "TMPDIR": tmp, "HOME": home, "NO_PROXY": "127.0.0.1"}
        self.inputs = {folder / "linkgate.toml"}
        self.said = b""

    @property
    def store(self) -> Path:
        return self.desk.folder / "store"

    def run(self, *arguments: str) -> int:
        return self._heard(run(*arguments, stdin=b"", cwd=self.desk.folder, **self.env))

    def python(self, code: str) -> int:
        env = environment() | self.env
        command = [sys.executable, "-c", code]
        return self._heard(
            subprocess.run(command, cwd=self.desk.folder, env=env, capture_output=True, check=False, timeout=120)
        )

    def _heard(self, done: subprocess.CompletedProcess[bytes]) -> int:
        self.said += done.stdout + done.stderr
        assert b"a bug of linkgate" not in done.stderr, done.stderr
        assert b"Traceback" not in done.stderr, done.stderr
        return done.returncode

    def check(self) -> None:
        """Nothing said, nothing written but the store, and that for its owner alone."""
        shown = self.said.decode().lower()
        assert not [word for word in WORDS if word in shown], shown
        for folder in self.empty:
            assert not list(folder.rglob("*"))
        for path in self.desk.folder.rglob("*"):
            if path.is_file() and self.store in path.parents:
                assert path.stat().st_mode & 0o777 == 0o600, path
                assert not any(word.encode() in path.read_bytes() for word in WORDS), path
            elif path.is_file() and path not in self.inputs and path.suffix != ".txt":
                assert not any(word.encode() in path.read_bytes() for word in WORDS), path


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_every_command(room: Room) -> None:
    assert room.run("lists", "update") == 0
    room.desk.put("partner.txt", MORE)
    assert room.run("lists", "update", "--json") == 0
    for command in (["status"], ["history"], ["diff", "1", "2"], ["verify"], ["rollback", "1"], ["accept", "partner"]):
        assert room.run("lists", *command) == 0
    for command in (["status"], ["history"], ["diff", "1", "2"], ["verify"], ["rollback", "1"], ["update"]):
        room.run("lists", *command, "--json")
    assert room.run("lists", "accept", f"{HOST}.github.io", "--reason", "x") == 2
    assert room.run("lists", "add", "two", "two.txt") == 0
    assert room.run("lists", "compile", "partner.txt", "-o", "tmp.bin", "--report", "report.json") == 0
    room.inputs.add(room.desk.folder / "tmp.bin")
    for message in (f"see http://{HOST}.example/{PATH}", "nothing"):
        room.run("check", message, "--list", "store")
    room.check()


def test_a_resolver_that_cannot_begin(room: Room) -> None:
    assert room.run("lists", "update") == 0
    assert room.run("resolve", "--config", "linkgate.toml") == 2
    told = (room.desk.folder / "linkgate.toml").read_text()
    resolve = f'[shorteners]\nreport = true\n[resolve]\ncontact = "a@example.test"\nmode = "{HOST}"\n'
    (room.desk.folder / "linkgate.toml").write_text(told + resolve)
    assert room.run("resolve", "--config", "linkgate.toml") == 2
    assert room.run("resolve", "--config", "linkgate.toml", "--host", "192.0.2.7") == 2
    room.check()


WHY = "a school"
FACTS = ("--with", "facts.json")
EVIDENCE = """
[decisions]
seal_key_env = "KEY"
[cases]
capture = "message"
[feedback]
wrong = { after = 1, by = 1 }
[accounts]
keep = "30d"
key_env = "KEY"
repeat = { messages = 2, entries = 1 }
[reporter.coop]
reporter_type = "u"
reporter_id = "l"
item_type = "p"
text_field = "t"
[dsa.category.default]
legal_ground = "Directive 2011/93/EU"
explanation = "It links to a listed page."
"""

TABLES = (["accounts"], ["accounts", "--csv"], ["campaigns", "--min-actors", "2"], ["campaigns", "--json"])
DECIDE = """
import linkgate
gate = linkgate.Gate.of("linkgate.toml", watch=None)
for number in range(3):
    gate.check("see http://zebrahost.example/giraffepath", message=f"m{number}", account="hyenaaccount")
    gate.check("or this", links=["http://any.zebrahost.test/"], message=f"h{number}", account="hyenaaccount")
gate.close()
print(linkgate.find_decisions(gate._enforcement.log.folder, messages=["m1"])[0]["decision"])
"""


def about(entry: str) -> tuple[list[str], ...]:
    name = f"partner:{entry}"
    return ["show", name], ["show", entry, "--json"], ["confirm", name]


def test_every_command_of_the_record(room: Room) -> None:
    room.desk.path.write_text(room.desk.path.read_text() + EVIDENCE)
    assert room.run("lists", "update") == 0
    assert room.python(DECIDE) == 0
    decision = room.said.decode().split()[-1]
    for command in (["report"], ["report", "--csv"], ["sample"], ["review"], ["verify"], ["seal"], *TABLES):
        assert room.run("decisions", *command) == 0
    entry = json.loads(next(room.desk.folder.glob("decisions/????-??-??.jsonl")).read_text().splitlines()[0])["entry"]
    for command in (["show", decision], ["show", decision, "--json"], ["overturn", decision, "--reason", WHY]):
        assert room.run("decisions", *command) == 0
    for command in (["dispute", f"partner:{entry}", "--reason", WHY], ["status"], *about(entry)):
        assert room.run("lists", *command) == 0
    for name in ("m1", decision, entry):
        for options in ([], ["--json"]):
            assert room.run("why", name, *options) in {0, 1}
    assert room.run("why", "other.test") == 0
    for options in (["--message", "m1"], ["--entry", entry, "--json"], ["--list", "partner"]):
        assert room.run("decisions", "find", *options) == 0
    assert room.run("lists", "dispute", f"partner:http://{HOST}.example/", "--reason", "x") == 2
    assert room.run("feedback", "export", "partner", "-o", "feedback.csv") == 0
    assert room.run("feedback", "export", "partner", "-o", "feedback.json", "--as", "misp") == 2
    for options in (["--decision", decision], ["--message", "h1", "--json"]):
        assert room.run("cases", "open", *options, "--reason", "x", "--until", "2020-01-01") == 0
    assert room.run("cases", "open", "--decision", "d0", "--reason", "x") == 2
    case = next(path.stem for path in room.desk.folder.glob("cases/*.case"))
    for command in (["list"], ["show", case], ["show", case, "--json"]):
        assert room.run("cases", *command) == 0
    assert room.run("cases", "due") == 2
    assert room.run("cases", "hold", case, "--reason", "x") == 0
    assert room.run("cases", "purge", case) == 2
    assert case in room.said.decode()
    assert room.run("cases", "release", case, "--reason", "x") == 0
    assert room.run("decisions", "statements", "-o", "sor.jsonl") == 0
    assert room.run("cases", "export", case, "--as", "hotline", "-o", "hotline.json") == 0
    room.inputs.add(room.desk.folder / "facts.json")
    (room.desk.folder / "facts.json").write_text(json.dumps({"user": {"id": ACCOUNT}}))
    for form in ("neutral", "ncmec", "nca", "coop"):  # what holds links is asked for by name
        assert room.run("cases", "export", case, "--as", form, "-o", f"export.{form}", "--json", *FACTS) == 0
        room.inputs.add(room.desk.folder / f"export.{form}")
    room.env["KEY"] = OTHER_KEY
    assert room.run("cases", "show", case) == 2
    room.env["KEY"] = KEY
    room.check()
    assert room.run("cases", "show", case, "--show-urls") == 0
    assert f"hxxp://{HOST}[.]".encode() in room.said.replace(b"any.", b"").replace(b"any[.]", b"")
    room.said = b""
    assert room.run("cases", "purge") == 0
    assert not list(room.desk.folder.glob("cases/*.case"))
    room.check()


def test_every_command_about_accounts_and_hits(room: Room) -> None:
    agreed = 'path = "partner.txt"\nshare_hits = true'
    room.desk.path.write_text(room.desk.path.read_text().replace('path = "partner.txt"', agreed) + EVIDENCE)
    assert room.run("lists", "update") == 0
    assert room.python(DECIDE) == 0
    for name in ("hits.json", "again.json"):
        assert room.run("feedback", "hits", "partner", "-o", name, "--json") == 0
    posts = room.desk.folder / "posts.jsonl"
    row = {"text": f"see http://{HOST}.example/{PATH}", "by": ACCOUNT}
    posts.write_text("".join(json.dumps(row | {"id": number}) + "\n" for number in range(3)))
    room.inputs.add(posts)
    for output in ("found.jsonl", "found.csv", "found.parquet"):
        asked = ("--account", "by", "--config", "linkgate.toml", "-o", output)
        assert room.run("scan", "posts.jsonl", *asked, "--report", f"{output}.html") == 1
        for command in TABLES:
            assert room.run("decisions", *command, "--hits", output) == 0
    for table in ("accounts", "campaigns"):
        assert room.run("decisions", table, "--report", f"{table}.html") == 0
    room.check()


# --- what may go wrong, each a real fault


def file(data: bytes) -> Callable[[Room], None]:
    return lambda room: room.desk.put("partner.txt", data)


def unreadable(room: Room) -> None:
    (room.desk.folder / "partner.txt").unlink()
    (room.desk.folder / "partner.txt").mkdir()


def damaged(where: str) -> Callable[[Room], None]:
    def act(room: Room) -> None:
        for path in room.store.glob(where):
            data = path.read_bytes()
            path.write_bytes(data[: len(data) // 2] + b"?" + data[len(data) // 2 + 1 :])
        room.desk.put("partner.txt", MORE)

    return act


def wrong_key(room: Room) -> None:
    room.env["KEY"] = OTHER_KEY


def table(rest: str) -> Callable[[Room], None]:
    def act(room: Room) -> None:
        room.desk.path.write_text(room.desk.path.read_text() + rest)

    return act


def formatted(form: str, data: bytes, more: str = "") -> Callable[[Room], None]:
    def act(room: Room) -> None:
        room.desk.put("partner.txt", data)
        room.desk.configure(
            f'name = "partner"\npath = "partner.txt"\nformat = "{form}"\n{more}', store='key_env = "KEY"'
        )

    return act


FAULTS: dict[str, Callable[[Room], None]] = {
    "unreadable file": unreadable,
    "web page": file(b"<!doctype html>" + LISTED),
    "binary": file(b"\0\1\2" + LISTED),
    "cut gzip": file(gzip.compress(LISTED * 9)[:-9]),
    "over a limit": file(SHRUNK),
    "not one line": file(f"{HOST}...\n{PATH}...\n".encode() * 9),
    "damaged snapshot": damaged("snapshots/*"),
    "damaged raw": damaged("raw/*"),
    "damaged secret": damaged("secret"),
    "damaged manifest": damaged("manifest.json"),
    "wrong key": wrong_key,
    "address as a key": table(f'\n"http://{HOST}.example/{PATH}" = "why"\n'),
    "address without reason": table(f'\n[accept]\n"{HOST}.example/{PATH}" = ""\n'),
    "no TOML": table(f"\n[accept]\nhttp://{HOST}.example/{PATH} = why\n"),
    "csv without its columns": formatted("csv", b"x,y\n1," + LISTED, 'columns = { url = "address" }'),
    "broken JSON": formatted("json", b'{"deny": ["' + LISTED.strip() + b'", }', 'columns = { url = "deny[]" }'),
    "no STIX": formatted("stix", b'{"objects": "' + LISTED.split()[0] + b'"}'),
    "no zone": formatted("rpz", b"$ORIGIN .\n@ IN SOA broken\n" + LISTED),
}


IN_PROCESS = """
import logging, sys, traceback
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
import linkgate
shown = []
try:
    config = linkgate.load_config("linkgate.toml")
    store = config.open_store()
    shown += [config, store, store.manifest(), store.versions(), linkgate.status(config, store)]
    shown += [linkgate.update(config, store, force=True), linkgate.verify(store), store.load()]
except linkgate.LinkgateError as error:
    while error is not None:  # what a log with tracebacks would hold, and what hides behind it
        print("".join(traceback.format_exception(error)).replace("Traceback", "trace"), repr(error), error.args)
        error = error.__cause__ or error.__context__
print([f"{each!r} {each}" for each in shown])
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault(fault: str, room: Room) -> None:
    assert room.run("lists", "update") == 0
    FAULTS[fault](room)
    for command in (["update"], ["update", "--force", "--json"], ["status"], ["verify"]):
        room.run("lists", *command)
    room.run("check", "nothing", "--list", "store")
    assert room.python(IN_PROCESS) == 0
    room.check()


SERVERS: dict[str, Any] = {
    "an error page": answer(LISTED, status="404 Not Found"),
    "a redirect": answer(status="302 Found", Location=f"http://{HOST}.example/{PATH}"),
    "a reset": reset(answer(LISTED * 99)[:900]),
    "a coding": answer(LISTED, Content_Encoding="br"),
    "a bad gzip": answer(b"\x1f\x8b" + LISTED, Content_Encoding="gzip"),
    "headers": b"HTTP/1.1 200 OK\r\n" + LISTED.replace(b"\n", b"\r\n") + b"\r\n\r\n",
    "a web page": answer(b"<html>" + LISTED),
}


@pytest.mark.parametrize("act", SERVERS)
def test_every_server(act: str, room: Room) -> None:
    with Loopback(SERVERS[act]) as server:
        room.desk.configure(remote(server.url.replace("?key=secret", "")), store='key_env = "KEY"')
        room.run("lists", "update")
        room.run("lists", "status", "--json")
    assert b"list.txt" not in room.said
    room.check()


@pytest.fixture
def full(room: Room) -> Iterator[Room]:
    """A room whose store lies on a disk without room."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a tmpfs takes root on Linux")
    room.store.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k,mode=0700", "tmpfs", str(room.store)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield room
    subprocess.run(["umount", str(room.store)], check=True)  # noqa: S607  # where it is differs


def test_a_full_disk(full: Room) -> None:
    assert full.run("lists", "update") == 0
    full.desk.put("partner.txt", LISTED + b"".join(LISTED.replace(b"z", b"%d" % n) for n in range(6000)))
    assert full.run("lists", "update") == 2
    assert b"no room on the disk" in full.said
    full.check()


def test_a_killed_process(room: Room) -> None:
    assert room.run("lists", "update") == 0
    room.desk.put("partner.txt", LISTED + b"".join(b"http://%d.zebrahost.example/\n" % n for n in range(20_000)))
    for seconds in (0.3, 0.5, 0.7, 0.9, 1.1):
        with subprocess.Popen(
            [*COMMAND, "lists", "update"],
            cwd=room.desk.folder,
            env=environment() | room.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            time.sleep(seconds)
            process.kill()
            room.said += process.communicate()[0]
    room.check()
