"""The handle of a long-running process: it follows its store, keeps what it has when it cannot, and leaks nothing."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

import linkgate
from linkgate import Gate
from linkgate.lists.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGES = [f"http://bad{number}.example/page" for number in range(8)]
PATIENCE = 60.0


def engine(*pages: int) -> linkgate.Engine:
    return linkgate.compile_lines([PAGES[page] for page in pages], name="demo").engine


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "store", create=True)
    made.publish(engine(0))
    return made


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


def flags(gate: Gate, page: int) -> bool:
    return gate.check(f"see {PAGES[page]}").flagged


def test_a_watcher_takes_what_is_published(store: Store) -> None:
    with Gate.open(store.path, watch=0.01, jitter=0.02) as gate:
        assert (flags(gate, 0), flags(gate, 1)) == (True, False)
        store.publish(engine(1))
        until(lambda: flags(gate, 1))
        assert not flags(gate, 0)
        status = gate.status()
        assert (status.version, status.reloads, status.ok, status.watching) == (2, 1, True, True)
        store.rollback(1)
        until(lambda: flags(gate, 0))
        assert gate.status().version == 1
    assert not gate.status().watching
    assert flags(gate, 0)


def test_a_gate_without_a_watcher_waits_to_be_told(store: Store) -> None:
    gate = Gate.open(store.path, watch=None)
    assert not gate.reload()
    store.publish(engine(1))
    assert flags(gate, 0)
    assert gate.reload()
    assert flags(gate, 1)
    assert gate.status().reloads == 1
    assert not gate.reload()


def test_processes_do_not_all_take_it_at_once(store: Store) -> None:
    with Gate.open(store.path, watch=0.01, jitter=1e9) as gate:
        store.publish(engine(1))
        time.sleep(0.2)
        assert flags(gate, 0)
        assert gate.reload()  # who asks does not wait


def test_a_failure_keeps_the_old_engine_and_is_seen(store: Store) -> None:
    manifest = store.path / "manifest.json"
    good = manifest.read_bytes()
    with Gate.open(store.path, watch=0.01, jitter=0) as gate:
        manifest.write_bytes(b"{ half a manif")
        until(lambda: gate.status().failures > 1)
        status = gate.status()
        assert not status.ok
        assert status.error is not None
        assert "manifest cannot be used" in status.error
        assert status.watching
        assert flags(gate, 0)
        with pytest.raises(linkgate.StoreError):
            gate.reload()
        manifest.write_bytes(good)
        until(lambda: gate.status().ok)
        assert gate.status().reloads == 0
        store.publish(engine(1))
        until(lambda: flags(gate, 1))


def test_a_damaged_snapshot_keeps_the_old_engine(store: Store) -> None:
    gate = Gate.open(store.path, watch=None)
    version = store.publish(engine(1))
    file = store.snapshots / version.file
    file.write_bytes(file.read_bytes()[:-9] + b"bad1.test")
    with pytest.raises(linkgate.SnapshotError) as caught:
        gate.reload()
    assert flags(gate, 0)
    assert gate.status().error == str(caught.value)
    assert "bad1." not in str(gate.status().as_dict())


def test_a_store_that_goes_away_and_comes_back(store: Store, tmp_path: Path) -> None:
    with Gate.open(store.path, watch=0.01, jitter=0) as gate:
        store.path.rename(tmp_path / "away")
        until(lambda: not gate.status().ok)
        assert flags(gate, 0)
        (tmp_path / "away").rename(store.path)
        until(lambda: gate.status().ok)


def test_a_snapshot_file_is_followed_too(tmp_path: Path) -> None:
    path = tmp_path / "today.snapshot"
    linkgate.save(engine(0), path)
    gate = Gate.open(path, watch=None)
    assert gate.status().version is None
    linkgate.save(engine(0), path)
    assert not gate.reload()  # another file with the same content
    linkgate.save(engine(1), path)
    assert gate.reload()
    assert flags(gate, 1)
    path.unlink()
    with pytest.raises(linkgate.SnapshotError, match="check the path"):
        gate.reload()
    assert flags(gate, 1)


def test_nothing_to_begin_with_is_an_error(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty", create=True)
    with pytest.raises(linkgate.StoreError, match="no version yet"):
        Gate.open(tmp_path / "empty")
    with pytest.raises(linkgate.StoreError, match="is no store"):
        Gate.open(tmp_path)
    with pytest.raises(linkgate.SnapshotError):
        Gate.open(tmp_path / "absent")


def test_an_encrypted_store(tmp_path: Path) -> None:
    key = bytes(range(32))
    store = Store.open(tmp_path / "store", key=key, create=True)
    store.publish(engine(0))
    with Gate.open(store.path, key=key, watch=0.01, jitter=0) as gate:
        store.publish(engine(1))
        until(lambda: flags(gate, 1))
    with pytest.raises(linkgate.StoreError, match="no key was given"):
        Gate.open(store.path)


def test_every_verdict_is_of_one_snapshot(store: Store) -> None:
    """Law 7 across threads and swaps: the snapshot that a verdict names is the one that decided."""
    engines = [engine(*range(page + 1)) for page in range(len(PAGES))]
    wanted = {each.snapshot: each.check(" ".join(PAGES)).as_dict() for each in engines}
    wrong: list[str] = []
    done = threading.Event()
    with Gate.open(store.path, watch=None) as gate:

        def ask() -> None:
            while not done.is_set():
                time.sleep(0.0005)  # or the publisher waits for the interpreter lock
                verdict = gate.check(" ".join(PAGES))
                if verdict.as_dict() != wanted[verdict.snapshot]:
                    wrong.append(verdict.snapshot)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(40):
            store.publish(engines[(number + 1) % len(engines)])
            assert gate.reload()
        done.set()
        for thread in threads:
            thread.join()
    assert not wrong
    assert gate.status().reloads == 40


def test_replaced_engines_are_let_go(store: Store) -> None:
    gate = Gate.open(store.path, watch=None)
    gc.collect()
    before = sum(isinstance(each, linkgate.Engine) for each in gc.get_objects())
    for page in (1, 2, 3, 4):
        store.publish(engine(page))
        assert gate.reload()
    gc.collect()
    assert sum(isinstance(each, linkgate.Engine) for each in gc.get_objects()) <= before


def test_a_forgotten_gate_ends_its_thread(store: Store) -> None:
    gate = Gate.open(store.path, watch=0.01, jitter=0)
    thread = gate._watcher._thread
    assert thread is not None
    del gate
    gc.collect()
    thread.join(PATIENCE)
    assert not thread.is_alive()


FORKING = """
import os, sys, time
import linkgate
from linkgate.lists.store import Store

path, old, new = sys.argv[1:]
gate = linkgate.Gate.open(path, watch=0.01, jitter=0.01)
reader, writer = os.pipe()
child = os.fork()
if not child:
    end = time.monotonic() + 60
    while not gate.check(new).flagged and time.monotonic() < end:
        time.sleep(0.01)
    status = gate.status()
    gate.reload()
    seen = [gate.check(new).flagged, gate.check(old).flagged, status.watching, status.version]
    os.write(writer, repr(seen).encode())
    os._exit(0)
Store.open(path).publish(linkgate.compile_lines([new]).engine)
os.waitpid(child, 0)
print(os.read(reader, 100).decode())
"""


def test_a_forked_process_follows_the_store_too(store: Store) -> None:
    command = [sys.executable, "-c", FORKING, str(store.path), PAGES[0], PAGES[1]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "[True, False, True, 2]\n", done.stderr
