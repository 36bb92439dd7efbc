"""The client of a running sidecar: messages out, verdicts back, over TCP, TLS or a Unix socket.

    POST /v1/check   {"text": "...", "links": ["..."], "id": "..."}   ->  a verdict as a dictionary
                     {"messages": [...]}                              ->  {"results": [verdicts, in order]}
    GET  /v1/lists   ->  {"lists": [...]}

Nothing of what it sends or receives is in an error: those name the sidecar and what to do.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkgate import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECONDS = 30
_MOST = 64 << 20  # bytes of an answer; a batch of verdicts has some thousand
_OK, _DENIED, _MISSING = 200, (401, 403), 404


@dataclass(frozen=True, slots=True)
class SidecarClient:
    """A sidecar at `http://host:port`, `https://host` or `unix:/path`; the token is in no `repr`."""

    address: str
    token: str | None = field(default=None, repr=False)

    def check(self, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Verdicts of a batch, in order. Raises UsageError."""
        answer = self._ask("POST", "/v1/check", {"messages": list(messages)})
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(messages):
            raise self._foreign()
        return [self._verdict(each) for each in results]

    def check_one(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The verdict of one message. Raises UsageError."""
        return self._verdict(self._ask("POST", "/v1/check", dict(message)))

    def lists(self) -> list[dict[str, Any]]:
        """What it tells of its lists; nothing where it does not answer that to this token."""
        try:
            answer = self._ask("GET", "/v1/lists", None)
        except UsageError:
            return []
        found = answer.get("lists") if isinstance(answer, dict) else answer
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def _verdict(self, answer: Any) -> dict[str, Any]:
        if not isinstance(answer, dict) or not isinstance(answer.get("matches"), list):
            raise self._foreign()
        return answer

    def _ask(self, method: str, path: str, body: object) -> Any:
        data = None if body is None else json.dumps(body).encode()
        try:
            with closing(self._connection()) as connection:
                connection.request(method, self._base() + path, body=data, headers=self._headers())
                response = connection.getresponse()
                status, told = response.status, response.read(_MOST)
        except (OSError, HTTPException, ValueError) as error:
            raise UsageError(f"{self.address} cannot be asked: {_reason(error)}; is the sidecar running?") from None
        if status != _OK:
            raise UsageError(f"{self.address} answered {status} to {path}: {_cure(status)}")
        try:
            return json.loads(told)
        except ValueError:
            raise self._foreign() from None

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            return _UnixConnection(parts.path)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(f"{self.address} is no sidecar: give http://HOST:PORT, https://HOST or unix:/PATH")
        kind = HTTPConnection if parts.scheme == "http" else HTTPSConnection
        return kind(parts.hostname, parts.port, timeout=_SECONDS)

    def _base(self) -> str:
        parts = urlsplit(self.address)
        return "" if parts.scheme == "unix" else parts.path.rstrip("/")

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    def _foreign(self) -> UsageError:
        return UsageError(f"{self.address} gave no answer that linkgate reads: is it a linkgate sidecar?")


class _UnixConnection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket's file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(self._path)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return "no answer in time" if isinstance(error, TimeoutError) else "it does not speak HTTP"


def _cure(status: int) -> str:
    if status in _DENIED:
        return "give its token with --token-file, or in the variable that --token-env names"
    return "it serves no such path" if status == _MISSING else "see its log"


def read_token(*, env: str, file: str | None) -> str | None:
    """The bearer token: of the file where one is given, else of the environment variable, None if unset."""
    token = Path(file).read_text("utf-8", "replace") if file else os.environ.get(env, "")
    if file and not token.strip():
        raise UsageError(f"{file} is empty: it should hold the token")
    return token.strip() or None
