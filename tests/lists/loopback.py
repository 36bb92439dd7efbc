"""A server on loopback that answers with whatever bytes, or misbehaviour, a test gives it."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    Act = Callable[["Loopback", socket.socket], None]

BODY = b"http://bad.example/page\n*.worse.example\n"


def answer(body: bytes = BODY, *, status: str = "200 OK", length: bool = True, **headers: str) -> bytes:
    """The bytes of one response; `length=False` leaves the end of the body to the end of the connection."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if length:
        fields.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in {**fields, "Connection": "close"}.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def gzipped(body: bytes) -> bytes:
    return answer(gzip.compress(body), Content_Encoding="gzip")


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    head = answer(b"", length=False, Transfer_Encoding="chunked")
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def drip(first: bytes, then: bytes = b"a") -> Act:
    """Send `first`, then `then` again and again until the other side goes away."""

    def act(server: Loopback, connection: socket.socket) -> None:
        connection.sendall(first)
        while not server.closing.wait(0.01):
            connection.sendall(then)

    return act


def hang(server: Loopback, connection: socket.socket) -> None:  # noqa: ARG001  # an Act
    server.closing.wait()


def reset(first: bytes = b"") -> Act:
    """Send `first`, then break the connection off with a TCP reset."""

    def act(server: Loopback, connection: socket.socket) -> None:  # noqa: ARG001  # an Act
        connection.sendall(first)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return act


class Loopback:
    """Answers one connection after another, each with the next of `acts`, the last one for ever."""

    def __init__(self, *acts: bytes | Act, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        self.closing = threading.Event()
        self._acts = deque(acts)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/dir/list.txt?key=secret"

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        socket.create_connection(self._listener.getsockname()).close()  # wakes the accepting thread
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.closing.is_set():
                connection.close()
                return
            act = self._acts.popleft() if len(self._acts) > 1 else self._acts[0]
            self._threads.append(threading.Thread(target=self._serve, args=(connection, act)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket, act: bytes | Act) -> None:
        with suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self._act(connection, act)

    def _act(self, connection: socket.socket, act: bytes | Act) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(65536) or b"\r\n\r\n"
        self.requests.append(request.decode("latin-1"))
        if isinstance(act, bytes):
            connection.sendall(act)
        else:
            act(self, connection)
