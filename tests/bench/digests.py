"""Digests at their full size: exact and PDQ against a million entries, against brute force, and what an entry weighs.

python tests/bench/digests.py [ENTRIES]

Random values, and pictures with 0 to 40 bits changed. Times are of this machine, at this moment: read the ratios.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1])]

from files import RULES, listed  # noqa: E402  # beside the tests
from linkgate import Engine, Media  # noqa: E402  # as above
from linkgate.core.digests.near_values import DISTANCE, NearValues  # noqa: E402  # as above

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRIES = 1_000_000
_KINDS = ("sha256", "sha1", "md5")
_BRUTE, _BATCH, _TURNS = 400, 20_000, 2000


def main(entries: int = ENTRIES) -> int:
    """Measure, and print a line for each measure. Out: 0 where nothing was missed and nothing false."""
    draw = np.random.default_rng(1)
    exact = Engine.build(
        (listed(_KINDS[n % 3], _hash(_KINDS[n % 3], n), entry=f"{n:016x}") for n in range(entries)), rules=RULES
    )
    _tell("exact, bytes an entry", _weight(exact) / entries)
    files = [_media({kind: _hash(kind, -1 - n) for kind in _KINDS}) for n in range(_TURNS)]
    plain = _clock(lambda _: exact.check("hello"), files)
    _tell(
        "exact, three digests of a clear file, µs",
        (_clock(lambda each: exact.check("hello", media=[each]), files) - plain) * 1e6,
    )
    _tell("a message without files, µs", plain * 1e6)
    missed = sum(
        not exact.check("", media=[_media({_KINDS[n % 3]: _hash(_KINDS[n % 3], n)})]).matches
        for n in range(0, entries, 997)
    )
    _tell("exact, missed", missed)
    table = draw.integers(0, 256, (entries, 32), dtype=np.uint8)
    pictures = Engine.build(
        (listed("pdq", row.tobytes().hex(), entry=f"{n:016x}") for n, row in enumerate(table)), rules=RULES
    )
    NearValues(bytes(32)).ready()  # faiss itself is no weight of an entry
    before = _memory()
    pictures.ready()
    _tell("PDQ, bytes an entry", _weight(pictures) / entries + (_memory() - before) / entries)
    asked = _changed(draw, table, _BATCH)
    media = [Media(id="a", pdq=row.tobytes().hex(), pdq_quality=80) for row in asked]
    told = {
        each: [(m.entry.id, m.distance) for m in pictures.check("", media=[each]).matches] for each in media[:_BRUTE]
    }
    wrong = sum(told[each] != _brute(table, row) for each, row in zip(media[:_BRUTE], asked, strict=False))
    _tell(f"PDQ, {_BRUTE} pictures by brute force, wrong", wrong)
    _tell("PDQ, found within the distance", sum(map(len, told.values())))
    _tell("PDQ, one picture, ms", _clock(lambda each: pictures.check("", media=[each]), media[:100]) * 1e3)
    index = pictures.digests
    if index is None:
        return 1
    began, cpu = time.perf_counter(), time.process_time()
    near = index.near_each(media)
    _tell("PDQ, pictures a second in a batch", _BATCH / (time.perf_counter() - began))
    _tell("PDQ, pictures a second of CPU", _BATCH / (time.process_time() - cpu))
    slots = {
        each: [(index.values[place], distance) for place, distance in near[each.pdq or ""]] for each in media[:_BRUTE]
    }
    unlike = sum(len(slots[each]) != len(told[each]) for each in media[:_BRUTE])
    _tell("PDQ, batch and single that differ", unlike)
    return int(bool(missed or wrong or unlike))


def _media(digests: dict[str, Any]) -> Media:
    return Media(id="a", **digests)


def _hash(kind: str, number: int) -> str:
    return hashlib.new(kind, str(number).encode(), usedforsecurity=False).hexdigest()


def _changed(draw: Any, table: Any, count: int) -> Any:
    """Pictures of the table with 0 to 40 bits changed."""
    bits = np.unpackbits(table[draw.integers(0, len(table), count)], axis=1)
    for row in bits:
        row[draw.choice(256, draw.integers(0, 41), replace=False)] ^= 1
    return np.packbits(bits, axis=1)


def _brute(table: Any, row: Any) -> list[tuple[str, int]]:
    distances = np.bitwise_count(table.view(np.uint64) ^ row.view(np.uint64)).sum(1, dtype=np.int64)
    near = np.flatnonzero(distances <= DISTANCE)
    return sorted(((f"{n:016x}", int(distances[n])) for n in near), key=lambda pair: (pair[1], pair[0]))


def _weight(engine: Engine) -> int:
    return sum(len(data) for name, data in engine.sections().items() if name.startswith(("digest-", "pdq-")))


def _memory() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _clock(ask: Callable[[Media], object], media: list[Media]) -> float:
    """Seconds a question, the quickest of three turns."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        for each in media:
            ask(each)
        times.append((time.perf_counter() - began) / len(media))
    return min(times)


def _tell(what: str, value: float) -> None:
    sys.stdout.write(f"{what:45} {value:12,.2f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
