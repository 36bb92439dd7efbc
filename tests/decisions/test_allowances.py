"""An allow entry ends in a running gate, at its time, with nothing compiled anew."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest
from desk import Desk, local
from policed import RECORD, gate_of, records, until

from linkgate import Gate, load

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://bad.example/x"


def ending(folder: Path, *, seconds: int = 2) -> tuple[Desk, int]:
    """A desk whose allow entry ends in so many seconds; in more, where the machine is too slow for that."""
    ends = int(time.time()) + seconds
    made = Desk(folder, local())
    made.put("partner.txt", b"*.bad.example\n")
    made.configure(local(), 'name = "own"\npath = "own.csv"\nkind = "allow"\nformat = "csv"\n', rest=RECORD)
    when = dt.datetime.fromtimestamp(ends, dt.UTC).isoformat()
    made.put("own.csv", f"url,scope,expires,note\nbad.example,host,{when},case 7\n".encode())
    made.update()
    return (made, ends) if time.time() < ends - seconds / 2 else ending(folder, seconds=2 * seconds)


@pytest.mark.parametrize("policed", [True, False], ids=["configuration", "store"])
def test_an_allow_entry_ends_in_a_running_gate(tmp_path: Path, *, policed: bool) -> None:
    made, ends = ending(tmp_path)
    store = tmp_path / "store"
    with Gate.of(made.path, watch=None) if policed else Gate.open(store, watch=None) as gate:
        before = gate.check(URL)
        assert (before.flagged, gate.lookup(URL).flagged) == (False, False)
        until(lambda: time.time() >= ends)
        after = gate.check(URL)
        assert (after.flagged, after.snapshot) == (True, f"{before.snapshot}~{ends}")
        assert gate.check("nothing").snapshot == gate.status().snapshot == gate.engine.snapshot == after.snapshot
        assert gate.lookup(URL).flagged
        assert not gate.reload()  # nothing new on the disk, so nothing loaded
        assert (gate.check(URL).snapshot, gate.status().reloads) == (after.snapshot, 0)
        made.put("partner.txt", b"*.bad.example\n*.worse.example\n")
        made.update()
        assert gate.reload()
        assert gate.check(URL).snapshot == f"{made.store.load().snapshot}~{ends}"
    assert {row["snapshot"] for row in records(made)} == ({after.snapshot, gate.engine.snapshot} if policed else set())


def test_an_end_waits_for_no_reload(tmp_path: Path) -> None:
    made, ends = ending(tmp_path)
    with gate_of(made) as gate:
        assert not gate.check(URL).flagged
        with gate._reference._turn:  # as a reload holds it while it loads
            until(lambda: time.time() >= ends)
            assert gate.check(URL).flagged
            assert gate._reference.current.engine.snapshot == gate._reference.current.compiled.snapshot
        assert gate.check(URL).flagged
        assert gate._reference.current.engine.snapshot == f"{gate._reference.current.compiled.snapshot}~{ends}"


def test_what_is_loaded_decides_as_of_now(tmp_path: Path) -> None:
    made, ends = ending(tmp_path)
    until(lambda: time.time() >= ends)
    assert load(tmp_path / "store").check(URL).flagged
    assert not made.store.load().check(URL).flagged  # the version as it was compiled
