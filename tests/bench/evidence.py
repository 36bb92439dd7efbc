"""Evidence at full size: `python tests/bench/evidence.py record | tamper | accounts`, with ../shared beside it all.

record      10^6 decisions: what its chain costs a line, how long verify and report take, in what memory
tamper      100,000 decisions on real posts: flips, deletions, swaps, insertions and cuts at 200 places each, all named
accounts    212 accounts that post three listed pages in 14 spellings among all posts: these and none other

Exit code 1 when something was not found, or somebody who is not there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import data
import linkgate
from linkgate.decisions.chain import Chain
from linkgate.decisions.log import DecisionLog, files
from linkgate.lists.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DAY, _KEY = "2026-01-31", bytes(range(32))
_LATER = dt.datetime(2026, 2, 2, tzinfo=dt.UTC)
_PLACES = 200
_ACCOUNTS, _PAGES, _SPELLINGS = 212, 3, 14


def main() -> int:
    """Run one of the three."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["record", "tamper", "accounts"])
    options.add_argument("--decisions", type=int, default=1_000_000)
    options.add_argument("--posts", type=int, default=223_727)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if chosen.what == "record":
            return record(Path(name), chosen.decisions)
        if chosen.what == "tamper":
            return tamper(Path(name))
        return accounts(Path(name), chosen.posts)


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def line(number: int, entry: str = "ab34cd56ef781234", message: str = "m") -> bytes:
    """A decision as a gate writes it, without its chain."""
    row: dict[str, object] = {
        "time": f"{_DAY}T10:00:00.{number % 10**6:06}Z",
        "decision": f"d{number:016x}",
        "message": f"{message}{number}",
    }
    row |= {"surface": "public", "list": f"list{number % 7}", "entry": entry, "scope": "page", "category": "csam"}
    row |= {"kind": "exact", "steps": (), "action": "block", "asked": "block", "held": None, "shadow": False}
    return json.dumps(row | {"snapshot": "0123456789abcdef", "micros": 120}, separators=(",", ":")).encode()


# --- a record of a million


_READ = """
import resource, sys, time
from pathlib import Path
import linkgate
began = time.process_time(), time.perf_counter()
if sys.argv[2] == "verify":
    told = linkgate.verify_decisions(sys.argv[1])
    right = told.ok and told.lines == int(sys.argv[3])
else:
    told = linkgate.count_decisions(sys.argv[1])
    right = told.matches == int(sys.argv[3]) and not told.changed
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
seconds, cpu = time.perf_counter() - began[1], time.process_time() - began[0]
print(f"{sys.argv[2]}: {seconds:.1f} s, {cpu:.1f} s of CPU, {memory} MB")
sys.exit(not right)
"""


def record(folder: Path, number: int) -> int:
    lines = [line(each) for each in range(10_000)]
    chain = Chain()
    began = time.process_time()
    for each in lines:
        chain.link(each)
    linking = (time.process_time() - began) / len(lines)
    say(f"a line costs {linking * 1e6:.2f} µs of CPU more with its chain")
    log = DecisionLog(folder, fsync="never")
    began = time.perf_counter()
    for start in range(0, number, 10_000):
        for each in lines[: number - start]:
            log.write([each], day=_DAY)
    say(f"{number:,} decisions written: {(time.perf_counter() - began) / number * 1e6:.1f} µs each")
    began = time.perf_counter()
    linkgate.seal_decisions(folder, _KEY, now=_LATER)
    say(f"sealed: {time.perf_counter() - began:.1f} s")
    codes = [
        subprocess.run([sys.executable, "-c", _READ, str(folder), what, str(number)], check=False).returncode
        for what in ("verify", "report")
    ]
    say(f"load of the machine: {os.getloadavg()[0]:.1f}")
    return int(any(codes))


# --- what was done to it


def tamper(folder: Path) -> int:
    decided, wanted = _decided(), 100_000
    lines = [line(number, *decided[number % len(decided)]) for number in range(wanted)]
    say(f"{wanted:,} decisions on {len(decided):,} pairs of post and entry")
    codes = [_act(folder / act.__name__, lines, act) for act in (flip, delete, swap, insert, cut)]
    return int(not all(codes))


def _decided() -> list[tuple[str, str]]:
    """Which entry a real post met: pairs of entry and message, by the text of the link alone."""
    listed = {text: f"{number:016x}" for number, text in enumerate(_lines("lists/reddit_links_514k.txt.gz"))}
    found = []
    for row in map(json.loads, _lines("messages/reddit_224k.jsonl.gz")):
        found += [(listed[word], row["id"]) for word in row["text"].split() if word in listed]
    return found


def _lines(name: str) -> Iterator[str]:
    with gzip.open(data.SHARED / name, "rt", encoding="utf-8") as file:
        yield from (text.rstrip("\n") for text in file)


