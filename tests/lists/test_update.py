"""Updates: from local files, and from a server that misbehaves; a list that fails keeps its last good file."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest
from desk import GOOD, Desk, local, pages, remote
from loopback import Loopback, answer, gzipped, reset

from linkgate.errors import StoreError, UsageError
from linkgate.lists.diff import diff
from linkgate.lists.manifest import moment
from linkgate.lists.status import status
from linkgate.lists.update import accept
from linkgate.lists.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import Act

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, local())
    desk.put("partner.txt", GOOD)
    return desk


def page(number: int) -> str:
    return f"http://bad{number}.example/page"


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
    assert "bad" not in "".join((*change.added, *change.removed))


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
    with desk.store.drafting(), pytest.raises(StoreError, match="at work on it; wait"):
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


# --- a server


def serve(desk: Desk, *acts: bytes | Act, more: str = "", updates: int = 1) -> list[str]:
    """Update that many times from a server; the requests that it saw."""
    with Loopback(*acts) as server:
        url = server.url.replace("?key=secret", "")
        desk.configure(remote(url, more=more.replace("URL", url)))
        for _ in range(updates):
            desk.update()
    return server.requests


def test_a_list_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    first = answer(GOOD, ETag='"v1"', Last_Modified="Tue, 01 Oct 2024 00:00:00 GMT")
    requests = serve(desk, first, answer(b"", status="304 Not Modified", length=False), updates=2)
    assert 'If-None-Match: "v1"' in requests[1]
    assert "If-Modified-Since: Tue, 01 Oct 2024" in requests[1]
    assert desk.holds("http://bad.example/page")
    assert [version.id for version in desk.store.versions()] == [1]


@pytest.mark.parametrize(
    "act",
    [
        answer(b"<!doctype html><p>Log in"),
        answer(GOOD, Content_Type="text/html; charset=utf-8"),
        answer(status="404 Not Found"),
        answer(status="403 Forbidden"),
        answer(b""),
        answer(GOOD, status="302 Found", Location="http://other.example/"),
        answer(GOOD, Content_Encoding="br"),
        gzipped(bytes(2 * 10**6)),
        b"nonsense\r\n\r\n",
    ],
    ids=["html", "html by type", "404", "403", "empty", "redirect", "br", "bomb", "no http"],
)
def test_a_server_that_misbehaves(act: bytes, desk: Desk) -> None:
    serve(desk, answer(GOOD), act, more='max_size = "1MB"', updates=2)
    assert desk.holds("http://bad.example/page")
    [row] = status(desk.config, desk.store).lists
    assert row.error
    assert "list.txt" not in row.error
    assert verify(desk.store) == ()


def test_a_body_that_breaks_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkgate.lists.transfer.retry._FIRST_PAUSE", 0.001)
    serve(desk, answer(GOOD), reset(answer(GOOD)[:-9]), updates=2)
    assert desk.holds("http://www.worse.example/")
    assert "broke off" in (status(desk.config, desk.store).lists[0].error or "")


def test_a_held_file_is_not_fetched_again_and_again(desk: Desk) -> None:
    unchanged = answer(b"", status="304 Not Modified", length=False)
    acts = (answer(pages(100), ETag='"v1"'), answer(pages(2), ETag='"v2"'), unchanged)
    requests = serve(desk, *acts, updates=3)
    assert 'If-None-Match: "v2"' in requests[2]
    assert desk.store.load().size == 100
    assert accept(desk.config, desk.store, ("partner",)).ok
    assert desk.store.load().size == 2


def test_credentials_go_to_the_publisher_and_nowhere_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNER_TOKEN", "s3cret")
    more = 'credentials = { header = "Authorization", prefix = "Bearer ", env = "PARTNER_TOKEN" }'
    [request] = serve(desk, answer(GOOD), more=more)
    assert "Authorization: Bearer s3cret" in request
    assert all(b"s3cret" not in path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())


def test_credentials_that_are_missing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARTNER_TOKEN", raising=False)
    more = 'credentials = { header = "Authorization", env = "PARTNER_TOKEN" }'
    assert serve(desk, answer(GOOD), more=more) == []
    assert "PARTNER_TOKEN" in (status(desk.config, desk.store).lists[0].error or "")


def test_a_checksum_file(desk: Desk) -> None:
    digest = hashlib.sha256(GOOD).hexdigest()
    more = 'checksum_url = "URL.sha256"'
    serve(desk, answer(GOOD), answer(f"{digest}  list.txt\n".encode()), more=more)
    assert desk.holds("http://bad.example/page")
    serve(desk, answer(pages(2)), answer(f"{digest}  list.txt\n".encode()), more=more)
    assert "SHA-256 is not the one" in (status(desk.config, desk.store).lists[0].error or "")
    serve(desk, answer(pages(2)), answer(b"no sum here\n"), more=more)
    assert "holds no SHA-256" in (status(desk.config, desk.store).lists[0].error or "")


def test_deltas(desk: Desk) -> None:
    full = answer(pages(3), ETag='"full"')
    delta = answer(f"-{page(1)}\n+{page(7)}\n".encode(), ETag='"delta"')
    same = answer(b"", status="304 Not Modified", length=False)
    nothing = answer(b"", status="204 No Content", length=False)
    more = '[list.delta]\nurl = "URL?since={since}"\n'
    requests = serve(desk, full, delta, same, nothing, more=more, updates=4)
    assert "?since=20" in requests[1]
    assert 'If-None-Match: "delta"' in requests[2]
    assert [desk.holds(page(number)) for number in (0, 1, 2, 7)] == [True, False, True, True]
    assert [version.entries for version in desk.store.versions()] == [3, 3]
    with Loopback(answer(pages(4), ETag='"full 2"')) as server:
        desk.configure(remote(server.url.replace("?key=secret", ""), more=more.replace("URL", server.url)))
        desk.update(force=True)
    assert "If-None-Match" not in server.requests[0]
    assert desk.store.load().size == 4


def test_a_delta_that_takes_too_much_is_held(desk: Desk) -> None:
    gone = "".join(f"-{page(number)}\n" for number in range(90)).encode()
    serve(desk, answer(pages(100)), answer(gone), more='[list.delta]\nurl = "URL"\n', updates=2)
    assert desk.store.load().size == 100
    assert "shrank" in (status(desk.config, desk.store).lists[0].held or "")


def test_a_taxii_collection(desk: Desk) -> None:
    def envelope(number: int, **more: object) -> bytes:
        pattern = f"[url:value = 'http://bad{number}.example/page']"
        indicator = {"type": "indicator", "id": f"indicator--{number}", "pattern": pattern, "pattern_type": "stix"}
        return answer(json.dumps({"objects": [indicator], **more}).encode(), Content_Type="application/taxii+json")

    with Loopback(envelope(1, more=True, next="2"), envelope(2)) as server:
        desk.configure(f'name = "partner"\nurl = "http://127.0.0.1:{server.port}/collections/1/"\nformat = "taxii"')
        done = desk.update()
    assert done.ok, done
    assert desk.holds(page(1))
    assert desk.holds(page(2))
    assert "Accept: application/taxii+json" in server.requests[0]


def test_times_are_kept(desk: Desk) -> None:
    desk.update(now=NOW)
    desk.update(now=NOW + HOUR)
    origin = desk.store.manifest().lists["partner"]
    assert (moment(origin.changed), moment(origin.checked)) == (NOW, NOW + HOUR)
