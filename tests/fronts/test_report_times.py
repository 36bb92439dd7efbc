"""Hits over time: bins that hold every hit once, few enough to be seen, whatever clocks say."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.fronts.report.figures import timeline
from linkgate.fronts.report.time_bins import MOST_BINS, UNITS, Times, after, floor

FIRST, LAST = -17_259_888 + 24, 70_389_527


@given(st.lists(st.integers(FIRST, LAST), min_size=1, max_size=30))
def test_bins_hold_every_hit_once_and_are_few(hours: list[int]) -> None:
    times = Times()
    times.add(hours, ["block"] * len(hours))
    bins = times.bins()
    assert sum(each.hits for each in bins.bins) + bins.outside == len(hours)
    assert len(bins.bins) <= MOST_BINS or bins.unit == UNITS[-1]
    starts = [each.start for each in bins.bins]
    assert starts == sorted(set(starts))
    assert all(each.start < each.end for each in bins.bins)
    assert all(one.end <= two.start for one, two in zip(bins.bins, bins.bins[1:], strict=False))


@pytest.mark.parametrize(
    ("days", "unit"),
    [(0.1, "hour"), (3, "hour"), (30, "day"), (400, "week"), (1500, "month"), (3000, "quarter"), (9000, "year")],
)
def test_the_unit_suits_the_span(days: float, unit: str) -> None:
    times = Times()
    times.add([0, round(days * 24)] * 300, ["block"] * 600)
    assert times.bins().unit == unit


def test_a_wrong_clock_does_not_flatten_the_chart() -> None:
    times = Times()
    times.add([400_000 + n for n in range(1000)], ["block"] * 1000)
    times.add([0, 90_000_000, None], ["block"] * 3)  # 1970, after 9999, none
    bins = times.bins()
    assert (bins.unit, bins.outside, times.unknown) == ("day", 1, 2)


def test_hours_beyond_number_become_days() -> None:
    times = Times()
    for first in range(0, 120_000, 10_000):
        times.add(range(first, first + 10_000), ["log"] * 10_000)
    assert times.unit == "day"
    assert sum(each.hits for each in times.bins().bins) == 120_000


@given(st.datetimes(), st.sampled_from(UNITS))
def test_a_moment_is_in_its_unit(moment: datetime, unit: str) -> None:
    start = floor(moment, unit)
    assert start <= moment < after(start, unit) or after(start, unit) == datetime.max  # noqa: DTZ901  # UTC throughout
    assert floor(start, unit) == start


def test_years_have_four_digits_in_addresses_as_the_filter_needs_them() -> None:
    times = Times()
    times.add([round((datetime(987, 1, 1) - datetime(1970, 1, 1)).total_seconds() / 3600)], ["block"])  # noqa: DTZ001  # UTC throughout
    figure = timeline(times.bins(), 1)
    assert figure.rows[0].href == "#from=0987-01-01T00%3A00&to=0987-01-01T01%3A00"
    assert "0987-01-01 00:00, block: 1" in figure.drawing
