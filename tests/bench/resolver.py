"""The resolver on loopback: `python tests/bench/resolver.py [rate] [hold] [feed] [hostile] [--minutes N]`.

Without a word, all but hostile. rate: asks a second. hold: how far a caller's wait goes over its budget, under load,
beside a plain sleep of the same length, which tells how busy the machine is. feed: the short links of a feed as
list, posts as messages, both from ../shared. hostile: servers that drip, refuse, loop, lie about their length and lead
to a metadata service in many spellings, while memory is looked at. It ends with 1 where an answer is wrong, a bar is
missed or memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import sys
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hostile_servers

import data
import linkgate
from linkgate.fronts.resolver.ask_limits import HostLimits
from linkgate.fronts.resolver.asking import Asker
from linkgate.fronts.resolver.link_follower import LinkFollower

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

HOSTS = tuple(f"s{number}.example" for number in range(50))
LEAST_ASKS = 500
MOST_OVER = 0.020
MOST_GROWTH = 8 << 20


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@asynccontextmanager
async def following(
    kind: str, *, listed: Callable[[str], bool] = lambda _: False
) -> AsyncIterator[tuple[LinkFollower, set[str]]]:
    """A follower that asks servers of a kind, at any rate; and the names that it asks for."""
    asked: set[str] = set()

    async def names(host: str) -> Sequence[str]:
        asked.add(host)
        return (hostile_servers.HOME,)

    async with hostile_servers.in_a_process(kind) as port:
        home, ports = hostile_servers.HOME, {80: port, 443: port}
        asker = Asker("abuse@example.test", names=names, public=lambda address: address == home, ports=ports)
        table, limits = linkgate.ShortenerTable.of(HOSTS), HostLimits(rate=1e9, burst=1e9)
        follower = LinkFollower(asker.ask, table=lambda: table, is_listed=listed, limits=limits)
        try:
            yield follower, asked
        finally:
            await follower.close()
            await asker.close()


async def rate(count: int = 6000) -> dict[str, Any]:
    """Asks a second, each of another link, 64 callers at a time."""
    async with following("fine") as (follower, _):
        links = iter([f"http://{HOSTS[n % len(HOSTS)]}/{n}" for n in range(count)])

        async def caller() -> int:
            return sum([(await follower.targets([link]))[0].state == "redirects" for link in links])

        await follower.targets([f"http://{HOSTS[0]}/warm"])
        began, cpu = time.perf_counter(), time.process_time()
        good = sum(await asyncio.gather(*(caller() for _ in range(64))))
        seconds, used = time.perf_counter() - began, time.process_time() - cpu
    told = {"asks": count, "good": good, "asks/s": round(count / seconds), "asks/s of CPU": round(count / used)}
    return told | {"ok": good == count and count / used >= LEAST_ASKS}


async def hold(seconds: float = 20.0) -> dict[str, Any]:
    """How far waits go over a budget of 300 ms, while servers hang and others are asked 100 times a second."""
    over: list[float] = []
    slept: list[float] = []
    async with following("hang") as (slow, _), following("fine") as (quick, _):
        end = time.monotonic() + seconds
        numbers = iter(range(10**9))

        async def held() -> None:
            while time.monotonic() < end:
                began = time.monotonic()
                targets = await slow.targets([f"http://{HOSTS[0]}/{next(numbers)}"], budget=0.3)
                over.append(time.monotonic() - began - 0.3)
                assert targets[0].state in {"timeout", "overload"}

        async def busy() -> None:
            while time.monotonic() < end:
                await quick.targets([f"http://{HOSTS[1]}/{next(numbers)}"])
                await asyncio.sleep(0.01)

        async def idle() -> None:
            while time.monotonic() < end:
                began = time.monotonic()
                await asyncio.sleep(0.3)
                slept.append(time.monotonic() - began - 0.3)

        await asyncio.gather(*(held() for _ in range(20)), *(idle() for _ in range(20)), busy())
    held_, slept_ = _late(over), _late(slept)
    told = {"waits": len(over), "over the budget, ms": held_, "over a sleep, ms": slept_}
    return told | {"ok": held_["p99"] - slept_["p99"] <= MOST_OVER * 1000}


def _late(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    places = {"p50": len(ordered) // 2, "p99": len(ordered) * 99 // 100, "max": len(ordered) - 1}
    return {name: round(1000 * ordered[place], 1) for name, place in places.items()}


def feed() -> dict[str, Any]:
    """Short links of a feed as list, posts as messages: what is found offline, and how many links would be asked."""
    table = linkgate.packaged_rules().short
    lines = data._read(data.SHARED / "lists" / "tweetfeed_409k.txt.gz").decode("utf-8", "replace").splitlines()
    pages = {line: page for line in lines if (page := linkgate.canonicalize(line)) is not None}
    listed = [line for line, page in pages.items() if table.is_short(page)]
    engine = linkgate.compile_lists([linkgate.Source(name="feed", data="\n".join(listed).encode())], opaque=True).engine
    rows = data._read(data.SHARED / "messages" / "reddit_224k.jsonl.gz").splitlines()
    verdicts = [engine.check(json.loads(row)["text"]) for row in rows]
    missed = sum(not engine.lookup(line).matches for line in listed)
    told = {
        "listed short links": len(listed),
        "entries": engine.size,
        "own spelling missed": missed,
        "posts": len(rows),
        "posts with a match": sum(bool(verdict.matches) for verdict in verdicts),
        "posts with short links": sum(bool(verdict.opaque) for verdict in verdicts),
        "short links": sum(len(verdict.opaque) for verdict in verdicts),
    }
    links = [link for verdict in verdicts for link in verdict.opaque]
    return told | {"both": sum(bool(engine.lookup(link.url).matches) for link in links), "ok": True}


async def hostile(minutes: float) -> dict[str, Any]:
    """Ask servers that do all they can, and look at the answers and at memory."""
    wrong: list[str] = []
    sizes: list[int] = []
    asked = 0
    chance = random.Random(7)  # noqa: S311  # not for secrets
    async with following("all", listed=lambda url: "/listed" in url) as (follower, contacted):
        follower.cache._most = 2_000  # so that a short run fills it
        end = time.monotonic() + 60 * minutes

        async def caller() -> None:
            nonlocal asked
            while time.monotonic() < end:
                name = chance.choice(hostile_servers.NAMES)
                link = f"http://{chance.choice(HOSTS)}/{name}/{chance.randrange(10**9)}"
                target = (await follower.targets([link], budget=5.0))[0]
                asked += 1
                if fault := hostile_servers.fault_of(name, target.state, target.hops):
                    wrong.append(fault)

        async def looker() -> None:
            while time.monotonic() < end:
                sizes.append(resident())
                await asyncio.sleep(5)

        await asyncio.gather(*(caller() for _ in range(60)), looker())
    settled = sizes[len(sizes) // 3 :] or sizes
    growth = max(settled[-3:]) - settled[0]
    return {
        "minutes": minutes,
        "links": asked,
        "wrong": wrong[:5],
        "hosts contacted outside the table": sorted(contacted - set(HOSTS)),
        "states": dict(follower.states),
        "answers": dict(follower.answers),
        "MB": [round(size / 2**20, 1) for size in sizes[:: max(1, len(sizes) // 10)]],
        "grown MB": round(growth / 2**20, 1),
        "ok": not wrong and contacted <= set(HOSTS) and growth < MOST_GROWTH,
    }


def main() -> int:
    """Run what is asked for, print a JSON object for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", nargs="*", default=["rate", "hold", "feed"])
    options.add_argument("--minutes", type=float, default=10.0, help="of hostile servers")
    chosen = options.parse_args()
    good = True
    for what in chosen.what:
        if what == "feed" and not data.SHARED.is_dir():
            sys.stderr.write("bench: no ../shared beside the repository\n")
            return 2
        runs: dict[str, Callable[[], Any]] = {
            "rate": lambda: asyncio.run(rate()),
            "hold": lambda: asyncio.run(hold()),
            "feed": feed,
            "hostile": lambda: asyncio.run(hostile(chosen.minutes)),
        }
        told = runs[what]()
        good &= told["ok"]
        sys.stdout.write(json.dumps({what: told}) + "\n")
        sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
