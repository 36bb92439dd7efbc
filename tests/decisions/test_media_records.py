"""Files in a gate: policy, shadow, share, breaker, record, captures and cases treat them as links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import linkgate
from files import digest_of_word, flipped
from linkgate import Media
from linkgate.decisions.coop import coop_reports
from linkgate.lists.reporter_config import CoopConfig

if TYPE_CHECKING:
    from pathlib import Path

MD5, PDQ = digest_of_word("md5", "zebra"), digest_of_word("pdq", "zebra")
FILE = Media(id="att1", md5=MD5.upper())
COOP = CoopConfig(reporter_type="t", reporter_id="r", item_type="i", links_field="urls", text_field="body")
MORE = '[decisions]\nfsync = "never"\n[surfaces]\nprivate = false\n'


def gate_of(folder: Path, more: str = MORE, of_list: str = "") -> linkgate.Gate:
    (folder / "md5s.txt").write_text(f"{MD5}\n")
    (folder / "pdq.txt").write_text(f"{PDQ}\n")
    lists = f'[[list]]\nname = "md5s"\npath = "md5s.txt"\ntype = "md5"\n{of_list}\n'
    lists += '[[list]]\nname = "pdqs"\npath = "pdq.txt"\ntype = "pdq"\n'
    (folder / "linkgate.toml").write_text(f'[store]\npath = "store"\n{lists}{more}')
    config = linkgate.load_config(folder / "linkgate.toml")
    linkgate.update(config, config.open_store(create=True))
    return linkgate.Gate.of(config, watch=None)


def lines(folder: Path) -> list[dict[str, Any]]:
    found = sorted((folder / "decisions").glob("*.jsonl"))
    rows = [json.loads(line) for path in found for line in path.read_text().splitlines()]
    return [row for row in rows if "decision" in row]


def test_usual_actions_and_the_record(tmp_path: Path) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    near = Media(id="att2", pdq=flipped(PDQ, 20), pdq_quality=87)
    with gate_of(tmp_path) as gate:
        verdict = gate.check("hello", media=[FILE, near], message="m1")
        assert [
            (ruling.action, match.media) for ruling, match in zip(verdict.rulings, verdict.matches, strict=True)
        ] == [
            ("block", "att1"),
            ("review", "att2"),
        ]
        assert gate.check("hello", media=[near]).action == "review"
        assert gate.check("hello", media=[]) is gate.check("hello")
    rows = lines(tmp_path)
    told = [(row["message"], row["media"], row["kind"], row["steps"], row["distance"], row["scope"]) for row in rows]
    assert told[:2] == [("m1", "att1", "exact", ["md5"], None, "file"), ("m1", "att2", "near", ["pdq"], 20, "file")]
    assert MD5 not in json.dumps(rows).lower()


def test_a_surface_that_is_off_is_not_looked_at(tmp_path: Path) -> None:
    with gate_of(tmp_path) as gate:
        verdict = gate.check("hello", media=[FILE], surface="private")
    assert (verdict.scanned, verdict.matches) == (False, ())
    assert lines(tmp_path) == []


@pytest.mark.parametrize(
    ("of_list", "told"),
    [
        ("shadow = true", ("log", "block", "shadow")),
        ('share = "0%"', ("log", "block", "share")),
        ('actions = { exact = "review" }', ("review", "review", None)),
    ],
)
def test_the_policy_of_the_list(tmp_path: Path, of_list: str, told: tuple[str, str, str | None]) -> None:
    with gate_of(tmp_path, of_list=of_list) as gate:
        [ruling] = gate.check("hello", media=[FILE], message="m1").rulings
    assert (ruling.action, ruling.asked, ruling.held) == told


def test_the_breaker_opens(tmp_path: Path) -> None:
    with gate_of(tmp_path, MORE + "[surge]\nentry_per_minute = 3\n") as gate:
        actions = [gate.check("hello", media=[FILE]).action for _ in range(6)]
    assert actions == ["block", "block", "block", "review", "review", "review"]


KEPT = '[cases]\nkey_env = "CASES_KEY"\ncapture = "link"\n'


def test_a_case_holds_the_digests_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASES_KEY", "ab" * 32)
    with gate_of(tmp_path, MORE + KEPT) as gate:
        gate.check("hello", media=[FILE, Media(id="other", sha256="0" * 64)], message="m1")
        config = gate.config
    assert config is not None
    store = linkgate.CaseStore.of(config)
    case = store.open(lines(tmp_path), by="ann", reason="r", until=None)
    assert case.files() == ({"md5": MD5},)
    neutral = json.loads(linkgate.exported(case, "neutral", config.reporter, linkgate.ExportNotes()).data)
    assert neutral["media"] == [{"md5": MD5}]
    assert (neutral["decisions"][0]["media"], neutral["decisions"][0]["link"]) == ("att1", None)
    coop, _ = coop_reports(case, COOP)
    assert json.loads(coop)["reportedItem"]["data"] == {}
    assert b"<url" not in linkgate.exported(case, "ncmec", config.reporter, linkgate.ExportNotes()).data
    inbox = [path.read_bytes() for path in (tmp_path / "cases" / "inbox").rglob("d*") if path.is_file()]
    assert inbox
    assert all(MD5.encode() not in data for data in inbox)


def test_an_allow_list_of_files(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(json.dumps({"digest": MD5, "type": "md5"}))
    with gate_of(tmp_path, '[[list]]\nname = "own"\npath = "own.jsonl"\nkind = "allow"\n' + MORE) as gate:
        assert not gate.check("", media=[FILE]).matches
