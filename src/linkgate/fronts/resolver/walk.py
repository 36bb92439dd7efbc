"""The way of one short link, from host to host of the table, until it leaves it: at most three questions.

`may_ask` alone says what may be asked. The first address that is none of the table is the target: for it there is no
connection and no question for its name. Nor is anything asked that is listed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate import canonicalize
from linkgate.fronts.resolver.location import is_web, one_of
from linkgate.fronts.resolver.pinned_connector import BadAddressError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkgate import ShortenerTable
    from linkgate.fronts.resolver.ask_limits import HostLimits
    from linkgate.fronts.resolver.asking import Head

    Ask = Callable[[str, str], Awaitable[Head]]

MOST_ASKS = 3
LONGEST_ASK = 1024
"""Characters of what is asked: a short link is short, and to look a long one up takes long."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_BUSY = frozenset({429, 503})
_FIRST_FAULT = 400


def may_ask(url: str, table: ShortenerTable) -> str | None:
    """The address to ask for a URL, without fragment and userinfo; None where it may not be asked.

    It may be where it is of the web, on an open host of the table, with a path, at port 80 or 443, and no longer than
    1,024 characters. This is the only place that says so.
    """
    page = canonicalize(url) if len(url) <= LONGEST_ASK else None
    if page is None or not table.is_short(page):
        return None
    scheme = "https" if url.lstrip().lower().startswith("https:") else "http"
    port = "" if page.port is None else f":{page.port}"
    query = "" if page.query is None else f"?{page.query}"
    return f"{scheme}://{page.host}{port}{page.path}{query}"


@dataclass(slots=True)
class RedirectWalk:
    """What it takes to follow links. is_listed: whether a URL may not be asked, as it is on a list."""

    ask: Ask
    table: Callable[[], ShortenerTable]
    is_listed: Callable[[str], bool]
    limits: HostLimits
    sleep: Callable[[float], Awaitable[None]]
    noted: Callable[[str], None] = field(default=lambda _: None)

    async def follow(self, link: str, hops: list[str]) -> str:
        """Follow one link; its state. hops: is filled with the addresses that it leads to."""
        table = self.table()
        url, seen = may_ask(link, table), set[str]()
        for _ in range(MOST_ASKS):
            if url is None or self.is_listed(url):
                return "redirects" if hops else "refused"
            if url in seen:
                return "loop"
            seen.add(url)
            state, target = await self._one(url, table)
            if target is None:
                return state
            hops.append(target)
            if not is_web(target):
                return "non_http"
            url = may_ask(target, table)
        return "redirects" if url is None or self.is_listed(url) else "loop" if url in seen else "limit"

    async def _one(self, url: str, table: ShortenerTable) -> tuple[str, str | None]:
        """Ask one address: the state where it is the end, or where it leads."""
        page = canonicalize(url)
        host = page.host if page is not None else ""
        wait = self.limits.wait(host, now=time.monotonic())
        if wait is None:
            return "overload", None
        if wait:
            await self.sleep(wait)
        head = await self._head(url, table.method(host))
        if isinstance(head, str):
            return head, None
        if head.status in _BUSY and head.retry_after is not None:
            self.limits.pause(host, seconds=head.retry_after, now=time.monotonic())
        if head.status in _REDIRECTS and head.locations:
            target = one_of(head.locations, url)
            return ("refused", None) if target is None else ("redirects", target)
        if head.status in _GONE:
            return "gone", None
        return "not_redirect" if head.status < _FIRST_FAULT else "refused", None

    async def _head(self, url: str, method: str) -> Head | str:
        """The head of an answer, or the state where there is none."""
        try:
            head = await self.ask(url, method)
        except BadAddressError:
            state = "bad_address"
        except TimeoutError:
            state = "timeout"
        except Exception:  # noqa: BLE001  # whatever a server sends, it is no answer; its words are not told
            state = "refused"
        else:
            self.noted(f"{head.status // 100}xx")
            return head
        self.noted(state)
        return state
