"""Hits for a publisher: only where it was agreed, in steps that hide single messages, with its ids and no address."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from desk import local
from policed import RECORD, desk, records

from linkgate.decisions.log import DecisionLog
from linkgate.decisions.record import Decision
from linkgate.decisions.review import Review, keep_reviews
from linkgate.decisions.shared_hits import SharedHits, shared_hits
from linkgate.fronts.cli import run
from linkgate.lists.store import Store

if TYPE_CHECKING:
    from desk import Desk

TODAY = dt.datetime.now(dt.UTC).date()
MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())
CSV = b"url,id\n" + b"".join(b"http://bad%d.example/page,p-%d\n" % (n, n) for n in range(1, 5))


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    found = desk(tmp_path)
    found.configure(local(more="share_hits = true").replace("plain", "csv"), rest=RECORD)
    found.put("partner.txt", CSV)
    found.update(force=True)
    return found


def posted(made: Desk, entry: str, messages: range, *, day: dt.date = MONDAY, kind: str = "exact") -> None:
    log = DecisionLog(made.folder / "decisions")
    for number in messages:
        row = Decision(
            time=f"{day}T10:00:00Z",
            decision=f"d{entry}{number}{day}{kind}",
            message=f"m{number}",
            list="partner",
            entry=entry,
            scope="page",
            kind=kind,
            action="block",
            asked="block",
            snapshot="id",
            micros=1,
        )
        log.write([msgspec.json.encode(row)], day=day.isoformat())


def told(made: Desk, **options: Any) -> SharedHits:
    span: dict[str, Any] = {"first": MONDAY - dt.timedelta(days=7), "last": MONDAY, "dead_weeks": 2} | options
    return shared_hits(made.folder / "decisions", made.config.open_store(), "partner", **span)


def test_steps_hide_single_messages(made: Desk) -> None:
    posted(made, "p-1", range(9))  # too few to be told
    posted(made, "p-2", range(10))
    posted(made, "p-2", range(3), day=MONDAY - dt.timedelta(days=7))
    posted(made, "p-3", range(120))
    posted(made, "p-3", range(120))  # the same messages again
    posted(made, "p-4", range(50), kind="loose")  # which nobody confirmed
    found = told(made)
    assert found.entries == {"p-2": ("1-9", "10-99"), "p-3": ("0", "100+")}
    assert (found.hidden, found.messages, found.matches) == (1, 120, 9 + 10 + 3 + 240)


@pytest.mark.parametrize("extra", [0, 1])
def test_one_message_more_shows_only_at_a_step(extra: int, made: Desk) -> None:
    posted(made, "p-1", range(9 + extra))
    assert ("p-1" in told(made).entries) == bool(extra)
    posted(made, "p-2", range(50 + extra))
    assert told(made).entries["p-2"] == ("0", "10-99")


def test_what_was_reviewed_wrong_is_no_hit(made: Desk) -> None:
    posted(made, "p-1", range(10))
    row = records(made)[0]
    keep_reviews(
        made.folder / "decisions",
        [Review(at="", decision=row["decision"], list="partner", kind="exact", verdict="wrong")],
    )
    assert told(made).entries == {}


def test_dead_entries_were_never_met_and_are_unchanged(made: Desk) -> None:
    posted(made, "p-1", range(1), day=MONDAY - dt.timedelta(days=30))
    assert told(made).dead is None  # the store is of today
    later = {"first": MONDAY, "last": TODAY + dt.timedelta(days=30)}
    posted(made, "p-2", range(1), day=TODAY + dt.timedelta(days=29))
    assert told(made, **later).dead == ("p-1", "p-3", "p-4")
    assert told(made, **later, dead_weeks=9).dead is None  # the record is younger than that
    store = made.config.open_store()
    old = [each for each in store.versions() if each.id == store.current.id]
    assert old
    made.put("partner.txt", CSV.replace(b"http://bad3", b"http://bad9"))
    made.update(force=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "versions", lambda _: tuple(old))  # the newest version comes later
        assert told(made, **later).dead == ("p-1", "p-4")


def test_the_file_has_the_publishers_ids_and_no_address(made: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    posted(made, "p-3", range(12))
    posted(made, "gone", range(12))
    assert run(["feedback", "hits", "partner", "-o", "hits.json"]) == 0
    said = capsys.readouterr()
    assert "nobody knows which entries are dead" in said.err
    assert "12 messages; 2 entries told, 0 entries hidden" in said.out
    text = Path("hits.json").read_text()
    assert Path("hits.json").stat().st_mode & 0o777 == 0o600
    assert not any(word in text + said.out + said.err for word in ("example", "m1"))
    found = json.loads(text)
    assert [each["id"] for each in found["entries"]] == ["p-3"]
    assert found["entries"][0]["steps"].count("10-99") == 1
    assert run(["feedback", "hits", "partner", "-o", "hits.json"]) == 2


def test_without_agreement_there_is_no_file(made: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    made.path.write_text(made.path.read_text().replace("share_hits = true", "share_hits = false"))
    assert run(["feedback", "hits", "partner", "-o", "hits.json"]) == 2
    assert "set share_hits = true" in capsys.readouterr().err
    assert not Path("hits.json").exists()
