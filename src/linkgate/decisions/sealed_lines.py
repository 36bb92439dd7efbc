"""What differs between the lines of a file and those that were sealed, told from their hashes.

>>> sealed = [bytes([number]) for number in range(6)]
>>> differences(sealed, [*sealed[:2], b"x", *sealed[3:]])
[(3, 'edited')]
>>> differences(sealed, [*sealed[:2], *sealed[3:]]), differences(sealed, [*sealed[:2], b"x", *sealed[2:]])
([(3, 'removed')], [(3, 'inserted')])
>>> differences(sealed, [sealed[0], sealed[2], sealed[1], *sealed[3:]]), differences(sealed, sealed[:4])
([(3, 'reordered')], [(5, 'removed'), (5, 'removed')])
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def differences(sealed: Sequence[bytes], found: Sequence[bytes]) -> list[tuple[int, str]]:
    """Lines, counted from 1 in the file as it is, and what was done there: edited, removed, inserted, reordered."""
    start = 0
    most = min(len(sealed), len(found))
    while start < most and sealed[start] == found[start]:
        start += 1
    end = 0
    while end < most - start and sealed[-1 - end] == found[-1 - end]:
        end += 1
    return _between(sealed[start : len(sealed) - end], found[start : len(found) - end], start + 1)


def _between(sealed: Sequence[bytes], found: Sequence[bytes], first: int) -> list[tuple[int, str]]:
    """What differs where both begin and end with another line; `first` is the number of the first."""
    left = Counter(sealed)
    left.subtract(Counter(found))
    lost = sum(number for number in left.values() if number > 0)
    places = {hashed: place for place, hashed in enumerate(sealed)}
    told: list[tuple[int, str]] = []
    highest = -1
    for number, hashed in enumerate(found, first):
        if left[hashed] < 0:  # more often than it was sealed
            left[hashed] += 1
            told.append((number, "edited" if lost else "inserted"))
            lost = max(lost - 1, 0)
        elif places[hashed] < highest:
            told.append((number, "reordered"))
        else:
            highest = places[hashed]
    return told + [(first + (len(found) if not told else 0), "removed")] * lost
