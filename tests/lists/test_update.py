"""Updates from local files; a list that fails, or goes over a limit, keeps its last good file."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from desk import GOOD, Desk, local, page, pages

from linkgate.lists.diff import diff
from linkgate.lists.status import status
from linkgate.lists.update import accept

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, local())
    desk.put("partner.txt", GOOD)
    return desk


# --- local files


def test_a_file_becomes_a_version(desk: Desk) -> None:
    done = desk.update()
    assert (done.ok, done.published, done.version and done.version.entries) == (True, True, 2)
    assert desk.holds("http://bad.example/page")
    assert desk.holds("http://www.worse.example/any")


def test_nothing_new_is_no_new_version(desk: Desk) -> None:
    desk.update()
    done = desk.update()
    assert (done.ok, done.published, done.outcomes[0].state) == (True, False, "unchanged")
    assert [version.id for version in desk.store.versions()] == [1]


def test_a_packed_file(desk: Desk) -> None:
    desk.put("partner.txt", gzip.compress(GOOD))
    assert desk.outcome().entries == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"<!doctype html><title>Log in</title>", "web page"),
        (b"\x00\x01\x02", "binary"),
        (gzip.compress(GOOD)[:-9], "cut short"),
        (gzip.compress(GOOD)[:12] + b"!!!!" + gzip.compress(GOOD)[16:], "damaged|cut short"),
        (b"twitter.com\ncom\n", "not one entry"),
    ],
    ids=["empty", "web page", "binary", "cut", "damaged", "all held back"],
)
def test_a_file_that_cannot_be_used_keeps_the_last_good_one(data: bytes, sentence: str, desk: Desk) -> None:
    desk.put("partner.txt", data)
    first = desk.outcome()
    assert first.state == "failed"
    desk.put("partner.txt", GOOD)
    assert desk.outcome().state == "updated"
    desk.put("partner.txt", data)
    outcome = desk.outcome()
    assert (outcome.state, outcome.ok, outcome.entries) == ("kept", False, 2)
    assert re.search(f"{sentence}|shrank", outcome.reason or "")
    assert desk.holds("http://bad.example/page")


def test_a_file_that_is_gone_or_forbidden_or_a_folder(desk: Desk) -> None:
    desk.update()
    (desk.folder / "partner.txt").unlink()
    assert "does not exist" in (desk.outcome().reason or "")
    (desk.folder / "partner.txt").mkdir()
    assert "is a folder" in (desk.outcome().reason or "")
    assert desk.holds("http://bad.example/page")


def test_the_others_go_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local("one"), local("two"), local("three"))
    desk.put("one.txt", pages(3))
    desk.put("three.txt", pages(3, first=10))
    done = desk.update()
    assert [outcome.state for outcome in done.outcomes] == ["updated", "failed", "updated"]
    assert (done.ok, done.version and done.version.entries) == (False, 6)
    desk.put("two.txt", b"<html>")
    desk.put("one.txt", pages(4))
    assert [outcome.state for outcome in desk.update().outcomes] == ["updated", "failed", "unchanged"]
    assert desk.holds(page(3))


def test_nothing_at_all(tmp_path: Path) -> None:
    done = Desk(tmp_path, local()).update()
    assert (done.ok, done.version) == (False, None)


# --- limits


def limits(tmp_path: Path, more: str) -> Desk:
    desk = Desk(tmp_path, local(more=more))
    desk.put("partner.txt", pages(100))
    desk.update()
    return desk


@pytest.mark.parametrize(
    ("more", "data", "sentence"),
    [
        ('max_shrink = "20%"', pages(79), "shrank from 100 to 79 entries, by 21 %, and may by 20 %"),
        ('max_growth = "50%"', pages(151), "grew from 100 to 151 entries, by 51 %, and may by 50 %"),
        ('max_rejected = "5%"', pages(90) + b"half...\n" * 10, "10 of its 100 lines cannot be read, 10 %, and 5 % may"),
    ],
)
def test_a_file_over_a_limit_is_held(more: str, data: bytes, sentence: str, tmp_path: Path) -> None:
    desk = limits(tmp_path, more)
    desk.put("partner.txt", data)
    for _ in range(2):
        done = desk.update()
        assert (done.ok, done.published, done.outcomes[0].state) == (False, False, "kept")
        assert sentence in (done.outcomes[0].reason or "")
    assert desk.store.load().size == 100
    [row] = status(desk.config, desk.store).lists
    assert (row.ok, sentence in (row.held or "")) == (False, True)


def test_a_held_file_can_be_accepted(tmp_path: Path) -> None:
    desk = limits(tmp_path, 'max_shrink = "20%"')
    desk.put("partner.txt", pages(10))
    desk.update()
    (desk.folder / "partner.txt").unlink()  # the file that was looked at is taken, not another
    assert accept(desk.config, desk.store, ("partner",)).ok
    assert desk.store.load().size == 10
    desk.put("partner.txt", pages(10))
    assert desk.update().ok


def test_a_limit_that_was_raised_lets_the_held_file_in(tmp_path: Path) -> None:
    desk = limits(tmp_path, 'max_shrink = "20%"')
    desk.put("partner.txt", pages(10))
    assert not desk.update().ok
    desk.configure(local(more='max_shrink = "95%"'))
    assert desk.update().ok
    assert desk.store.load().size == 10


def test_a_better_file_ends_the_hold(tmp_path: Path) -> None:
    desk = limits(tmp_path, 'max_shrink = "20%"')
    desk.put("partner.txt", pages(10))
    desk.update()
    desk.put("partner.txt", pages(101))
    assert desk.update().ok
    assert status(desk.config, desk.store).ok


def test_a_change_within_the_limits_comes_in(tmp_path: Path) -> None:
    desk = limits(tmp_path, 'max_shrink = "20%"')
    desk.put("partner.txt", pages(85, first=15))
    assert desk.update().published
    [change] = diff(desk.store, 1, 2)
    assert (change.list, len(change.added), len(change.removed)) == ("partner", 0, 15)
    assert "example" not in "".join((*change.added, *change.removed))


# --- rollback


def test_what_was_rolled_back_does_not_come_back_by_itself(desk: Desk) -> None:
    desk.update()
    desk.put("partner.txt", pages(3))
    desk.update()
    desk.store.rollback(1)
    done = desk.update()
    assert (done.ok, done.published, done.outcomes[0].state) == (False, False, "kept")
    assert "rolled back" in (done.outcomes[0].reason or "")
    assert desk.holds("http://bad.example/page")
    assert accept(desk.config, desk.store, ("partner",)).ok
    assert desk.holds(page(1))


def test_after_a_rollback_what_is_new_comes_in(desk: Desk) -> None:
    desk.update()
    desk.put("partner.txt", pages(3))
    desk.update()
    desk.store.rollback(1)
    desk.put("partner.txt", pages(4))
    assert desk.update().ok
    assert desk.holds(page(3))


def test_a_list_that_was_added_since_is_rolled_back_too(desk: Desk) -> None:
    desk.update()
    desk.configure(local(), local("two"))
    desk.put("two.txt", pages(5))
    desk.update()
    desk.store.rollback(1)
    assert [outcome.state for outcome in desk.update().outcomes] == ["unchanged", "failed"]
    assert not desk.holds(page(1))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (pages(50), "shrank from 100 to 50 entries, by 50 %, and may by under 50 %"),
        (pages(100) + b"half...\n" * 100, "100 of its 200 lines cannot be read, 50 %, and under 50 % may"),
    ],
)
def test_a_half_of_a_file_is_held_if_nothing_is_said(data: bytes, sentence: str, tmp_path: Path) -> None:
    desk = limits(tmp_path, "")
    desk.put("partner.txt", data)
    outcome = desk.outcome()
    assert (outcome.state, sentence in (outcome.reason or "")) == ("kept", True)
    desk.put("partner.txt", pages(51))
    assert desk.update().ok


def test_a_list_of_exceptions_alone_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local(), 'name = "known"\npath = "known.json"')
    desk.put("partner.txt", pages(3))
    desk.put("known.json", b'{"type": "hostname", "list": ["bad0.example"], "matching_attributes": ["url"]}')
    first, second = desk.update().outcomes
    assert (first.state, second.state) == ("updated", "failed")
    assert 'kind "allow"' in (second.reason or "")
    desk.configure(local(), 'name = "known"\npath = "known.json"\nkind = "allow"\nlifts = true')
    assert desk.update().ok
    assert not desk.holds(page(0))
