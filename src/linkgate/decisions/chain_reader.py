"""Follows the chains of all writers through the record and says which lines do not stand where they were written.

>>> from linkgate.decisions.chain import Chain, read_link
>>> chain = Chain()
>>> links = [read_link(chain.link(b"{}")) for _ in range(9)]
>>> def told(*numbers):
...     reader = ChainReader()
...     found = [each for line, n in enumerate(numbers) for each in reader.follow(links[n], file="a", line=line)]
...     return [(each.line, each.what, each.count) for each in (*found, *reader.rest())]
>>> told(0, 1, 2, 3), told(0, 2, 1, 3), told(0, 1, 4, 5), told(0, 1, 1, 2)
([], [(1, 'reordered', 1)], [(2, 'removed', 2)], [(2, 'inserted', 1)])
>>> told(0, 5, 1, 2, 3, 4, 5, 6), told(0, 5, 1, 2, 3, 4, 6), told(0, 2, 3, 4, 1, 5)
([(1, 'inserted', 1)], [(1, 'reordered', 1)], [(4, 'reordered', 1)])
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkgate.decisions.chain import START

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkgate.decisions.chain import ChainLink


@dataclass(frozen=True, slots=True)
class ChainFault:
    """What was done to lines of a writer, and where. what: `edited`, `removed`, `reordered` or `inserted`.

    line: the line, or that in whose place `count` lines were removed. low: the first number of those.
    """

    writer: str
    file: str
    line: int
    what: str
    count: int = 1
    low: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """A line that came before its turn."""

    digest: bytes
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class _Jump:
    """How a chain stood before a line that came before its turn, or after others were removed."""

    number: int
    digests: tuple[bytes, ...]
    place: _Place


@dataclass(slots=True)
class _Writer:
    """How far a chain was read. digests: the hashes that the next line may follow; none where all may."""

    name: str
    number: int
    digests: tuple[bytes, ...]
    gaps: list[ChainFault] = field(default_factory=list)
    early: dict[int, _Place] = field(default_factory=dict)
    jump: _Jump | None = None

    def take(self, link: ChainLink) -> None:
        """Go on with a line."""
        self.number, self.digests = link.number, (link.digest,)

    def follows(self, link: ChainLink) -> bool:
        """Whether it is the line behind the last one."""
        return not self.digests or any(link.follows(digest) for digest in self.digests)

    def fault(self, place: _Place, what: str) -> ChainFault:
        """What was done to a line."""
        return ChainFault(self.name, place.file, place.line, what)


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

    def follow(self, link: ChainLink, *, file: str, line: int) -> Sequence[ChainFault]:
        """What a line tells: mostly nothing. What was removed, and what came too early, `rest` tells at the end."""
        writer = self._writers.get(link.writer) or self._begin(link)
        if link.number == writer.number + 1:
            if writer.follows(link) and not writer.early:
                writer.take(link)
                writer.jump = None
                return ()
            return self._next(writer, link, _Place(link.digest, file, line))
        place = _Place(link.digest, file, line)
        return _ahead(writer, link, place) if link.number > writer.number else _behind(writer, link, place)

    def skip_to(self, name: str, number: int, digest: str) -> int:
        """Go on behind a line of a writer, as a seal tells it; how many lines are missing before."""
        writer = self._writers.get(name)
        if writer is None:
            known = self._known.get(name, (number - 1 if self._open_start else 0, ""))[0]
            writer = self._writers[name] = _Writer(name, known, ())
        missing = max(number - writer.number, 0)
        if missing:
            writer.number, writer.digests, writer.jump = number, (bytes.fromhex(digest),), None
        return missing

    def rest(self) -> Iterator[ChainFault]:
        """What is left when all was read: what is missing, and lines that came too early."""
        for writer in self._writers.values():
            yield from writer.gaps
            yield from (writer.fault(place, "inserted") for place in writer.early.values())

    def _begin(self, link: ChainLink) -> _Writer:
        if link.writer in self._known:
            number, digest = self._known[link.writer]
            made = _Writer(link.writer, number, (bytes.fromhex(digest),))
        elif self._open_start:
            made = _Writer(link.writer, link.number - 1, () if link.number > 1 else (START,))
        else:
            made = _Writer(link.writer, 0, (START,))
        self._writers[link.writer] = made
        return made

    def _next(self, writer: _Writer, link: ChainLink, place: _Place) -> Sequence[ChainFault]:
        """The next number of a writer, where the line was changed, or its copy was put in before."""
        found = []
        if (copy := writer.early.pop(link.number, None)) is not None:
            found.append(writer.fault(copy, "inserted"))
        before, writer.jump = writer.digests, None
        if writer.follows(link):
            writer.take(link)
        else:
            found.append(writer.fault(place, "edited"))
            writer.take(link)
            # Either its hash or what that was made of was changed: the next line follows the other one.
            writer.digests = (link.digest, *map(link.computed, before[:1]))
        return found


def _ahead(writer: _Writer, link: ChainLink, place: _Place) -> Sequence[ChainFault]:
    """A number that is too high: the lines between were removed, or came earlier, or this one did."""
    between = range(writer.number + 1, link.number)
    if len(between) <= len(writer.early) and all(number in writer.early for number in between):
        found = [writer.fault(writer.early.pop(number), "reordered") for number in between]
        writer.take(link)
        return found
    writer.jump = _Jump(writer.number, writer.digests, place)
    writer.gaps.append(
        ChainFault(writer.name, place.file, place.line, "removed", count=len(between), low=between.start)
    )
    writer.take(link)
    return ()


def _behind(writer: _Writer, link: ChainLink, place: _Place) -> Sequence[ChainFault]:
    """A number that there was before: the line before it came too early, or this one too late, or twice."""
    jump = writer.jump
    if jump and link.number == jump.number + 1 and any(link.follows(digest) for digest in jump.digests):
        writer.gaps.pop()
        writer.early[writer.number] = jump.place
        writer.take(link)
        writer.jump = None
        return ()
    writer.jump = None
    return [writer.fault(place, "reordered" if _filled(writer, link.number) else "inserted")]


def _filled(writer: _Writer, number: int) -> bool:
    """Take a number out of the gaps; False where it was not missing."""
    for place, gap in enumerate(writer.gaps):
        if gap.low <= number < gap.low + gap.count:
            lower = replace(gap, count=number - gap.low)
            upper = replace(gap, low=number + 1, count=gap.low + gap.count - number - 1)
            writer.gaps[place : place + 1] = [part for part in (lower, upper) if part.count]
            return True
    return False
