"""A world of short links on loopback: names, addresses, and servers that do as they are told and note what they see."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import trustme

from linkgate import ShortenerTable, canonicalize
from linkgate.fronts.resolver import asking, link_follower
from linkgate.fronts.resolver.ask_limits import HostLimits
from linkgate.fronts.resolver.asking import Asker
from linkgate.fronts.resolver.link_follower import LinkFollower
from linkgate.fronts.resolver.public_address import is_public

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence

    import pytest

    Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HOME = "127.0.0.1"
HOSTS = tuple(f"s{number}.example" for number in range(6))


@dataclass(frozen=True)
class Seen:
    """A request as a server saw it."""

    method: str
    host: str
    target: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        """Host and path."""
        return self.host + self.target


@dataclass
class World:
    """pages: host and path -> what is done for them. addresses: host -> answers of the name server, call by call."""

    pages: dict[str, Behaviour] = field(default_factory=dict)
    addresses: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    table: ShortenerTable = field(default_factory=lambda: ShortenerTable.of(HOSTS))
    listed: Collection[str] = ()
    seen: list[Seen] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    """Connections whose end the servers saw."""
    ports: dict[int, int] = field(default_factory=dict)
    tasks: set[asyncio.Task[None] | None] = field(default_factory=set)
    public: Callable[[str], bool] = lambda address: address == HOME or is_public(address)

    async def lookup(self, host: str) -> Sequence[str]:
        """The name server."""
        self.names.append(host)
        told = self.addresses.get(host, [[HOME]])
        return told[min(self.names.count(host), len(told)) - 1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await self._answer(reader, writer)
        finally:
            self.ended += 1
            writer.transport.abort()
            self.tasks.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            host = headers.get("host", "").partition(":")[0]
            self.seen.append(Seen(method, host, target, headers))
            await self.pages.get(host + target.partition("?")[0], head(404))(reader, writer)
            with suppress(ssl.SSLError):
                await reader.read()

    def is_listed(self, url: str) -> bool:
        """Whether a URL is listed, by its canonical form."""
        page = canonicalize(url)
        return page is not None and str(page) in self.listed

    @asynccontextmanager
    async def follower(self, *, limits: HostLimits | None = None) -> AsyncIterator[LinkFollower]:
        """A follower in this world, while its servers run."""
        plain = await asyncio.start_server(self.serve, HOME, 0)
        over_tls = await asyncio.start_server(self.serve, HOME, 0, ssl=contexts()[0])
        self.ports = {80: _port(plain), 443: _port(over_tls)}
        asker = Asker("abuse@example.test", names=self.lookup, public=self.public, tls=contexts()[1], ports=self.ports)
        follower = LinkFollower(
            asker.ask,
            table=lambda: self.table,
            is_listed=self.is_listed,
            limits=limits or HostLimits(rate=1e6, burst=1e6),
        )
        try:
            yield follower
        finally:
            await follower.close()
            await asker.close()
            for server in (plain, over_tls):
                server.close()
            for _ in range(100):
                if self.ended == self.connections:
                    break
                await asyncio.sleep(0.01)
            for task in filter(None, tuple(self.tasks)):
                task.cancel()
            await asyncio.sleep(0.01)


def _port(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


@cache
def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS of the server, which has a certificate for all hosts but the last, and of a client that trusts it."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(*HOSTS[:-1]).configure_cert(server)
    authority.configure_trust(client)
    return server, client


HANGS = 60.0
"""Seconds after which what should have ended long ago is given up."""


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question ends when it is answered, however long that takes."""
    for module in (asking, link_follower):
        monkeypatch.setattr(module, "PATIENCE", 2 * HANGS)


def raw(*parts: bytes, pause: float = 0.0) -> Behaviour:
    """Send these bytes, with a pause before each but the first."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, part in enumerate(parts):
            await asyncio.sleep(pause if number else 0)
            writer.write(part)
            await writer.drain()

    return behave


def head(status: int, *lines: bytes) -> Behaviour:
    """Answer with a status and these header lines."""
    told = b"\r\n".join((b"HTTP/1.1 %d X" % status, *lines, b"Content-Length: 0", b"", b""))
    return raw(told)


def to(location: str | bytes, status: int = 302) -> Behaviour:
    """Redirect."""
    value = location.encode() if isinstance(location, str) else location
    return head(status, b"Location: " + value)


def endless(first: bytes, more: bytes, most: int = 4_000_000) -> Behaviour:
    """Send without an end that a client would want to wait for."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for _ in range(most // len(more)):
            writer.write(more)
            await writer.drain()

    return behave


def follow(
    world: World, *links: str, limits: HostLimits | None = None, budget: float | None = None
) -> list[tuple[str, tuple[str, ...]]]:
    """Follow links, all at once: the state of each, and where it leads."""

    async def run() -> list[tuple[str, tuple[str, ...]]]:
        async with world.follower(limits=limits) as follower:
            return [(each.state, each.hops) for each in await follower.targets(links, budget=budget)]

    return asyncio.run(run())


def states(found: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """The states alone."""
    return [state for state, _ in found]
