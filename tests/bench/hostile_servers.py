"""Servers for tests/bench/resolver.py, in a process of their own: some answer well, some hang, some do all the rest.

Run by itself it serves one kind and prints its port.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

HOME = "127.0.0.1"
OUT = "http://target.example/x"
METADATA = (
    *("http://169.254.169.254/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/"),
    *(
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://169.254.43518/",
        "http://169.16689662/",
        "http://[::ffff:169.254.169.254]/",
    ),
    *(
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[fd00:ec2::254]/",
        "http://169.254.169.254./",
    ),
    *("http://169.254.169.254:80/", "http://a:b@169.254.169.254/", "//169.254.169.254/", "\\\\169.254.169.254\\"),
    *("http:/169.254.169.254/", "HTTP:169.254.169.254/latest", "http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/", "http://169。254。169。254/"),
    *("http://%31%36%39.254.169.254/", "http://0251.254.169.254/", "http://169.254.169.254%23@s0.example/"),
)
HEAD = b"HTTP/1.1 302 X\r\n"
LIES = (
    HEAD + b"Location: " + OUT.encode() + b"\r\nContent-Length: 99999999\r\n\r\n" + b"b" * 4096,
    HEAD + b"Location: " + OUT.encode() + b"\r\nContent-Length: 0\r\n\r\n" + b"b" * 4096,
    HEAD + b"Location: " + OUT.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n" + b"b" * 4096,
    b"HTTP/1.0 302 X\r\nLocation: " + OUT.encode() + b"\r\n\r\n" + b"b" * 4096,
)
GOOD = HEAD + b"Location: " + OUT.encode() + b"\r\nContent-Length: 0\r\n\r\n"
NAMES: tuple[str, ...] = (
    "fine",
    "drip",
    "hang",
    "reset",
    "silent",
    "loop",
    "chain",
    "lie",
    "metadata",
    "longhead",
    "fatline",
    "gone",
)
NAMES += ("noise", "early", "endless", "two", "listed", "script", "busy")
_EXPECTED: dict[str, frozenset[str]] = {
    "fine": frozenset({"redirects"}),
    "drip": frozenset({"timeout", "overload"}),
    "hang": frozenset({"timeout", "overload"}),
    "reset": frozenset({"refused"}),
    "silent": frozenset({"refused"}),
    "loop": frozenset({"loop"}),
    "chain": frozenset({"limit"}),
    "lie": frozenset({"redirects"}),
    "metadata": frozenset({"redirects"}),
    "longhead": frozenset({"refused"}),
    "fatline": frozenset({"refused"}),
    "gone": frozenset({"gone"}),
    "noise": frozenset({"refused"}),
    "early": frozenset({"refused"}),
    "endless": frozenset({"not_redirect"}),
    "two": frozenset({"refused"}),
    "listed": frozenset({"refused", "redirects"}),
    "script": frozenset({"not_redirect"}),
    "busy": frozenset({"refused"}),
}
_LATE = frozenset({"timeout", "overload"})
"""States that any answer may turn into on a machine that is too busy to be in time."""


def fault_of(name: str, state: str, hops: tuple[str, ...]) -> str | None:
    """What is wrong with an answer; None where it is right."""
    if state in _LATE and not hops:
        return None
    if state not in _EXPECTED[name] and state not in _LATE:
        return f"{name}: {state}"
    if name in {"fine", "lie"} and hops != (OUT,):
        return f"{name}: {len(hops)} hops"
    return None if len(hops) <= 3 else f"{name}: {len(hops)} hops"


@asynccontextmanager
async def in_a_process(kind: str) -> AsyncIterator[int]:
    """The port of servers of a kind, while they run: `fine`, `hang`, or `all` by the first part of the path."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, kind, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


def parts(name: str, place: str, number: int) -> Iterator[tuple[bytes, float]]:
    """What is sent for a name: bytes, and the seconds before them."""
    made: dict[str, Callable[[], Iterable[tuple[bytes, float]]]] = {
        "drip": lambda: ((GOOD[n : n + 1], 0.9) for n in range(len(GOOD))),
        "hang": lambda: ((b"H", 60.0),),
        "loop": lambda: ((_to(place), 0.0),),
        "chain": lambda: ((_to(f"/chain/{number + 10**10}"), 0.0),),
        "lie": lambda: ((LIES[number % len(LIES)], 0.0),),
        "metadata": lambda: ((_to(METADATA[number % len(METADATA)]), 0.0),),
        "longhead": lambda: chain([(HEAD, 0.0)], ((b"X: " + b"y" * 1000 + b"\r\n", 0.0) for _ in range(1000))),
        "fatline": lambda: repeat((b"HTTP/1.1 302 " + b"y" * 8192, 0.0), 128),
        "early": lambda: repeat((b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" * 50, 0.0), 500),
        "endless": lambda: chain([(b"HTTP/1.1 200 OK\r\n\r\n", 0.0)], repeat((b"b" * 8192, 0.0), 1000)),
    }
    yield from made[name]() if name in made else ((_PLAIN.get(name, GOOD), 0.0),)


def _to(place: str) -> bytes:
    return HEAD + b"Location: " + place.encode() + b"\r\n\r\n"


_PLAIN = {
    "gone": b"HTTP/1.1 404 X\r\nLocation: " + OUT.encode() + b"\r\n\r\n",
    "noise": bytes(range(256)) * 8 + b"\r\n\r\n",
    "two": HEAD + b"Location: /a\r\nLocation: http://other.example/\r\n\r\n",
    "script": b"HTTP/1.1 200 OK\r\nRefresh: 0;url=/x\r\n\r\n<script>location='http://169.254.169.254/'</script>",
    "busy": b"HTTP/1.1 500 X\r\nLocation: /x\r\n\r\n",
}


async def answer(kind: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        place = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
        _, name, *rest = [*place.split("/"), "0"]
        name = name if kind == "all" else kind
        if name == "reset":
            writer.transport.abort()
        elif name != "silent":
            for data, pause in parts(name, place, int(rest[0]) if rest[0].isdigit() else 0):
                await asyncio.sleep(pause)
                writer.write(data)
                await writer.drain()
            await asyncio.wait_for(reader.read(), 5)
    writer.close()


async def serve(kind: str) -> None:
    """Serve until somebody kills this process."""
    server = await asyncio.start_server(lambda *streams: answer(kind, *streams), HOME, 0, backlog=1000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
