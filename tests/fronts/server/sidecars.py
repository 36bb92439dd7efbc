"""A real sidecar in a process of its own, and raw sockets to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.fronts.server.bearer_tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[3] / "src"
LISTED = "http://bad.example/page"
LINES = f"{LISTED}\n*.worse.example\nhttp://192.0.2.7/x\n"
TOKENS = {"chat": "check", "analyst": "check,lookup,lists", "monitor": "metrics"}
TOML = '[store]\npath = "store"\n[[list]]\nname = "partner"\npath = "partner.txt"\nmax_age = "3d"\n'
CHAT = "chat"
PATIENCE = 60.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def furnish(folder: Path) -> linkgate.Config:
    """A folder with a configuration, a list, a store and tokens named after their holders."""
    (folder / "linkgate.toml").write_text(TOML)
    (folder / "partner.txt").write_text(LINES)
    tokens = folder / "tokens"
    tokens.write_text("".join(f"{name} {rights} {digest(name)}\n" for name, rights in TOKENS.items()))
    tokens.chmod(0o600)
    config = linkgate.load_config(folder / "linkgate.toml")
    assert linkgate.update(config, config.open_store(create=True)).ok
    return config


@dataclass
class Sidecar:
    """A running sidecar."""

    folder: Path
    process: subprocess.Popen[str]
    port: int
    log: Path
    uds: str | None = None
    told: list[str] = field(default_factory=list)

    def connect(self) -> socket.socket:
        if self.uds:
            made = socket.socket(socket.AF_UNIX)
            try:
                made.connect(self.uds)
            except OSError:
                made.close()
                raise
        else:
            made = socket.create_connection(("127.0.0.1", self.port))
        made.settimeout(PATIENCE)
        return made

    def raw(self, data: bytes) -> bytes:
        """Send bytes, read until the other side closes."""
        with self.connect() as connection:
            with contextlib.suppress(OSError):
                connection.sendall(data)
            return everything(connection)

    def ask(self, path: str, body: Any = None, *, token: str | None = CHAT, method: str | None = None) -> Any:
        """Status and JSON of one request."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        verb = method or ("GET" if body is None else "POST")
        head = f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        head += f"Authorization: Bearer {token}\r\n" if token else ""
        answer = self.raw(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        first, _, content = answer.partition(b"\r\n\r\n")
        self.told.append(answer.decode("utf-8", "replace"))
        try:
            return int(first.split()[1]), json.loads(content)
        except ValueError:
            return int(first.split()[1]), content.decode()


def ask_here(app: Any, path: str, body: Any = None, *, token: str = "officer") -> tuple[int, Any]:  # noqa: S107  # its name
    """Status and JSON of one request to an application in this process."""
    events = [{"type": "http.request", "body": b"" if body is None else json.dumps(body).encode()}]
    told: list[Any] = []

    async def receive() -> Any:
        return events.pop(0) if events else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        told.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET" if body is None else "POST",
        "path": path,
        "raw_path": path.encode(),
    }
    headers = [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {token}".encode())]
    scope |= {"query_string": b"", "root_path": "", "headers": headers, "http_version": "1.1"}
    asyncio.run(app(scope, receive, send))
    return told[0]["status"], json.loads(b"".join(each.get("body", b"") for each in told[1:]))


def everything(connection: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


@contextlib.contextmanager
def running(folder: Path, *options: str, uds: str | None = None, tokens: bool = True) -> Iterator[Sidecar]:
    """`linkgate serve` with these options, until the block is left."""
    port, log = free_port(), folder / "log"
    place = ["--uds", uds] if uds else ["--port", str(port)]
    who = ["--tokens", str(folder / "tokens")] if tokens else []
    command = [sys.executable, "-m", "linkgate", "serve", "--config", str(folder / "linkgate.toml")]
    env = os.environ | {"PYTHONPATH": str(SOURCE), "NO_PROXY": "127.0.0.1", "TMPDIR": str(folder)}
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, *place, *who, *options], stderr=file, stdout=file, text=True, env=env, cwd=folder
        )
    sidecar = Sidecar(folder, process, port, log, uds)
    try:
        until(lambda: answers(sidecar))
        yield sidecar
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


def answers(sidecar: Sidecar) -> bool:
    assert sidecar.process.poll() is None, sidecar.log.read_text()
    try:
        status, _ = sidecar.ask("/livez")
    except (OSError, IndexError):
        return False
    return bool(status == 200)


def until(reached: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def workers(sidecar: Sidecar) -> set[int]:
    """The processes that answer, where there are several."""
    command = ["ps", "-ww", "-o", "pid=,stat=,args=", "--ppid", str(sidecar.process.pid)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.split(maxsplit=2) for line in told.stdout.splitlines() if "spawn_main" in line]
    return {int(number) for number, state, _ in lines if not state.startswith("Z")}


def kill_one(sidecar: Sidecar) -> int:
    """Kill a worker, and wait until another one is in its place."""
    before = workers(sidecar)
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(workers(sidecar) - {victim}) == len(before))
    return victim
