"""How a sidecar begins and ends: in order where it can, and so that another one can begin in any case."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from sidecars import LISTED, SOURCE, everything, furnish, running, until, workers

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = {"text": f"see {LISTED}"}
BODY = json.dumps(MESSAGE).encode()
HEAD = b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(BODY)

needs_ps = pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")


@pytest.mark.parametrize("number", ["1", "2"])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("uds", [False, True])
def test_what_is_under_way_is_answered(tmp_path: Path, number: str, how: signal.Signals, *, uds: bool) -> None:
    furnish(tmp_path)
    path = tmp_path / "s"
    with running(tmp_path, "--workers", number, uds=str(path) if uds else None, tokens=False) as sidecar:
        with sidecar.connect() as half, sidecar.connect() as idle:
            half.sendall(HEAD + BODY[:5])
            idle.sendall(HEAD + BODY)
            idle.recv(65_536)
            time.sleep(0.3)
            sidecar.process.send_signal(how)
            assert everything(idle).count(b"HTTP") == 0  # it is closed
            half.sendall(BODY[5:])
            assert b'"action":"block"' in everything(half)
        assert sidecar.process.wait(60) == 0
        assert "Traceback" not in sidecar.log.read_text()
    assert not path.exists()
    assert list(tmp_path.glob("linkgate-*")) == []


@needs_ps
@pytest.mark.parametrize("uds", [False, True])
def test_workers_end_with_their_master_and_another_can_begin(tmp_path: Path, *, uds: bool) -> None:
    furnish(tmp_path)
    path = str(tmp_path / "s") if uds else None
    with running(tmp_path, "--workers", "2", uds=path, tokens=False) as sidecar:
        until(lambda: len(workers(sidecar)) == 2)
        orphans = workers(sidecar)
        sidecar.process.send_signal(signal.SIGKILL)
        sidecar.process.wait(60)
        until(lambda: not any(alive(each) for each in orphans))
    with running(tmp_path, "--workers", "2", uds=path, tokens=False) as sidecar:
        assert sidecar.ask("/v1/check", MESSAGE, token=None)[1]["action"] == "block"


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", ["1", "2"])
@pytest.mark.parametrize("uds", [False, True])
def test_a_place_that_is_taken_is_said(tmp_path: Path, number: str, *, uds: bool) -> None:
    furnish(tmp_path)
    with running(tmp_path, uds=str(tmp_path / "s") if uds else None, tokens=False) as sidecar:
        where = ["--uds", str(sidecar.uds)] if uds else ["--port", str(sidecar.port)]
        command = [sys.executable, "-m", "linkgate", "serve", *where, "--workers", number]
        env = os.environ | {"PYTHONPATH": str(SOURCE)}
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert ("another process listens there" if uds else "already in use") in done.stderr
        assert sidecar.ask("/v1/check", MESSAGE, token=None)[1]["action"] == "block"
