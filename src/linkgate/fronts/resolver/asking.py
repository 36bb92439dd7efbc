"""Asks one URL: a HEAD, or a GET whose body is never read, to a vetted address; what comes back is the head alone."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from linkgate import __version__
from linkgate.fronts.resolver.name_lookup import system_names
from linkgate.fronts.resolver.pinned_connector import one_question, pinned_connector
from linkgate.fronts.resolver.public_address import is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkgate.fronts.resolver.name_lookup import Names

PATIENCE = 2.0
"""Seconds from the question for the name to the end of the head."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is read of an answer. locations: the values of its Location headers; retry_after: seconds, as it said."""

    status: int
    locations: tuple[bytes, ...] = ()
    retry_after: float | None = None


class Asker:
    """Makes the requests. names, public, tls, ports: other ones in tests; in use those of the system.

    contact: whom a service can write to.
    """

    def __init__(
        self,
        contact: str,
        *,
        names: Names | None = None,
        public: Callable[[str], bool] = is_public,
        tls: ssl.SSLContext | None = None,
        ports: Mapping[int, int] | None = None,
    ) -> None:
        self._agent = f"linkgate-resolver/{__version__} (follows short links for a link gate; {contact})"
        names = names or system_names()
        tls = tls or ssl.create_default_context()
        self._sessions = {
            "http": _session(pinned_connector(names, public, ports=ports)),
            "https": _session(pinned_connector(names, public, tls=tls, ports=ports)),
        }

    async def ask(self, url: str, method: str) -> Head:
        """Ask once. Raises BadAddressError, TimeoutError, or another error where there is no head to read.

        url: http or https, in canonical form, without a fragment.
        """
        headers = {"User-Agent": self._agent, "Accept": "*/*", "Connection": "close"}
        session, address = self._sessions[url.partition(":")[0]], URL(url, encoded=True)
        with one_question():
            async with asyncio.timeout(PATIENCE):
                response = await session.request(
                    method, address, headers=headers, allow_redirects=False, skip_auto_headers=("Accept-Encoding",)
                )
        try:
            raw = [(name.lower(), value) for name, value in response.raw_headers]
            return Head(
                response.status,
                tuple(value for name, value in raw if name == b"location"),
                _seconds(next((value for name, value in raw if name == b"retry-after"), b"")),
            )
        finally:
            _end(response)

    async def close(self) -> None:
        """Close what is open."""
        for session in self._sessions.values():
            await session.close()


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    """A session without cookies, proxies, credentials or a way to follow."""
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=PATIENCE),
        raise_for_status=False,
    )


def _end(response: aiohttp.ClientResponse) -> None:
    """Drop the connection: what a server still sends is not waited for, nor said good-bye to."""
    connection: Any = response.connection
    if connection is not None and connection.transport is not None:
        connection.transport.abort()
    response.close()


def _seconds(value: bytes) -> float | None:
    """The seconds of a Retry-After; a date is nobody's habit among shorteners."""
    return float(value) if value.isdigit() and len(value) < 7 else None  # noqa: PLR2004  # eleven days
