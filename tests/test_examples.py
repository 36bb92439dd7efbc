"""The examples of docs/send-path.md, each run with its real parts around it."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import json
import multiprocessing
import re
import socket
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import linkgate

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (Path(__file__).parents[1] / "docs" / "send-path.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```py\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
TOML = """
[store]
path = "store"
[surfaces]
private = false
[[list]]
name = "partner"
path = "partner.txt"
"""
LISTED = "http://bad.example/page"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Everything that the examples define, one after the other, as a reader would paste them."""
    pytest.importorskip("aiogram", reason="the example of a Telegram bot needs aiogram")
    folder = tmp_path_factory.mktemp("desk")
    (folder / "linkgate.toml").write_text(TOML)
    (folder / "partner.txt").write_text(f"{LISTED}\n")
    config = linkgate.load_config(folder / "linkgate.toml")
    assert linkgate.update(config, config.open_store(create=True)).ok
    found: dict[str, Any] = {"__name__": "examples"}
    with contextlib.chdir(folder):
        for code in EXAMPLES:
            exec(compile(code, "README.md", "exec"), found)  # noqa: S102  # our own page
    yield found
    found["gate"].close()


def test_every_example_is_here() -> None:
    assert len(EXAMPLES) == 4


def test_a_function(names: dict[str, Any]) -> None:
    decide = names["decide"]
    assert decide("1", f"see {LISTED}", [], "public") == "reject"
    assert decide("2", "see www.bad.example/page/", [], "public") == "hold"
    assert decide("3", "hello", [LISTED], "public") == "reject"
    assert decide("4", "hello", [], "public") == "publish"
    assert decide("5", f"see {LISTED}", [], "private") == "publish"


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    uvicorn = pytest.importorskip("uvicorn")
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


def post(url: str, body: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310  # http, loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""


def test_asgi_middleware(names: dict[str, Any]) -> None:
    async def echo(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001  # an ASGI application
        event, body = await receive(), b""
        while event["type"] == "http.request":
            body += event["body"]
            if not event.get("more_body"):
                break
            event = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    long = json.dumps({"text": "clear " * 100_000}).encode()
    with served(names["LinkGate"](echo, gate=names["gate"])) as url:
        assert post(url, json.dumps({"text": f"see {LISTED}"}).encode()) == (403, b"")
        assert post(url, json.dumps({"text": "x " * 100_000 + LISTED}).encode()) == (403, b"")
        for body in (b'{"text": "hello"}', b'{"text": 7}', b"[]", b"{", b"\xff", b"", long):
            assert post(url, body) == (200, body)


class BotApi(http.server.BaseHTTPRequestHandler):
    """Telegram's server, as far as a bot that deletes messages can tell."""

    deleted: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = re.findall(r'name="(\w+)"\r\n\r\n(.*?)\r\n', body) or [pair.split("=") for pair in body.split("&")]
        self.deleted.append({"method": self.path.rpartition("/")[2], **dict(fields)})
        answer = b'{"ok": true, "result": true}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


CHAT = {"id": -100123, "type": "supergroup", "title": "t"}
HIDDEN = {"type": "text_link", "offset": 0, "length": 4, "url": LISTED}
BUTTONS = {"inline_keyboard": [[{"text": "x", "url": "https://clear.example/"}], [{"text": "y", "url": LISTED}]]}
ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "joe"}
UPDATES: list[tuple[str, dict[str, Any], bool]] = [
    ("message", {"text": f"see {LISTED}"}, True),
    ("message", {"text": "hello"}, False),
    ("message", {"text": "look here", "entities": [HIDDEN]}, True),
    ("message", {"caption": f"a photo {LISTED}"}, True),
    ("message", {"caption": "look here", "caption_entities": [HIDDEN]}, True),
    ("message", {"text": "press", "reply_markup": BUTTONS}, True),
    ("message", {"text": f"see {LISTED}", "forward_origin": ORIGIN}, True),
    ("message", {"text": "yes", "quote": {"text": f"see {LISTED}", "position": 0}}, True),
    ("message", {"text": "yes", "link_preview_options": {"url": LISTED}}, True),
    ("edited_message", {"text": f"now {LISTED}", "edit_date": 2}, True),
    ("channel_post", {"text": f"now {LISTED}"}, True),
    ("edited_channel_post", {"text": "now https://clear.example/", "edit_date": 2}, False),
    ("message", {"text": "www.bad.example/page is for review"}, False),
]


def test_a_telegram_bot(names: dict[str, Any]) -> None:
    from aiogram import Bot  # noqa: PLC0415  # not everyone who runs the tests has it
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415

    class Handler(BotApi):
        deleted: list[dict[str, Any]] = []  # noqa: RUF012  # a server makes a handler for each request

    async def run(url: str) -> None:
        bot = Bot("42:TEST", session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
        async with bot.session:
            for number, (kind, message, _) in enumerate(UPDATES, start=1):
                whole = {"message_id": number, "date": 1, "chat": CHAT, **message}
                await names["dispatcher"].feed_raw_update(bot, {"update_id": number, kind: whole})

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asyncio.run(run(f"http://127.0.0.1:{server.server_port}"))
        server.shutdown()
    assert {call["method"] for call in Handler.deleted} == {"deleteMessage"}
    expected = [str(number) for number, (_, _, removed) in enumerate(UPDATES, start=1) if removed]
    assert [call["message_id"] for call in Handler.deleted] == expected


def test_a_queue(names: dict[str, Any]) -> None:
    context = multiprocessing.get_context("fork")
    posts, decisions = context.Queue(), context.Queue()
    workers = [context.Process(target=names["consume"], args=(posts, decisions)) for _ in range(2)]
    for worker in workers:
        worker.start()
    sent = [{"id": "1", "text": f"see {LISTED}"}, {"id": "2", "text": "hello"}, {"text": "no id"}, {"id": "4"}]
    for item in [*sent, None, None]:
        posts.put(item)
    found = sorted((decisions.get(timeout=60) for _ in sent), key=str)
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert found == [("1", "reject"), ("2", "publish"), (None, "hold"), (None, "hold")]
