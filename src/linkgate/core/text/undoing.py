r"""undoing: what a disguise is, a pattern and what undoes it; and where in a text there is something to undo.

>>> from linkgate.core.text.patterns import text
>>> row = Disguise(name="a dot in brackets", core=text("[.]"), undo=lambda _: ".", examples=("bad[.]example/page",))
>>> row.edits("at bad[.]example"), row.edits("at bad[.]example", places=[6])
([(6, 9, '.')], [(6, 9, '.')])
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from linkgate.core.text.patterns import Pattern, compiled, group, seq

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

    Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguise:
    """One row.

    core: what is undone. before, behind: what must stand beside it, one character before at most. undo: a
    match, whose group `core` is what was written -> what it stands for. more: an expression for what
    belongs to it behind the core, which `undo_more` mends. examples: spellings of http://bad.example/page.
    hides_host: whether a host may be hidden by it; else it matters in words alone of which something is known.
    """

    name: str
    core: Pattern
    undo: Callable[[re.Match[str]], str]
    examples: tuple[str, ...]
    before: Pattern | None = None
    behind: Pattern | None = None
    more: re.Pattern[str] | None = None
    undo_more: Callable[[str], str] = str
    hides_host: bool = True
    pattern: Pattern = field(init=False, repr=False)
    regex: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        before, behind = ([] if part is None else [part] for part in (self.before, self.behind))
        object.__setattr__(self, "pattern", seq(*before, self.core, *behind))
        object.__setattr__(self, "regex", compiled(seq(*before, group(self.core, "core"), *behind)))

    def edits(self, written: str, places: Iterable[int] | None = None) -> list[Edit]:
        """What there is to undo in a text: start, end, and what stands there instead; ascending, none overlapping.

        places: where the cues of the pattern are, ascending; None where that is not known.
        """
        found: list[Edit] = []
        done = 0
        for first, last in [(0, len(written))] if places is None else _windows(places, self.pattern.width):
            at = max(first, done - (self.before is not None))
            while match := self.regex.search(written, at, last):
                start, end = match.span("core")
                at = start + 1
                if start < done:  # it begins in what was undone just before
                    continue
                meant = self.undo(match)
                if self.more is not None and (rest := self.more.match(written, end)):
                    end, meant = rest.end(), meant + self.undo_more(rest[0])
                if written[start:end] != meant:
                    found.append(_narrowed(written, start, end, meant))
                done = end
                at = max(end - (self.before is not None), at)  # its last character may stand before the next one
        return found


def _narrowed(written: str, start: int, end: int, meant: str) -> Edit:
    """An edit without what it leaves as it is at its beginning and its end: a link beside it keeps its place."""
    before = _alike(written[start:end], meant)
    start, meant = start + before, meant[before:]
    behind = _alike(reversed(written[start:end]), reversed(meant))
    return start, end - behind, meant[: len(meant) - behind]


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """With how many equal characters two texts begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _windows(places: Iterable[int], width: int) -> Iterator[tuple[int, int]]:
    """The stretches around places in which a match may be, those that overlap as one."""
    first = last = -1
    for place in places:
        if place - width > last:
            if last >= 0:
                yield first, last
            first = max(0, place - width)
        last = place + width
    if last >= 0:
        yield first, last
