"""The gate of a configuration: surfaces, shadow, shares, alarms that processes share, and its status."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk import Desk, local, page

import linkgate
from linkgate import Alarms, Gate
from linkgate.decisions.log import files

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = Path(__file__).parents[2] / "src"
RECORD = '[decisions]\npath = "decisions"\n'
PATIENCE = 60.0


def desk(folder: Path, *, more: str = "", rest: str = RECORD, number: int = 4) -> Desk:
    made = Desk(folder, local(more=more))
    made.configure(local(more=more), rest=rest)
    made.put("partner.txt", "".join(f"{page(each)}\n" for each in range(number)).encode())
    made.update()
    return made


def gate_of(made: Desk) -> Gate:
    return Gate.of(made.path, watch=None)


def records(made: Desk) -> list[dict[str, Any]]:
    folder = made.folder / "decisions"
    lines = [path.read_text("utf-8").splitlines() for path in files(folder)] if folder.is_dir() else []
    return [json.loads(line) for each in lines for line in each]


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


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
    message = f"psst \ud800 {page(1)}"
    with gate_of(made) as gate:
        gate.check(message)
    assert records(made)[0]["text"] == message


def test_what_matches_nothing_leaves_no_record_and_costs_nothing(tmp_path: Path) -> None:
    made = desk(tmp_path)
    with gate_of(made) as gate:
        verdicts = [gate.check("good morning", message=str(number)) for number in range(3)]
        assert verdicts[0] is verdicts[1] is verdicts[2]  # nothing was made for them
        assert (verdicts[0].scanned, verdicts[0].surface, verdicts[0].action) == (True, "public", None)
        assert gate._enforcement is not None
        assert not gate._enforcement.breaker._meters
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
    assert [row["message"] for row in records(made)] == ["7", None, "\ud800", ("a\nb" * 1000)[:512]]


SURGE = f"{RECORD}[surge]\nentry_per_minute = 3\n"


def test_a_surge_falls_to_review_until_it_is_confirmed(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    with gate_of(made) as gate, gate_of(made) as other:
        actions = [gate.check(page(1)).action for _ in range(6)]
        assert actions == ["block"] * 3 + ["review"] * 3
        assert gate.check(page(2)).action == "block"  # another entry of the list
        assert gate.check(f"{page(1)} {page(2)}").action == "block"  # the heaviest of both
        alarm = gate.status().alarms[0]
        assert (alarm.list, alarm.rate, alarm.limit, alarm.is_open) == ("partner", 4, 3, True)
        assert other.check(page(1)).action == "block"  # not told yet
        gate.reload()
        other.reload()
        assert other.check(page(1)).action == "review"
        assert Alarms.of(made.config).confirm("partner", alarm.entry, at="2999-01-01T00:00:00Z")
        for each in (gate, other):
            each.reload()
            assert [each.check(page(1)).action for _ in range(6)] == ["block"] * 6  # confirmed: not raised again
            assert each.status().alarms == ()
    assert {row["held"] for row in records(made)} == {None, "surge"}
    assert "example" not in (tmp_path / "store" / "alarms.json").read_text()


def test_an_alarm_outlives_its_process_and_its_confirmation_ends(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    with gate_of(made) as gate:
        for _ in range(4):
            gate.check(page(1))
    with gate_of(made) as gate:
        assert gate.check(page(1)).action == "review"
        entry = gate.status().alarms[0].entry
        Alarms.of(made.config).confirm("partner", entry, at="2001-01-01T00:00:00Z")  # long ago
        gate.reload()
        assert [gate.check(page(1)).action for _ in range(6)] == ["block"] * 2 + ["review"] * 4


def test_canaries_and_shadows_raise_no_alarm(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE, more="shadow = true")
    with gate_of(made) as gate:
        for _ in range(9):
            gate.check(f"{page(1)} linkgate-canary-host.example")
        assert gate.status().alarms == ()
    assert {row["list"] for row in records(made)} == {"partner", "linkgate-canary"}


def test_alarms_that_cannot_be_written_hold_in_the_process(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    (tmp_path / "store" / "alarms.json").mkdir()
    with gate_of(made) as gate:
        for _ in range(5):
            gate.check(page(1))
        gate.reload()
        assert gate.check(page(1)).action == "review"
        assert "alarms.json" in str(gate.status().policy_error)
        (tmp_path / "store" / "alarms.json").rmdir()
        gate.reload()
        assert gate.status().policy_error is None
    assert len(Alarms.of(made.config).read()) == 1


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


def test_a_thread_follows_by_itself(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    with Gate.of(made.path, watch=0.02, jitter=0) as gate:
        for _ in range(5):
            gate.check(page(1))
        until(lambda: bool(Alarms.of(made.config).read()))
        entry = Alarms.of(made.config).read()[0].entry
        Alarms.of(made.config).confirm("partner", entry, at="2999-01-01T00:00:00Z")
        until(lambda: gate.check(page(1)).action == "block")


def test_a_list_over_its_age_is_stale_and_goes_on_deciding(tmp_path: Path) -> None:
    made = desk(tmp_path, more='max_age = "1h"')
    with gate_of(made) as gate:
        assert gate.status().stale == ()
        assert gate.status().ok
        manifest = tmp_path / "store" / "manifest.json"
        told = json.loads(manifest.read_bytes())
        told["lists"]["partner"]["checked"] = "2020-01-01T00:00:00Z"
        manifest.write_text(json.dumps(told))
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
        assert 0 < seconds < PATIENCE
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


def test_open_answers_as_it_always_did(tmp_path: Path) -> None:
    made = desk(tmp_path, more='actions = { exact = "log" }\nshadow = true')
    with Gate.open(made.store.path, watch=None) as gate:
        verdict = gate.check(page(1), surface="private", message="m")
        assert verdict.as_dict() == gate.engine.check(page(1)).as_dict()
        assert verdict.action == "block"
        assert gate.status().written == 0


def test_threads_that_trip_the_breaker_see_each_alarm_once(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=f"{RECORD}[surge]\nlist_per_minute = 50\n")
    actions: list[str | None] = []
    with gate_of(made) as gate:

        def work() -> None:
            actions.extend(gate.check(page(1), message="m").action for _ in range(100))

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert gate.check(page(1)).action == "review"
        assert len(gate.status().alarms) == 1
        assert gate.status().written == 601
    assert 50 <= actions.count("block") <= 50 + 6 * 2
    assert set(actions) == {"block", "review"}


def test_a_forgotten_gate_ends_its_threads(tmp_path: Path) -> None:
    made = desk(tmp_path)
    gate = Gate.of(made.path, watch=0.01)
    names = {"linkgate-keeper", "linkgate-reload"}
    mine = [thread for thread in threading.enumerate() if thread.name in names]
    assert {thread.name for thread in mine} == names
    del gate
    gc.collect()
    until(lambda: not any(thread.is_alive() for thread in mine))


FORKING = """
import os, sys, time
import linkgate

