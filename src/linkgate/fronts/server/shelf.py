"""The shelf: a folder where each worker lays its numbers, so that whoever is asked can tell those of all.

A worker lays them down every second and whenever it is asked, so no number that was ever told is lost
with a worker that is killed: what counts up never goes down. A lock, which ends with its process however
that ends, says who is alive. What the dead have counted is folded into one file, and theirs are removed.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from linkgate.fronts.server.sums import Family, Sample, added, counted
from linkgate.fronts.server.turns import one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

PAUSE = 1.0
"""Seconds between two times that a worker lays its numbers down."""

_FAMILIES = msgspec.msgpack.Decoder(list[Family])


class Gone(msgspec.Struct):
    """What the dead have counted, and who they are while their files are still there."""

    families: list[Family] = []
    names: list[str] = []


class Shelf:
    """This worker's place on the shelf, and the sum of all. `collect` is what a registry calls."""

    def __init__(self, folder: Path, own: CollectorRegistry) -> None:
        self._folder = folder
        self._own = own
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._turn = threading.Lock()
        self._closing = threading.Event()
        self._alive = self._claim()
        threading.Thread(target=self._keep, name="linkgate-metrics", daemon=True).start()

    def collect(self) -> Iterator[Metric]:
        """The metrics of all workers. Raises OSError."""
        self._lay()
        with one_at_a_time(self._folder / "turn"):
            living = self._bury()
            gone = self._gone().families
            told = added([*(self._read(name) for name in living), gone])
        workers = Sample("linkgate_workers", {}, len(living))
        yield from (family.metric() for family in told)
        yield Family("linkgate_workers", "gauge", "Processes that answer.", [workers]).metric()

    def close(self) -> None:
        """Lay the last numbers down, and be gone."""
        self._closing.set()
        with suppress(OSError):
            self._lay()
        os.close(self._alive)

    def _claim(self) -> int:
        """Hold a lock as long as this process lives; it is seen only once it is held."""
        draft = self._folder / f"{self._name}.draft"
        held = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        self._lay()
        draft.rename(self._folder / f"{self._name}.lock")
        return held

    def _keep(self) -> None:
        while not self._closing.wait(PAUSE):
            with suppress(OSError):  # of a full disk, say: whoever asks for the numbers is told
                self._lay()

    def _lay(self) -> None:
        with suppress(FileNotFoundError):  # what is in use is to look so, or a sweeper of old files takes it
            for name in (f"{self._name}.lock", "dead.gone"):
                os.utime(self._folder / name)
        with self._turn:
            self._write("numbers", self._name, [Family.of(metric) for metric in self._own.collect()])

    def _write(self, kind: str, name: str, value: object) -> None:
        draft = self._folder / f"{name}.{kind}.draft"
        draft.write_bytes(msgspec.msgpack.encode(value))
        draft.rename(self._folder / f"{name}.{kind}")

    def _read(self, name: str) -> list[Family]:
        return _FAMILIES.decode((self._folder / f"{name}.numbers").read_bytes())

    def _gone(self) -> Gone:
        try:
            return msgspec.msgpack.decode((self._folder / "dead.gone").read_bytes(), type=Gone)
        except FileNotFoundError:
            return Gone()

    def _bury(self) -> list[str]:
        """Fold what the dead have counted into one file. Out: the living.

        Their names are in the file until theirs are removed, so that nobody is folded in twice where
        this process is killed in between.
        """
        names = sorted(path.stem for path in self._folder.glob("*.lock"))
        dead = [name for name in names if _is_free(self._folder / f"{name}.lock")]
        if dead:
            gone = self._gone()
            new = [counted(self._read(name)) for name in dead if name not in gone.names]
            self._write("gone", "dead", Gone(added([gone.families, *new]), dead))
            for name in dead:
                (self._folder / f"{name}.numbers").unlink(missing_ok=True)
                (self._folder / f"{name}.lock").unlink()
        return [name for name in names if name not in dead]


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
