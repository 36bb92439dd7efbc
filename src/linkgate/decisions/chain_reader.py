"""Follows the chains of all writers through the record and says of each line whether it stands where it was written.

>>> from linkgate.decisions.chain import Chain, read_link
>>> chain = Chain()
>>> links = [read_link(chain.link(b"{}")) for _ in range(5)]
>>> reader = ChainReader()
>>> [reader.follow(links[number], file="a", line=number) for number in (0, 2, 1, 4, 4)]
[None, None, 'reordered', None, 'inserted']
>>> [(gap.low, gap.high, gap.line) for gap in reader.gaps()]
[(4, 4, 4)]
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkgate.decisions.chain import START

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkgate.decisions.chain import ChainLink


@dataclass(frozen=True, slots=True)
class Gap:
    """Lines of a writer that are missing, by their numbers; file, line: what stands in their place."""

    writer: str
    low: int
    high: int
    file: str
    line: int


@dataclass(slots=True)
class _Writer:
    """How far a chain was read. digests: the hashes that the next line may follow; none where all may."""

    number: int
    digests: tuple[bytes, ...]
    gaps: list[Gap] = field(default_factory=list)


class ChainReader:
    """known: by writer, the last number and hash of what a purge removed. open_start: a chain may begin anywhere."""

    def __init__(self, known: Mapping[str, tuple[int, str]] | None = None, *, open_start: bool = False) -> None:
        self._known = known or {}
        self._open_start = open_start
        self._writers: dict[str, _Writer] = {}

    @property
    def writers(self) -> int:
        """How many there are."""
        return len(self._writers)

    def follow(self, link: ChainLink, *, file: str, line: int) -> str | None:
        """What was done to a line: `edited`, `inserted`, `reordered`, or None. What is missing, `gaps` tells."""
        writer = self._writers.get(link.writer) or self._begin(link)
        if link.number <= writer.number:
            return "reordered" if _filled(writer, link.number) else "inserted"
        if link.number > writer.number + 1:
            writer.gaps.append(Gap(link.writer, writer.number + 1, link.number - 1, file, line))
            writer.number, writer.digests = link.number, (link.digest,)
            return None
        right = not writer.digests or any(link.follows(digest) for digest in writer.digests)
        # Of an edited line either the hash or what it was made of was changed: the next line follows the other.
        writer.digests = (link.digest,) if right else (link.digest, *map(link.computed, writer.digests[:1]))
        writer.number = link.number
        return None if right else "edited"

    def gaps(self) -> Iterator[Gap]:
        """What is missing between the lines that were read."""
        for writer in self._writers.values():
            yield from writer.gaps

    def _begin(self, link: ChainLink) -> _Writer:
        if link.writer in self._known:
            number, digest = self._known[link.writer]
            made = _Writer(number, (bytes.fromhex(digest),))
        elif self._open_start:
            made = _Writer(link.number - 1, () if link.number > 1 else (START,))
        else:
            made = _Writer(0, (START,))
        self._writers[link.writer] = made
        return made


def _filled(writer: _Writer, number: int) -> bool:
    """Take a number out of the gaps; False where it was not missing."""
    for place, gap in enumerate(writer.gaps):
        if gap.low <= number <= gap.high:
            parts = replace(gap, high=number - 1), replace(gap, low=number + 1)
            writer.gaps[place : place + 1] = [part for part in parts if part.low <= part.high]
            return True
    return False
