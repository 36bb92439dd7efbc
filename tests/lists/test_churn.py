"""A list that changes a tenth from version to version, behind a server with faults: what decides is what was sent.

The whole run, 60 versions of 10,000 entries, is made with HYPOTHESIS_PROFILE=long.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk import Desk, remote
from loopback import Loopback, answer, chunked, drip, gzipped, hang, reset

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


@dataclass(frozen=True)
class Reply:
    """What a server does when it is asked for the list, and the bytes that its checksum file is about."""

    act: bytes | Act
    summed: bytes = b""


@dataclass
class Script:
    """What a server answers next; the last reply again and again. A checksum is of the reply before."""

    replies: list[Reply] = field(default_factory=list)
    summed: bytes = b""

    def __call__(self, server: Loopback, connection: socket.socket) -> None:
        if server.requests[-1].startswith("GET /sum "):
            connection.sendall(answer(hashlib.sha256(self.summed).hexdigest().encode()))
            return
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        self.summed = reply.summed
        if isinstance(reply.act, bytes):
            connection.sendall(reply.act)
        else:
            reply.act(server, connection)


def good(body: bytes, number: int) -> Reply:
    return Reply(answer(body, ETag=f'"{number}"'), body)


@cache
def bomb() -> tuple[bytes, bytes]:
    """An answer that is far larger than it looks, and what is in it."""
    content = bytes(3 * 10**7)
    return gzipped(content), content


def lasting(body: bytes) -> list[Reply]:
    """Answers after which a list must stay as it is, however often it is asked for."""
    half = body[: len(body) // 2]
    garbled = b"\n".join(line[:3] + b"\xff <" for line in body.split())
    return [
        Reply(answer(b"<!doctype html><title>Log in</title>")),
        Reply(answer(body, Content_Type="text/html"), body),
        Reply(answer(b"")),
        Reply(answer(half), half),  # whole as HTTP sees it, with a checksum of its own: only its shrinking tells
        Reply(answer(status="404 Not Found")),
        Reply(*bomb()),
        Reply(answer(body, Content_Encoding="br"), body),
        Reply(answer(garbled), garbled),
        Reply(answer(body, status="302 Found", Location="http://elsewhere.example/"), body),
        Reply(answer(body), half),  # the checksum of another file
        Reply(answer(body[:-9], ETag='"cut"'), body),
        Reply(answer(b"", status="206 Partial Content")),
        *([Reply(hang), Reply(drip(answer(body, length=False)))] if LONG else ()),
    ]


def passing(body: bytes) -> list[Reply]:
    """Faults that the next try may not meet."""
    whole = answer(body)
    return [
        Reply(answer(status="503 Service Unavailable")),
        Reply(reset(whole[: len(whole) // 3])),
        Reply(whole[: len(whole) // 2]),  # Content-Length says more
        Reply(chunked(body[:1000], end=b"")),
        Reply(hang),
    ]


def keys(engine: linkgate.Engine) -> dict[Key, str]:
    """What an engine holds of the list: scope and address, and the id it stands under."""
    entries = engine._matcher.index.entries()
    return {(entry.scope.value, str(entry.url)): entry.id for entry in entries if entry.list == "partner"}


class Expected:
    """What a version says when it is compiled by itself, asked again after each update that must not change it."""

    def __init__(self, version: list[str]) -> None:
        self._engine = linkgate.compile_lines(version, name="partner").engine
        self._flagged: dict[str, tuple[bool, bool]] = {}
        self.keys = keys(self._engine).keys()

    def flagged(self, line: str) -> tuple[bool, bool]:
        if line not in self._flagged:
            self._flagged[line] = flagged(self._engine, line)
        return self._flagged[line]


def flagged(engine: linkgate.Engine, line: str) -> tuple[bool, bool]:
    """Whether the address of a line is flagged, and a message with it."""
    return engine.lookup(line).flagged, engine.check(f"see http://{line} there").flagged


class Watched:
    """A desk after each update: holds what it should, under the ids that it had."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ids: dict[Key, str] = {}
        self._expected: dict[tuple[str, ...], Expected] = {}

    def after(self, state: str, version: list[str], others: list[str]) -> None:
        """Update; then what decides is `version`, and nothing that stands in `others` alone."""
        update = self._desk.update()
        [outcome] = update.outcomes
        assert (outcome.state, update.ok) == (state, state != "kept")
        assert bool(outcome.reason) == (state == "kept")
        self.holds(version, others)

    def holds(self, version: list[str], others: list[str]) -> None:
        engine = self._desk.store.load()
        if (lines := tuple(version)) not in self._expected:
            self._expected[lines] = Expected(version)
        expected, found = self._expected[lines], keys(engine)
        assert found.keys() == expected.keys
        assert all(self._ids.setdefault(key, entry) == entry for key, entry in found.items())
        for line in [*version[:SAMPLE], *others[:SAMPLE]]:
            assert flagged(engine, line) == expected.flagged(line)


SETTINGS = """
checksum_url = "{url}/sum"
max_shrink = "20%"
max_rejected = "5%"
max_size = "10MB"
timeout = "1s"
deadline = "20s"
"""


@pytest.mark.parametrize("lines", [made_up, real], ids=["made up", "urlhaus"])
def test_what_decides_is_what_was_last_sent(
    lines: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    versions = cut(lines())
    script, desk = Script(), Desk(tmp_path)
    watched = Watched(desk)
    with Loopback(script) as server:
        own = f"http://127.0.0.1:{server.port}"
        desk.configure(remote(f"{own}/list.txt", more=SETTINGS.format(url=own)))
        for number, version in enumerate(versions):
            body = "\n".join(version).encode() + b"\n"
            before = versions[max(0, number - 1)]
            faults, slips = lasting(body), passing(body)
            for turn in (2 * number - 2, 2 * number - 1) if number else ():
                script.replies = [faults[turn % len(faults)]]
                watched.after("kept", before, version)
            slip = slips[number // 2 % len(slips)] if number % 2 else None
            script.replies = [*([slip] if slip else []), good(body, number)]
            watched.after("updated", version, before)
            script.replies = [Reply(answer(b"", status="304 Not Modified", length=False))]
            watched.after("unchanged", version, before)
            assert f'If-None-Match: "{number}"' in server.requests[-1]
    assert verify(desk.store) == ()
    assert desk.store.current.id == VERSIONS
