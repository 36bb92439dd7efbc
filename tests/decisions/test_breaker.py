"""The surge breaker: exact over any sixty seconds, knows what is usual, needs no clock and little room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.decisions import breaker as module
from linkgate.decisions.breaker import Breaker
from linkgate.lists.surge import Surge

LIST, ENTRY = ("demo", None), ("demo", "demo:1")


@given(
    steps=st.lists(st.sampled_from((0.0, 0.1, 1.0, 7.5, 29.0, 59.9, 60.0, 200.0)), max_size=60), most=st.integers(1, 8)
)
def test_it_trips_exactly_when_sixty_seconds_hold_more(steps: list[float], most: int) -> None:
    breaker = Breaker(Surge(list_per_minute=most))
    now, seen = 1000.0, list[float]()
    for step in steps:
        now += step
        seen.append(now)
        rate = sum(1 for at in seen if at > now - 60)
        trips = breaker.count({LIST}, now=now)
        assert bool(trips) == (rate > most)
        assert all(trip.rate == rate and trip.limit == most for trip in trips)


def test_lists_and_entries_have_their_own_limits() -> None:
    breaker = Breaker(Surge(list_per_minute=3, entry_per_minute=1), {"other": Surge(list_per_minute=1)})
    assert breaker.count({LIST, ENTRY}, now=0) == ()
    assert [trip.key for trip in breaker.count({LIST, ENTRY}, now=1)] == [ENTRY]
    assert breaker.count({LIST, ("demo", "demo:2")}, now=2) == ()
    assert [trip.key for trip in breaker.count({LIST, ("demo", "demo:3")}, now=3)] == [LIST]
    assert breaker.count({("other", None)}, now=3) == ()
    assert [trip.key for trip in breaker.count({("other", None)}, now=4)] == [("other", None)]


def test_without_limits_it_never_trips_and_keeps_nothing() -> None:
    breaker = Breaker(Surge())
    assert not any(breaker.count({LIST, ENTRY}, now=0.0) for _ in range(1000))
    assert not breaker._meters


def run(breaker: Breaker, *, begin: int, minutes: int, rate: int) -> list[int]:
    """So many a minute, evenly; the minutes in which it tripped."""
    tripped = []
    for minute in range(begin, begin + minutes):
        for number in range(rate):
            if breaker.count({LIST}, now=60.0 * minute + 60 * number / rate):
                tripped.append(minute)
                break
    return tripped


def test_more_than_usual_trips_after_the_first_hour_only() -> None:
    breaker = Breaker(Surge(times_usual=5, least=1))
    assert run(breaker, begin=0, minutes=30, rate=10) == []
    assert run(breaker, begin=30, minutes=1, rate=200) == []  # nobody knows yet what is usual
    assert run(breaker, begin=31, minutes=120, rate=10) == []
    assert run(breaker, begin=151, minutes=1, rate=100) == [151]


def test_what_lasts_becomes_usual_within_a_day() -> None:
    breaker = Breaker(Surge(times_usual=5, least=1))
    run(breaker, begin=0, minutes=120, rate=2)
    assert run(breaker, begin=120, minutes=5, rate=40)[0] == 120
    run(breaker, begin=125, minutes=1440, rate=40)
    assert run(breaker, begin=1565, minutes=5, rate=40) == []


@given(
    rates=st.lists(st.sampled_from((0, 1, 3, 9)), min_size=1, max_size=90),
    more=st.lists(st.sampled_from((0, 1, 3, 9)), min_size=1, max_size=30),
    pause=st.integers(0, 5000),
)
def test_who_goes_on_with_what_was_usual_knows_as_much(rates: list[int], more: list[int], pause: int) -> None:
    """A breaker that was stopped and begun anew at a turn of the minute, and one that never stopped."""
    surge = Surge(times_usual=4, least=1)
    one, before = Breaker(surge), Breaker(surge)
    rates = [1, *rates]  # the counting begins with the first count
    for minute, rate in enumerate(rates):
        assert run(one, begin=minute, minutes=1, rate=rate) == run(before, begin=minute, minutes=1, rate=rate)
    kept = before.baseline(now=60.0 * len(rates))
    assert kept.minutes == len(rates)
    after = Breaker(surge, baseline=kept)
    assert after.baseline(now=0) is kept
    for minute, rate in enumerate([1, *more], len(rates)):
        run(one, begin=minute, minutes=1, rate=rate)
        run(after, begin=minute + pause, minutes=1, rate=rate)
        end = 60.0 * (minute + 1)
        whole, part = one.baseline(now=end), after.baseline(now=end + 60.0 * pause)
        assert part.minutes == whole.minutes
        assert part.rates == pytest.approx(whole.rates)


def test_only_what_raises_a_limit_is_told_as_usual() -> None:
    breaker = Breaker(Surge(times_usual=5, least=30), {"other": Surge(list_per_minute=9)})
    for number in range(60 * 8):
        keys = {LIST, ("other", None)} | ({ENTRY} if number % 8 == 0 else set())
        breaker.count(keys, now=number * 7.5)
    assert breaker.baseline(now=3600.0).rates == {LIST: 8.0}
    assert Breaker(Surge(list_per_minute=9)).baseline(now=0).minutes == 0


def test_a_few_are_never_a_surge_however_rare_it_was() -> None:
    breaker = Breaker(Surge(times_usual=3, least=30))
    breaker.count({LIST}, now=0.0)
    assert run(breaker, begin=100, minutes=1, rate=30) == []
    assert run(breaker, begin=200, minutes=1, rate=31) == [200]


def test_it_forgets_what_is_still() -> None:
    most = module._MOST_KEYS
    breaker = Breaker(Surge(entry_per_minute=5))
    for number in range(most + 10):
        breaker.count({("demo", str(number))}, now=number / 100)
    assert len(breaker._meters) <= most


def test_a_flood_of_entries_does_not_make_it_forget_a_list() -> None:
    breaker = Breaker(Surge(list_per_minute=module._MOST_KEYS, entry_per_minute=5))
    last = module._MOST_KEYS + 1
    tripped = [n for n in range(1, last + 1) if breaker.count({LIST, ("demo", f"demo:{n}")}, now=n / last)]
    assert tripped == [last]
    assert len(breaker._meters) <= module._MOST_KEYS
