"""Cases and decisions in the sidecar: a right of their own, every look on record, no link in any answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="the extra `serve` is not installed")

from sidecars import LISTED, TOML, ask_here, furnish

import linkgate
from linkgate.fronts.server.app import SidecarApp, build, service_of
from linkgate.fronts.server.bearer_tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MORE = """[decisions]
on_overturn = ["true"]
[cases]
key_env = "CASES"
capture = "link"
[feedback]
wrong = { after = 1, by = 1 }
"""


@pytest.fixture
def sidecar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SidecarApp]:
    monkeypatch.setenv("CASES", "ab" * 32)
    furnish(tmp_path)
    (tmp_path / "linkgate.toml").write_text(TOML + MORE)
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{tokens.read_text()}officer check,cases {digest('officer')}\n")
    settings = {"config": str(tmp_path / "linkgate.toml"), "tokens": str(tokens), "watch": None}
    service = service_of(settings)
    yield build(service)
    service.gate.close()


def decided(app: Any, folder: Path) -> str:
    message = {"text": LISTED, "id": "m1", "account": "ann", "posted": "2026-01-31T10:00:00+01:00"}
    assert ask_here(app, "/v1/check", message)[1]["flagged"]
    (row,) = linkgate.find_decisions(folder / "decisions", messages=["m1"])
    assert row["posted"] == "2026-01-31T09:00:00.000000Z"
    assert ask_here(app, "/v1/check", message | {"posted": "2026-01-31T10:00:00"})[0] == 400  # without a zone
    return str(row["decision"])


def test_an_appeal_is_answered(sidecar: SidecarApp, tmp_path: Path) -> None:
    name = decided(sidecar, tmp_path)
    status, told = ask_here(sidecar, "/v1/decisions/show", {"decision": name})
    assert (status, told["message"], told["review"]) == (200, "m1", None)
    assert "bad.example" not in str(told)
    assert ask_here(sidecar, "/v1/decisions/overturn", {"decision": name, "reason": " "})[0] == 400
    status, told = ask_here(sidecar, "/v1/decisions/overturn", {"decision": name, "reason": "a school"})
    assert (status, told) == (200, {"decision": name, "overturned": True, "platform_told": True})
    assert ask_here(sidecar, "/v1/decisions/show", {"decision": name})[1]["review"]["by"] == "officer"
    assert ask_here(sidecar, "/v1/decisions/show", {"decision": "d0"})[0] == 404
    assert ask_here(sidecar, "/v1/decisions/show", {"decision": 7})[0] == 400


def test_a_look_at_a_case_is_on_record(sidecar: SidecarApp, tmp_path: Path) -> None:
    name = decided(sidecar, tmp_path)
    store = linkgate.CaseStore.of(linkgate.load_config(tmp_path / "linkgate.toml"))
    rows = linkgate.find_decisions(tmp_path / "decisions", decisions=[name])
    case = store.open(rows, by="ann", reason="report", until=None)
    status, told = ask_here(sidecar, "/v1/cases")
    assert (status, [each["id"] for each in told["cases"]]) == (200, [case.id])
    status, told = ask_here(sidecar, "/v1/cases/show", {"case": case.id})
    assert (status, told["captured"]) == (200, [name])
    assert "bad.example" not in str(told)
    assert ask_here(sidecar, "/v1/cases/show", {"case": "../x"})[0] == 404
    assert [(row["by"], row["act"]) for row in store.accesses()][1:] == [("officer", "list"), ("officer", "show")]
    (tmp_path / "cases" / f"{case.id}.case").write_bytes(b"damaged")
    assert ask_here(sidecar, "/v1/cases/show", {"case": case.id})[0] == 503


@pytest.mark.parametrize("token", ["chat", "analyst", "monitor", "nobody"])
def test_nobody_else_may(token: str, sidecar: SidecarApp, tmp_path: Path) -> None:
    name = decided(sidecar, tmp_path)
    for path, body in (
        ("/v1/cases", None),
        ("/v1/cases/show", {"case": "c1"}),
        ("/v1/decisions/show", {"decision": name}),
        ("/v1/decisions/overturn", {"decision": name, "reason": "x"}),
    ):
        assert ask_here(sidecar, path, body, token=token)[0] in {401, 403}
    assert not (tmp_path / "decisions" / "reviews.jsonl").exists()


def test_without_tokens_there_are_no_cases(tmp_path: Path) -> None:
    furnish(tmp_path)
    service = service_of({"config": str(tmp_path / "linkgate.toml"), "watch": None})
    try:
        status, told = ask_here(build(service), "/v1/cases")
        assert (status, "need tokens" in str(told)) == (403, True)
    finally:
        service.gate.close()
