"""Law 13: what was edited, removed, reordered, inserted or cut off is found and named; a killed writer is no alarm."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.decisions.custody import Alteration, CustodyReport, verify_decisions
from linkgate.decisions.decision_report import count_decisions
from linkgate.decisions.log import DecisionLog, files
from linkgate.decisions.purge import purge_decisions
from linkgate.decisions.seals import FILE, last_seal, public_key, seal_decisions

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = Path(__file__).parents[2] / "src"
KEY, OTHER = bytes(range(32)), bytes(32)
PUBLIC = public_key(KEY)
DAYS = ("2026-01-30", "2026-01-31", "2026-02-01")
LATER = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
"""So two days are over."""
LINES = 12


def line(number: object, day: str) -> bytes:
    row: dict[str, object] = {
        "time": f"{day}T10:00:00.000000Z",
        "decision": f"d{number}",
        "list": "demo",
        "entry": "demo:1",
    }
    row |= {"scope": "page", "kind": "exact", "action": "block", "asked": "block", "snapshot": "id", "micros": 7}
    return json.dumps(row, separators=(",", ":")).encode()


def fill(folder: Path) -> None:
    """Three days, written by two processes in turn."""
    logs = DecisionLog(folder), DecisionLog(folder)
    for day in DAYS:
        for number in range(LINES):
            logs[number % 3 == 1].write([line(number, day)], day=day)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    fill(tmp_path)
    seal_decisions(tmp_path, KEY, now=LATER)
    return tmp_path


def verified(folder: Path) -> CustodyReport:
    return verify_decisions(folder, public=PUBLIC)


def test_an_untouched_record_is_whole(record: Path) -> None:
    told = verified(record)
    assert (told.ok, told.lines, told.writers, told.sealed, told.unsealed) == (True, 36, 2, 2, 1)
    seal_decisions(record, KEY, now=LATER + dt.timedelta(days=1))
    assert (verified(record).ok, verified(record).unsealed) == (True, 0)
    assert count_decisions(record).changed == 0


# --- the law


def flipped(lines: list[bytes], place: int, more: int) -> list[bytes]:
    text = bytearray(lines[place])
    text[more % len(text)] ^= 1 << more % 7
    return [*lines[:place], bytes(text), *lines[place + 1 :]]


def deleted(lines: list[bytes], place: int, more: int) -> list[bytes]:
    return lines[:place] + lines[place + 1 + more % 3 :]


def swapped(lines: list[bytes], place: int, more: int) -> list[bytes]:
    other = (place + 1 + more % (len(lines) - 1)) % len(lines)
    found = lines.copy()
    found[place], found[other] = found[other], found[place]
    return found


def copied(lines: list[bytes], place: int, more: int) -> list[bytes]:
    return [*lines[:place], lines[more % len(lines)], *lines[place:]]


def forged(lines: list[bytes], place: int, more: int) -> list[bytes]:
    return [*lines[:place], line(more, DAYS[0]) + b"\n", *lines[place:]]


def cut(lines: list[bytes], place: int, more: int) -> list[bytes]:
    return [*lines[:place], lines[place][: more % len(lines[place])]]


ACTS = (flipped, deleted, swapped, copied, forged, cut)


@given(
    act=st.sampled_from(ACTS), place=st.integers(0, LINES - 1), more=st.integers(0, 5000), day=st.sampled_from(DAYS[:2])
)
def test_what_was_done_to_a_sealed_day_is_found_and_named(
    act: Callable[[list[bytes], int, int], list[bytes]], place: int, more: int, day: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        seal_decisions(folder, KEY, now=LATER)
        path = folder / f"{day}.jsonl"
        before = path.read_bytes()
        after = b"".join(act(before.splitlines(keepends=True), place, more))
        path.write_bytes(after)
        told = verified(folder)
        assert told.ok == (before == after)
        assert count_decisions(folder).changed == told.changed
        if not told.ok:
            changed = {each.line for each in told.alterations if each.file == path.name}
            assert changed & {place, place + 1, place + 2, *_differing(before, after)}, told.alterations


def _differing(before: bytes, after: bytes) -> set[int]:
    """Lines of the file, from 1, that are not what they were."""
    one, two = before.splitlines(), after.splitlines()
    return {number for number, text in enumerate(two, 1) if number > len(one) or text != one[number - 1]} | {
        len(two) + 1
    }


@pytest.mark.parametrize("place", range(1, LINES - 2))
@pytest.mark.parametrize(
    ("act", "what"), [(flipped, "edited"), (deleted, "removed"), (copied, "inserted"), (forged, "inserted")]
)
def test_without_a_seal_the_chain_names_the_line(
    act: Callable[[list[bytes], int, int], list[bytes]], what: str, place: int, tmp_path: Path
) -> None:
    fill(tmp_path)
    path = tmp_path / f"{DAYS[0]}.jsonl"
    path.write_bytes(b"".join(act(path.read_bytes().splitlines(keepends=True), place, 60)))
    told = verify_decisions(tmp_path)
    named = {(each.file, each.what) for each in told.alterations if (each.line or 0) >= place}
    assert (path.name, what) in named
    assert all(each.writer or each.what == "inserted" for each in told.alterations)


def test_chains_that_were_computed_anew_are_found_by_the_seal(record: Path, tmp_path: Path) -> None:
    forge = tmp_path / "forge"
    logs = DecisionLog(forge)
    for number in range(LINES):
        logs.write([line(number + (number == 5), DAYS[0])], day=DAYS[0])
    shutil.copy(forge / f"{DAYS[0]}.jsonl", record / f"{DAYS[0]}.jsonl")
    assert not verified(record).ok


def test_lines_of_two_writers_that_changed_places_are_named(record: Path) -> None:
    path = record / f"{DAYS[0]}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    (told,) = verified(record).alterations
    assert (told.what, told.line in {1, 2}) == ("reordered", True)


@pytest.mark.parametrize("sealed", [True, False])
def test_a_later_line_that_is_put_in_before_is_one_alteration(*, sealed: bool, tmp_path: Path) -> None:
    fill(tmp_path)
    assert not sealed or seal_decisions(tmp_path, KEY, now=LATER)
    path = tmp_path / f"{DAYS[0]}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[9], *lines[2:]]))
    assert [(each.line, each.what) for each in verify_decisions(tmp_path).alterations] == [(3, "inserted")]
    path.write_bytes(b"".join([*lines[:2], lines[9], *lines[2:9], *lines[10:]]))
    assert [(each.line, each.what) for each in verify_decisions(tmp_path).alterations] == [(3, "reordered")]


def test_what_was_cut_off_is_told_by_writer(record: Path) -> None:
    path = record / f"{DAYS[0]}.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))  # one line of each
    told = verified(record).alterations
    assert [(each.file, each.line, each.what, each.count) for each in told] == [(path.name, 11, "removed", 1)] * 2
    assert len({each.writer for each in told} - {None}) == 2
    path.write_bytes(b"")
    assert sorted(each.count for each in verified(record).alterations) == [4, 8]


def test_a_seal_cannot_be_forged(record: Path) -> None:
    path = record / FILE
    one, two = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(one.replace(b'"lines":12', b'"lines":13') + two)
    assert {each.line for each in verified(record).alterations if each.file == FILE} == {1, 2}
    path.write_bytes(two)
    assert not verify_decisions(record).ok
    path.write_bytes(one + two + one[:50])  # a sealing was killed
    assert verified(record).ok
    seal_decisions(record, OTHER, now=LATER + dt.timedelta(days=1))
    assert verify_decisions(record).ok  # nobody said whose key it must be
    assert [each.file for each in verified(record).alterations] == [FILE]


def test_a_day_that_is_gone_is_missed_unless_a_purge_says_so(record: Path) -> None:
    (record / f"{DAYS[0]}.jsonl").unlink()
    assert [(each.file, each.line) for each in verified(record).alterations if each.line is None] == [
        (f"{DAYS[0]}.jsonl", None)
    ]
    assert verify_decisions(record, public=PUBLIC, keep_from=dt.date(2026, 1, 31)).ok


@pytest.mark.parametrize("gone", range(len(DAYS)))
def test_a_day_that_may_be_purged_and_is_still_there_is_no_alarm(gone: int, record: Path) -> None:
    """A purge comes once in a while: until then days that are older than they are kept stand beside their seals."""
    for day in DAYS[:gone]:
        (record / f"{day}.jsonl").unlink()
    told = verify_decisions(record, public=PUBLIC, keep_from=dt.date(2026, 3, 1))
    assert (told.ok, told.lines) == (True, (len(DAYS) - gone) * LINES)


@pytest.mark.parametrize("key", [KEY, None])
def test_a_purge_is_signed(key: bytes | None, record: Path) -> None:
    assert purge_decisions(record, before=DAYS[1], key=key).files == 1
    assert not (record / f"{DAYS[0]}.leaves").exists()
    assert verified(record).ok == (key is not None)


def test_a_record_without_seals_may_be_purged(tmp_path: Path) -> None:
    fill(tmp_path)
    purge_decisions(tmp_path, before=DAYS[1])
    assert verify_decisions(tmp_path).ok


def test_lines_of_an_older_linkgate_are_told_and_no_alarm(tmp_path: Path) -> None:
    path = tmp_path / f"{DAYS[0]}.jsonl"
    path.write_bytes(line(1, DAYS[0]) + b"\n" + line(2, DAYS[0]) + b"\n")
    fill(tmp_path)
    told = verify_decisions(tmp_path)
    assert (told.ok, told.unchained, told.lines) == (True, 2, 38)
    path.write_bytes(path.read_bytes() + line(3, DAYS[0]) + b"\n")
    assert [(each.line, each.what) for each in verify_decisions(tmp_path).alterations] == [(15, "inserted")]


def test_an_alteration_reads_well() -> None:
    one = Alteration(file="2026-01-31.jsonl", line=5, writer="ab", what="removed", count=2)
    assert str(one) == "2026-01-31.jsonl, line 5, writer ab: removed 2 before it"


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from linkgate.decisions.log import DecisionLog
log, row = DecisionLog(Path(sys.argv[1]), size=300_000), sys.argv[2].encode()
for number in range(100):
    begun, begins = os.pipe()
    child = os.fork()
    if not child:
        log.write([row], day="2026-01-31")
        os.write(begins, b"1")
    while not child:
        log.write([row, row], day="2026-01-31")
    os.read(begun, 1)
    os.close(begun), os.close(begins)
    log.write([row], day="2026-01-31")
    time.sleep(random.Random(number).uniform(0, 0.01))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


def test_a_hundred_killed_writers_are_no_alarm(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), line(1, DAYS[1]).decode()]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(SOURCE)}, timeout=120, check=True)
    told = verify_decisions(tmp_path)
    assert told.alterations == ()
    assert (told.changed, told.writers, len(files(tmp_path)) > 1) == (0, 101, True)
    seal_decisions(tmp_path, KEY, now=LATER)
    assert verified(tmp_path).ok


# --- an insider, who may write to the folder and has not the key


def test_seals_that_were_removed_are_told(record: Path) -> None:
    kept = last_seal(record)
    assert verify_decisions(record, public=PUBLIC, kept_seal=kept).ok
    path = record / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert {(each.file, each.what) for each in verified(record).alterations} == {
        (f"{DAYS[1]}.jsonl", "its seal was removed")
    }
    (record / f"{DAYS[1]}.leaves").unlink()
    assert verified(record).ok  # what nobody kept, nobody misses
    assert not verify_decisions(record, public=PUBLIC, kept_seal=kept).ok
    path.unlink()
    assert not verified(record).ok
    (record / f"{DAYS[0]}.leaves").unlink()
    assert [each.file for each in verified(record).alterations] == [FILE]
    assert not verify_decisions(record, kept_seal=kept).ok


def test_a_seal_that_was_killed_between_its_two_files_is_no_alarm(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linkgate.decisions.seals.replace_file", killed)
    with pytest.raises(KeyboardInterrupt):
        seal_decisions(record, KEY, now=LATER + dt.timedelta(days=1))
    assert verified(record).ok


def test_a_day_is_not_played_again_as_another_one(record: Path) -> None:
    for name in (f"{DAYS[2]}.1.jsonl", "2026-01-01.jsonl", f"{DAYS[2]}.jsonl"):
        shutil.copytree(record, record.parent / name)
        (record.parent / name / name).write_bytes((record / f"{DAYS[0]}.jsonl").read_bytes())
        told = verified(record.parent / name)
        assert {each.what for each in told.alterations if each.file == name} >= {"of another day than its file"}


def test_a_clock_that_runs_back_is_seen(record: Path) -> None:
    DecisionLog(record).write([line("x", DAYS[0])], day=DAYS[2])  # a line made up for another day
    DecisionLog(record).write([line("y", DAYS[0])], day=DAYS[0])  # into a day that was sealed
    told = {(each.file, each.line, each.what) for each in verified(record).alterations}
    assert told == {
        (f"{DAYS[0]}.jsonl", LINES + 1, "inserted"),
        (f"{DAYS[2]}.jsonl", LINES + 1, "of another day than its file"),
    }
