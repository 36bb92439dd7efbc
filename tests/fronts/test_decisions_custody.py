"""`linkgate decisions seal` and `verify`, and what `report` says of an altered record."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from linkgate.decisions.log import DecisionLog
from linkgate.fronts.cli import run

TODAY = dt.datetime.now(dt.UTC).date()
PAST = (TODAY - dt.timedelta(days=2)).isoformat()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    row: dict[str, object] = {
        "time": f"{PAST}T10:00:00Z",
        "decision": "d1",
        "list": "demo",
        "entry": "demo:1",
        "scope": "page",
    }
    row |= {"kind": "exact", "action": "block", "asked": "block", "snapshot": "id", "micros": 7}
    log = DecisionLog(tmp_path / "decisions")
    for _ in range(3):
        log.write([json.dumps(row, separators=(",", ":")).encode()], day=PAST)
    (tmp_path / "linkgate.toml").write_text('[decisions]\nseal_key_env = "SEAL_KEY"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEAL_KEY", "ab" * 32)
    return tmp_path / "decisions"


@pytest.mark.usefixtures("folder")
def test_the_life_of_a_sealed_record(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["decisions", "verify"]) == 0
    assert run(["decisions", "seal"]) == 0
    said = capsys.readouterr().out
    assert "3 lines of 1 writer; 0 files sealed, 1 not: nothing was changed" in said
    assert "1 file sealed; last seal " in said
    last = said.split("last seal ")[1][:64]
    assert run(["decisions", "verify", "--last-seal", last]) == 0
    assert run(["decisions", "verify", "--last-seal", "0" * 64]) == 2
    assert "the seal that was kept elsewhere is not there" in capsys.readouterr().out
    assert run(["decisions", "verify", "--last-seal", "mine"]) == 2
    capsys.readouterr()
    public = said.split()[-1]
    monkeypatch.delenv("SEAL_KEY")
    assert run(["decisions", "verify"]) == 0
    assert "signatures of the seals were not checked" in capsys.readouterr().err
    assert run(["decisions", "verify", "--public-key", public, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signatures"]
    assert run(["decisions", "verify", "--public-key", "00" * 32]) == 2
    assert run(["decisions", "verify", "--public-key", "mine"]) == 2
    assert "this is no public key" in capsys.readouterr().err


@pytest.mark.parametrize("sealed", [True, False])
def test_an_edited_and_a_deleted_line_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str], *, sealed: bool
) -> None:
    assert not sealed or run(["decisions", "seal"]) == 0
    path = folder / f"{PAST}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0].replace(b'"block"', b'"log"', 1) + lines[2])
    assert run(["decisions", "report"]) == 2
    assert "2 lines changed since they were written" in capsys.readouterr().err
    assert run(["decisions", "verify"]) == 2
    told = capsys.readouterr().out
    assert f"{PAST}.jsonl, line 1, writer " in told
    assert ": edited" in told
    assert f"{PAST}.jsonl, line 2, writer " in told
    assert ": removed 1 before it" in told


def test_without_a_key_nothing_is_sealed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAL_KEY", "secret but no key")
    assert run(["decisions", "seal"]) == 2
    monkeypatch.delenv("SEAL_KEY")
    assert run(["decisions", "seal"]) == 2
    Path("linkgate.toml").write_text("[decisions]\n")
    assert run(["decisions", "seal"]) == 2
    said = capsys.readouterr().err
    assert "SEAL_KEY holds no key of seals" in said
    assert "SEAL_KEY is not set" in said
    assert "set seal_key_env in [decisions]" in said
    assert "secret" not in said
    assert not (folder / "seals.jsonl").exists()


def test_a_signed_purge_is_no_alarm(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decisions", "seal"]) == 0
    assert run(["decisions", "purge", "--before", TODAY.isoformat()]) == 0
    assert run(["decisions", "verify"]) == 0
    (folder / "purges.jsonl").unlink()
    assert run(["decisions", "verify"]) == 2
    assert f"{PAST}.jsonl: removed, with 3 lines" in capsys.readouterr().out
