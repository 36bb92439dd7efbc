"""What goes wrong during a soak: feeds that break, workers that are killed, a store that is damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from pathlib import Path
    from random import Random

    from soak_tally import Memory, Tally
    from soak_world import World

WORKERS = 3
_UPDATES, _KILLS, _DAMAGES, _SAMPLES = 55.0, 23.0, 71.0, 5.0
_HURT = 12.0


@dataclass
class Troubles:
    """The troubles of one soak; each runs in a thread of its own."""

    server: subprocess.Popen[bytes]
    port: int
    world: World
    tally: Tally
    memory: Memory
    random: Random
    stop: threading.Event
    whole: threading.Lock
    """Held by who needs the store in one piece, or breaks it."""

    def workers(self) -> list[int]:
        """The processes that answer, oldest first."""
        command = ["ps", "-ww", "-o", "pid=,stat=,args=", "--ppid", str(self.server.pid)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        lines = [line.split(maxsplit=2) for line in told.splitlines() if "spawn_main" in line]
        return sorted(int(number) for number, state, _ in lines if not state.startswith("Z"))

    def update(self) -> None:
        """Lists change; one feed in three is broken, and keeps its last good file."""
        while not self.stop.wait(_UPDATES):
            with self.whole:
                if self.random.random() < 1 / 3:
                    self.world.break_feed(self.random)
                    self.tally.did("broken feeds")
                else:
                    self.world.mend_feed()
                if self.world.update():
                    self.tally.did("updates")
                else:
                    self.tally.fault("an update published nothing")

    def kill(self) -> None:
        """Workers are killed; the oldest is spared, so that one life is long."""
        while not self.stop.wait(_KILLS * self.random.uniform(0.6, 1.4)):
            workers = self.workers()
            if len(workers) == WORKERS:
                self.tally.killed = time.monotonic()
                os.kill(self.random.choice(workers[1:]), signal.SIGKILL)
                self.tally.killed = time.monotonic()
                self.tally.did("kills")
            self._back()

    def _back(self) -> None:
        end = time.monotonic() + 60
        while len(self.workers()) < WORKERS and not self.stop.is_set():
            if time.monotonic() > end:
                self.tally.fault("a worker did not come back")
                return
            time.sleep(0.5)

    def damage(self) -> None:
        """The store is damaged for some seconds, and healed."""
        while not self.stop.wait(_DAMAGES):
            with self.whole:
                settled, path = self.world.settled, self._victim()
                good = path.read_bytes()
                self._hurt(path, good)
                self.tally.did("damages")
                refused = self.world.run("lists", "verify").returncode != 0
                if not refused:
                    self.tally.fault("a damage is not seen", path.name)
                self.stop.wait(_HURT)
                draft = path.with_name(f"{path.name}.healed")
                draft.write_bytes(good)
                draft.rename(path)
                self.world.healed(settled=settled)

    def _victim(self) -> Path:
        """The manifest, or the snapshot that decides."""
        snapshots = sorted((self.world.store / "snapshots").iterdir(), key=lambda path: path.stat().st_mtime)
        return self.random.choice((self.world.store / "manifest.json", snapshots[-1]))

    def _hurt(self, path: Path, good: bytes) -> None:
        at = self.random.randrange(len(good) - 1)  # a manifest without its last line break is whole
        changed = good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :]
        path.write_bytes(self.random.choice((good[:at], changed, b"")))

    def sample(self) -> None:
        """Memory, and metrics: what counts up never goes down, whoever is killed."""
        most = 0.0
        while not self.stop.wait(_SAMPLES):
            self.tally.workers = self.workers()
            for process in self.tally.workers:
                self.memory.look(process)
            with suppress(OSError):  # its worker was killed
                most = self._counted(most)

    def _counted(self, most: float) -> float:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/metrics")  # loopback
        asked.add_header("Authorization", "Bearer monitor")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(asked, timeout=30) as response:
            lines = response.read().decode().splitlines()
        [count] = [float(line.split()[1]) for line in lines if line.startswith("linkgate_check_seconds_count ")]
        if count < most:
            self.tally.fault("a counter went down", f"{most:,.0f} to {count:,.0f}")
        self.tally.did("scrapes")
        return count
