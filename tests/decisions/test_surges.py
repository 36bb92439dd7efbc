"""The breaker at work: what surges falls to review, and processes share alarms and confirmations."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from desk import local, page
from policed import RECORD, SURGE, desk, gate_of, records, until

from linkgate import Alarms, Gate

SOURCE = Path(__file__).parents[2] / "src"
TESTS = [Path(__file__).parents[1] / floor for floor in ("decisions", "lists")]


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


def test_an_edit_of_something_else_leaves_the_breaker_alone(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    with gate_of(made) as gate:
        for _ in range(3):
            gate.check(page(1))
        made.configure(local(), rest=f"{SURGE}[surfaces]\nprivate = false\n")
        gate.reload()
        assert not gate.check(page(1), surface="private").scanned
        assert gate.check(page(1)).action == "review"  # the fourth in this minute
        made.configure(local(), rest=f"{RECORD}[surge]\nentry_per_minute = 9\n")
        gate.reload()
        assert gate._enforcement is not None
        assert not gate._enforcement.surge_watch.breaker._meters


def test_alarms_in_a_file_of_their_own(tmp_path: Path) -> None:
    """For processes that cannot write to the store."""
    made = desk(tmp_path, rest=f'{SURGE}alarms = "shared.json"\n')
    with gate_of(made) as gate:
        for _ in range(4):
            gate.check(page(1))
        gate.reload()
    assert [alarm.rate for alarm in Alarms.of(made.config).read()] == [4]
    assert Alarms.of(made.config).path == tmp_path / "shared.json"
    assert not (tmp_path / "store" / "alarms.json").exists()


def test_a_thread_follows_by_itself(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=SURGE)
    with Gate.of(made.path, watch=0.02, jitter=0) as gate:
        for _ in range(5):
            gate.check(page(1))
        until(lambda: bool(Alarms.of(made.config).read()))
        entry = Alarms.of(made.config).read()[0].entry
        Alarms.of(made.config).confirm("partner", entry, at="2999-01-01T00:00:00Z")
        until(lambda: gate.check(page(1)).action == "block")


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


def test_what_is_usual_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=USUAL)
    usual = tmp_path / "store" / "alarms.usual.json"
    usual.write_text("{")
    with gate_of(made) as gate:
        assert "damaged: what is usual is learned anew" in str(gate.status().policy_error)
        learned(gate)
        gate.reload()
        assert gate.status().policy_error is None
    usual.unlink()
    usual.mkdir()
    with gate_of(made) as gate:
        assert "alarms.usual.json: it is a folder" in str(gate.status().policy_error)
        learned(gate)
        gate.reload()
        assert gate.check(page(1)).action == "block"


def test_who_has_seen_nothing_keeps_nothing(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=USUAL)
    usual = tmp_path / "store" / "alarms.usual.json"
    with gate_of(made) as gate:
        gate.check("good morning")
    assert not usual.exists()
    with gate_of(made) as gate:
        learned(gate)
    before = usual.read_bytes()
    assert b"example" not in before
    with gate_of(made):
        pass
    assert usual.read_bytes() == before
    plain = desk(tmp_path, rest=SURGE)  # nothing is asked of what is usual
    usual.unlink()
    with gate_of(plain) as gate:
        learned(gate)
    assert not usual.exists()


def test_what_is_usual_outlives_an_edit_of_the_limits(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=USUAL)
    with gate_of(made) as gate:
        learned(gate)
        made.configure(local(), rest=f"{RECORD}[surge]\ntimes_usual = 3\nleast = 1\n")
        gate.reload()
        actions = [gate.check(page(1)).action for _ in range(20)]
        assert actions.count("block") in {14, 15}  # three times five, less a minute that may have ended since
        assert actions[-5:] == ["review"] * 5


def learned(gate: Gate) -> None:
    """Two hours of five flagged messages a minute, by a clock that was turned back."""
    assert gate._enforcement is not None
    keys = {(match.entry.list, each) for match in gate.lookup(page(1)).matches for each in (None, match.entry.id)}
    begin = (time.monotonic() // 60 - 120) * 60
    for number in range(600):
        gate._enforcement.surge_watch.breaker.count(keys, now=begin + 12 * number)


USUAL = f"{RECORD}[surge]\ntimes_usual = 10\nleast = 1\n"

LEARNING = """
import os, signal, sys, time
import linkgate
from test_surges import learned

gate = linkgate.Gate.of(sys.argv[1], watch=0.02, jitter=0)
if sys.argv[2] == "learn":
    learned(gate)
    usual = os.path.join(os.path.dirname(sys.argv[1]), "store", "alarms.usual.json")
    while not os.path.exists(usual):
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
print([gate.check(sys.argv[3]).action for _ in range(60)].count("block"))
"""


def test_what_is_usual_outlives_a_kill(tmp_path: Path) -> None:
    """Without it, a process that begins anew knows nothing for an hour, and a surge would pass."""
    made = desk(tmp_path, rest=USUAL)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (SOURCE, *TESTS)))}

    def process(task: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", LEARNING, str(made.path), task, page(1)]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)

    assert process("use").stdout == "60\n"  # nobody knows what is usual
    killed = process("learn")
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, ""), killed.stderr
    assert process("use").stdout in {"50\n", "49\n"}  # ten times five, less a minute that may have ended since


FORKING = """
import os, sys, time
import linkgate

config, url = sys.argv[1:]
gate = linkgate.Gate.of(config, watch=0.02, jitter=0)
for _ in range(2):
    gate.check(url, message="parent")
gate._enforcement.surge_watch._turn.acquire()  # as another thread may hold it when the process forks
child = os.fork()
if not child:
    actions = [gate.check(url, message="child").action for _ in range(4)]
    end = time.monotonic() + 60
    while not linkgate.Alarms.of(linkgate.load_config(config)).read() and time.monotonic() < end:
        time.sleep(0.01)
    print(actions, gate.status().written, flush=True)
    os._exit(0)
gate._enforcement.surge_watch._turn.release()
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
