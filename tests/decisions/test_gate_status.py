"""What somebody should look at: each kind makes `ok` false, has its sentence, and is logged once."""

from __future__ import annotations

import json
import logging
import os
import time
from typing import TYPE_CHECKING

import pytest
from desk import local, page
from policed import RECORD, SURGE, desk, gate_of

import linkgate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk import Desk


def stale(made: Desk) -> None:
    text = made.path.read_text()
    assert "3d" in text
    made.path.write_text(text.replace('"3d"', '"1s"'))
    time.sleep(1.1)


def broken_store(made: Desk) -> None:
    (made.folder / "store" / "manifest.json").write_text("{")


def typo(made: Desk) -> None:
    made.path.write_text(made.path.read_text() + "\n[surface]\nprivate = false\n")


def no_record(made: Desk) -> None:
    folder = made.folder / "decisions"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way")


def surge(made: Desk) -> None:
    with gate_of(made) as gate:
        for _ in range(5):
            gate.check(page(1))


@pytest.mark.parametrize(
    ("kind", "cause", "words"),
    [
        ("reload", broken_store, "store"),
        ("policy", typo, "line"),
        ("record", no_record, "decisions"),
        ("alarm", surge, "`linkgate policy confirm partner"),
        ("stale", stale, "list partner is over its max_age"),
    ],
)
def test_each_kind_is_told_and_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str, cause: Callable[[Desk], None], words: str
) -> None:
    made = desk(tmp_path, rest=SURGE, more='max_age = "3d"')
    caplog.set_level(logging.INFO, "linkgate")
    with gate_of(made) as gate:
        assert gate.check(page(1)).action == "block"
        assert (gate.status().ok, gate.status().problems) == (True, ())
        cause(made)
        for _ in range(3):
            gate.check(page(2))
            try:
                gate.reload()
            except linkgate.LinkgateError:
                assert kind == "reload"
        status = gate.status()
        assert gate.check(page(2)).flagged
    assert not status.ok
    assert [each.kind for each in status.problems] == [kind]
    assert words in status.problems[0].sentence
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1, warnings
    assert status.problems[0].sentence in warnings[0]
    assert "example" not in json.dumps(status.as_dict()) + caplog.text


def test_what_is_over_is_told_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made = desk(tmp_path, rest=RECORD)
    good = made.path.read_text()
    caplog.set_level(logging.INFO, "linkgate")
    with gate_of(made) as gate:
        typo(made)
        gate.reload()
        assert not gate.status().ok
        made.path.write_text(good)
        os.utime(made.path, (1, 1))
        gate.reload()
        assert gate.status().ok
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert caplog.records[1].getMessage() == f"over: {caplog.records[0].getMessage()}"


def test_a_reload_is_logged_with_both_versions(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made = desk(tmp_path, rest=RECORD)
    caplog.set_level(logging.INFO, "linkgate")
    with gate_of(made) as gate:
        made.put("partner.txt", f"{page(1)}\n".encode())
        made.configure(local(more='max_shrink = "90%"'), rest=RECORD)
        made.update()
        before = gate.status().snapshot
        assert gate.reload()
        after = gate.status().snapshot
    [line] = [record.getMessage() for record in caplog.records if record.name == "linkgate.reload"]
    now, was = f"version 2, snapshot {after} (1 entries)", f"version 1, snapshot {before} (4 entries)"
    assert line == f"engine replaced: {now}, was {was}"
    assert "example" not in caplog.text
