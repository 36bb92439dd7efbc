"""The resolver over HTTP, its client, and a process of it: who waits, who is told later, who may ask, what is said."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import signal
import socket
import subprocess
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from running import COMMAND, environment
from short_world import HANGS, World, patient, raw, to

import linkgate
from linkgate.fronts.resolver.resolver_app import ResolverService, build_app
from linkgate.fronts.server.bearer_tokens import TokenFile, digest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

LISTED = "http://zebra.example/giraffe"
SHORT = "http://s0.example/a"
CONFIG = """
[store]
path = "store"
[decisions]
[shorteners]
report = true
[resolve]
contact = "abuse@example.test"
{more}
[[list]]
name = "demo"
path = "demo.txt"
[[list]]
name = "short"
kind = "shorteners"
path = "short.txt"
"""


def furnish(folder: Path, more: str = "") -> Path:
    (folder / "demo.txt").write_text(f"{LISTED}\nhttp://s1.example/giraffe\n")
    (folder / "short.txt").write_text("s0.example\ns1.example\n")
    path = folder / "linkgate.toml"
    path.write_text(CONFIG.format(more=more))
    config = linkgate.load_config(path)
    assert linkgate.update(config, config.open_store(create=True)).ok
    return path


@asynccontextmanager
async def serving(
    world: World, gate: linkgate.Gate, folder: Path, *, budget: float | None = 0.8, tokens: TokenFile | None = None
) -> AsyncIterator[tuple[str, ResolverService]]:
    """A resolver on a Unix socket."""
    world.table, world.listed = gate.engine.shorteners, ("http://s1.example/giraffe", LISTED)
    async with world.follower() as follower:
        service = ResolverService(gate=gate, follower=follower, budget=budget, tokens=tokens)
        runner = web.AppRunner(build_app(service), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        place = str(folder / "resolver.sock")
        await web.UnixSite(runner, place).start()
        try:
            yield place, service
        finally:
            await runner.cleanup()


def test_a_message_is_held_until_its_links_are_known(tmp_path: Path) -> None:
    world = World(pages={"s0.example/a": to(LISTED), "s0.example/b": to("http://fine.example/")})

    async def run(gate: linkgate.Gate) -> list[linkgate.Verdict]:
        async with serving(world, gate, tmp_path) as (place, _), linkgate.Resolver(place) as resolver:
            found = []
            for text in (f"see {SHORT}", "see http://s0.example/b", "see http://s0.example/c", "nothing"):
                verdict = gate.check(text, message="m1")
                found.append(gate.recheck(verdict, await resolver.targets(verdict), text=text))
            return found

    with linkgate.Gate.of(furnish(tmp_path), watch=None) as gate:
        verdicts = asyncio.run(run(gate))
    assert [(each.action, len(each.opaque)) for each in verdicts] == [("block", 0), (None, 0), (None, 0), (None, 0)]
    assert verdicts[0].matches[0].steps == ("shortener",)
    assert not {"zebra.example", "fine.example"} & set(world.names)


def test_one_odd_link_spoils_no_other(tmp_path: Path) -> None:
    world = World(pages={"s0.example/a": to(LISTED)})
    odd = ("http://s0.example/\ud800", "http://s0.example/" + "x" * 3000, *(f"http://s0.example/{n}" for n in range(7)))

    async def run(gate: linkgate.Gate) -> list[str]:
        async with serving(world, gate, tmp_path) as (place, _), linkgate.Resolver(place) as resolver:
            verdict = gate.check("", links=[odd[0], odd[1], SHORT, *odd[2:]])
            targets = await resolver.targets(verdict)
            assert gate.recheck(verdict, targets).action == "block"
            return sorted({each.state for each in targets})

    with linkgate.Gate.of(furnish(tmp_path), watch=None) as gate:
        assert asyncio.run(run(gate)) == ["gone", "limit", "redirects"]
    assert len(world.seen) == 5


@pytest.mark.parametrize(("on_timeout", "action"), [("publish", None), ("review", "review")])
def test_the_budget_of_a_caller_holds(
    on_timeout: str, action: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is answered while its link is still being asked."""
    patient(monkeypatch)
    answered = asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await answered.wait()

    world = World(pages={"s0.example/a": hang})

    async def run(gate: linkgate.Gate) -> linkgate.Verdict:
        async with (
            serving(world, gate, tmp_path, budget=2 * HANGS) as (place, _),
            linkgate.Resolver(place, budget=0.2) as one,
            asyncio.timeout(HANGS),
        ):
            verdict = gate.check(f"see {SHORT}")
            targets = await one.targets(verdict)
            answered.set()
            return gate.recheck(verdict, targets)

    with linkgate.Gate.of(furnish(tmp_path, f'on_timeout = "{on_timeout}"'), watch=None) as gate:
        verdict = asyncio.run(run(gate))
    assert (verdict.action, len(verdict.opaque)) == (action, 1)


