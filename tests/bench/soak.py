"""The sidecar for long under all that goes wrong: `nice python tests/bench/soak.py --minutes 30`.

A real `linkgate serve` with three workers, a store and a configuration; clients of many kinds, good and bad;
lists that change, feeds that break, workers that are killed, a store that is damaged and healed. One single in a
hundred is as hard on a matcher as a message can be. Exits with 1 where a good single took more than 250 ms and no
processor was wanting, where SIGTERM took more than ten seconds, where a listed spelling was not flagged or a clear
message was, at any 5xx, at a connection that broke without a kill, where memory grew, or where a counter went down.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import soak_clients
from soak_clients import Client
from soak_tally import Memory, Tally
from soak_troubles import WORKERS, Troubles
from soak_world import SETTLE, World

if TYPE_CHECKING:
    from collections.abc import Callable

TOKENS = {"chat": "check", "analyst": "check,lookup", "monitor": "metrics"}
CLIENTS: tuple[tuple[Callable[[Client], None], int, float], ...] = (
    (soak_clients.kept_alive, 3, 0.1),
    (soak_clients.hasty, 1, 0.1),
    (soak_clients.batches, 1, 0.5),
    (soak_clients.slow, 2, 0.5),
    (soak_clients.half_closed, 1, 0.5),
    (soak_clients.bad, 1, 1.0),
    (soak_clients.look_up, 1, 0.7),
)
_PATIENCE = 60.0
_END = 10.0
"""Seconds from SIGTERM to the end."""


def main() -> int:
    """Print a table; 1 at any fault."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world, tally, memory = World(Path(folder)), Tally(), Memory()
        world.furnish()
        port, server = _serve(world)
        random = Random(chosen.seed)  # noqa: S311  # a mix, no secret
        troubles = Troubles(server, port, world, tally, memory, random, threading.Event(), threading.Lock())
        try:
            _soak(troubles, chosen.minutes * 60)
        finally:
            _stop(server, tally)
        _read_log(world, tally)
        _print(world, tally, memory, chosen.minutes * 60)
    return int(bool(tally.faults))


def _serve(world: World) -> tuple[int, subprocess.Popen[bytes]]:
    tokens = world.folder / "tokens"
    tokens.touch(mode=0o600)
    lines = (f"{name} {rights} {hashlib.sha256(name.encode()).hexdigest()}\n" for name, rights in TOKENS.items())
    tokens.write_text("".join(lines))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-m", "linkgate", "serve", "--config", str(world.config), "--port", str(port)]
    command += ["--workers", str(WORKERS), "--tokens", str(tokens), "--lookup", "--max-seconds", "5"]
    with (world.folder / "log").open("w") as log:
        server = subprocess.Popen(command, stderr=log, stdout=log, env=os.environ | {"TMPDIR": str(world.folder)})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            opener.open(f"http://127.0.0.1:{port}/livez", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return port, server
    server.kill()
    raise SystemExit(f"the sidecar did not start: {(world.folder / 'log').read_text()}")


def _soak(troubles: Troubles, seconds: float) -> None:
    stop, tally = troubles.stop, troubles.tally
    acts = [troubles.update, troubles.kill, troubles.damage, troubles.sample]
    for kind, (act, number, pace) in enumerate(CLIENTS):
        for each in range(number):
            random = Random(kind * 100 + each)  # noqa: S311  # a mix, no secret
            client = Client(act.__name__, troubles.port, troubles.world, tally, random, stop)
            acts.append(partial(client.loop, act, pace=pace))
    threads = [threading.Thread(target=partial(_guarded, act, tally)) for act in acts]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join(_PATIENCE * 2)


def _guarded(act: Callable[[], None], tally: Tally) -> None:
    """A thread that ends too early makes a soak that looks clean and is not."""
    try:
        act()
    except Exception as error:  # noqa: BLE001  # whatever it is
        tally.fault("a thread of the soak broke", repr(error))


def _stop(server: subprocess.Popen[bytes], tally: Tally) -> None:
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(_PATIENCE)
        if (took := time.monotonic() - began) > _END:
            tally.fault("SIGTERM took long", f"{took:.1f} s")
    except subprocess.TimeoutExpired:
        tally.fault("it did not stop")
        server.kill()


def _read_log(world: World, tally: Tally) -> None:
    log = (world.folder / "log").read_text()
    for words in ("Traceback", ".example"):
        if words in log:
            tally.fault(f"{words} in the log", log[max(0, log.index(words) - 200) :])
    left = [path.name for path in world.folder.glob("linkgate-*")]
    if left:
        tally.fault("the shared folder stays", str(left))


def _print(world: World, tally: Tally, memory: Memory, seconds: float) -> None:
    write = sys.stdout.write
    for what, number in sorted(tally.done.items()):
        write(f"{what:22} {number:12,}\n")
    cuts = quantiles(tally.seconds, n=1000)
    write(f"{'singles, ms':22} p50 {cuts[499] * 1e3:.2f}, p99 {cuts[989] * 1e3:.1f}, p99.9 {cuts[998] * 1e3:.1f}\n")
    taken = tally.reloads(world.published)
    if taken:
        first, last = (median(each[side] for each in taken) for side in (0, 1))
        write(f"{'reloads, s':22} first worker {first:.1f}, last {last:.1f} (medians of {len(taken)})")
        write(f"; slowest {max(each[1] for each in taken):.1f} of at most {SETTLE:.0f}\n")
    for process, life in memory.lives(seconds / 2).items():
        write(f"{f'worker {process}':22} {life.bytes / 2**20:.1f} MB, then {life.later_bytes / 2**20:.1f}; ")
        write(f"{life.files:.0f} open files, then {life.later_files:.0f}\n")
        if life.grows:
            tally.fault("memory grew", f"worker {process}")
    for what, number in sorted(tally.faults.items()):
        write(f"FAULT {what:22} {number:,}\n")
    write("".join(f"  {line}\n" for line in tally.told))
    write("clean\n" if not tally.faults else "")


if __name__ == "__main__":
    sys.exit(main())
