r"""refang: undo every disguise of a text, and know of each character where it stood.

One loop over the table `core.disguises`; what is remembered are the edits, from which a place in the text as
written is worked out when it is asked for.

>>> view = repair("at h t t p : / / exa\u200bmple[.]test/page")
>>> view.text, view.span(3, 27)
('at http://example.test/page', (3, 37))
>>> refang("hxxps://example (dot) test&#47;page")
'https://example.test/page'
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from linkgate.core.disguises import DISGUISES, NOT_ASCII_CHARACTER
from linkgate.core.prefilter.automaton import Automaton, alike, backwards
from linkgate.core.text.patterns import compiled, cues
from linkgate.core.text.words import word_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkgate.core.text.undoing import Disguise, Edit


@dataclass(frozen=True, slots=True)
class _Pass:
    """The edits of one row, where each begins, and where in the text that they leave."""

    edits: Sequence[Edit]
    begins: Sequence[int]
    starts: Sequence[int]

    def after(self, place: int) -> int:
        """Where a place between two characters is afterwards; one in what was undone is in front of what it became."""
        number = bisect_right(self.begins, place) - 1
        if number < 0:
            return place
        _, end, meant = self.edits[number]
        return self.starts[number] + (len(meant) + place - end if place >= end else 0)

    def origin(self, place: int) -> tuple[int, int]:
        """Where the character at a place stood before: its start and its end."""
        number = bisect_right(self.starts, place) - 1
        if number < 0:
            return place, place + 1
        start, end, meant = self.edits[number]
        behind = place - self.starts[number] - len(meant)
        return (start, end) if behind < 0 else (end + behind, end + behind + 1)


@dataclass(frozen=True, slots=True)
class View:
    """A text as it is read: the message as written, or with its disguises undone."""

    text: str = field(repr=False)
    _passes: tuple[_Pass, ...] = field(default=(), repr=False)
    _begin: int = 0
    """Where in the text as written what is viewed begins."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place, in the text as written, of `text[start:end]` (which is not empty)."""
        first, behind = start, end
        for each in reversed(self._passes):
            first, behind = each.origin(first)[0], each.origin(behind - 1)[1]
        return self._begin + first, self._begin + behind

    def changed_words(self) -> list[tuple[int, int]]:
        """The words of the text in which something was undone, or right beside which; ascending."""
        spans: list[tuple[int, int]] = []
        for each in self._passes:
            spans = [(each.after(first), each.after(last)) for first, last in spans]
            spans += [(start, start + len(meant)) for start, (*_, meant) in zip(each.starts, each.edits, strict=True)]
        found: list[tuple[int, int]] = []
        done = 0
        for place, last in sorted(spans):
            done = max(done, place)
            while done <= last:
                start, end = word_around(self.text, done)
                found += [(start, end)] if start < end else []
                done = end + 1
        return found

    def without(self, disguise: Disguise, places: Sequence[int] | None = None) -> View:
        """The view with one disguise undone. places: where its cues are, as far as that is known."""
        edits = disguise.edits(self.text, places)
        if not edits:
            return self
        shifts = accumulate((len(meant) - (end - start) for start, end, meant in edits), initial=0)
        begins = [start for start, _, _ in edits]
        starts = [start + shift for start, shift in zip(begins, shifts, strict=False)]
        return View(_spliced(self.text, edits), (*self._passes, _Pass(edits, begins, starts)), self._begin)

    def moved(self, present: dict[str, list[int]]) -> dict[str, list[int]]:
        """The places of cues in the text, where those in the text before its last disguise was undone are known."""
        undone = self._passes[-1]
        windows = list(_around(undone))
        if 2 * sum(last - first for first, last in windows) > len(self.text):
            return _cues_in(self.text)
        found: dict[str, list[int]] = {}
        for first, last in windows:
            for name, places in _cues_in(self.text[first:last]).items():
                found.setdefault(name, []).extend(first + place for place in places)
        for name, places in present.items():
            found[name] = sorted((*found.get(name, ()), *map(undone.after, places)))
        return found


def _around(undone: _Pass) -> Iterator[tuple[int, int]]:
    """The stretches in which a cue may have come into being, those that overlap as one."""
    first = last = 0
    for start, (*_, meant) in zip(undone.starts, undone.edits, strict=True):
        if start - _longest_cue() > last:
            yield first, last
            first = start - _longest_cue()
        last = start + len(meant) + _longest_cue()
    yield first, last


def _spliced(text: str, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, meant in edits:
        pieces += text[done:start], meant
        done = end
    return "".join((*pieces, text[done:]))


def repair(text: str, start: int = 0, end: int | None = None) -> View:
    """Undo every disguise in a text, or in a stretch of it.

    In: a message. Out: its view, whose text is the message where there was nothing to undo. Never raises; linear
    in the length of the text.
    """
    view = View(text[start:end], (), start)
    present = _cues_in(view.text)
    for disguise in DISGUISES:
        places = present.get(disguise.name) if disguise.core is not NOT_ASCII_CHARACTER else _not_ascii_in(view.text)
        if not places:
            continue
        after = view.without(disguise, places)
        if after is not view:
            view, present = after, after.moved(present)
    return view


def _cues_in(text: str) -> dict[str, list[int]]:
    """The disguises of which a text has a cue, each with the places of its cues."""
    last = len(text) - 1
    found: dict[str, list[int]] = {}
    for end, names in _automaton().hits(backwards(_lowered(text))):
        for name in names:
            found.setdefault(name, []).append(last - end)
    return {name: places[::-1] for name, places in found.items()}


def _not_ascii_in(text: str) -> list[int]:
    return [] if text.isascii() else [found.start() for found in _NOT_ASCII.finditer(text)]


def _lowered(text: str) -> str:
    """A text in small letters, each where it stood; what `re` takes for an ASCII letter is one."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    if len(lowered) != len(text):  # U+0130 is the one letter of which two are made
        lowered = text.replace("\u0130", "i").lower()
    return lowered.replace("\u0131", "i").replace("\u017f", "s")


_NOT_ASCII = compiled(NOT_ASCII_CHARACTER)


@cache
def _automaton() -> Automaton[tuple[str, ...]]:
    """The cues of all disguises, as they are read, each with the names of those that it is one of."""
    return Automaton(_names_of_cues().items())


@cache
def _names_of_cues() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for disguise in DISGUISES:
        if disguise.core is not NOT_ASCII_CHARACTER:
            for cue in cues(disguise.pattern, folded=False):
                known = names.get(alike(cue), ())
                names[alike(cue)] = known if disguise.name in known else (*known, disguise.name)
    return names


@cache
def _longest_cue() -> int:
    return max(map(len, _names_of_cues()))


def refang(text: str) -> str:
    """One pasted URL, mended and stripped of the white space around it."""
    return repair(text).text.strip()
