"""Updates: time, and what the configuration says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from desk import GOOD, Desk, local, page, pages

from linkgate.errors import ListError, StoreError, UsageError
from linkgate.lists.status import status
from linkgate.lists.update import accept
from linkgate.lists.verify import verify

if TYPE_CHECKING:
    from pathlib import Path


NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, local())
    desk.put("partner.txt", GOOD)
    return desk


# --- time


def test_intervals_are_honoured(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(more='interval = "2h"'))
    desk.put("partner.txt", pages(1))
    desk.update(now=NOW)
    desk.put("partner.txt", pages(2))
    assert desk.outcome(now=NOW + HOUR).state == "skipped"
    assert desk.outcome(now=NOW + HOUR, force=True).state == "updated"
    desk.put("partner.txt", pages(3))
    assert desk.outcome(now=NOW + 3 * HOUR).state == "updated"


def test_a_list_that_failed_is_due_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(more='interval = "2h"'))
    assert desk.outcome(now=NOW).state == "failed"
    desk.put("partner.txt", pages(2))
    assert desk.outcome(now=NOW).state == "updated"


def test_a_clock_that_runs_back_stops_nothing_and_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(more='interval = "2h"'))
    desk.put("partner.txt", pages(1))
    desk.update(now=NOW)
    desk.put("partner.txt", pages(2))
    done = desk.update(now=NOW - dt.timedelta(days=400))
    assert (done.outcomes[0].state, done.version and done.version.id) == ("updated", 2)
    assert done.remarks == ("the clock of this machine is 400 d behind the store's last update; check it",)
    assert len(desk.store.versions()) == 2


def test_max_age_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(more='max_age = "1d"'))
    desk.put("partner.txt", pages(1))
    assert desk.outcome(now=NOW).ok
    (tmp_path / "partner.txt").unlink()
    outcome = desk.outcome(now=NOW + 25 * HOUR)
    assert (outcome.state, outcome.stale) == ("kept", True)
    assert status(desk.config, desk.store, now=NOW + 25 * HOUR).lists[0].stale
    assert desk.holds(page(0))


def test_entries_expire_without_a_new_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 'name = "partner"\npath = "partner.csv"\nformat = "csv"')
    rows = b"url,expires\nhttp://bad0.example/page,2026-01-01\nhttp://bad1.example/page,2027-01-01\n"
    desk.put("partner.csv", rows)
    desk.update(now=NOW)
    assert desk.store.load().size == 2
    assert desk.update(now=NOW + 24 * HOUR).published
    assert desk.store.load().size == 1


# --- configuration


def test_settings_that_change_are_compiled_in(desk: Desk) -> None:
    desk.put("partner.txt", b"twitter.com\nhttp://bad.example/page\n")
    assert desk.outcome().quarantined == 1
    [row] = status(desk.config, desk.store).lists
    [held] = row.quarantine
    desk.configure(local(), rest=f'[accept]\n{held.id} = "ticket 7"')
    assert desk.update().published
    assert desk.holds("https://twitter.com/")


def test_allow_and_guard_lists(tmp_path: Path) -> None:
    desk = Desk(
        tmp_path,
        local(),
        local("fine", more='kind = "allow"'),
        local("guard", more='kind = "guard"'),
    )
    desk.put("partner.txt", b"bad.example\npopular.example\n*.worse.example\n")
    desk.put("fine.txt", b"http://bad.example/about\n")
    desk.put("guard.txt", b"popular.example\n")
    done = desk.update()
    assert done.ok
    assert [outcome.entries for outcome in done.outcomes] == [2, 1, 1]
    assert done.outcomes[0].quarantined == 1
    assert desk.holds("http://bad.example/other")
    assert not desk.holds("http://bad.example/about")
    desk.put("guard.txt", b"<html>")
    assert [outcome.state for outcome in desk.update().outcomes] == ["unchanged", "unchanged", "kept"]


def test_settings_that_would_lose_a_list_publish_nothing(desk: Desk) -> None:
    desk.update()
    desk.configure('name = "partner"\npath = "partner.txt"\nformat = "hosts"')
    for data in (GOOD, pages(3)):
        desk.put("partner.txt", data)
        with pytest.raises(ListError, match="nothing was published: check its settings"):
            desk.update()
    assert desk.holds("http://bad.example/page")
    assert [version.id for version in desk.store.versions()] == [1]
    desk.configure(local())
    assert desk.update().ok


def test_settings_that_take_much_away_can_be_accepted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(more='kind = "allow"'))
    desk.put("partner.txt", pages(1))
    desk.update()
    desk.put("guard.txt", b"bad0.example\n")
    desk.put("partner.txt", b"http://one.example/\nbad0.example\nbad1.example\nbad2.example\n")
    desk.configure(local())
    desk.update()
    desk.put("guard.txt", b"bad0.example\nbad1.example\nbad2.example\n")
    desk.configure(local(), local("guard", more='kind = "guard"'))
    with pytest.raises(ListError, match="lists accept partner"):
        desk.update()
    accept(desk.config, desk.store, ("partner",))
    desk.update()
    assert desk.store.current.lists[0].quarantined


def test_actions_are_carried(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(more='actions = { exact = "block", loose = "log" }'))
    desk.put("partner.txt", GOOD)
    desk.update()
    assert desk.store.current.lists[0].actions == {"exact": "block", "loose": "log"}


def test_a_list_that_is_configured_no_more_goes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local("one"), local("two"))
    desk.put("one.txt", pages(2))
    desk.put("two.txt", pages(2, first=2))
    desk.update()
    desk.configure(local("one"))
    done = desk.update()
    assert [(outcome.list, outcome.state) for outcome in done.outcomes] == [("one", "unchanged"), ("two", "removed")]
    assert desk.store.load().size == 2


def test_names_choose(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local("one"), local("two"))
    desk.put("one.txt", pages(2))
    desk.put("two.txt", pages(2, first=2))
    desk.update()
    desk.put("one.txt", pages(3))
    desk.put("two.txt", pages(3, first=3))
    assert [outcome.list for outcome in desk.update(only=("two",)).outcomes] == ["two"]
    assert desk.holds(page(5))
    assert not desk.holds(page(2)) or desk.store.load().size == 5
    with pytest.raises(UsageError, match="no such list"):
        desk.update(only=("three",))


def test_two_updates_do_not_meet(desk: Desk) -> None:
    with desk.store.transaction(), pytest.raises(StoreError, match="at work on it; wait"):
        desk.update()


def test_force_mends_what_is_damaged(desk: Desk) -> None:
    desk.update()
    for folder in (desk.store.raws, desk.store.snapshots):
        [path] = folder.iterdir()
        path.write_bytes(b"half")
    assert len(verify(desk.store)) == 2
    assert desk.update(force=True).ok
    assert verify(desk.store) == ()
    assert desk.holds("http://bad.example/page")
