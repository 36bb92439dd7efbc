"""A total time limit for reading from sockets, whatever the other side does.

A socket's own time-out begins anew with every byte, so a server that drips one byte a second is
never late. A Deadline waits beside the reader and, when the time is up, shuts the connection down:
the reader, in headers or body, plain or TLS, sees its end at once.

>>> left, right = socket.socketpair()
>>> with Deadline(0.01) as deadline:
...     deadline.watch(left)
...     left.recv(1), deadline.expired
(b'', True)
>>> left.close(), right.close()
(None, None)
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from threading import Lock, Timer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from typing import Protocol

    from urllib3.connection import HTTPConnection

    class _Socket(Protocol):
        def fileno(self) -> int: ...


class Deadline:
    """A context of at most `seconds`, which watches one connection at a time.

    Once it has `expired`, an end of data may be its doing, and proves nothing.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._fired = False
        self._end = time.monotonic() + seconds
        self._lock = Lock()
        self._twin: socket.socket | None = None
        self._timer = Timer(max(seconds, 0), self._expire)
        self._timer.daemon = True

    @property
    def expired(self) -> bool:
        """Whether the time is up."""
        return self._fired or not self.left()

    def left(self) -> float:
        """Seconds that remain, never negative."""
        return max(self._end - time.monotonic(), 0.0)

    def watch(self, connection: _Socket) -> None:
        """Cut this connection when the time is up; the one watched before is let go."""
        # A second handle on the same connection: shutting down a TLS socket that another thread
        # reads is undefined, and its owner may close the first handle, and its number be reused.
        twin = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._let_go()
            self._twin = twin
            if self._fired:
                self._cut()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()

    def _expire(self) -> None:
        with self._lock:
            self._fired = True
            self._cut()

    def _cut(self) -> None:
        if self._twin is not None:
            with suppress(OSError):  # the other side was quicker
                self._twin.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._twin is not None:
            self._twin.close()
            self._twin = None


def watched(kind: type[HTTPConnection], deadline: Deadline) -> type[HTTPConnection]:
    """Make a connection class (plain, TLS, SOCKS) obey a deadline from the moment it is connected.

    Its own time-out limits what comes before: connecting, and a TLS handshake as a whole.
    """

    def connect(self: HTTPConnection) -> None:
        kind.connect(self)
        if self.sock is not None:
            deadline.watch(self.sock)

    return type(kind.__name__, (kind,), {"connect": connect})
