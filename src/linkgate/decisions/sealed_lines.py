"""What differs between the lines of a file and those that were sealed, told from their hashes.

>>> sealed = [bytes([number]) for number in range(6)]
>>> differences(sealed, [*sealed[:2], b"x", *sealed[3:]])
[(3, 'edited', 1)]
>>> differences(sealed, [*sealed[:2], *sealed[3:]]), differences(sealed, [*sealed[:2], b"x", *sealed[2:]])
([(3, 'removed', 1)], [(3, 'inserted', 1)])
>>> differences(sealed, [sealed[0], sealed[2], sealed[1], *sealed[3:]]), differences(sealed, sealed[:4])
([(2, 'reordered', 1)], [(5, 'removed', 2)])
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import count, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST = 5000
"""Lines between the first and the last difference that are compared one by one."""


def differences(sealed: Sequence[bytes], found: Sequence[bytes]) -> list[tuple[int, str, int]]:
    """Where lines differ, counted from 1 in the file as it is; what was done there, and to how many lines."""
    most = min(len(sealed), len(found))
    start = sum(1 for _ in takewhile(lambda place: place < most and sealed[place] == found[place], count()))
    end = sum(1 for _ in takewhile(lambda place: place < most - start and sealed[~place] == found[~place], count()))
    old, new = sealed[start : len(sealed) - end], found[start : len(found) - end]
    if max(len(old), len(new)) > _MOST and min(len(old), len(new)):
        return [(start + 1, "edited", max(len(old), len(new)))]
    return list(_between(old, new, start + 1))


def _between(old: Sequence[bytes], new: Sequence[bytes], first: int) -> Iterator[tuple[int, str, int]]:
    """What differs where both begin and end with another line; `first` is the number of the first."""
    kept, there = set(old), set(new)
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone = sum(1 for each in old[low:high] if each not in there)
        strange = [place for place in range(start, end) if new[place] not in kept]
        moved = [place for place in range(start, end) if new[place] in kept]
        if tag == "equal":
            continue
        for place in strange:
            yield first + place, "edited" if gone else "inserted", 1
            gone = max(gone - 1, 0)
        for place in moved:
            yield first + place, "inserted" if _again(new, place, old) else "reordered", 1
        if gone:
            yield first + end, "removed", gone


def _again(new: Sequence[bytes], place: int, old: Sequence[bytes]) -> bool:
    """Whether a line stands more often than it was sealed."""
    return new.count(new[place]) > old.count(new[place])