def test_a_resolver_that_is_away_tells_nothing(tmp_path: Path) -> None:
    async def run(verdict: linkgate.Verdict) -> list[Any]:
        found = []
        for address in (str(tmp_path / "none"), "http://127.0.0.1:9"):
            async with linkgate.Resolver(address) as resolver:
                found += [await resolver.targets(verdict), await resolver.later(verdict)]
        return found

    with linkgate.Gate.of(furnish(tmp_path, 'on_failure = "review"'), watch=None) as gate:
        verdict = gate.check(SHORT, message="m")
        assert asyncio.run(run(verdict)) == [(), False, (), False]
        assert gate.recheck(verdict, ()).action == "review"
    with pytest.raises(linkgate.UsageError, match="path of its socket"):
        linkgate.Resolver("ftp://x")


class _Hook(BaseHTTPRequestHandler):
    told: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_given: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    told: list[dict[str, Any]] = []
    with HTTPServer(("127.0.0.1", 0), type("Hook", (_Hook,), {"told": told})) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/late", told
        server.shutdown()
        thread.join()


def test_a_published_message_gives_a_late_decision(tmp_path: Path, hook: tuple[str, list[dict[str, Any]]]) -> None:
    address, posted = hook
    command = f'on_late = ["sh", "-c", "cat >> {tmp_path}/late.json"]'
    more = f'mode = "after"\n{command}\nwebhook = "{address}"'
    world = World(pages={"s0.example/a": to(LISTED), "s0.example/b": to("http://fine.example/")})

    async def run(gate: linkgate.Gate) -> tuple[list[bool], str]:
        async with (
            serving(world, gate, tmp_path, budget=None) as (place, service),
            linkgate.Resolver(place) as resolver,
        ):
            taken = [
                await resolver.later(gate.check(text, message=name, surface="forum"))
                for name, text in (("m1", f"see {SHORT}"), ("m2", "see http://s0.example/b"))
            ]
            assert service.late is not None
            await service.late.drained()
            connector = aiohttp.UnixConnector(place)
            async with aiohttp.ClientSession(connector=connector) as session:
                async with session.post("http://localhost/v1/resolve", json={"links": [SHORT]}) as answer:
                    assert answer.status == 400
                async with session.get("http://localhost/metrics") as answer:
                    return taken, await answer.text()

    with linkgate.Gate.of(furnish(tmp_path, more), watch=None) as gate:
        taken, metrics = asyncio.run(run(gate))
    assert taken == [True, True]
    rows = [
        json.loads(line) for path in (tmp_path / "decisions").glob("*.jsonl") for line in path.read_text().splitlines()
    ]
    rows = [row for row in rows if row.get("kind")]
    assert [(row["message"], row["late"], row["kind"], row["surface"]) for row in rows] == [
        ("m1", True, "nested", "forum")
    ]
    told = json.loads((tmp_path / "late.json").read_text())
    assert posted == [told]
    assert (told["message"], told["decisions"], told["action"]) == ("m1", [rows[0]["decision"]], "block")
    assert "linkgate_late_decisions_total 1.0" in metrics
    assert 'linkgate_resolve_links_total{state="redirects"} 2.0' in metrics
    assert not [word for word in ("zebra", "giraffe", "fine.example") if word in json.dumps([rows, told]) + metrics]


def test_a_late_decision_needs_the_id_of_its_message(tmp_path: Path) -> None:
    with linkgate.Gate.of(furnish(tmp_path), watch=None) as gate:
        verdict = gate.check(SHORT)

    async def run() -> bool:
        async with linkgate.Resolver("http://127.0.0.1:9") as resolver:
            return await resolver.later(verdict)

    with pytest.raises(linkgate.UsageError, match="message="):
        asyncio.run(run())


BAD = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'{"links": []}',
    b'{"links": "http://s0.example/a"}',
    b'{"links": [1]}',
    b'{"links": [""]}',
    json.dumps({"links": [SHORT] * 6}).encode(),
    json.dumps({"links": ["x" * 9000]}).encode(),
    b'{"links": ["http://s0.example/\xff"]}',
    b'{"links": ["http://zebra.example/giraffe"], "other": 1}',
    b'{"links": [' + b"[" * 50_000,
]


