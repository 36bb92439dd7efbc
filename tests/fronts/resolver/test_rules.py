"""The ten rules of the resolver, each with servers, names and certificates on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from short_world import HANGS, HOME, HOSTS, World, endless, follow, head, raw, states, to

from linkgate import ShortenerTable
from linkgate.fronts.resolver import pinned_connector
from linkgate.fronts.resolver.ask_limits import HostLimits
from linkgate.fronts.resolver.head_protocol import MOST_READ
from linkgate.fronts.resolver.pinned_connector import BoundedSocket
from linkgate.fronts.resolver.walk import may_ask

OUT = "http://target.example/x"
LINK = "http://s0.example/a"
FOUND = b"HTTP/1.1 302 X\r\nLocation: " + OUT.encode() + b"\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"


def one(page: Any, **given: Any) -> tuple[World, tuple[str, tuple[str, ...]]]:
    """The world of one link, and what it leads to."""
    world = World(pages={"s0.example/a": page}, **given)
    return world, follow(world, LINK)[0]


# 1 Only hosts of the table are asked; for the target there is neither a connection nor a question for its name.


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("http://s0.example/a?x=1#frag", "http://s0.example/a?x=1"),
        ("HTTPS://user:pass@S0.example:443/a", "https://s0.example/a"),
        ("www.s0.example/a", "http://www.s0.example/a"),
        ("http://s0.example:443/a", "http://s0.example:443/a"),
        ("http://s0.example./a", "http://s0.example/a"),
        ("http://s0.example:8080/a", None),
        ("http://x.s0.example/a", None),
        ("http://s0.example.other.example/a", None),
        ("http://s0.example@other.example/a", None),
        ("http://other.example/a#@s0.example/a", None),
        ("http://other.example\\@s0.example/a", None),
        ("http://s0.example/", None),
        ("http://closed.example/a", None),
        ("ftp://s0.example/a", None),
        ("file://s0.example/a", None),
        ("javascript:s0.example/a", None),
        ("http://127.0.0.1/a", None),
        ("http://[::1]/a", None),
        ("http://0x7f000001/a", None),
        ("http://s0.example/" + "a" * 1024, None),
        ("http://s0.example%2f@other.example/a", None),
        ("http://s0.example\u3002other.example/a", None),
        ("http://s0.example/a\r\nHost: other.example", "http://s0.example/aHost:%20other.example"),
        ("", None),
    ],
)
def test_one_function_says_what_may_be_asked(link: str, asked: str | None) -> None:
    table = ShortenerTable.of((*HOSTS, "closed.example head closed"))
    assert may_ask(link, table) == asked


def test_the_first_address_outside_the_table_is_the_target() -> None:
    world = World(pages={"s0.example/a": to("https://s1.example/b"), "s1.example/b": to(OUT)})
    assert follow(world, LINK) == [("redirects", ("https://s1.example/b", OUT))]
    assert world.names == ["s0.example", "s1.example"]
    assert [each.url for each in world.seen] == ["s0.example/a", "s1.example/b"]


# 2 What is listed is never asked, neither the link nor a hop.


def test_what_is_listed_is_an_answer() -> None:
    world = World(
        pages={"s0.example/a": to("https://S1.example:443/%62"), "s1.example/b": to(OUT)},
        listed={"http://s1.example/b", "http://s2.example/c"},
    )
    found = follow(world, LINK, "http://s2.example/c")
    assert found == [("redirects", ("https://s1.example/%62",)), ("refused", ())]
    assert world.names == ["s0.example"]
    assert world.connections == 1


# 3 The head alone is read, 16 KiB at most, and the server sees the end.


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[BoundedSocket]:
    """The sockets that were made; what is left of each says how much was read."""
    made: list[BoundedSocket] = []

    class Noted(BoundedSocket):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr(pinned_connector, "BoundedSocket", Noted)
    return made


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (endless(FOUND + b"Content-Length: 9999999\r\n\r\n", b"b" * 65536), "redirects"),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"b" * 65536), "not_redirect"),
        (endless(b"HTTP/1.1 302 X\r\n", b"X-Long: " + b"y" * 2000 + b"\r\n"), "refused"),
        (endless(b"HTTP/1.1 302 X\r\nX-Long: ", b"y" * 4096), "refused"),
        (endless(b"HTTP/1.1 302 X", b"y" * 4096), "refused"),
        (endless(b"", b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" * 100), "refused"),
        (endless(FOUND + b"Transfer-Encoding: chunked\r\n\r\n", b"fffffff\r\nbody" * 400), "redirects"),
    ],
)
@pytest.mark.parametrize("method", ["head", "get"])
def test_no_more_than_the_head_is_read(page: Any, state: str, method: str, read: list[BoundedSocket]) -> None:
    world, found = one(page, table=ShortenerTable.of((f"s0.example {method}",)))
    assert found[0] == state
    assert [each.method for each in world.seen] == [method.upper()]
    assert [0 <= each.left <= MOST_READ for each in read] == [True]
    assert world.ended == world.connections == 1


def test_the_kernel_holds_back_what_nobody_reads() -> None:
    sent = 0

    async def body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.transport.set_write_buffer_limits(high=0)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            writer.write(b"b" * 4096)
            await asyncio.wait_for(writer.drain(), 0.2)
            sent += 4096

    one(body, table=ShortenerTable.of(("s0.example get",)))
    assert sent < 1_000_000


# 4 The fragment is never sent, the query is; the fragment stays with the target as in a browser.


def test_fragment_and_query() -> None:
    world = World(pages={"s0.example/a": to("/b?y=2#own"), "s0.example/b": to(OUT)})
    found = follow(world, "http://s0.example/a?x=%201#frag")
    assert [each.target for each in world.seen] == ["/a?x=%201", "/b?y=2"]
    assert found == [("redirects", ("http://s0.example/b?y=2#own", f"{OUT}#frag"))]


# 5 A name is resolved once a hop, and all its answers must be public; certificates are those of the name.


@pytest.mark.parametrize(
    "answers",
    [
        ["10.0.0.1"],
        [HOME, "10.0.0.1"],
        ["9.9.9.9", "169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["2001:0:4136:e378:8000:63bf:3fff:fdd2"],
        ["0.0.0.0"],  # noqa: S104  # nobody binds here
        ["fe80::1%lo"],
        ["224.0.0.1"],
        ["192.88.99.1"],
        ["not an address"],
        [],
    ],
)
def test_one_answer_that_is_not_public_is_one_too_many(answers: list[str]) -> None:
    world = World(pages={"s0.example/a": to(OUT)}, addresses={"s0.example": [answers]})
    assert follow(world, LINK) == [("bad_address", ())]
    assert world.names == ["s0.example"]
    assert world.connections == 0


def test_a_name_that_changes_is_asked_for_once_a_hop() -> None:
    world = World(
        pages={"s0.example/a": to("/b"), "s0.example/b": to(OUT)}, addresses={"s0.example": [[HOME], ["10.0.0.1"]]}
    )
    assert follow(world, LINK) == [("bad_address", ("http://s0.example/b",))]
    assert world.names == ["s0.example"] * 2
    assert world.connections == 1


def test_the_certificate_is_that_of_the_name() -> None:
    names: list[str] = []
    world = World(pages={"s0.example/a": to(OUT), "s5.example/a": to(OUT)})
    assert follow(world, "https://s0.example/a", "https://s5.example/a") == [("redirects", (OUT,)), ("refused", ())]
    assert [each.headers["host"] for each in world.seen] == ["s0.example"]
    assert names == []


# 6 No proxies, cookies, credentials, referrers or redirects of the library's own.


def test_nothing_but_the_question_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    cookie = head(302, b"Set-Cookie: a=b; Domain=example", b"Location: http://u:p@s1.example/b")
    world = World(pages={"s0.example/a": cookie, "s1.example/b": to(OUT)})
    assert follow(world, "http://me:secret@s0.example/a")[0][0] == "redirects"
    for seen in world.seen:
        assert set(seen.headers) == {"host", "user-agent", "accept", "connection"}
    assert os.environ["HTTP_PROXY"]


# 7 Three questions a link, a rate for each host, patience with an end.


def test_three_questions_a_link() -> None:
    world = World(pages={f"s{n}.example/a": to(f"http://s{n + 1}.example/a") for n in range(5)})
    state, hops = follow(world, LINK)[0]
    assert (state, len(hops)) == ("limit", 3)
    assert len(world.seen) == 3


@pytest.mark.parametrize("there", [LINK, "http://s1.example/b", "HTTP://S0.example:80/%61#x"])
def test_a_circle(there: str) -> None:
    world = World(pages={"s0.example/a": to(there), "s1.example/b": to(LINK)})
    assert states(follow(world, LINK)) == ["loop"]
    assert len(world.seen) <= 2


def test_who_moves_to_https_is_no_circle() -> None:
    found: list[str] = []

    async def page(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = writer.get_extra_info("ssl_object") is not None
        found.append("https" if secure else "http")
        there = OUT if secure else "https://s0.example/a"
        writer.write(b"HTTP/1.1 301 X\r\nLocation: " + there.encode() + b"\r\n\r\n")

    _, told = one(page)
    assert told == ("redirects", ("https://s0.example/a", OUT))
    assert found == ["http", "https"]


def test_a_host_is_asked_so_often() -> None:
    world = World(pages={f"s0.example/{n}": to(OUT) for n in range(9)})
    found = follow(world, *(f"http://s0.example/{n}" for n in range(9)), limits=HostLimits(rate=0.2, burst=4))
    assert sorted(states(found)) == ["overload"] * 5 + ["redirects"] * 4
    assert len(world.seen) == 4


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(status: int) -> None:
    world = World(pages={"s0.example/a": head(status, b"Retry-After: 30"), "s0.example/b": to(OUT)})

    async def run() -> list[str]:
        async with world.follower() as follower:
            return [(await follower.targets([link]))[0].state for link in (LINK, "http://s0.example/b")]

    assert asyncio.run(run()) == ["refused", "overload"]
    assert len(world.seen) == 1


# 8 A Location is read as a browser reads it.


@pytest.mark.parametrize(
    ("location", "hop", "state"),
    [
        (b"//target.example/x", "http://target.example/x", "redirects"),
        (b"\\\\target.example\\x", "http://target.example/x", "redirects"),
        (b" http://target.example/a b ", "http://target.example/a%20b", "redirects"),
        ("http://bücher.example/ü".encode(), "http://xn--bcher-kva.example/%C3%BC", "redirects"),
        (b"http://b\xfccher.example/\xfc", "http://xn--bcher-kva.example/%C3%BC", "redirects"),
        (b"http://0x7f.1/", "http://127.0.0.1/", "redirects"),
        (b"http://[::ffff:10.0.0.1]/", "http://[::ffff:a00:1]/", "redirects"),
        (b"?x", "http://s0.example/a?x", "any"),
        (b"tg:join?invite=X", "tg:join?invite=X", "non_http"),
        (b"mailto:a@b.example", "mailto:a@b.example", "non_http"),
        (b"data:text/html,x", "data:text/html,x", "non_http"),
        (b"file:///etc/passwd", "file:///etc/passwd", "non_http"),
        (b"http://[::1", None, "refused"),
        (b"", "http://s0.example/a", "loop"),
        (b"http://target.example/" + b"x" * 8200, None, "refused"),
    ],
)
def test_spellings_of_a_location(location: bytes, hop: str | None, state: str) -> None:
    world, (found, hops) = one(to(location))
    assert hops[:1] == (() if hop is None else (hop,))
    assert state in {found, "any"}
    assert set(world.names) == {"s0.example"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_statuses_that_lead_on(status: int) -> None:
    assert one(to(OUT, status))[1] == ("redirects", (OUT,))


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([b"Location: " + OUT.encode()] * 2, "redirects"),
        ([b"Location: " + OUT.encode(), b"Location: http://other.example/"], "refused"),
        ([], "not_redirect"),
    ],
)
def test_several_locations(lines: list[bytes], state: str) -> None:
    assert one(head(302, *lines))[1][0] == state


# 9 What is no redirect by its head is none; bodies are never read.


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (raw(OK + b"Refresh: 0;url=/x\r\n\r\n<script>location='/x'</script>"), "not_redirect"),
        (raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + FOUND + b"\r\n"), "redirects"),
        (raw(b"HTTP/1.1 101 Switching\r\nLocation: /x\r\n\r\n"), "not_redirect"),
        (head(200, b"Location: /x"), "not_redirect"),
        (head(304, b"Location: /x"), "not_redirect"),
        (head(404), "gone"),
        (head(410, b"Location: /x"), "gone"),
        (head(405), "refused"),
        (head(403), "refused"),
        (head(500, b"Location: /x"), "refused"),
        (raw(b"HTTP/1.0 302 Found\r\nLocation: " + OUT.encode() + b"\r\n\r\n"), "redirects"),
        (raw(b"HTTP/1.1 302 Found\nLocation: " + OUT.encode() + b"\n\n"), "redirects"),
        (raw(b"nonsense\r\n\r\n"), "refused"),
        (raw(b"\x00" * 100), "timeout"),
        (raw(b"HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"), "refused"),
        (raw(b"HTTP/1.1 302 X\r\nContent-Length: -1\r\nLocation: /x\r\n\r\n"), "refused"),
        (raw(b"HTTP/1.1 302 X\r\nContent-Length: 99999999999\r\nLocation: " + OUT.encode() + b"\r\n\r\n"), "redirects"),
    ],
)
def test_heads(page: Any, state: str) -> None:
    assert one(page)[1][0] == state


# 10 The resolver says what it is.


def test_the_user_agent_names_a_contact() -> None:
    world, _ = one(to(OUT))
    agent = world.seen[0].headers["user-agent"]
    assert agent.startswith("linkgate-resolver/")
    assert "abuse@example.test" in agent
    assert "Mozilla" not in agent


# Failures end, and are told as what they are.


def test_who_is_not_there() -> None:
    with socket.create_server((HOME, 0)) as taken:
        nobody = taken.getsockname()[1]

    async def run() -> tuple[str, ...]:
        world = World(addresses={"s1.example": [OSError], "s2.example": [TimeoutError]})  # type: ignore[list-item]

        async def lookup(host: str) -> list[str]:
            if host in world.addresses:
                raise world.addresses[host][0]  # type: ignore[misc]
            return [HOME]

        world.lookup = lookup  # type: ignore[method-assign]
        async with world.follower() as follower:
            world.ports[80] = nobody
            return tuple(each.state for each in await follower.targets([f"http://s{n}.example/a" for n in range(3)]))

    assert asyncio.run(run()) == ("refused", "refused", "timeout")


def test_who_drips_is_not_waited_for() -> None:
    world = World(pages={"s0.example/a": raw(b"HTTP/1.1 302 ", *[b"X"] * 100_000, pause=0.05)})  # it would take hours

    async def run() -> str:
        async with world.follower() as follower, asyncio.timeout(HANGS):
            return (await follower.targets([LINK]))[0].state

    assert asyncio.run(run()) == "timeout"


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


def test_no_connection_outlives_its_question() -> None:
    hang = raw(b"HTTP/1.1 302", b"X", pause=30.0)
    world = World(pages={f"s{n}.example/a": page for n, page in enumerate((hang, to(OUT), head(404), raw(b"\0" * 9)))})

    async def run() -> list[int]:
        async with world.follower() as follower:
            plain = dict(world.ports)
            counts = []
            for number in range(3):
                world.ports[443] = plain[80] if number == 1 else plain[443]  # then nobody speaks TLS there
                links = [f"{scheme}://s{n}.example/a?{number}" for n in range(4) for scheme in ("http", "https")]
                await follower.targets(links)
                await asyncio.sleep(0.05)
                counts.append(open_files() - world.connections + world.ended)
            return counts

    counts = asyncio.run(run())
    assert max(counts) - counts[0] <= 1, counts


def test_plain_text_where_tls_is_spoken(read: list[BoundedSocket]) -> None:
    world = World(pages={"s0.example/a": to(OUT)})

    async def run() -> str:
        async with world.follower() as follower:
            world.ports[443] = world.ports[80]
            return (await follower.targets(["https://s0.example/a"]))[0].state

    assert asyncio.run(run()) == "timeout"
    assert all(each.left > 0 for each in read)
