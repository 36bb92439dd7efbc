"""The clients of a soak: patient ones, hasty ones, broken ones; each checks what it is answered."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from soak_waiting import Waiting

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from random import Random

    from soak_tally import Tally
    from soak_world import Probe, World

PACE = 0.02
HARD = 0.01
"""The share of singles that are as hard on a matcher as a message can be."""
_TIMEOUT = 30.0
_FAULTY = 500
_BAD: tuple[tuple[bytes, int], ...] = (
    (b"{", 400),
    (b"", 400),
    (b"[" * 200_000, 400),
    (b'{"text":' * 100_000, 400),
    (b'{"text": 7}', 400),
    (b'{"messages": [{"links": [null]}]}', 400),
    (b"\xff\xfe\x00", 400),
    (b'{"text": "' + b"x" * 10_000_000 + b'"}', 413),
    (b'{"text": "' + b"x" * 150_000 + b'"}', 413),
    (b'{"messages": [' + b",".join([b"{}"] * 1_001) + b"]}", 413),
)


@dataclass
class Client:
    """What every client has."""

    name: str
    port: int
    world: World
    tally: Tally
    random: Random
    stop: threading.Event

    def loop(self, act: Callable[[Client], None], *, pace: float) -> None:
        """Act again and again; a connection that breaks is counted."""
        while not self.stop.wait(pace * self.random.uniform(0.5, 1.5)):
            try:
                act(self)
            except (OSError, HTTPException) as error:
                self.tally.reset(self.name, error)

    def open(self) -> HTTPConnection:
        """A connection."""
        return HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)

    def socket(self) -> socket.socket:
        """A connection to send bytes over."""
        made = socket.create_connection(("127.0.0.1", self.port))
        made.settimeout(_TIMEOUT)
        return made

    def ask(self, connection: HTTPConnection, path: str, body: Any, *, token: str = "chat") -> tuple[int, bytes]:  # noqa: S107  # a name
        """Status and body of an answer; a 5xx is a fault."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request("POST", path, data, {"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        status, told = response.status, response.read()
        self.status(status, told)
        return status, told

    def status(self, status: int, told: bytes) -> None:
        """Count a status; one of 5xx is a fault."""
        self.tally.did(f"answered {status}")
        if status >= _FAULTY:
            self.tally.fault("5xx", f"{self.name}: {status} {told[:200]!r}")

    def judge(self, probe: Probe, verdict: dict[str, Any]) -> None:
        """Compare an answer with what it must be."""
        self.tally.saw(verdict["snapshot"])
        if self.world.is_right(probe, verdict):
            self.tally.did("right verdicts")
        else:
            self.tally.fault("wrong verdict", f"{self.name}: {probe} got {verdict}")

    def expect(self, status: int, right: int, what: object) -> None:
        """Compare a status with what it must be."""
        if status != right:
            self.tally.fault("wrong status", f"{self.name}: {status} instead of {right} for {what!r:.60}")


def kept_alive(client: Client) -> None:
    """Singles over one connection."""
    connection = client.open()
    try:
        for _ in range(200):
            if client.stop.wait(PACE * client.random.uniform(0.5, 1.5)):
                return
            _single(client, connection)
    finally:
        connection.close()


def hasty(client: Client) -> None:
    """One single over a connection of its own."""
    connection = client.open()
    try:
        _single(client, connection)
    finally:
        connection.close()


def _single(client: Client, connection: HTTPConnection) -> None:
    if client.random.random() < HARD:
        status, _ = client.ask(connection, "/v1/check", client.world.hard(client.random))
        client.expect(status, 200, "a hard message")
        client.tally.did("hard messages")
        return
    probe, waiting = client.world.probe(client.random), Waiting(client.tally.workers)
    began = time.perf_counter()
    status, told = client.ask(connection, "/v1/check", probe.body)
    client.tally.took(time.perf_counter() - began, waiting)
    client.expect(status, 200, probe)
    client.judge(probe, json.loads(told))


def batches(client: Client) -> None:
    """Batches of 100 over one connection."""
    connection = client.open()
    try:
        for _ in range(20):
            if client.stop.wait(PACE * 10):
                return
            probes = [client.world.probe(client.random) for _ in range(100)]
            status, told = client.ask(connection, "/v1/check", {"messages": [probe.body for probe in probes]})
            client.expect(status, 200, "a batch")
            for probe, verdict in zip(probes, json.loads(told)["results"], strict=True):
                client.judge(probe, verdict)
    finally:
        connection.close()


def _head(length: int) -> bytes:
    return b"POST /v1/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer chat\r\nContent-Length: %d\r\n\r\n" % length


def _read(connection: socket.socket) -> tuple[int, bytes]:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    if not head:
        raise ConnectionResetError("closed without an answer")
    return int(head.split()[1]), body


def slow(client: Client) -> None:
    """A body that arrives in pieces; or never, and then the answer is 408."""
    probe = client.world.probe(client.random)
    body = json.dumps(probe.body).encode()
    never = client.random.random() < 0.2  # a share
    with client.socket() as connection:
        connection.sendall(_head(len(body) + never))
        for at in range(0, len(body), 40):
            connection.sendall(body[at : at + 40])
            time.sleep(0.1)
        if not never:
            connection.shutdown(socket.SHUT_WR)
        status, told = _read(connection)
    client.status(status, told)
    client.expect(status, 408 if never else 200, "a slow body")
    if not never:
        client.judge(probe, json.loads(told))


def half_closed(client: Client) -> None:
    """A batch, after which the client closes its side; sometimes it just goes."""
    probes = [client.world.probe(client.random) for _ in range(client.random.choice((1, 50, 300)))]
    body = json.dumps({"messages": [probe.body for probe in probes]}).encode()
    with client.socket() as connection:
        if client.random.random() < 0.2:  # a share
            connection.sendall((_head(len(body)) + body)[: client.random.randrange(len(body))])
            return
        connection.sendall(_head(len(body)) + body)
        connection.shutdown(socket.SHUT_WR)
        status, told = _read(connection)
    client.status(status, told)
    client.expect(status, 200, "a half-closed connection")
    for probe, verdict in zip(probes, json.loads(told)["results"], strict=True):
        client.judge(probe, verdict)


def bad(client: Client) -> None:
    """What nobody should send."""
    body, right = client.random.choice(_BAD)
    connection = client.open()
    try:
        status, told = client.ask(connection, "/v1/check", body)
        client.expect(status, right, body)
        if list(json.loads(told)) != ["error"]:
            client.tally.fault("no sentence", f"{told[:200]!r}")
        status, _ = client.ask(connection, "/v1/check", {}, token="nobody")  # noqa: S106  # a name
        client.expect(status, 401, "a token that is not known")
    finally:
        connection.close()


def look_up(client: Client) -> None:
    """Look-ups, more than are allowed."""
    connection = client.open()
    try:
        name = f"steadyn{client.random.randrange(100)}"
        status, told = client.ask(connection, "/v1/lookup", {"url": f"{name}[.]example/page"}, token="analyst")  # noqa: S106  # as above
        if status == 200 and not json.loads(told)["flagged"]:  # a status
            client.tally.fault("wrong verdict", f"look-up of {name}")
        elif status not in {200, 429}:
            client.expect(status, 200, "a look-up")
    finally:
        connection.close()