def _act(folder: Path, lines: list[bytes], act: Callable[[list[bytes], int, random.Random], None]) -> bool:
    """Do one thing at 200 places of a record of two writers in many files; whether all were named."""
    logs = DecisionLog(folder, size=100_000, fsync="never"), DecisionLog(folder, size=100_000, fsync="never")
    for number, each in enumerate(lines):
        logs[number % 3 == 1].write([each], day=_DAY)
    linkgate.seal_decisions(folder, _KEY, now=_LATER)
    chance = random.Random(7)  # noqa: S311  # it draws places
    wanted = set[tuple[str, int]]()
    for path in chance.sample(files(folder), _PLACES):
        rows = path.read_bytes().splitlines(keepends=True)
        place = chance.randrange(1, len(rows) - 1)
        wanted.add((path.name, place))
        act(rows, place, chance)
        path.write_bytes(b"".join(rows))
    began = time.perf_counter()
    told = linkgate.verify_decisions(folder, public=linkgate.public_key(_KEY))
    seconds = time.perf_counter() - began
    named = {(each.file, each.line) for each in told.alterations}
    found = {(name, place) for name, place in wanted if named & {(name, place), (name, place + 1), (name, place + 2)}}
    others = {name for name, _ in named} - {name for name, _ in wanted}
    say(
        f"{act.__name__}: {len(found)} of {len(wanted)} named by file and line, {told.changed} alterations in all, "
        f"{len(others)} files named besides (chains that go on there); {seconds:.1f} s"
    )
    return len(found) == len(wanted)


def flip(rows: list[bytes], place: int, chance: random.Random) -> None:
    text = bytearray(rows[place])
    text[chance.randrange(len(text))] ^= 1 << chance.randrange(7)
    rows[place] = bytes(text)


def delete(rows: list[bytes], place: int, _chance: random.Random) -> None:
    del rows[place]


def swap(rows: list[bytes], place: int, _chance: random.Random) -> None:
    rows[place], rows[place + 1] = rows[place + 1], rows[place]


def insert(rows: list[bytes], place: int, chance: random.Random) -> None:
    rows.insert(place, chance.choice([line(chance.randrange(10**6)) + b"\n", chance.choice(rows)]))


def cut(rows: list[bytes], place: int, chance: random.Random) -> None:
    rows[place:] = [rows[place][: chance.randrange(len(rows[place]))]]


# --- who posted it


def accounts(folder: Path, number: int) -> int:
    gate, config = _gate(folder)
    posts = [json.loads(text) for text in _lines("messages/reddit_224k.jsonl.gz")][:number]
    injected = _injected()
    chance = random.Random(7)  # noqa: S311  # it draws places
    places = dict(zip(sorted(chance.sample(range(len(posts)), len(injected))), injected, strict=True))
    began = time.perf_counter()
    for place, post in enumerate(posts):
        gate.check(post["text"], message=post["id"], account=post["id"])
        if place in places:
            account, text = places[place]
            gate.check("see this", links=[text], message=f"x{place}", account=account)
    gate.close()
    seconds, written = time.perf_counter() - began, gate.status().written
    record = folder / "decisions"
    began = time.perf_counter()
    found = {row.actor for row in linkgate.accounts_of(record)}
    grouped = [row for row in linkgate.campaigns_of(record) if row.actors >= _ACCOUNTS]
    told = time.perf_counter() - began
    wanted = {linkgate.pseudonyms(config, account)[0] for account in {account for account, _ in injected}}
    say(f"{len(posts):,} posts and {len(injected)} injected: {written:,} decisions in {seconds:.0f} s")
    say(f"both told in {told:.1f} s")
    say(f"accounts: {len(found & wanted)} of {len(wanted)} found, {len(found - wanted)} besides")
    say(f"campaigns: {[(row.actors, row.spellings, row.cluster) for row in grouped]}")
    say(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB; load {os.getloadavg()[0]:.1f}")
    right = [row.actors == _ACCOUNTS and row.spellings == _SPELLINGS for row in grouped]
    return int(found != wanted or right != [True] * _PAGES)


def _gate(folder: Path) -> tuple[linkgate.Gate, linkgate.Config]:
    os.environ["ACTORS"] = "ab" * 32
    pages = [f"http://bad{number}.example/page" for number in range(_PAGES)]
    (folder / "linkgate.toml").write_text(
        '[[list]]\nname = "demo"\npath = "list.txt"\n[decisions]\nfsync = "never"\n'
        '[accounts]\nkeep = "30d"\nkey_env = "ACTORS"\n'
    )
    listed = (data.SHARED / "lists" / "reddit_tech_6k.txt").read_text("utf-8").splitlines()
    store = Store.open(folder / "store", create=True)
    store.publish(linkgate.compile_lines([*listed, *pages], name="demo").engine)
    config = linkgate.load_config(folder / "linkgate.toml")
    return linkgate.Gate.of(config, watch=None), config


def _injected() -> list[tuple[str, str]]:
    """Each account posts each page once, in one of 14 spellings that a browser opens as the same page."""
    forms = _forms()
    return [
        (f"account{number}", forms[(number + page) % _SPELLINGS].replace("BASE", f"bad{page}.example"))
        for number in range(_ACCOUNTS)
        for page in range(_PAGES)
    ]


def _forms() -> list[str]:
    """Fourteen classes of spellings of the browser's truth, for any host."""
    rows = [
        json.loads(text) for text in (data.SHARED.parent / "browser" / "browser_truth.jsonl").open(encoding="utf-8")
    ]
    found: dict[str, str] = {}
    for row in rows:
        host = "example.test"
        fits = row["base"] == f"http://{host}/a/b?c=d" or row["base"].startswith(f"http://{host}/")
        text = row["link"]
        if row["same_page"] and fits and host in text and len(text.split()) == 1 and text.isascii():
            path = row["base"].removeprefix(f"http://{host}")
            form = text.replace(host, "BASE", 1)
            if form.endswith(path) and path:
                found.setdefault(row["class"], form[: len(form) - len(path)] + "/page")
    return list(found.values())[:_SPELLINGS]


if __name__ == "__main__":
    sys.exit(main())
