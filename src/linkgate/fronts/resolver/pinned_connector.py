"""Connections to vetted addresses: a name is resolved once, all its answers are looked at, one of them is connected to.

Host, SNI and the name that a certificate is checked for stay those of the URL. A socket gives so many bytes and no
more.
aiohttp asks an idempotent question once more by itself where a connection breaks; `one_question` lets it not.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from linkgate.fronts.resolver.head_protocol import MOST_READ, HeadProtocol

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

    from aiohttp import AddrInfoType

    from linkgate.fronts.resolver.name_lookup import Names


class BadAddressError(Exception):
    """A name leads to an address that is not public, or to none."""


class SecondQuestionError(Exception):
    """A name was to be resolved twice for one request."""


class TooLongError(ConnectionAbortedError):
    """An answer is longer than is read."""


_asked: ContextVar[list[str]] = ContextVar("asked")
"""The names that were resolved for the request of this task."""


@contextmanager
def one_question() -> Iterator[None]:
    """A request inside resolves one name, once, and so makes one connection."""
    token = _asked.set([])
    try:
        yield
    finally:
        _asked.reset(token)


class BoundedSocket(socket.socket):
    """A socket that gives `left` bytes, and then ends the connection: over TLS they hold the handshake, too."""

    left = MOST_READ

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """As socket.recv, and no more than are left. Raises TooLongError where none are."""
        data = super().recv(self._room(bufsize), flags)
        self.left -= len(data)
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0, /) -> int:
        """As socket.recv_into, the same."""
        read = super().recv_into(buffer, self._room(nbytes or len(buffer)), flags)
        self.left -= read
        return read

    def _room(self, wanted: int) -> int:
        if self.left <= 0:
            raise TooLongError("the head of the answer is too long")
        return min(wanted, self.left)


class VettedNames(AbstractResolver):
    """The hook by which the connector learns where to connect. ports: where a port of a URL stands, in tests."""

    def __init__(self, names: Names, public: Callable[[str], bool], ports: Mapping[int, int]) -> None:
        self._names, self._public, self._ports = names, public, ports

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002  # both are asked for
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises BadAddressError where any of them is not public."""
        asked = _asked.get()
        if asked:
            raise SecondQuestionError
        asked.append(host)
        found = await self._names(host)
        if not found or not all(map(self._public, found)):
            raise BadAddressError
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=self._ports.get(port, port),
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in sorted(found, key=lambda address: ":" in address)
        ]

    async def close(self) -> None:
        """Nothing is held."""


def pinned_connector(
    names: Names,
    public: Callable[[str], bool],
    *,
    tls: ssl.SSLContext | None = None,
    ports: Mapping[int, int] | None = None,
) -> TCPConnector:
    """A connector whose connections go to vetted addresses alone, are used once, and read so much. tls: for https."""

    def made(info: AddrInfoType) -> socket.socket:
        family, kind, proto, _, address = info
        if not public(str(address[0])):  # whatever way it came here
            raise BadAddressError
        bounded = BoundedSocket(family, kind, proto)
        bounded.left = MOST_READ if tls is None else 2 * MOST_READ
        bounded.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, MOST_READ)
        return bounded

    connector = TCPConnector(
        resolver=VettedNames(names, public, ports or {}),
        socket_factory=made,
        ssl=tls if tls is not None else True,
        use_dns_cache=False,
        force_close=True,
        limit=0,
    )
    connector._factory = lambda: HeadProtocol(asyncio.get_running_loop())  # type: ignore[assignment]  # noqa: SLF001  # no hook is public; a test tells when it is another one
    return connector
