r"""Hash chain of one writer of the record: each line is bound to the line before it, so no edit goes unseen.

The last three fields of a line are
    w   random id of the writer, 16 hexadecimal digits
    n   number of the line among those of this writer, from 1
    h   first 16 bytes of SHA-256(h of the writer's line before + this line up to `,"h":`); before the first, 16 zeros

A writer is one thread at a time of one process. Hashes have no key: they tell what was changed by
who does not compute them anew; seals (linkgate.decisions.seals) tell the rest.

>>> pool = ChainPool()
>>> chain = pool.take("2026-01-31")
>>> one, two = (read_link(chain.link(b'{"time":"2026-01-31"}')) for _ in range(2))
>>> one.number, two.number, one.writer == two.writer, one.follows(START), two.follows(one.digest), two.follows(START)
(1, 2, True, True, True, False)
"""

from __future__ import annotations

import os
import re
from collections import deque
from dataclasses import dataclass
from hashlib import sha256

START = bytes(16)
"""What stands for the hash of the line before the first."""

_DIGEST = 16
_TAIL = re.compile(rb',"w":"([0-9a-f]{16})","n":([1-9][0-9]{0,17})(,"h":"([0-9a-f]{32})"\})\Z')
_LONGEST_TAIL = 100


class Chain:
    """The end of one writer's chain. For one thread at a time."""

    __slots__ = ("day", "digest", "number", "process", "writer")

    def __init__(self) -> None:
        self.writer = os.urandom(8).hex()
        self.process = os.getpid()
        self.day = ""
        self.number = 0
        self.digest = START

    def link(self, line: bytes) -> bytes:
        """A line, a JSON object without its end of line, with its three fields."""
        self.number += 1
        body = b'%s,"w":"%s","n":%d' % (line[:-1], self.writer.encode(), self.number)
        self.digest = sha256(self.digest + body).digest()[:_DIGEST]
        return b'%s,"h":"%s"}' % (body, self.digest.hex().encode())


class ChainPool:
    """The chains of a process that nobody holds. Threads share it without a lock: a deque's ends are atomic.

    Who writes takes a chain and gives it back when its lines are in the file. A chain whose write
    failed is not given back: what stands in the file is not known, and a new writer begins.
    """

    def __init__(self) -> None:
        self._free: deque[Chain] = deque()

    def take(self, day: str) -> Chain:
        """A chain for a line of a day; a new one where all are held, or have gone on to a later day."""
        try:
            chain = self._free.pop()
        except IndexError:
            chain = Chain()
        if chain.process != os.getpid():  # a fork has copied the parent's
            self._free = deque()
            chain = Chain()
        if chain.day > day:
            self._free.append(chain)
            chain = Chain()
        chain.day = day
        return chain

    def give(self, chain: Chain) -> None:
        """Give back what was taken."""
        self._free.append(chain)


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The chain fields of a line that was read. body: what its hash covers, besides the hash before."""

    writer: str
    number: int
    digest: bytes
    body: bytes

    def follows(self, before: bytes) -> bool:
        """Whether it is what its writer wrote behind the line with that hash."""
        return self.computed(before) == self.digest

    def computed(self, before: bytes) -> bytes:
        """The hash that it should have behind the line with that hash."""
        return sha256(before + self.body).digest()[:_DIGEST]


def read_link(line: bytes) -> ChainLink | None:
    """The chain fields of a line without its end; None where it has none."""
    found = _TAIL.search(line, max(0, len(line) - _LONGEST_TAIL))
    if found is None:
        return None
    return ChainLink(found[1].decode(), int(found[2]), bytes.fromhex(found[4].decode()), line[: found.start(3)])
