"""Counts, samples and reviews of decisions: nothing lost, nothing counted twice, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections import Counter
from math import ceil
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.decisions.decision_report import Records, count_decisions
from linkgate.decisions.delays import Delays
from linkgate.decisions.log import DecisionLog
from linkgate.decisions.record import Decision
from linkgate.decisions.review import Review, keep_reviews, kept_reviews, precision, reviews_of, wilson
from linkgate.decisions.sample import allot, sample_decisions
from linkgate.errors import UsageError
from linkgate.lists.canaries import CANARY_LIST

if TYPE_CHECKING:
    from pathlib import Path


def decision(number: int, *, day: str = "2026-01-31", name: str = "demo", kind: str = "exact") -> Decision:
    return Decision(
        time=f"{day}T10:00:00Z",
        decision=f"d{number}",
        list=name,
        entry=f"{name}:1",
        scope="page",
        kind=kind,
        action="block",
        asked="block",
        snapshot="id",
        micros=1,
    )


def write(folder: Path, *decisions: Decision) -> None:
    log = DecisionLog(folder, size=2000)
    for each in decisions:
        log.write([msgspec.json.encode(each)], day=each.day)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(("2026-01-30", "2026-01-31", "2026-02-01")),
        st.sampled_from(("one", "two")),
        st.sampled_from(("exact", "loose")),
    ),
    max_size=40,
)


@given(rows=ROWS)
def test_every_decision_counts_once(rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("log")
    write(folder, *(decision(n, day=day, name=name, kind=kind) for n, (day, name, kind) in enumerate(rows)))
    wanted = Counter(rows)
    told = count_decisions(folder)
    assert {(row.day, row.list, row.kind): row.matches for row in told.rows} == wanted
    assert told.matches == sum(row.matches for row in told.totals()) == len(rows)
    january = count_decisions(folder, first=dt.date(2026, 1, 31), last=dt.date(2026, 1, 31))
    assert january.matches == sum(number for key, number in wanted.items() if key[0] == "2026-01-31")


def test_canaries_are_no_decisions(tmp_path: Path) -> None:
    write(tmp_path, decision(1), decision(2, name=CANARY_LIST))
    assert count_decisions(tmp_path).matches == 1


def test_torn_lines_are_counted(tmp_path: Path) -> None:
    write(tmp_path, decision(1))
    with (tmp_path / "2026-01-31.jsonl").open("ab") as file:
        file.write(b'{"time":"2026-01-3')
    records = Records(tmp_path)
    assert len(list(records)) == 1
    assert records.torn == 1


def test_a_file_without_an_end_of_line_is_read_in_little_room(tmp_path: Path) -> None:
    write(tmp_path, decision(1))
    with (tmp_path / "2026-01-31.0.jsonl").open("wb") as file:
        file.truncate(200_000_000)  # zeros, which take no room on the disk
    records = Records(tmp_path)
    tracemalloc.start()
    assert len(list(records)) == 1
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert records.torn > 0
    assert most < 20_000_000


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: it does not exist"):
        count_decisions(tmp_path / "absent")
    with pytest.raises(UsageError, match="ends before it begins"):
        count_decisions(tmp_path, first=dt.date(2026, 2, 1), last=dt.date(2026, 1, 1))


SIZES = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(("exact", "loose"))), st.integers(1, 500), max_size=8
)


@given(sizes=SIZES, size=st.integers(1, 600))
def test_a_sample_is_shared_out_by_size_and_forgets_none(sizes: dict[tuple[str, str], int], size: int) -> None:
    parts = allot(sizes, size)
    assert sum(parts.values()) == min(size, sum(sizes.values()))
    assert all(0 <= parts[stratum] <= sizes[stratum] for stratum in sizes)
    if size >= len(sizes):
        assert all(parts.values())
    for large, number in sizes.items():
        assert all(parts[large] >= parts[small] - 1 for small, few in sizes.items() if few <= number)


def test_a_sample_is_the_same_for_a_seed_whatever_the_order() -> None:
    every = [decision(n, name="one" if n % 10 else "two") for n in range(500)]
    drawn = [each.decision.decision for each in sample_decisions(every, 50, seed=1)]
    assert drawn == [each.decision.decision for each in sample_decisions(every[::-1], 50, seed=1)]
    assert len(set(drawn)) == 50
    assert drawn != [each.decision.decision for each in sample_decisions(every, 50, seed=2)]
    strata = Counter(each.decision.list for each in sample_decisions(every, 50, seed=1))
    assert strata == {"one": 45, "two": 5}


def test_each_decision_is_drawn_as_often_as_another() -> None:
    every = [decision(n) for n in range(40)]
    drawn = Counter(each.decision.decision for seed in range(400) for each in sample_decisions(every, 10, seed=seed))
    assert len(drawn) == 40
    assert all(60 < number < 140 for number in drawn.values())  # 100 each, give or take 4.6 deviations


@pytest.mark.parametrize(
    ("right", "tried", "low", "high"),
    [(9, 10, 0.5958, 0.9821), (0, 10, 0.0, 0.2775), (50, 50, 0.9287, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_wilsons_interval(right: int, tried: int, low: float, high: float) -> None:
    """Worked out from the formula."""
    found = wilson(right, tried)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


def review(number: int, verdict: str, *, weight: float = 1.0, kind: str = "exact") -> Review:
    return Review(at="", decision=f"d{number}", list="demo", kind=kind, verdict=verdict, weight=weight)


def test_a_list_of_unequal_strata_is_weighed_by_what_they_stand_for() -> None:
    said = [review(n, "confirmed", weight=90.0) for n in range(10)]
    said += [review(n, "wrong", weight=10.0, kind="loose") for n in range(10, 20)]
    every, exact, loose = precision(said)
    assert (every.kind, round(every.precision, 6)) == (None, 0.9)
    assert (exact.precision, loose.precision) == (1.0, 0.0)
    assert every.low < 0.9 < every.high
    plain = precision([review(n, "confirmed" if n else "wrong") for n in range(10)])[0]
    assert (plain.low, plain.high) == wilson(9, 10)


def test_the_last_word_on_a_decision_counts(tmp_path: Path) -> None:
    keep_reviews(tmp_path, [review(1, "wrong"), review(2, "confirmed")])
    keep_reviews(tmp_path, [review(1, "confirmed")])
    with (tmp_path / "reviews.jsonl").open("ab") as file:
        file.write(b'{"at":"2026')
    assert {each.decision: each.verdict for each in kept_reviews(tmp_path)} == {"d1": "confirmed", "d2": "confirmed"}
    assert (tmp_path / "reviews.jsonl").stat().st_mode & 0o777 == 0o600
    assert kept_reviews(tmp_path / "absent") == ()


@pytest.mark.parametrize(
    ("stratum", "drawn"),
    [(0, 1), (-5, 1), (1, 0), (1, 2), (10**400, 1), ("9" * 400, "1"), (float("inf"), 1), (None, 1), ("", "")],
)
def test_a_weight_that_no_sample_has(stratum: object, drawn: object) -> None:
    row = sample_decisions([decision(1)], 1, seed=0)[0].as_dict() | {"verdict": "wrong"}
    with pytest.raises(UsageError, match="row 1 is no row of a sample"):
        reviews_of([row | {"stratum": stratum, "drawn": drawn}], at="now")


@pytest.mark.parametrize("weight", ["0", "-1", "1e400", "1e300"])
def test_a_kept_weight_that_is_none(weight: str, tmp_path: Path) -> None:
    keep_reviews(tmp_path, [review(1, "confirmed")])
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(path.read_bytes() + path.read_bytes().replace(b"d1", b"d2").replace(b"1.0", weight.encode()))
    assert [each.decision for each in kept_reviews(tmp_path)] == ["d1"]


def test_rows_that_come_back() -> None:
    row = sample_decisions([decision(1)], 1, seed=0)[0].as_dict()
    found, blank = reviews_of([row, row | {"verdict": " Confirmed "}], at="now")
    assert (len(found), blank, found[0].verdict, found[0].weight) == (1, 1, "confirmed", 1.0)
    with pytest.raises(UsageError, match="row 1: its verdict must be confirmed or wrong"):
        reviews_of([row | {"verdict": "http://bad.example/"}], at="now")
    with pytest.raises(UsageError, match="row 1 is no row of a sample"):
        reviews_of([{"verdict": "wrong"}], at="now")
    with pytest.raises(UsageError, match="row 1 is no row of a sample"):
        reviews_of([row | {"verdict": "wrong", "list": "http://bad.example/"}], at="now")


# --- how long a decision took


def late(number: int, posted: str | None) -> Decision:
    return msgspec.structs.replace(decision(number), posted=posted)


def test_a_report_tells_how_long_decisions_took(tmp_path: Path) -> None:
    write(tmp_path, *(late(n, f"2026-01-31T09:{59 - n:02}:00Z") for n in range(10)), late(10, None))
    assert count_decisions(tmp_path).as_dict()["delays"] == {"known": 10, "median": 300, "p90": 540}


def test_a_clock_that_runs_ahead_tells_no_time_before_the_post(tmp_path: Path) -> None:
    write(tmp_path, late(1, "2026-01-31T11:00:00Z"), late(2, "yesterday"), late(3, "2026-01-31T09:59:59"))
    assert count_decisions(tmp_path).as_dict()["delays"] == {"known": 1, "median": 0, "p90": 0}


@given(seconds=st.lists(st.floats(0.001, 10**9), min_size=1))
def test_delays_are_true_to_one_part_in_a_hundred(seconds: list[float]) -> None:
    delays = Delays()
    for each in seconds:
        delays.add(each)
    for part in (0.5, 0.9):
        right = sorted(seconds)[ceil(len(seconds) * part) - 1]
        assert delays.share(part) == pytest.approx(right, rel=0.01)


def test_delays_take_little_room() -> None:
    delays = Delays()
    for number in range(100_000):
        delays.add(number / 7)
    assert len(delays._counts) < 5_000
