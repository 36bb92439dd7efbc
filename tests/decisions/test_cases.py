"""Cases: encrypted, every look on record, held; captures where they are asked for, and gone after their days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from desk import local, page
from policed import RECORD, desk, gate_of, records

from linkgate.decisions.capture import purge_captures
from linkgate.decisions.case import CaseEvent
from linkgate.decisions.case_store import ACCESS, CaseStore
from linkgate.decisions.custody import verify_decisions
from linkgate.decisions.file_digests import read_digests
from linkgate.decisions.find_decisions import find_decisions
from linkgate.decisions.purge import purge_decisions
from linkgate.errors import StoreError, UsageError
from linkgate.lists.config import load_config

if TYPE_CHECKING:
    from pathlib import Path

    from desk import Desk

    from linkgate import Gate

KEY = "ab" * 32
TEXT = f"psst, the secret word: {page(1)}"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASES", KEY)


def cases(capture: str) -> str:
    return f'{RECORD}[cases]\nkey_env = "CASES"\ncapture = "{capture}"\n'


def decided(folder: Path, capture: str = "link", *, more: str = "") -> tuple[Desk, CaseStore]:
    """A gate has decided on two messages."""
    made = desk(folder, rest=cases(capture), more=more)
    with gate_of(made) as gate:
        gate.check(TEXT, message="m1")
        gate.check("see it", links=[page(2)], message="m2")
        assert gate.status().record_error is None
    return made, CaseStore.of(load_config(made.path))


def opened(made: Desk, store: CaseStore, message: str = "m1") -> str:
    rows = find_decisions(made.folder / "decisions", messages=[message])
    return store.open(rows, by="ann", reason="report", until=None).id


@pytest.mark.parametrize(("capture", "text"), [("link", None), ("message", TEXT), ("none", None)])
def test_what_is_configured_is_captured_and_nothing_else(capture: str, text: str | None, tmp_path: Path) -> None:
    made, store = decided(tmp_path, capture)
    case = store.read(opened(made, store), by="bob", act="show")
    found = list(case.captures.values())
    assert [(each.link, each.start, each.text) for each in found] == (
        [] if capture == "none" else [(page(1), 23, text)]
    )
    hidden = store.read(opened(made, store, "m2"), by="bob", act="show").captures.values()
    assert [(each.link, each.start) for each in hidden] == ([] if capture == "none" else [(page(2), None)])
    for path in (tmp_path / "cases").rglob("*"):
        assert not path.is_file() or not any(word in path.read_bytes() for word in (b"example", b"psst"))
    assert page(1) not in repr(case) + str(case.summary()) + repr(found)


def test_a_list_in_shadow_captures_nothing(tmp_path: Path) -> None:
    decided(tmp_path, more="shadow = true")
    assert not (tmp_path / "cases" / "inbox").exists()


def test_a_running_gate_captures_as_the_configuration_says_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk(tmp_path, rest=cases("link"))

    def captured(gate: Gate) -> int:
        gate.reload()
        gate.check(TEXT)
        return len(list((tmp_path / "cases" / "inbox").glob("*/*")))

    with gate_of(made) as gate:
        assert captured(gate) == 1
        made.configure(local(), rest=cases("none"))
        assert captured(gate) == 1
        monkeypatch.delenv("CASES")
        made.configure(local(), rest=cases("message"))
        assert captured(gate) == 1
        assert "CASES is not set" in str(gate.status().policy_error)
        monkeypatch.setenv("CASES", KEY)
        made.configure(local(), rest=cases("message") + "\n")
        assert captured(gate) == 2
        assert gate.status().policy_error is None


def test_captures_are_gone_after_their_days(tmp_path: Path) -> None:
    made, store = decided(tmp_path)
    today = dt.datetime.now(dt.UTC).date()
    assert purge_captures(store.folder, before=today.isoformat()) == 0
    assert purge_captures(store.folder, before=(today + dt.timedelta(days=1)).isoformat()) == 1
    assert store.read(opened(made, store), by="bob", act="show").captures == {}


def test_a_purge_of_the_record_takes_nothing_from_a_case(tmp_path: Path) -> None:
    made, store = decided(tmp_path)
    name, lines = opened(made, store), records(made)
    purge_decisions(tmp_path / "decisions", before="2999-01-01")
    assert records(made) == []
    assert list(store.read(name, by="bob", act="show").decisions) == lines[:1]


def test_a_held_case_cannot_be_removed(tmp_path: Path) -> None:
    made, store = decided(tmp_path)
    held, other = opened(made, store), opened(made, store)
    store.change(other, CaseEvent(what="released", at="", by="ann"))
    with pytest.raises(UsageError, match=held):
        store.remove([other, held], by="ann", today="2026-01-31")
    assert store.ids() == sorted([held, other])
    store.change(held, CaseEvent(what="held", at="", by="ann", until="2026-01-31"))
    with pytest.raises(UsageError, match=f"{held} is held until the end of 2026-01-31"):
        store.remove([held], by="ann", today="2026-01-31")
    store.remove([held, other], by="ann", today="2026-02-01")
    assert store.ids() == []


def test_every_look_is_written_down_first(tmp_path: Path) -> None:
    made, store = decided(tmp_path)
    name = opened(made, store)
    store.read(name, by="bob", act="show")
    store.all(by="eve", act="list")
    assert [(row["by"], row["act"], row["case"]) for row in store.accesses()] == [
        ("ann", "open", name),
        ("bob", "show", name),
        ("eve", "list", name),
    ]
    assert verify_decisions(store.folder / ACCESS).ok
    path = next((store.folder / ACCESS).glob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b"bob", b"ann"))
    assert not verify_decisions(store.folder / ACCESS).ok


def test_where_a_look_cannot_be_written_down_there_is_none(tmp_path: Path) -> None:
    made, store = decided(tmp_path)
    name = opened(made, store)
    (store.folder / ACCESS).rename(tmp_path / "moved")
    (store.folder / ACCESS).write_text("in the way")
    with pytest.raises(StoreError, match="cannot be logged"):
        CaseStore.of(load_config(made.path)).read(name, by="bob", act="show")


def test_another_key_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, store = decided(tmp_path)
    name = opened(made, store)
    monkeypatch.setenv("CASES", "cd" * 32)
    with pytest.raises(StoreError, match="another one than it was encrypted with"):
        CaseStore.of(load_config(made.path)).read(name, by="bob", act="show")
    (store.folder / f"{name}.case").rename(store.folder / f"c{'0' * 12}.case")
    with pytest.raises(StoreError, match="damaged"):
        store.read(f"c{'0' * 12}", by="bob", act="show")
    for unknown in ("c1", "../c1", f"c{'1' * 12}"):
        with pytest.raises(UsageError, match="no such case"):
            store.read(unknown, by="bob", act="show")


def test_a_capture_that_fails_stops_no_message_and_is_told(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=cases("link"))
    (tmp_path / "cases").write_text("in the way")
    with gate_of(made) as gate:
        assert gate.check(TEXT).flagged
        assert str(gate.status().record_error).startswith("a message cannot be captured: ")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[cases]\ncapture = 'link'\n", "line 11: cases.capture captures what is decided, and nothing is recorded"),
        (f"{RECORD}[cases]\ncapture = 'all'\n", "must be one of link, message, none"),
        (f"{RECORD}[cases]\nhold = 'long'\n", "cases.hold must be a time in days or years"),
        (f"{RECORD}[cases]\ncapture = 'link'\n", "cases are encrypted: set key_env"),
    ],
)
def test_a_configuration_with_no_effect_is_told(table: str, said: str, tmp_path: Path) -> None:
    made = desk(tmp_path)
    made.path.write_text(made.path.read_text().replace(RECORD, table))
    with pytest.raises(UsageError, match=said):
        gate_of(made)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("md5=00", "a digest of md5 has another form"),
        ("sha256=zz", "a digest of sha256 has another form"),
        ("00ff", "a digest of 00ff has another form"),
        ("", "a digest has the name of its algorithm"),
        ("md5=" + "0" * 32 + ",md5=" + "1" * 32, "an algorithm stands twice"),
        ("http://bad1.example/page=00", "a digest has the name of its algorithm"),
    ],
)
def test_what_is_no_digest_opens_no_case(typed: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as error:
        read_digests(typed)
    assert "example" not in str(error.value)
