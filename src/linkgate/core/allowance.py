"""allowance: why an allow entry stands, and when it ends. There is no clock here: the moment is handed in.

What has ended by a moment is a function of the allowances and of the last end that has passed; so that
end, behind the id of the snapshot, says what decided (law 7).

>>> own = Allowance(list="own", id="own:1", reason="case 7", ends=100)
>>> over([own], 99), over([own], 100)
((), (Allowance(list='own', id='own:1', reason='case 7', ends=100),))
>>> next_end([own], 99), next_end([own], 100)
(100, None)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable


class Allowance(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The terms of one allow entry.

    reason: why it stands, with no address in it. ends: the second since 1970 (UTC) from which on it
    lifts nothing; None for never.
    """

    list: str
    id: str
    reason: str | None = None
    ends: int | None = None


def over(allowances: Iterable[Allowance], moment: float) -> tuple[Allowance, ...]:
    """Those that have ended by a moment, in seconds since 1970."""
    return tuple(each for each in allowances if each.ends is not None and each.ends <= moment)


def next_end(allowances: Iterable[Allowance], moment: float) -> int | None:
    """When the next one ends; None where none will."""
    return min((each.ends for each in allowances if each.ends is not None and each.ends > moment), default=None)


def settled(allowances: Iterable[Allowance]) -> tuple[Allowance, ...]:
    """One for each list and id, sorted; where a publisher gave one id to several entries, the earliest end counts.

    >>> settled([Allowance("own", "x"), Allowance("own", "x", "case 7", 9)])
    (Allowance(list='own', id='x', reason='case 7', ends=9),)
    """
    found: dict[tuple[str, str], Allowance] = {}
    for each in allowances:
        known = found.setdefault((each.list, each.id), each)
        if known is not each and (known.ends is None or (each.ends is not None and each.ends < known.ends)):
            found[each.list, each.id] = each
    return tuple(found[key] for key in sorted(found))
