"""Resolver: asks a `linkgate resolve` what the short links of a verdict lead to. For asyncio; needs aiohttp.

async with linkgate.Resolver("http://127.0.0.1:8081", token=token) as resolver:
    verdict = gate.check(text, message=message_id)
    if verdict.opaque:
        verdict = gate.recheck(verdict, await resolver.targets(verdict), text=text)
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any, Self

import aiohttp
import msgspec

from linkgate import ShortTarget, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate import Verdict

MOST_LINKS, LONGEST_LINK = 5, 2048
_ACCEPTED = 202
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Answered(msgspec.Struct):
    link: str
    state: str
    hops: tuple[str, ...]
    at: float


_ANSWER = msgspec.json.Decoder(tuple[_Answered, ...])


def _sendable(links: Iterable[str]) -> list[str]:
    """The links to ask for: one that is too long, or no text for JSON, must not spoil the others."""
    return [link for link in links if len(link) <= LONGEST_LINK and not _SURROGATE.search(link)][:MOST_LINKS]


class Resolver:
    """A resolver somewhere. address: `http://host:port`, or the path of its Unix socket. budget: seconds to wait."""

    def __init__(self, address: str, *, token: str | None = None, budget: float = 0.8) -> None:
        if not address.startswith(("http://", "https://", "/", "./")):
            raise UsageError("the address of a resolver is http://HOST:PORT, or the path of its socket")
        self._socket = None if address.startswith("http") else address
        self._address = "http://localhost" if self._socket else address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._budget = budget
        self._session: aiohttp.ClientSession | None = None

    async def targets(self, verdict: Verdict) -> tuple[ShortTarget, ...]:
        """Where the opaque links of a verdict lead, for `gate.recheck`. Never raises, never waits beyond the budget.

        Five links at most are asked for; those beyond, and what is no short text, are a `limit`. A resolver that is
        not there tells nothing.
        """
        links = list(dict.fromkeys(link.url for link in verdict.opaque))
        if not links:
            return ()
        asked = _sendable(links)
        over = tuple(ShortTarget(link, "limit", (), time.time()) for link in links if link not in asked)
        if not asked:
            return over
        try:
            async with asyncio.timeout(self._budget):
                status, data = await self._post({"links": asked})
        except TimeoutError:
            return (*(ShortTarget(link, "timeout", (), time.time()) for link in asked), *over)
        except (aiohttp.ClientError, OSError, ValueError):
            return over
        try:
            found = _ANSWER.decode(data) if status == 200 else ()  # noqa: PLR2004  # OK
        except (msgspec.DecodeError, UnicodeDecodeError):
            return over
        return (*(ShortTarget(each.link, each.state, each.hops, each.at) for each in found), *over)

    async def later(self, verdict: Verdict, *, account: str | None = None) -> bool:
        """Have the links of a published message followed; whether it was taken. For `mode = "after"`.

        The verdict needs the id of its message: `gate.check(…, message=…)`.
        """
        if verdict.message is None:
            raise UsageError("a late decision names its message: give gate.check the id, as message=")
        links = _sendable(dict.fromkeys(link.url for link in verdict.opaque))
        if not links:
            return False
        body = {"links": links, "message": verdict.message, "surface": verdict.surface or "public", "account": account}
        try:
            async with asyncio.timeout(self._budget):
                status, _ = await self._post({name: value for name, value in body.items() if value is not None})
        except (aiohttp.ClientError, OSError, ValueError):  # TimeoutError is an OSError
            return False
        return status == _ACCEPTED

    async def _post(self, body: dict[str, Any]) -> tuple[int, bytes]:
        session = self._session
        if session is None or session.closed:
            connector = aiohttp.UnixConnector(self._socket) if self._socket else None
            session = self._session = aiohttp.ClientSession(connector=connector, headers=self._headers)
        address = f"{self._address}/v1/resolve"
        async with session.post(address, data=msgspec.json.encode(body), allow_redirects=False) as answer:
            return answer.status, await answer.read()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        """The resolver."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close it."""
        await self.close()
