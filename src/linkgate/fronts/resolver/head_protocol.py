"""HeadProtocol: gives aiohttp the head of an answer and nothing behind it, whatever the server says of its length.

A body is not parsed, so what lies about itself (a length, a chunk, bytes behind the answer to HEAD) changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp.client_proto import ResponseHandler

if TYPE_CHECKING:
    import asyncio

MOST_READ = 16 * 1024
"""Bytes of a head, those of interim answers before it among them."""

_END = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1(?!01)[0-9]{2}\b")


class HeadProtocol(ResponseHandler):
    """One connection, for one answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._kept = b""
        self._length = 0
        self._over = False

    def data_received(self, data: bytes) -> None:
        """Pass the head on, when it is there; end a connection whose head is too long."""
        if self._over:
            return
        self._kept += data
        self._length += len(data)
        while end := _END.search(self._kept):
            head, self._kept = self._kept[: end.end()], self._kept[end.end() :]
            self._over = _INTERIM.match(head) is None
            super().data_received(head)
            if self._over:
                self._stop()
                return
        if self._length >= MOST_READ and self.transport is not None:
            self.transport.abort()

    def _stop(self) -> None:
        self._kept = b""
        if self.transport is not None:
            self.transport.pause_reading()
