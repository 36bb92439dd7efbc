"""The quick way to a busy endpoint and the plain one through Starlette give the same answers, byte for byte."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the extra `serve` is not installed")

from sidecars import LISTED, furnish

from linkgate.fronts.server.app import SidecarApp, build, service_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = {"lookups": 1_000_000, "text": 200, "body": 5_000}


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SidecarApp]:
    folder = tmp_path_factory.mktemp("ways")
    furnish(folder)
    settings = {"config": str(folder / "linkgate.toml"), "tokens": str(folder / "tokens"), "lookups": True}
    service = service_of({**settings, "limits": LIMITS, "watch": None})
    yield build(service)
    service.gate.close()


def answer(app: Any, path: str, parts: tuple[bytes, ...], *, header: str, method: str = "POST") -> Any:
    """Status, headers and body of one request whose body arrives in parts, and breaks off without any."""
    events = [{"type": "http.request", "body": part, "more_body": True} for part in parts[:-1]]
    events += [{"type": "http.request", "body": parts[-1]}] if parts else [{"type": "http.disconnect"}]
    told: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(0)
        return events.pop(0) if events else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    headers = [(b"host", b"x"), (b"authorization", header.encode())]
    asyncio.run(app(scope | {"root_path": "", "headers": headers, "http_version": "1.1"}, receive, send))
    return told[0]["status"], list(told[0]["headers"]), b"".join(each.get("body", b"") for each in told[1:])


TEXTS = st.sampled_from(["", "hello", f"see {LISTED}", "http://www.bad.example/page/", "x" * 201]) | st.text()
MESSAGES = st.fixed_dictionaries(
    {}, optional={"text": TEXTS, "links": st.lists(TEXTS), "surface": st.sampled_from(["public", "private"])}
)
ODD = st.recursive(st.none() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(TEXTS, each))
BODIES = st.one_of(
    MESSAGES, st.fixed_dictionaries({"messages": st.lists(MESSAGES)}), st.fixed_dictionaries({"url": TEXTS}), ODD
).map(lambda value: json.dumps(value).encode())
HEADERS = st.sampled_from(["Bearer chat", "bearer  analyst", "Bearer monitor", "Bearer x", "Basic chat", "", "\xff"])


def halves(body: bytes) -> tuple[bytes, ...]:
    return body[: len(body) // 2], body[len(body) // 2 :]


@given(
    path=st.sampled_from(["/v1/check", "/v1/lookup"]), body=BODIES | st.binary(), header=HEADERS, whole=st.booleans()
)
@example(path="/v1/check", body=b'{"text": "%s"}' % (b"x" * 5_000), header="Bearer chat", whole=False)
def test_quick_is_plain(sidecar: SidecarApp, path: str, body: bytes, header: str, *, whole: bool) -> None:
    parts = (body,) if whole else halves(body)
    assert answer(sidecar, path, parts, header=header) == answer(sidecar.plain, path, parts, header=header)


@pytest.mark.parametrize("path", ["/v1/check", "/v1/check/", "/v1/lookup", "//v1/check", "/v1", "/livez", "/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_ways_fork_nowhere_else(sidecar: SidecarApp, path: str, method: str) -> None:
    quick, plain = (
        answer(app, path, (b'{"text": ""}',), header="Bearer chat", method=method) for app in (sidecar, sidecar.plain)
    )
    assert quick == plain


def test_a_body_that_breaks_off(sidecar: SidecarApp) -> None:
    told = [answer(app, "/v1/check", (), header="Bearer chat") for app in (sidecar, sidecar.plain)]
    assert told[0] == told[1]
    assert told[0][0] == 400
