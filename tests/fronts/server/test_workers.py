"""Several workers are one sidecar to whoever asks: its numbers, its limits, and what becomes of a killed one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from sidecars import LISTED, Sidecar, furnish, kill_one, running, until, workers

from linkgate.fronts.server.worker_metrics import PAUSE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MESSAGE = {"text": f"see {LISTED}"}
NUMBER = r"(?:\{[^}]*\})? ([0-9.e+-]+)"

pytestmark = pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    folder = tmp_path_factory.mktemp("workers")
    furnish(folder)
    with running(folder, "--workers", "3", "--lookup", "--lookups-per-minute", "7") as sidecar:
        until(lambda: len(workers(sidecar)) == 3)
        until(lambda: metric(sidecar, "linkgate_workers") == [3.0])
        yield sidecar
    assert list(folder.glob("linkgate-*")) == []
    log = sidecar.log.read_text()
    assert "Traceback" not in log
    assert "bad.example" not in log


def metric(sidecar: Sidecar, name: str) -> list[float]:
    status, text = sidecar.ask("/metrics", token="monitor")  # noqa: S106  # a name
    assert status == 200
    return [float(found) for found in re.findall(rf"^{name}{NUMBER}$", text, re.MULTILINE)]


def checked(sidecar: Sidecar) -> int:
    [count] = metric(sidecar, "linkgate_check_seconds_count")
    return int(count)


def counted(sidecar: Sidecar) -> int:
    """The same when no worker has more to tell, of tests before, too: each tells its numbers once in a pause."""
    time.sleep(2 * PAUSE)
    return checked(sidecar)


def shared_folder(sidecar: Sidecar) -> Path:
    [folder] = sidecar.folder.glob("linkgate-*")
    return folder


def test_the_metrics_are_those_of_all_workers(sidecar: Sidecar) -> None:
    before = counted(sidecar)
    for number in range(1, 31):
        assert sidecar.ask("/v1/check", MESSAGE)[0] == 200
        if number % 10 == 0:
            until(lambda: checked(sidecar) == before + number)  # noqa: B023  # it is called here
    assert metric(sidecar, "linkgate_matches_total") == [checked(sidecar)]
    until(lambda: metric(sidecar, "linkgate_healthy") == [1.0])  # a test before may have broken the store
    assert metric(sidecar, "linkgate_snapshot_info") == [1.0]
    assert 0 < metric(sidecar, "linkgate_snapshot_age_seconds")[0] < 600
    assert metric(sidecar, "linkgate_entries") == [3.0]


def test_what_was_counted_outlives_a_killed_worker(sidecar: Sidecar) -> None:
    for _ in range(20):
        assert sidecar.ask("/v1/check", MESSAGE)[0] == 200
    told = checked(sidecar)
    for _ in range(3):
        victim = kill_one(sidecar)
        until(lambda: metric(sidecar, "linkgate_workers") == [3.0])
        assert checked(sidecar) >= told
        assert not list(shared_folder(sidecar).glob(f"{victim}-*"))
        told = checked(sidecar)
    assert len(list(shared_folder(sidecar).glob("*.lock"))) == 3
    told = counted(sidecar)
    for _ in range(10):
        until(lambda: sidecar.ask("/v1/check", MESSAGE)[0] == 200)
    until(lambda: checked(sidecar) == told + 10)


def test_the_shared_folder_is_private_and_holds_no_address(sidecar: Sidecar) -> None:
    assert shared_folder(sidecar).stat().st_mode & 0o077 == 0
    assert all(b"bad.example" not in path.read_bytes() for path in shared_folder(sidecar).iterdir())


def test_the_limit_of_look_ups_is_one_for_all_workers(sidecar: Sidecar) -> None:
    statuses = []
    for _ in range(20):
        statuses.append(sidecar.ask("/v1/lookup", {"url": "x.test"}, token="analyst")[0])  # noqa: S106  # a name
        if len(statuses) == 5:
            kill_one(sidecar)
            until(lambda: sidecar.ask("/livez")[0] == 200)
    assert statuses[:7] == [200] * 7
    assert 429 in statuses[7:]  # each worker by itself would answer 21


def test_a_worker_that_cannot_begin_leaves_the_others_at_work(sidecar: Sidecar) -> None:
    manifest = sidecar.folder / "store" / "manifest.json"
    good = manifest.read_bytes()
    manifest.write_bytes(b"{")
    os.kill(min(workers(sidecar)), signal.SIGKILL)
    until(lambda: sidecar.log.read_text().count("this worker cannot begin, and tries again") >= 2)
    for _ in range(5):
        assert sidecar.ask("/v1/check", MESSAGE)[1]["action"] == "block"
    assert sidecar.process.poll() is None
    manifest.write_bytes(good)
    until(lambda: metric(sidecar, "linkgate_workers") == [3.0])
