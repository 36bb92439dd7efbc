"""Metrics of several workers: each writes its own into a shared folder, so that any of them can tell the sum of all.

A worker writes them every second and whenever it is asked, so no number that was ever told is lost with a
worker that is killed: counters never go down. A file lock, which ends with its process however that ends,
says who is alive. The counters of ended workers are added up in one file, and their own files are removed.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from linkgate.fronts.server.file_lock import exclusive
from linkgate.fronts.server.metric_sums import MetricFamily, MetricSample, counters, summed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

PAUSE = 1.0
"""Seconds between two times that a worker writes its metrics."""

_FAMILIES = msgspec.msgpack.Decoder(list[MetricFamily])


class EndedWorkers(msgspec.Struct):
    """Counters of the workers that have ended, and their names while their files are still there."""

    families: list[MetricFamily] = []
    names: list[str] = []


class WorkerMetrics:
    """The metrics of this worker in the shared folder, and the sum of all. A registry calls `collect`."""

    def __init__(self, folder: Path, own: CollectorRegistry) -> None:
        self._folder = folder
        self._own = own
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._writing = threading.Lock()
        self._closing = threading.Event()
        self._alive = self._claim()
        threading.Thread(target=self._keep, name="linkgate-metrics", daemon=True).start()

    def collect(self) -> Iterator[Metric]:
        """The metrics of all workers. Raises OSError."""
        self._publish()
        with exclusive(self._folder / "mutex"):
            running = self._fold_ended()
            ended = self._ended().families
            told = summed([*(self._read(name) for name in running), ended])
        workers = MetricSample("linkgate_workers", {}, len(running))
        yield from (family.metric() for family in told)
        yield MetricFamily("linkgate_workers", "gauge", "Processes that answer.", [workers]).metric()

    def close(self) -> None:
        """Write the last numbers, and let go of the lock."""
        self._closing.set()
        with suppress(OSError):
            self._publish()
        os.close(self._alive)

    def _claim(self) -> int:
        """Hold a lock as long as this process lives; it is seen only once it is held."""
        draft = self._folder / f"{self._name}.draft"
        held = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        self._publish()
        draft.rename(self._folder / f"{self._name}.lock")
        return held

    def _keep(self) -> None:
        while not self._closing.wait(PAUSE):
            with suppress(OSError):  # of a full disk, say: whoever asks for the numbers is told
                self._publish()

    def _publish(self) -> None:
        with suppress(FileNotFoundError):  # what is in use is to look so, or a sweeper of old files takes it
            for name in (f"{self._name}.lock", "ended.workers"):
                os.utime(self._folder / name)
        with self._writing:
            self._write("numbers", self._name, [MetricFamily.of(metric) for metric in self._own.collect()])

    def _write(self, kind: str, name: str, value: object) -> None:
        draft = self._folder / f"{name}.{kind}.draft"
        draft.write_bytes(msgspec.msgpack.encode(value))
        draft.rename(self._folder / f"{name}.{kind}")

    def _read(self, name: str) -> list[MetricFamily]:
        return _FAMILIES.decode((self._folder / f"{name}.numbers").read_bytes())

    def _ended(self) -> EndedWorkers:
        try:
            return msgspec.msgpack.decode((self._folder / "ended.workers").read_bytes(), type=EndedWorkers)
        except FileNotFoundError:
            return EndedWorkers()

    def _fold_ended(self) -> list[str]:
        """Add up the counters of ended workers in one file. Out: the names of the others.

        Their names are in the file until theirs are removed, so that nobody is folded in twice where
        this process is killed in between.
        """
        names = sorted(path.stem for path in self._folder.glob("*.lock"))
        ended_names = [name for name in names if _is_free(self._folder / f"{name}.lock")]
        if ended_names:
            ended = self._ended()
            new = [counters(self._read(name)) for name in ended_names if name not in ended.names]
            self._write("workers", "ended", EndedWorkers(summed([ended.families, *new]), ended_names))
            for name in ended_names:
                (self._folder / f"{name}.numbers").unlink(missing_ok=True)
                (self._folder / f"{name}.lock").unlink()
        return [name for name in names if name not in ended_names]


def _is_free(path: Path) -> bool:
    """Whether nobody holds a lock on a file."""
    held = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(held)
