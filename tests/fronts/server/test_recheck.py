"""`POST /v1/recheck`: where short links lead is judged at their place, on record, and counted as links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="the extra `serve` is not installed")

from test_routes import answer

import linkgate
from linkgate.fronts.server.app import build, service_of
from linkgate.fronts.server.bearer_tokens import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Ask = Callable[..., tuple[int, Any]]

LISTED = "http://zebra.example/giraffe"
SHORT = "http://sho.example/3xYz"
CONFIG = """
[store]
path = "store"
[decisions]
[shorteners]
report = true
[[list]]
name = "demo"
path = "demo.txt"
[[list]]
name = "short"
kind = "shorteners"
path = "short.txt"
"""


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    (tmp_path / "demo.txt").write_text(LISTED)
    (tmp_path / "short.txt").write_text("sho.example")
    (tmp_path / "linkgate.toml").write_text(CONFIG)
    (tmp_path / "tokens").write_text(f"chat check {digest('chat')} links=3\nother metrics {digest('other')}\n")
    (tmp_path / "tokens").chmod(0o600)
    config = linkgate.load_config(tmp_path / "linkgate.toml")
    assert linkgate.update(config, config.open_store(create=True)).ok
    settings = {"config": str(tmp_path / "linkgate.toml"), "tokens": str(tmp_path / "tokens"), "watch": None}
    service = service_of(settings)
    app = build(service)

    def asking(path: str, body: Any, who: str = "chat") -> tuple[int, Any]:
        status, _, data = answer(app, path, (json.dumps(body).encode(),), header=f"Bearer {who}")
        return status, json.loads(data)

    yield asking
    service.gate.close()


def target(*hops: str, state: str = "redirects") -> dict[str, Any]:
    return {"link": SHORT, "start": 4, "end": 27, "state": state, "hops": list(hops)}


def test_a_short_link_is_told_and_what_is_behind_it(ask: Ask, tmp_path: Path) -> None:
    status, told = ask("/v1/check", {"text": f"see {SHORT}", "id": "7"})
    assert (status, told["opaque"], told["matches"]) == (200, [{"start": 4, "end": 27}], [])
    status, told = ask("/v1/recheck", {"id": "7", "targets": [target("http://fine.example/", LISTED)], "late": True})
    [match] = told["matches"]
    assert (status, told["action"], match["kind"], match["steps"]) == (200, "block", "nested", ["shortener"])
    assert (match["start"], match["end"], told.get("opaque")) == (4, 27, None)
    lines = [line for path in (tmp_path / "decisions").glob("*.jsonl") for line in path.read_text().splitlines()]
    rows = [json.loads(line) for line in lines if '"kind"' in line]
    assert [(row["message"], row["late"], row["entry"]) for row in rows] == [("7", True, match["entry"])]
    assert "zebra" not in json.dumps([told, rows])


def test_utf16_spans_of_short_links(ask: Ask) -> None:
    _, told = ask("/v1/check", {"text": f"😀 {SHORT}", "offsets": "utf-16"})
    assert told["opaque"] == [{"start": 3, "end": 26}]


def test_each_hop_counts_as_a_link(ask: Ask) -> None:
    hops = [f"http://h{n}.example/" for n in range(4)]
    assert ask("/v1/recheck", {"targets": [target(*hops)]})[0] == 200
    assert ask("/v1/recheck", {"targets": [target(*hops)]})[0] == 429


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        ({"targets": [target(state="broken")]}, "chat", 400),
        ({"targets": [target(*["http://x.example/"] * 11)]}, "chat", 400),
        ({"targets": [target()] * 101}, "chat", 400),
        ({"targets": [target("x" * 100_001)]}, "chat", 413),
        ({}, "chat", 400),
        ({"targets": []}, "other", 403),
        ({"targets": []}, "wrong", 401),
        ({"targets": []}, "chat", 200),
    ],
)
def test_bodies_and_rights(body: Any, token: str, status: int, ask: Ask) -> None:
    assert ask("/v1/recheck", body, token)[0] == status
