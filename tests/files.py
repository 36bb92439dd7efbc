"""Digests for tests, of values of our own making: random bits, and words that nobody hashed a picture for."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import DigestType, read_digest
from linkgate.core.digests.digest_records import file_entry
from linkgate.core.engine import Engine
from linkgate.core.url.suffixes import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkgate.core.index.entry import Entry

RULES = Rules(suffixes=("example",))
WORDS = ("zebra", "giraffe", "hyena")


def digest_of_word(kind: str, word: str) -> str:
    """The digest of a word; as PDQ, 256 bits drawn from it."""
    return hashlib.new("sha256" if kind == "pdq" else kind, word.encode(), usedforsecurity=False).hexdigest()


def listed(kind: str, digits: str, *, entry: str = "", name: str = "demo", allow: bool = False) -> Entry:
    digest = read_digest(DigestType(kind), digits)
    assert digest is not None
    return file_entry(id=entry or f"{kind}:{digits[:6]}", list=name, digest=digest, allow=allow, everywhere=allow)


def engine_of(entries: Iterable[Entry], distances: Mapping[str, int] | None = None) -> Engine:
    return Engine.build(entries, rules=RULES, distances=lambda: distances or {})


def flipped(digits: str, bits: int, *, seed: int = 0) -> str:
    """The same value with so many bits changed."""
    places = random.Random(seed).sample(range(256), bits)  # noqa: S311  # drawn for a test
    return f"{int(digits, 16) ^ sum(1 << place for place in places):064x}"
