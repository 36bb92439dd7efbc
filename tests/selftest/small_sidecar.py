"""A server that answers as a sidecar does, in as few lines as can be: for the client's side of the talk."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from linkgate import Engine

    Answer = Callable[[dict[str, Any]], Any]

TOKEN = "owl-token"  # noqa: S105  # of this test alone
LISTS = {
    "lists": [{"name": "partner", "entries": 1, "checked": "2026-01-30T00:00:00Z", "url": "http://zebra.example/"}]
}


def truthful(engine: Engine) -> Answer:
    """What an engine says, to one message or several."""

    def verdict(message: Mapping[str, Any]) -> dict[str, Any]:
        return engine.check(message["text"], links=message.get("links", [])).as_dict()

    def answer(body: dict[str, Any]) -> Any:
        return {"results": [verdict(each) for each in body["messages"]]} if "messages" in body else verdict(body)

    return answer


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    answer: Answer
    status = 200

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(size))
        if self.path != "/v1/check":
            self._send(404, {})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"error": "no token"})
        else:
            self._send(self.status, type(self).answer(body))

    def do_GET(self) -> None:
        self._send(200 if self.path == "/v1/lists" else 404, LISTS)

    def _send(self, status: int, body: object) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def address_string(self) -> str:
        return ""

    def log_message(self, *_: object) -> None:
        pass


class UnixServer(HTTPServer):
    """The same on a Unix socket."""

    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)


@contextmanager
def serving(answer: Answer, *, status: int = 200, path: Path | None = None) -> Iterator[str]:
    """Serve on loopback, or at `path`; gives the URL for --via."""
    handler = type("OneHandler", (Handler,), {"answer": staticmethod(answer), "status": status})
    server = UnixServer(str(path), handler) if path else HTTPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"unix:{path}" if path else f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
