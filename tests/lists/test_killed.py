"""Killed at any moment, and at every step, a store opens, and holds the old state or the new.

20 moments are tried; LINKGATE_KILLS for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk import Desk, local
from endless_updates import LISTS

from linkgate.lists.compile import Source, compile_lists
from linkgate.lists.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KILLS = int(os.environ.get("LINKGATE_KILLS", "20"))
WORKERS = 2
KEY = "ab" * 32
HERE = Path(__file__).parent


@contextmanager
def updating(folder: Path) -> Iterator[Callable[[float], None]]:
    """Lets a process update, and kills it that long after its first update, as often as it is asked to."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    paths = [str(HERE.parents[1] / "src"), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "TMPDIR": str(temporary), "KEY": KEY}
    command = [sys.executable, str(HERE / "endless_updates.py"), str(folder)]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        asks, told = process.stdin, process.stdout
        assert asks is not None
        assert told is not None

        def killed(seconds: float) -> None:
            asks.write(b"one more\n")
            asks.flush()
            child = int(told.readline())
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
            assert os.waitstatus_to_exitcode(int(told.readline())) == -signal.SIGKILL
            assert not list(temporary.iterdir()), "nothing outside the store"

        yield killed
    assert process.returncode == 0


def check(desk: Desk) -> str:
    """The state is one of the two, all of it; its snapshot."""
    store = desk.config.open_store()
    manifest = store.manifest()
    raw = store.raw(manifest.lists["partner"].raw)
    source = Source(name="partner", data=raw, format="plain")
    assert raw in LISTS
    assert store.load().snapshot == compile_lists([source], secret=store.secret).engine.snapshot
    assert verify(store) == ()
    return store.current.snapshot


@pytest.mark.parametrize("worker", range(WORKERS))
@pytest.mark.parametrize("store", ["", 'key_env = "KEY"'], ids=["plain", "encrypted"])
def test_a_killed_update_leaves_one_whole_state(
    store: str, worker: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", KEY)
    desk = Desk(tmp_path, local(more='max_shrink = "100%"'), store=f"{store}\nhistory = 2")
    moments = random.Random(worker)  # noqa: S311  # the same moments every time, as far as there is a same time
    with updating(tmp_path) as killed:
        for _ in range(max(KILLS // (2 * WORKERS), 1)):
            killed(moments.uniform(0, 0.2))
            check(desk)
    assert desk.update(force=True).ok
    assert not list(desk.store.path.rglob("*.draft"))


def test_killed_while_it_is_made(tmp_path: Path) -> None:
    """Before the first commit there is no store, and the next update makes one."""
    code = "import sys; from linkgate.lists.store import Store; Store.open(sys.argv[1], create=True)"
    for number in range(8):
        folder = tmp_path / str(number)
        command = [sys.executable, "-c", code, str(folder)]
        env = os.environ | {"PYTHONPATH": str(HERE.parents[1] / "src")}
        with subprocess.Popen(command, env=env) as process:
            while process.poll() is None and not folder.exists():
                time.sleep(0.0001)
            time.sleep(number * 0.0005)
            process.kill()
        desk = Desk(tmp_path, local(), store="")
        desk.configure(local())
        desk.path.write_text(desk.path.read_text().replace('"store"', f'"{number}"'))
        desk.put("partner.txt", LISTS[0])
        assert desk.update().ok
        assert verify(desk.store) == ()


def test_killed_at_every_step(tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "killed_at_every_step.py"), str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(HERE.parents[1] / "src")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made, updated = map(int, done.stdout.split())
    assert min(made, updated) > 20
