"""The follower: one flight a link, a cache with ends, a budget that holds, and no wait without end."""

from __future__ import annotations

import asyncio

import pytest
from short_world import HANGS, World, head, patient, raw, to

from linkgate.fronts.resolver import link_follower
from linkgate.fronts.resolver.target_cache import KnownTarget, TargetCache

OUT = "http://target.example/x"
LINKS = [f"http://s0.example/{n}" for n in range(5)]
HANG = raw(b"H", b"T", pause=30.0)


def test_one_flight_a_link_and_then_none() -> None:
    world = World(pages={"s0.example/0": to(OUT)})

    async def run() -> list[str]:
        async with world.follower() as follower:
            spellings = [LINKS[0], "HTTP://S0.example:80/%30", f"{LINKS[0]}#x", "s0.example/0"]
            several = await asyncio.gather(*(follower.targets([link]) for link in spellings))
            again = await follower.targets([LINKS[0]])
            assert follower.hits == 1
            assert follower.waiting == 0
            return [each.hops[0] for targets in (*several, again) for each in targets]

    assert asyncio.run(run()) == [OUT, OUT, f"{OUT}#x", OUT, OUT]
    assert len(world.seen) == len(world.names) == 1


def test_plain_text_says_nothing_of_tls() -> None:
    world = World(pages={"s0.example/0": to(OUT)})

    async def run() -> int:
        async with world.follower() as follower:
            await follower.targets([LINKS[0], LINKS[0].replace("http:", "https:")])
            return follower.hits

    assert asyncio.run(run()) == 0
    assert len(world.seen) == 2


def test_half_a_surrogate_in_a_fragment() -> None:
    world = World(pages={"s0.example/0": to(OUT)})

    async def run() -> tuple[str, ...]:
        async with world.follower() as follower:
            return (await follower.targets([f"{LINKS[0]}#\ud800"]))[0].hops

    assert asyncio.run(run()) == (OUT,)


def test_the_budget_holds_and_the_flight_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    patient(monkeypatch)
    world = World(pages={"s0.example/away": to(OUT)})

    async def run() -> list[str]:
        told = asyncio.Event()

        async def answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await told.wait()
            await to("/away")(reader, writer)

        world.pages["s0.example/0"] = answer_late
        async with world.follower() as follower, asyncio.timeout(HANGS):
            first = await follower.targets([LINKS[0]], budget=0.1)
            told.set()
            second = await follower.targets([LINKS[0]])
            return [each.state for each in (*first, *second)]

    assert asyncio.run(run()) == ["timeout", "redirects"]
    assert len(world.seen) == 2


def test_what_is_too_much_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_follower, "MOST_FLIGHTS", 1)
    monkeypatch.setattr(link_follower, "MOST_WAITING", 1)
    world = World(pages={"s0.example/0": HANG})

    async def run() -> list[str]:
        async with world.follower() as follower:
            first = [asyncio.create_task(follower.targets([link], budget=0.2)) for link in LINKS[:2]]
            await asyncio.sleep(0)
            third = await follower.targets([LINKS[2]])
            assert len(follower.cache) == 0
            await asyncio.gather(*first)
            return [each.state for each in third]

    assert asyncio.run(run()) == ["overload"]


def test_who_waits_for_a_turn_is_told_overload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_follower, "PATIENCE", 0.2)
    world = World(pages={"s0.example/0": HANG, "s0.example/1": HANG})

    async def run() -> list[str]:
        async with world.follower() as follower:
            follower._turns = asyncio.Semaphore(0)
            return [each.state for each in await follower.targets(LINKS[:2])]

    assert asyncio.run(run()) == ["overload", "overload"]
    assert world.connections == 0


def test_a_link_takes_four_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_follower, "PATIENCE", 0.3)
    slow = [raw(b"", b"HTTP/1.1 302 X\r\nLocation: /%d\r\n\r\n" % (n + 1), pause=0.2) for n in range(3)]
    world = World(pages={f"s0.example/{n}": page for n, page in enumerate(slow)})

    async def run() -> tuple[str, int]:
        async with world.follower() as follower:
            target = (await follower.targets([LINKS[0]]))[0]
            return target.state, len(target.hops)

    assert asyncio.run(run()) == ("timeout", 1)


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        ("gone", 3600),
        ("not_redirect", 600),
        ("redirects", 600),
        *((each, 60) for each in ("refused", "timeout", "loop", "limit", "bad_address")),
    ],
)
def test_how_long_is_remembered(state: str, seconds: float) -> None:
    cache = TargetCache(key=b"k")
    cache.put("a", KnownTarget(state), now=100.0)
    assert cache.get("a", now=99.0 + seconds) is not None
    assert cache.get("a", now=101.0 + seconds) is None


def test_another_target_is_asked_for_again_soon() -> None:
    cache = TargetCache(key=b"k")
    for now, hop in ((0.0, "x"), (601.0, "y")):
        cache.put("a", KnownTarget("redirects", (hop,)), now=now)
    assert cache.get("a", now=1300.0) is None
    cache.put("a", KnownTarget("redirects", ("y",)), now=1300.0)
    assert cache.get("a", now=80_000.0) is not None


def test_the_cache_is_bounded_by_number_and_by_size() -> None:
    cache = TargetCache(key=b"k", most=100, most_bytes=50_000)
    for number in range(1000):
        cache.put(str(number), KnownTarget("redirects", ("x" * (number % 7) * 300,)), now=0.0)
        assert len(cache) <= 100
        assert cache.size <= 50_000
    assert cache.get("999", now=1.0) is not None
    assert "999" not in repr(cache)
    cache.put("b", KnownTarget("overload"), now=0.0)
    assert cache.get("b", now=0.0) is None


def test_nonsense_is_refused_without_a_question() -> None:
    world = World(pages={"s0.example/0": head(200)})

    async def run() -> list[str]:
        async with world.follower() as follower:
            links = ["", "\0", "http://", "x" * 9000, "http://s0.example\r\nHost: x/0", "http://\ud800.example/"]
            return [each.state for each in await follower.targets(links)]

    assert set(asyncio.run(run())) == {"refused"}
    assert world.names == []