def test_rights_and_bad_bodies(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / "tokens").write_text(f"chat resolve {digest('chat')}\nother check,metrics {digest('other')}\n")
    (tmp_path / "tokens").chmod(0o600)
    told: list[str] = []

    async def run(gate: linkgate.Gate) -> list[int]:
        world, tokens = World(), TokenFile(tmp_path / "tokens")
        async with serving(world, gate, tmp_path, tokens=tokens) as (place, _):
            connector = aiohttp.UnixConnector(place)
            async with aiohttp.ClientSession(connector=connector, base_url="http://localhost") as session:

                async def ask(path: str, token: str | None, data: bytes | None = None) -> int:
                    headers = {"Authorization": f"Bearer {token}"} if token else {}
                    verb = "GET" if data is None else "POST"
                    async with session.request(verb, path, data=data, headers=headers) as answer:
                        told.append(await answer.text())
                        return answer.status

                good = b'{"links": ["http://s0.example/a"]}'
                statuses = [await ask("/v1/resolve", token, good) for token in (None, "wrong", "other", "chat")]
                statuses += [await ask(path, None) for path in ("/livez", "/readyz", "/metrics", "/none")]
                statuses += [await ask("/metrics", "other")]
                assert [await ask("/v1/resolve", "chat", body) for body in BAD] == [400] * len(BAD)
                assert await ask("/v1/resolve", "chat", b'{"links": ["' + b"x" * 70_000) == 413
                return statuses

    with linkgate.Gate.of(furnish(tmp_path), watch=None) as gate:
        assert asyncio.run(run(gate)) == [401, 401, 403, 200, 200, 200, 401, 404, 200]
    said = " ".join(told) + caplog.text
    assert not [word for word in ("zebra", "giraffe") if word in said]


def test_what_fails_names_no_address_in_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pages = {
        "s0.example/a": to(LISTED),
        "s0.example/b": raw(b"nonsense zebra giraffe\r\n\r\n"),
        "s0.example/c": to("http://zebra.example:99999/giraffe"),
        "s0.example/d": to("//giraffe@[zebra"),
        "s0.example/e": to(b"http://zebra.example/\xff\xfe giraffe"),
    }
    world = World(pages=dict(pages))

    async def run(gate: linkgate.Gate) -> list[str]:
        async with serving(world, gate, tmp_path) as (_, service):
            links = [f"http://{page}" for page in pages] + [LISTED, "http://s1.example/giraffe"]
            found = await service.follower.targets(links)
            assert "zebra" not in repr(found) + repr(service)
            return [each.state for each in found]

    with linkgate.Gate.of(furnish(tmp_path), watch=None) as gate:
        told = asyncio.run(run(gate))
    assert told == ["redirects", "refused", "refused", "refused", "redirects", "refused", "refused"]
    assert not [word for word in ("zebra", "giraffe") if word in caplog.text]


# The process itself.


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [*COMMAND, "resolve", "--config", str(folder / "linkgate.toml"), *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(), cwd=folder)


def asked(place: str, body: Any) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("localhost", timeout=20)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(place)
    connection.request("POST", "/v1/resolve", json.dumps(body))
    answer = connection.getresponse()
    data = json.loads(answer.read())
    connection.close()
    return answer.status, data


def test_a_process_answers_and_ends_in_order(tmp_path: Path) -> None:
    furnish(tmp_path)
    place = str(tmp_path / "r.sock")
    process = started(tmp_path, "--uds", place, "--log-format", "json")
    assert process.stderr is not None
    said = process.stderr.readline()
    assert "resolving on" in said
    links = ["http://s1.example/giraffe", LISTED, "tg:x", "http://169.254.169.254/x"]
    status, targets = asked(place, {"links": links})
    assert status == 200
    assert [(each["link"], each["state"], each["hops"]) for each in targets] == [
        (link, "refused", []) for link in links
    ]
    assert asked(place, {"link": LISTED})[0] == 400
    assert Path(place).stat().st_mode & 0o777 == 0o660
    process.send_signal(signal.SIGTERM)
    said += process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert not Path(place).exists()
    assert not [word for word in ("zebra", "giraffe", "169.254") if word in said]


@pytest.mark.parametrize(
    ("more", "options", "sentence"),
    [
        ("", ("--host", "192.0.2.7"), "needs --tokens FILE"),
        ("gone", (), "has no [resolve]"),
    ],
)
def test_what_cannot_begin_says_why(more: str, options: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    path = furnish(tmp_path)
    if more:
        text = path.read_text()
        path.write_text(text[: text.index("[resolve]")] + text[text.index("[[list]]") :])
    process = started(tmp_path, *options)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert len(said.splitlines()) == 1
    assert sentence in said
