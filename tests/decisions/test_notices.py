"""Who is told of problems: a real command and a real server on loopback; once when it begins, once when it is over."""

from __future__ import annotations

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import pytest

import linkgate

if TYPE_CHECKING:
    from pathlib import Path

AT = dt.datetime.now(dt.UTC)
LISTED = "http://bad.example/page\n"


class Hook:
    """A webhook: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, Any]] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((self.path, self.headers.get("Authorization", ""), json.loads(body)))
                self.send_response(hook.status)
                for name, value in hook.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...  # says nothing

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def configured(folder: Path, notify: str, *, lists: str = "") -> linkgate.Config:
    text = f'[store]\npath = "store"\n[[list]]\nname = "a"\npath = "a.txt"\n{lists}[notify]\n{notify}\n'
    (folder / "linkgate.toml").write_text(text)
    return linkgate.load_config(folder / "linkgate.toml")


def updated(config: linkgate.Config, text: str) -> str | None:
    (config.path.parent / "a.txt").write_text(text)
    linkgate.update(config, config.open_store(create=True), force=True)
    return linkgate.notify(config, at=AT)


def test_a_webhook_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "s3cret")
    monkeypatch.setenv("NO_PROXY", "*")
    secrets = 'credentials = [{ placeholder = "key", env = "HOOK" }, { header = "Authorization", env = "HOOK" }]'
    with Hook() as hook:
        config = configured(tmp_path, f'url = "{hook.url}/in/{{key}}"\n{secrets}')
        assert [updated(config, LISTED), updated(config, LISTED)] == [None, None]
        assert hook.got == []
        hook.status = 500
        assert updated(config, "<html>") == "[notify]: the webhook answered 500"
        hook.status, hook.headers = 302, {"Location": f"{hook.url}/elsewhere"}
        assert updated(config, "<html>") == "[notify]: the webhook answered 302"
        assert [path for path, _, _ in hook.got] == ["/in/s3cret"] * 2
        hook.status, hook.headers = 200, {}
        assert [updated(config, "<html>"), updated(config, "<html>")] == [None, None]
        assert len(hook.got) == 3  # what nobody took was told again, and then no more
        path, header, told = hook.got[-1]
        assert (path, header, told["time"][:16], told["over"]) == ("/in/s3cret", "s3cret", f"{AT:%Y-%m-%dT%H:%M}", [])
        assert [(each["kind"], each["list"], each["entry"]) for each in told["began"]] == [("failed", "a", None)]
        assert updated(config, LISTED + "http://other.example/\n") is None
        assert hook.got[-1][2]["text"] == "linkgate: list a: failed no more"
        assert "example" not in str(hook.got)
    assert updated(config, "<html>") == "[notify]: the webhook cannot be reached (ConnectionRefusedError)"
    monkeypatch.delenv("HOOK")
    assert "environment variable HOOK" in str(linkgate.notify(config, at=AT))


def test_alarms_stale_lists_and_updates_that_break_off(tmp_path: Path) -> None:
    tell = 'command = ["sh", "-c", "cat >> told; echo >> told"]'.replace("told", str(tmp_path / "told"))
    config = configured(tmp_path, tell, lists='max_age = "1h"\n[surge]\nentry_per_minute = 1\n')
    assert updated(config, LISTED) is None
    with linkgate.Gate.of(config, watch=None) as gate:
        for _ in range(3):
            gate.check(LISTED)
    later = AT + dt.timedelta(hours=2)
    linkgate.notify(config, at=later)
    linkgate.notify(config, at=AT, fault="no room on the disk")
    linkgate.notify(config, at=AT, fault="no room on the disk")
    told = [json.loads(line) for line in (tmp_path / "told").read_text().splitlines()]
    entry = config.open_store().load().lookup(LISTED.strip()).matches[0].entry.id
    assert [[(each["kind"], each["entry"]) for each in one["began"]] for one in told] == [
        [("stale", None), ("alarm", entry)],
        [("update", None)],
    ]
    assert told[1]["text"] == "linkgate: update: no room on the disk"
    assert told[1]["over"] == []


def test_a_command_that_fails_is_told_again(tmp_path: Path) -> None:
    config = configured(tmp_path, 'command = ["false"]')
    assert updated(config, LISTED) is None
    assert [updated(config, "<html>"), updated(config, "<html>")] == ["[notify]: false ended with 1"] * 2
    configured(tmp_path, 'command = ["no-such-command-here"]')
    config = linkgate.load_config(config.path)
    assert updated(config, "<html>") == "[notify]: no-such-command-here cannot be run"


@pytest.mark.parametrize(
    ("notify", "sentence"),
    [
        ("", "needs a command, or the url of a webhook"),
        ('url = "hooks.example"', "must be a web address"),
        ('url = "https://hooks.example/x?token=abc"', "holds credentials"),
        ('command = "page"\ncredentials = { header = "X", env = "Y" }', "are for the url"),
        ('url = "http://hooks.example/{k}"\ncredentials = { placeholder = "k", env = "Y" }', "use https"),
        ('url = "https://hooks.example/{k}"\ncredentials = { placeholder = "k", value = "s" }', "keep a secret"),
        ('email = "x@y.example"', "is no key that linkgate knows"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path: Path, notify: str, sentence: str) -> None:
    with pytest.raises(linkgate.UsageError, match=sentence):
        configured(tmp_path, notify)
