"""What may take long never holds up the event loop, the end of the process, or who comes after a client that left."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="the extra `serve` is not installed")

from sidecars import LISTED, SOURCE, furnish

import linkgate
from linkgate.fronts.counts import Counts
from linkgate.fronts.server.app import build, service_of
from linkgate.fronts.server.check_pool import BUDGET, PER_SUSPECT_CHARACTER, THREADS, CheckPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linkgate.fronts.server.service import Service

SHORT = f"see {LISTED}"
LONG = f"{SHORT} {'word ' * 20}"
assert len(SHORT) * PER_SUSPECT_CHARACTER < BUDGET < len(LONG) * PER_SUSPECT_CHARACTER


class WatchedGate:
    """A gate that notes in which thread it checks, and may be held up there."""

    def __init__(self, gate: Any) -> None:
        self._gate = gate
        self.threads: list[str] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gate, name)

    def check_clear(self, text: str, **given: Any) -> Any:
        found = self._gate.check_clear(text, **given)
        if found is not None:
            self.threads.append(threading.current_thread().name)
        return found

    def check(self, text: str, **given: Any) -> Any:
        self.threads.append(threading.current_thread().name)
        if text == LONG:
            assert self.go_on.wait(60)
        return self._gate.check(text, **given)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    furnish(tmp_path)
    service = service_of({"config": str(tmp_path / "linkgate.toml"), "watch": None})
    object.__setattr__(service, "gate", WatchedGate(service.gate))
    yield service
    service.gate.close()


def asked(app: Any, path: str, body: Any = None, *, leaves: asyncio.Event | None = None) -> asyncio.Task[Any]:
    """Ask in the running loop. Out: a task that gives status and JSON, or None where nothing was sent."""
    events = [{"type": "http.request", "body": json.dumps(body).encode()}]
    told: list[Any] = []

    async def receive() -> Any:
        if events:
            return events.pop()
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message)

    async def whole() -> Any:
        method = "GET" if body is None else "POST"
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
        headers = [(b"host", b"localhost")]
        await app(scope | {"root_path": "", "headers": headers, "http_version": "1.1"}, receive, send)
        return (told[0]["status"], json.loads(told[1]["body"])) if told else None

    return asyncio.ensure_future(whole())


@pytest.mark.parametrize(
    ("body", "is_quick"),
    [
        ({"text": SHORT}, True),
        ({"text": LONG}, False),
        ({"text": "word " * 100}, True),  # the prefilter clears it
        ({"text": "word " * 1_000}, False),
        ({"text": "", "links": [LISTED]}, True),
        ({"text": "", "links": [LISTED] * 9}, False),
        ({"messages": [{"text": SHORT}, {"text": "hello"}]}, True),
        ({"messages": [{"text": SHORT}] * 9}, False),
        ({"messages": [{"text": "word " * 10}] * 10}, True),
    ],
    ids=str,
)
def test_what_may_take_long_is_checked_in_a_thread(service: Service, body: Any, *, is_quick: bool) -> None:
    async def ask() -> Any:
        return await asked(build(service), "/v1/check", body)

    status, _ = asyncio.run(ask())
    assert status == 200
    assert set(service.gate.threads) == {"MainThread" if is_quick else "linkgate-check"}  # type: ignore[attr-defined]


def files_here(work: Callable[[], object]) -> set[str]:
    """The files whose functions some work calls in this thread."""
    found: set[str] = set()
    sys.setprofile(lambda frame, _event, _value: found.add(Path(frame.f_code.co_filename).name))
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize(
    ("body", "is_here"),
    [({"text": SHORT}, True), ({"text": LONG}, False), ({"text": "x " * 20, "links": [LISTED] * 2}, False)],
    ids=["short", "long", "hidden"],
)
def test_the_judge_of_a_slow_suspect_is_not_at_work_in_the_event_loop(
    service: Service, body: Any, *, is_here: bool
) -> None:
    app, told = build(service), []

    async def ask() -> None:
        told.append(await asked(app, "/v1/check", body))

    files = files_here(lambda: asyncio.run(ask()))
    assert (told[0][1]["flagged"], "prefilter.py" in files) == (True, True)
    assert ("matcher.py" in files) == is_here


class TurningGate(WatchedGate):
    """A gate whose list is another one after two of three questions to it. listed: the host of each snapshot."""

    def __init__(self, gate: Any) -> None:
        super().__init__(gate)
        self.listed = {gate.engine.snapshot: "bad.example"}
        self._turns = cycle([True, True, False])

    def _turned(self, found: Any) -> Any:
        if not next(self._turns):
            return found
        host = "other.example" if self.listed[self._gate.engine.snapshot] == "bad.example" else "bad.example"
        compiled = linkgate.compile_lines([f"http://{host}/page"], name="partner")
        self._gate.config.open_store().publish(compiled.engine)
        assert self._gate.reload()
        self.listed[self._gate.engine.snapshot] = host
        return found

    def check_clear(self, text: str, **given: Any) -> Any:
        return self._turned(super().check_clear(text, **given))

    def check(self, text: str, **given: Any) -> Any:
        return self._turned(super().check(text, **given))


def test_a_reload_between_two_steps_mixes_no_lists_and_counts_nothing_twice(service: Service) -> None:
    gate, counts, told = TurningGate(service.gate), Counts(), set()
    gate.observe(counts)
    object.__setattr__(service, "gate", gate)
    app = build(service)

    async def ask(text: str) -> Any:
        return await asked(app, "/v1/check", {"text": text})

    texts = [SHORT, LONG, SHORT, LONG, LONG, SHORT] * 4
    for text in texts:
        _, verdict = asyncio.run(ask(text))
        host = gate.listed[verdict["snapshot"]]
        assert verdict["flagged"] == (host in text)
        told.add((text, host))
    assert len(told) == 4
    assert sum(counts.messages.values()) == len(texts)


def test_slow_messages_hold_nobody_up(service: Service) -> None:
    gate: Any = service.gate

    async def ask() -> Any:
        app = build(service)
        gate.go_on.clear()
        slow = [asked(app, "/v1/check", {"text": LONG}) for _ in range(3 * THREADS)]
        await until(lambda: len(gate.threads) == THREADS)
        for path, body in (("/livez", None), ("/readyz", None), ("/v1/check", {"text": SHORT}), ("/v1/check", {})):
            status, _ = await asyncio.wait_for(asked(app, path, body), 10)
            assert status == 200
        assert not any(task.done() for task in slow)
        gate.go_on.set()
        return await asyncio.gather(*slow)

    answers = asyncio.run(ask())
    assert [answer["action"] for _, answer in answers] == ["block"] * 3 * THREADS


def test_a_client_that_goes_frees_its_place(service: Service) -> None:
    gate: Any = service.gate

    async def ask() -> Sequence[Any]:
        app, leaves = build(service), asyncio.Event()
        gate.go_on.clear()
        stay = [asked(app, "/v1/check", {"text": LONG}) for _ in range(THREADS)]
        await until(lambda: len(gate.threads) == THREADS)
        gone = [asked(app, "/v1/check", {"text": LONG}, leaves=leaves) for _ in range(20)]
        await asyncio.sleep(0.05)
        leaves.set()
        assert await asyncio.wait_for(asyncio.gather(*gone), 10) == [None] * 20
        gate.go_on.set()
        return await asyncio.gather(*stay)

    answers = asyncio.run(ask())
    assert [status for status, _ in answers] == [200] * THREADS
    assert len(gate.threads) == THREADS


async def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end, "nothing happened"
        await asyncio.sleep(0.01)


def test_what_fails_in_a_thread_fails_where_it_is_awaited() -> None:
    async def ask() -> None:
        with pytest.raises(ZeroDivisionError):
            await CheckPool(1).run(lambda: 1 // 0)

    asyncio.run(ask())


def test_a_check_under_way_does_not_keep_the_process() -> None:
    code = """
import asyncio, threading
from linkgate.fronts.server.check_pool import CheckPool
async def main():
    begun = threading.Event()
    CheckPool().run(lambda: (begun.set(), threading.Event().wait()))
    begun.wait(60)
asyncio.run(main())
print("over")
"""
    env = {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("over\n", "")