config, url = sys.argv[1:]
gate = linkgate.Gate.of(config, watch=0.02, jitter=0)
for _ in range(2):
    gate.check(url, message="parent")
gate._enforcement._turn.acquire()  # as another thread may hold it when the process forks
child = os.fork()
if not child:
    actions = [gate.check(url, message="child").action for _ in range(4)]
    end = time.monotonic() + 60
    while not linkgate.Alarms.of(linkgate.load_config(config)).read() and time.monotonic() < end:
        time.sleep(0.01)
    print(actions, gate.status().written, flush=True)
    os._exit(0)
gate._enforcement._turn.release()
os.waitpid(child, 0)
end = time.monotonic() + 60
while gate.check(url, message="after").action != "review" and time.monotonic() < end:
    time.sleep(0.3)
print(gate.check(url).action)
"""


def test_a_forked_process_counts_records_and_shares_alarms(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    command = [sys.executable, "-c", FORKING, str(made.path), page(1)]
    env = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "['block', 'review', 'review', 'review'] 6\nreview\n", done.stderr
    assert sum(row["message"] == "child" for row in records(made)) == 4


def test_allow_entries_have_a_reason_and_an_end(tmp_path: Path) -> None:
    """`note` holds the reason; `expires` is honoured when the store is updated after that day."""
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
