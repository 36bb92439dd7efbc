"""Updates from a server that misbehaves; a list that fails keeps its last good file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from desk import GOOD, Desk, local, page, pages, remote
from loopback import Loopback, answer, gzipped, reset

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


def test_credentials_stay_with_the_host_of_the_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNER_TOKEN", "s3cret")
    digest = hashlib.sha256(GOOD).hexdigest().encode()
    more = 'credentials = { header = "X-Token", env = "PARTNER_TOKEN" }'
    with Loopback(answer(digest)) as other:
        more += f'\nchecksum_url = "http://127.0.0.1:{other.port}/sum"'
        [request] = serve(desk, answer(GOOD), more=more)
    assert desk.holds("http://bad.example/page")
    assert "s3cret" in request
    assert "s3cret" not in other.requests[0]


def test_a_placeholder_in_the_url(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNER_TOKEN", "s3cret/x")
    with Loopback(answer(GOOD)) as server:
        more = 'credentials = { placeholder = "key", env = "PARTNER_TOKEN" }'
        desk.configure(remote(f"http://127.0.0.1:{server.port}/{{key}}/list", more=more))
        assert desk.update().ok
    assert server.requests[0].startswith("GET /s3cret%2Fx/list ")


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
