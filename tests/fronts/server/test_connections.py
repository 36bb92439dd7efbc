"""Clients that are slow, silent, gone, or half gone, on real sockets."""

from __future__ import annotations

import json
import resource
import time
from contextlib import ExitStack
from socket import SHUT_WR
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from sidecars import LISTED, Sidecar, everything, furnish, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MESSAGE = {"text": f"see {LISTED}"}
HEAD = b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer chat\r\nContent-Length: %d\r\n"
OK = b"HTTP/1.1 200 "


@pytest.fixture(scope="module", params=["tcp", "uds"])
def sidecar(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Sidecar]:
    folder = tmp_path_factory.mktemp("connections")
    furnish(folder)
    uds = str(folder / "s") if request.param == "uds" else None
    with running(folder, "--max-seconds", "1", uds=uds) as sidecar:
        yield sidecar
        assert sidecar.ask("/v1/check", MESSAGE)[1]["action"] == "block"
    assert "Traceback" not in sidecar.log.read_text()


def request(body: object) -> bytes:
    data = json.dumps(body).encode()
    return HEAD % len(data) + b"\r\n" + data


def test_a_slow_client_does_not_hold_others_up(sidecar: Sidecar) -> None:
    with sidecar.connect() as slow:
        slow.sendall(HEAD % 100 + b"\r\n{")
        assert sidecar.ask("/v1/check", MESSAGE)[0] == 200
        told = everything(slow)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in told


def test_a_client_that_hangs_up(sidecar: Sidecar) -> None:
    with sidecar.connect() as gone:
        gone.sendall(HEAD % 100 + b"\r\n{")
    assert sidecar.ask("/v1/check", MESSAGE)[0] == 200


def test_pipelined_and_old(sidecar: Sidecar) -> None:
    one = request(MESSAGE)
    assert sidecar.raw(one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")).count(OK) == 2
    assert b" 200 " in sidecar.raw(one.replace(b"HTTP/1.1", b"HTTP/1.0")).split(b"\r\n")[0]
    assert sidecar.raw(b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("messages", [1, 20, 100, 1_000])
@pytest.mark.parametrize("requests", [1, 5])
def test_a_half_closed_connection_is_answered(sidecar: Sidecar, messages: int, requests: int) -> None:
    body = {"messages": [{"text": f"see {LISTED} and more"}] * messages}
    with sidecar.connect() as half:
        half.sendall(request(body) * requests)
        half.shutdown(SHUT_WR)
        told = everything(half)
    assert (told.count(OK), told.count(b'"flagged":true')) == (requests, requests * messages)


@pytest.mark.parametrize("sent", [b"", b"POST /v1/ch", HEAD % 100 + b"\r\n{", request(MESSAGE) + b"POST"])
def test_half_a_request_that_will_never_be_whole(sidecar: Sidecar, sent: bytes) -> None:
    with sidecar.connect() as half:
        half.sendall(sent)
        half.shutdown(SHUT_WR)
        assert everything(half).count(OK) == sent.count(LISTED.encode())


@pytest.mark.parametrize("sent", [b"", b"POST /v1/check HTTP/1.1\r\nX: y\r\n"])
def test_a_client_that_begins_and_falls_silent_is_let_go(sidecar: Sidecar, sent: bytes) -> None:
    assert sidecar.raw(sent) == b""


def test_a_client_that_drips_is_let_go(sidecar: Sidecar) -> None:
    with sidecar.connect() as slow, pytest.raises(OSError, match=r"[Pp]ipe|reset"):  # noqa: PT012  # one of the sends
        slow.sendall(b"POST /v1/check HTTP/1.1\r\n")
        while True:
            time.sleep(0.1)
            slow.sendall(b"X: y\r\n")


def test_a_client_that_does_not_read_is_let_go(sidecar: Sidecar) -> None:
    one = request({"messages": [MESSAGE] * 1_000})
    with sidecar.connect() as deaf, pytest.raises(OSError, match=r"[Pp]ipe|reset|timed out"):  # noqa: PT012  # as above
        deaf.settimeout(5)
        while True:
            deaf.sendall(one)


def test_an_idle_connection_stays(sidecar: Sidecar) -> None:
    with sidecar.connect() as idle:
        for _ in range(2):
            idle.sendall(request(MESSAGE))
            time.sleep(2.5)
            assert idle.recv(65_536).startswith(OK)


@pytest.mark.parametrize("head", [b"GET /%s HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\nX: %s\r\n\r\n"])
def test_a_head_that_does_not_end_is_refused(sidecar: Sidecar, head: bytes) -> None:
    assert sidecar.raw(head % (b"x" * 20_000)).startswith(b"HTTP/1.1 ")
    told = sidecar.raw(head % (b"x" * 10_000_000))
    assert told == b"" or told.startswith(b"HTTP/1.1 400 ")  # it may be reset before it reads


def test_more_connections_than_a_service_may_have_files(tmp_path: Path) -> None:
    furnish(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    try:
        with running(tmp_path, tokens=False) as sidecar, ExitStack() as stack:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            for _ in range(200):
                stack.enter_context(sidecar.connect())
            assert sidecar.ask("/v1/check", MESSAGE, token=None)[0] == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
