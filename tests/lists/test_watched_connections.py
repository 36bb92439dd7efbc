"""The deadline of a fetch sees every connection: a requests that does not call the hook of the adapter fails here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from loopback import BODY, Loopback, answer, reset

from linkgate.lists.fetch import fetch
from linkgate.lists.transfer.deadline import Deadline

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from loopback import Act


@pytest.fixture
def watched_ports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports of the other sides of all connections that a deadline was told of."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    ports: list[int] = []
    watch: Callable[[Deadline, socket.socket], None] = Deadline.watch

    def noted(deadline: Deadline, connection: socket.socket) -> None:
        ports.append(connection.getpeername()[1])
        watch(deadline, connection)

    monkeypatch.setattr(Deadline, "watch", noted)
    return ports


@pytest.mark.parametrize(
    "acts",
    [
        [answer()],
        [reset(), answer(status="503 Busy"), answer()],
        [answer(status="302 Found", Location="/other"), answer()],
    ],
    ids=["one", "three tries", "a redirect"],
)
def test_every_connection_is_watched(acts: list[bytes | Act], watched_ports: list[int]) -> None:
    with Loopback(*acts) as server:
        assert fetch(server.url, pause=lambda _: None).data == BODY
        assert watched_ports == [server.port] * len(acts)
