"""A list that changes a tenth from version to version, behind a server with faults: what decides is what was sent.

The whole run, 60 versions of 10,000 entries, is made with HYPOTHESIS_PROFILE=long.
"""

from __future__ import annotations

import gzip
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk import Desk, remote
from loopback import Loopback, answer, chunked, gzipped, reset

import linkgate
from linkgate.lists.verify import verify

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from loopback import Act

FEED = Path(__file__).parents[3] / "shared" / "data" / "lists" / "urlhaus_1035k.txt.gz"
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
VERSIONS, ENTRIES = (60, 10_000) if LONG else (8, 400)
CHURN = ENTRIES // 10
SAMPLE = 200

Key = tuple[str, str]


def made_up() -> list[str]:
    hosts = [f"bad{number}.example" for number in range(ENTRIES + CHURN * VERSIONS)]
    return [*hosts, *(f"{host}/page?id={number}" for number, host in enumerate(hosts))]


def real() -> list[str]:
    if not FEED.is_file():
        pytest.skip("no ../shared/data beside the repository")
    return gzip.decompress(FEED.read_bytes()).decode("utf-8", "replace").splitlines()


def cut(lines: list[str]) -> list[list[str]]:
    """Versions of one list, each without a tenth of the one before and with as many new lines."""
    dice = random.Random(7)  # noqa: S311  # the same versions in every run
    lines = dice.sample(sorted(set(lines)), ENTRIES + CHURN * VERSIONS)
    versions = [lines[CHURN * number : CHURN * number + ENTRIES] for number in range(VERSIONS)]
    for version in versions:
        dice.shuffle(version)
    return versions


@dataclass
class Script:
    """What a server answers next; the last answer again and again."""

    acts: list[bytes | Act] = field(default_factory=list)

    def __call__(self, server: Loopback, connection: socket.socket) -> None:
        act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
        if isinstance(act, bytes):
            connection.sendall(act)
        else:
            act(server, connection)


def lasting(body: bytes) -> list[bytes | Act]:
    """Answers after which a list must stay as it is, however often it is asked for."""
    half = body[: len(body) // 2]
    return [
        answer(b"<!doctype html><title>Log in</title>"),
        answer(body, Content_Type="text/html"),
        answer(b""),
        answer(half),  # whole as HTTP sees it: only its shrinking tells
        answer(status="404 Not Found"),
        gzipped(bytes(3 * 10**7)),
        answer(body, Content_Encoding="br"),
        answer(b"\n".join(line[:3] + b"\xff <" for line in body.split())),
        answer(body, status="302 Found", Location="http://elsewhere.example/"),
    ]


def passing(body: bytes) -> list[bytes | Act]:
    """Faults that the next try may not meet."""
    return [
        answer(status="503 Service Unavailable"),
        reset(answer(body)[: len(body) // 3]),
        answer(body)[: len(body) // 2],  # Content-Length says more
        chunked(body[:1000], end=b""),
    ]


def keys(engine: linkgate.Engine) -> dict[Key, str]:
    """What an engine holds of the list: scope and address, and the id it stands under."""
    entries = engine._judge.index.entries()
    return {(entry.scope.value, str(entry.url)): entry.id for entry in entries if entry.list == "partner"}


class Watched:
    """A desk after each update: holds what it should, under the ids that it had."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ids: dict[Key, str] = {}

    def holds(self, version: list[str], others: list[str]) -> None:
        engine = self._desk.store.load()
        expected = linkgate.compile_lines(version, name="partner").engine
        found = keys(engine)
        assert found.keys() == keys(expected).keys()
        assert all(self._ids.setdefault(key, entry) == entry for key, entry in found.items())
        for line in [*version[:SAMPLE], *others[:SAMPLE]]:
            assert engine.lookup(line).flagged == expected.lookup(line).flagged
            assert (
                engine.check(f"see http://{line} there").flagged == expected.check(f"see http://{line} there").flagged
            )


@pytest.mark.parametrize("lines", [made_up, real], ids=["made up", "urlhaus"])
def test_what_decides_is_what_was_last_sent(
    lines: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    versions = cut(lines())
    script, desk = Script(), Desk(tmp_path)
    watched = Watched(desk)
    with Loopback(script) as server:
        desk.configure(
            remote(server.url.split("?")[0], more='max_shrink = "20%"\nmax_size = "10MB"\nmax_rejected = "5%"')
        )
        for number, version in enumerate(versions):
            body = "\n".join(version).encode() + b"\n"
            before = versions[max(0, number - 1)]
            if number:
                script.acts = [lasting(body)[number % len(lasting(body))]]
                outcome = desk.outcome()
                assert (outcome.state, bool(outcome.reason)) == ("kept", True), number
                watched.holds(before, version)
            faults = passing(body) if number % 2 else []
            script.acts = [*faults[number // 2 % 4 :][:1], answer(body, ETag=f'"{number}"')]
            assert desk.outcome().state == "updated", number
            watched.holds(version, before)
            script.acts = [answer(b"", status="304 Not Modified", length=False)]
            assert desk.outcome().state == "unchanged", number
            assert f'If-None-Match: "{number}"' in server.requests[-1]
    assert verify(desk.store) == ()
    assert desk.store.current.id == VERSIONS
