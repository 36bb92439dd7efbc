"""What is listed during a soak, what messages say, and which answers are right at a moment.

Three lists: one that stays, one whose entries change with every update, and one whose feed breaks now and
then, so that its last good file decides. Reserved names only.
"""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import linkgate
from shapes import SHAPES

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

SETTLE = 30.0
"""Seconds after an update until every worker must have taken it: a look every 5 s, a spread of 10 s, and a load."""

HARD = [
    "http://bad.example/page",
    "http://bad.example/dir/*",
    "wicked.example",
    *(f"http://bad.example/view?id={number}" for number in range(2_000)),
]
"""What the hard messages name."""
STEADY, MOVING, FEED = 20_000, 2_000, 500
_TOML = """
[store]
path = "store"
[decisions]
path = "decisions"
[[list]]
name = "steady"
path = "steady.txt"
[[list]]
name = "hard"
path = "hard.txt"
[[list]]
name = "moving"
path = "moving.txt"
[[list]]
name = "feed"
path = "feed.txt"
"""
BROKEN = (b"", b"<!doctype html><html><body>Please log in</body></html>", b"com\n", b"\x1f\x8b\x08\x00broken", None)
"""What a broken feed sends; None is a file that is gone."""

_SPELLINGS = (
    "http://{host}/page",
    "see hTTps://{HOST}/page, now",
    "http://{host}:80/%70age",
    "hxxp://{dotted}/page",
    "http://user@{host}./x/../page",
    "http://{host}/page#top",
    "http://other.example/out?u=http%3A%2F%2F{host}%2Fpage",
)
_NEAR = (
    "http://{host}/other",
    "http://not{host}/page",
    "http://{host}.other.example/page",
    "http://other.example/{host}",
    "{host} is no link to a page",
)
_CHAT = (
    "good morning",
    "see http://other.example/page for more",
    "привет, как дела?",
    "明日の会議は http://x.test/",
    "👍",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A message, and whether it must be flagged; `epoch` is when, for one about entries that change."""

    body: dict[str, Any]
    flagged: bool
    epoch: int | None = None


@dataclass
class World:
    """The lists of one soak, on the disk."""

    folder: Path
    generation: int = 0
    epoch: int = 0
    settled_at: float = math.inf
    published: list[tuple[float, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.folder / "linkgate.toml"

    @property
    def store(self) -> Path:
        """The store."""
        return self.folder / "store"

    def furnish(self) -> None:
        """Write lists and configuration, and publish a first version."""
        self.config.write_text(_TOML)
        (self.folder / "hard.txt").write_text("".join(f"{each}\n" for each in HARD))
        (self.folder / "steady.txt").write_text(_lines("steady", STEADY))
        self.mend_feed()
        assert self.update(), "the first update failed"

    def mend_feed(self) -> None:
        """The feed as it should be."""
        (self.folder / "feed.txt").write_text(_lines("feed", FEED))

    def break_feed(self, random: Random) -> None:
        """A feed that sends something else, or nothing."""
        broken, path = random.choice(BROKEN), self.folder / "feed.txt"
        if broken is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(broken)

    def update(self) -> bool:
        """Change the moving list and run an update. Out: whether it is published."""
        with self.lock:
            self.generation += 1
            self.epoch += 1
            self.settled_at = math.inf
        names = _lines("kept", MOVING) + _lines(f"moved{self.generation}", MOVING // 10)
        (self.folder / "moving.txt").write_text(names)
        done = self.run("lists", "update")
        engine = linkgate.load(self.store)
        published = engine.lookup(f"http://moved{self.generation}n0.example/page").flagged
        with self.lock:
            self.published.append((time.monotonic(), engine.snapshot))
            self.settled_at = time.monotonic() + SETTLE
        if not published:
            sys.stdout.write(f"an update published nothing: {done.stderr}\n")
        return published

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line, as somebody runs it."""
        command = [sys.executable, "-m", "linkgate", *arguments, "--config", str(self.config)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, timeout=120)

    def healed(self, *, settled: bool) -> None:
        """A damage is repaired; workers that did not take the last version before may do so now."""
        with self.lock:
            if not settled:
                self.settled_at = time.monotonic() + SETTLE

    @property
    def settled(self) -> bool:
        """Whether every worker must have taken the last version."""
        return time.monotonic() >= self.settled_at

    def probe(self, random: Random) -> Probe:
        """A message with its right answer."""
        kind = random.random()
        if kind < 0.4:  # shares of a mix
            return Probe(body={"text": random.choice(_CHAT)}, flagged=False)
        if kind < 0.6:  # as above
            return Probe(body=_message(random, _NEAR, f"steadyn{random.randrange(STEADY)}"), flagged=False)
        if kind < 0.85:  # as above
            name, most = random.choice((("steady", STEADY), ("feed", FEED), ("kept", MOVING)))
            return Probe(body=_message(random, _SPELLINGS, f"{name}n{random.randrange(most)}"), flagged=True)
        with self.lock:
            now, epoch = self.generation, self.epoch
        past = random.randrange(max(1, now - 3), now + 1)
        body = _message(random, _SPELLINGS, f"moved{past}n{random.randrange(MOVING // 10)}")
        return Probe(body=body, flagged=past == now, epoch=epoch if self.settled else -1)

    def hard(self, random: Random) -> dict[str, Any]:
        """One of the messages that cost most, at a length that it has at most."""
        return {"text": SHAPES[random.choice(list(SHAPES))](random.choice((400, 4_096, 30_000)))}

    def is_right(self, probe: Probe, verdict: dict[str, Any]) -> bool:
        """Whether a verdict is what it must be; during a change either is right."""
        if probe.epoch is not None and probe.epoch != self.epoch:
            return True
        return bool(verdict["flagged"]) == probe.flagged


def _lines(name: str, number: int) -> str:
    return "".join(f"http://{name}n{each}.example/page\n" for each in range(number))


def _message(random: Random, spellings: tuple[str, ...], name: str) -> dict[str, Any]:
    host = f"{name}.example"
    link = random.choice(spellings).format(host=host, HOST=host.upper(), dotted=host.replace(".", "[.]"))
    if random.random() < 0.2 and link.startswith("http"):  # as above
        return {"text": "look here", "links": [link], "id": str(random.random())}
    return {"text": f"{random.choice(_CHAT)} {link}"}
