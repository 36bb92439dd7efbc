"""Paging through a TAXII 2.1 server on loopback, over real HTTP."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from linkgate.errors import ListError
from linkgate.lists.compile import Source, compile_lists
from linkgate.lists.taxii import MEDIA_TYPE, envelopes

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS = [
    {
        "type": "indicator" if number % 5 else "identity",
        "id": f"indicator--{number}",
        "pattern": f"[url:value = 'http://bad.example/{number}']",
        "added": f"2026-01-{1 + number // 10:02}T00:00:00Z",
    }
    for number in range(50)
]
COLLECTION = "/api1/collections/91a7b528/"


class Taxii(BaseHTTPRequestHandler):
    """Objects of one collection, filtered and paged as TAXII 2.1 §3.4 and §5.4 say."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.headers["Accept"] != MEDIA_TYPE:
            self.send_error(406)
        elif parts.path != COLLECTION + "objects/":
            self.send_error(404)
        else:
            self.answer(self.envelope(query))

    def envelope(self, query: dict[str, str]) -> dict[str, Any]:
        found = [one for one in OBJECTS if one["type"] == query.get("match[type]", one["type"])]
        found = [one for one in found if one["added"] > query.get("added_after", "")]
        start = int(query.get("next", "after 0").removeprefix("after "))
        end = start + int(query.get("limit", "20"))
        more = {"more": True, "next": f"after {end}"} if end < len(found) else {}
        return {"objects": found[start:end]} | more if found else {}

    def answer(self, envelope: dict[str, Any]) -> None:
        body = json.dumps(envelope).encode()
        self.send_response(200)
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the method's own
        """Keep the test's output clean."""


@contextmanager
def serving() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Taxii) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def get(url: str) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept": MEDIA_TYPE})
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("more", "pages", "count"),
    [
        ({}, 2, 40),
        ({"limit": 7}, 6, 40),
        ({"limit": 100}, 1, 40),
        ({"added_after": "2026-01-02T12:00:00Z", "limit": 7}, 4, 24),
        ({"added_after": "2027-01-01T00:00:00Z"}, 1, 0),
    ],
)
def test_every_page_is_fetched(more: dict[str, Any], pages: int, count: int) -> None:
    with serving() as server:
        found = list(envelopes(get, server + COLLECTION, **more))
    assert len(found) == pages
    compiled = compile_lists([Source(name="taxii", data=b"\n".join(found), format="taxii")])
    assert compiled.report.entries == count
    assert compiled.engine.lookup("http://bad.example/49").flagged is (count > 0)


def test_options_of_the_url_are_kept_on_every_page() -> None:
    asked: list[str] = []

    def keep(url: str) -> bytes:
        asked.append(url)
        return get(url)

    with serving() as server:
        list(envelopes(keep, f"{server}{COLLECTION}objects?limit=30&match[type]=identity"))
        list(envelopes(keep, f"{server}{COLLECTION}objects/?limit=30"))
    assert [parse_qs(urlsplit(url).query) for url in asked] == [
        {"match[type]": ["identity"], "limit": ["30"]},
        {"match[type]": ["indicator"], "limit": ["30"]},
        {"match[type]": ["indicator"], "limit": ["30"], "next": ["after 30"]},
    ]


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (b'{"objects": [], "more": true, "next": "same"}', "in a circle"),
        (b'{"objects": [], "more": true}', "not where"),
        (b'{"objects": {}}', "no envelope"),
        (b"[]", "no envelope"),
        (b"<html>", "not JSON"),
    ],
)
def test_a_server_that_misbehaves_is_an_error(answer: bytes, cure: str) -> None:
    with pytest.raises(ListError, match=cure):
        list(envelopes(lambda _: answer, "https://taxii.example/api/collections/1/"))


def test_a_server_without_end_is_an_error() -> None:
    counter = iter(range(10**6))
    with pytest.raises(ListError, match="more than 10000 pages"):
        list(envelopes(lambda _: b'{"more": true, "next": "%d"}' % next(counter), "https://taxii.example/c/1"))
