"""The gate of a configuration: surfaces, shadow, shares, the record, and its status."""

from __future__ import annotations

import datetime as dt
import gc
import threading
from typing import TYPE_CHECKING, Any

from desk import Desk, local, page
from msgspec.structs import replace
from policed import RECORD, desk, gate_of, records, until

import linkgate
from linkgate import Gate
from linkgate.decisions.log import files
from linkgate.lists.manifest import read_manifest, write_manifest

if TYPE_CHECKING:
    from pathlib import Path


class Untouchable:
    """A text that must not be read."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(name)


def test_a_match_is_ruled_on_and_put_on_record(tmp_path: Path) -> None:
    made = desk(tmp_path, more='actions = { exact = "review", loose = "log" }')
    with gate_of(made) as gate:
        verdict = gate.check(f"see {page(1)} and www.bad2.example/page/", message="m1", surface="forum")
        assert (verdict.action, verdict.surface, verdict.scanned) == ("review", "forum", True)
        assert gate.status().written == 2
    found = records(made)
    assert [(row["kind"], row["action"], row["message"], row["surface"]) for row in found] == [
        ("exact", "review", "m1", "forum"),
        ("loose", "log", "m1", "forum"),
    ]
    assert found[1]["steps"] == ["www", "trailing-slash"]
    assert found[0]["snapshot"] == verdict.snapshot
    assert found[0]["entry"] == verdict.matches[0].entry.id
    assert isinstance(found[0]["micros"], int)
    assert found[0]["time"].endswith("Z")


def test_no_address_and_no_text_is_on_record(tmp_path: Path) -> None:
    made = desk(tmp_path)
    with gate_of(made) as gate:
        gate.check(f"psst, the secret word: {page(1)}", links=[page(2)], message="m")
        told = str(gate.status().as_dict())
    text = files(tmp_path / "decisions")[0].read_text()
    for word in ("example", "psst", "http"):
        assert word not in text + told


def test_the_text_is_on_record_where_it_is_asked_for(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=f"{RECORD}text = true\n")
    with gate_of(made) as gate:
        gate.check(f"psst \ud800 😀 {page(1)} {'x' * 100_000}", surface="\udfff", message="\ud800")
    found = next(iter(linkgate.Records(tmp_path / "decisions")))  # half a character keeps nobody from reading it
    assert (found.message, found.surface) == ("\\ud800", "\\udfff")
    assert found.text is not None
    assert found.text.startswith(f"psst \\ud800 😀 {page(1)} xxx")
    assert 40_000 <= len(found.text) < 40_010
    made.configure(local(), rest=RECORD)
    with gate_of(made) as gate:
        gate.check(page(1))
    assert "text" not in records(made)[-1]


def test_a_text_that_is_no_longer_asked_for_is_no_longer_recorded(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=f"{RECORD}text = true\n")
    with gate_of(made) as gate:
        gate.check(page(1))
        made.configure(local(), rest=RECORD)
        gate.reload()
        gate.check(page(1))
    assert ["text" in row for row in records(made)] == [True, False]


def test_what_matches_nothing_leaves_no_record_and_costs_nothing(tmp_path: Path) -> None:
    made = desk(tmp_path)
    with gate_of(made) as gate:
        verdicts = [gate.check("good morning", message=str(number)) for number in range(3)]
        assert verdicts[0] is verdicts[1] is verdicts[2]  # nothing was made for them
        assert (verdicts[0].scanned, verdicts[0].surface, verdicts[0].action) == (True, "public", None)
        assert gate._enforcement is not None
        assert not gate._enforcement.surge_watch.breaker._meters
    assert files(tmp_path / "decisions") == []


def test_a_surface_that_is_off_is_never_read(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=f"{RECORD}[surfaces]\nprivate = false\nbackup = false\npublic = true\n")
    with gate_of(made) as gate:
        for surface in ("private", "backup"):
            verdict = gate.check(Untouchable(), surface=surface, message="m")  # type: ignore[arg-type]
            assert (verdict.scanned, verdict.flagged, verdict.surface) == (False, False, surface)
            assert verdict.as_dict()["scanned"] is False
        assert gate.check(page(1), surface="named by the caller").flagged
        assert gate.check(page(1)).flagged
    assert {row["surface"] for row in records(made)} == {"named by the caller", "public"}


class Nameless:
    def __str__(self) -> str:
        raise ValueError


def test_a_surface_that_nobody_declared_is_read_and_told(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=f"{RECORD}[surfaces]\nforum = true\nbackup = false\n")
    with gate_of(made) as gate:
        for surface in ("public", "private", "forum", "backup", None):
            gate.check("good morning", surface=surface)  # type: ignore[arg-type]
        assert gate.status().unknown_surfaces == {}
        strays: tuple[Any, ...] = ("pubilc", "pubilc", "fourm", page(1), 7, ["forum"], Nameless())
        for stray in strays:
            clear, found = (gate.check(text, surface=stray) for text in ("good morning", page(1)))
            assert (clear.scanned, clear.flagged, found.action) == (True, False, "block")
        told = gate.status()
        assert told.unknown_surfaces == {"pubilc": 4, "fourm": 2, "another": 6, "7": 2}
        assert told.ok
        assert "example" not in str(told.as_dict())
        for number in range(99):
            gate.check("good morning", surface=f"name-{number}")
        assert sum(gate.status().unknown_surfaces.values()) == 14 + 99
        assert len(gate.status().unknown_surfaces) == 32
        made.configure(local(), rest=f"{RECORD}[surfaces]\npubilc = false\n")
        gate.reload()
        assert not gate.check(page(1), surface="pubilc").scanned
        assert gate.status().unknown_surfaces["pubilc"] == 4


def test_where_no_surface_is_declared_any_name_will_do(tmp_path: Path) -> None:
    with gate_of(desk(tmp_path)) as gate:
        assert gate.check(page(1), surface="pubilc").flagged
        assert gate.status().unknown_surfaces == {}


def test_a_list_in_shadow_reports_and_never_blocks(tmp_path: Path) -> None:
    made = desk(tmp_path, more="shadow = true")
    with gate_of(made) as gate:
        verdict = gate.check(page(1), message="m")
        assert (verdict.action, verdict.flagged, gate.lookup(page(1)).action) == ("log", False, "log")
        assert gate.explain(page(1)).verdict.action == "log"
    shown = {name: records(made)[0][name] for name in ("action", "asked", "held", "shadow")}
    assert shown == {"action": "log", "asked": "block", "held": "shadow", "shadow": True}


def test_a_share_is_the_same_for_a_message_and_only_grows(tmp_path: Path) -> None:
    blocked: list[set[int]] = []
    for share in ("10%", "20%", "100%"):
        made = desk(tmp_path, more=f'share = "{share}"')
        with gate_of(made) as gate:
            blocked.append({number for number in range(400) if gate.check(page(1), message=str(number)).flagged})
    assert blocked[0] < blocked[1] < blocked[2]
    assert len(blocked[2]) == 400
    assert 20 < len(blocked[0]) < 70


def test_a_message_id_of_any_kind(tmp_path: Path) -> None:
    made = desk(tmp_path, more='share = "50%"')
    with gate_of(made) as gate:
        for message in (7, None, "\ud800", "a\nb" * 1000):
            gate.check(page(1), message=message)  # type: ignore[arg-type]
        assert gate.status().failed == 0
    found = linkgate.Records(tmp_path / "decisions")
    assert [each.message for each in found] == ["7", None, "\\ud800", ("a\nb" * 1000)[:512]]
    assert found.torn == 0


def test_a_configuration_that_is_edited_is_followed(tmp_path: Path) -> None:
    made = desk(tmp_path)
    with gate_of(made) as gate:
        assert gate.check(page(1)).action == "block"
        made.configure(local(more="shadow = true"), rest=f"{RECORD}[surfaces]\nprivate = false\n")
        gate.reload()
        assert gate.check(page(1)).action == "log"
        assert not gate.check(page(1), surface="private").scanned
        made.configure(local(more="shadow = 7"))
        gate.reload()
        assert gate.check(page(1)).action == "log"  # as it was
        assert "shadow must be true or false" in str(gate.status().policy_error)
        made.configure(local())
        gate.reload()
        assert (gate.check(page(1)).action, gate.status().policy_error) == ("block", None)


def test_a_list_over_its_age_is_stale_and_goes_on_deciding(tmp_path: Path) -> None:
    made = desk(tmp_path, more='max_age = "1h"')
    with gate_of(made) as gate:
        assert gate.status().stale == ()
        assert gate.status().ok
        manifest = tmp_path / "store" / "manifest.json"
        told = read_manifest(manifest.read_bytes())
        told.lists["partner"] = replace(told.lists["partner"], checked="2020-01-01T00:00:00Z")
        manifest.write_bytes(write_manifest(told))
        gate.reload()
        assert gate.status().stale == ("partner",)
        assert not gate.status().ok
        assert gate.check(page(1)).flagged
        made.update()  # the publisher confirms what we have
        gate.reload()
        assert gate.status().stale == ()
        assert gate.status().reloads == 0


def test_an_observer_sees_every_check_and_stops_none(tmp_path: Path) -> None:
    made = desk(tmp_path, rest="[surfaces]\nprivate = false\n")
    seen: list[tuple[str | None, bool, bool]] = []

    def count(verdict: linkgate.Verdict, seconds: float) -> None:
        assert seconds > 0
        seen.append((verdict.action, verdict.scanned, bool(verdict.matches)))

    def fail(_verdict: linkgate.Verdict, _seconds: float) -> None:
        raise ValueError(page(1))

    with gate_of(made) as gate:
        gate.observe(fail)
        gate.observe(count)
        assert gate.check(page(1)).flagged
        gate.check("good morning")
        gate.check(page(1), surface="private")
        assert gate.status().observer_errors == 3
    assert seen == [("block", True, True), (None, True, False), (None, False, False)]


def test_a_full_record_stops_nobody(tmp_path: Path) -> None:
    made = desk(tmp_path)
    (tmp_path / "decisions").write_text("a file is in the way")
    with gate_of(made) as gate:
        assert gate.check(page(1)).flagged
        status = gate.status()
        assert (status.written, status.failed) == (0, 1)
        assert "decisions cannot be recorded" in str(status.record_error)


def test_old_days_are_purged_by_the_gate(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=f'{RECORD}keep = "7d"\n')
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "2020-01-01.jsonl").write_text("{}\n")
    with gate_of(made):
        assert files(tmp_path / "decisions") == []
    (tmp_path / "decisions" / "2020-01-01.jsonl").mkdir()
    with gate_of(made) as gate:
        assert "over their age cannot be removed" in str(gate.status().record_error)
        assert gate.check(page(1)).flagged
        assert gate.status().written == 1


def test_open_answers_as_it_always_did(tmp_path: Path) -> None:
    made = desk(tmp_path, more='actions = { exact = "log" }\nshadow = true')
    with Gate.open(made.store.path, watch=None) as gate:
        verdict = gate.check(page(1), surface="private", message="m")
        assert verdict.as_dict() == gate.engine.check(page(1)).as_dict()
        assert verdict.action == "block"
        assert gate.status().written == 0


def test_a_forgotten_gate_ends_its_threads(tmp_path: Path) -> None:
    made = desk(tmp_path)
    gate = Gate.of(made.path, watch=0.01)
    names = {"linkgate-upkeep", "linkgate-reload"}
    mine = [thread for thread in threading.enumerate() if thread.name in names]
    assert {thread.name for thread in mine} == names
    del gate
    gc.collect()
    until(lambda: not any(thread.is_alive() for thread in mine))


def test_allow_entries_have_a_reason_and_an_end(tmp_path: Path) -> None:
    """`note` holds the reason; an update after the end leaves the entry out (of a running gate: test_allowances.py)."""
    made = Desk(tmp_path, local())
    made.put("partner.txt", b"*.bad.example\n")
    own = 'name = "own"\npath = "own.csv"\nkind = "allow"\nformat = "csv"\n'
    made.configure(local(), own, rest=RECORD)
    made.put("own.csv", b"url,scope,expires,note\nbad.example,host,2999-12-31,case 7 by A. Reviewer\n")
    made.update()
    with gate_of(made) as gate:
        assert not gate.check("http://bad.example/x").flagged
        assert gate.check("http://www.bad.example/x").flagged
        made.update(now=dt.datetime(3000, 1, 1, tzinfo=dt.UTC))  # the same files, a day later
        gate.reload()
        assert gate.check("http://bad.example/x").flagged
