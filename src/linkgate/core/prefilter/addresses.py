"""addresses: IPv4 and IPv6 hosts in a text, in any spelling, for the prefilter.

What cannot be found by a host's letters is found by its value: every run of digits and dots is read
as a browser reads an address, and looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from linkgate.core.url.host import ipv4_number

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

_RUN = re.compile(r"[0-9][0-9a-fx.]*")
_LONG_RUN = re.compile(r"[0-9][0-9a-fx]*(?:\.[0-9a-fx.]+|(?<=[0-9a-fx]{8}))")  # two numbers, or eight digits
# A bare host is taken for an address only where it is four numbers: see `links.tokenizer`.
_BARE = r"(?:(?:0x[0-9a-f]*|[0-9]+)\.){3}"
# Otherwise it stands behind a scheme, slashes, a user name or what names a parameter.
_PLACED = r"(?:[/\\=?&][\x00-\x20]*|[@:]|__)[._~*\-]*"
IN_BRACKETS = r"\[(?:[0-9a-f:.]{0,45}::[0-9a-f:.]{0,45}|(?:[0-9a-f]{1,4}:){6}[0-9a-f:.]{1,45})\]"
"""An IPv6 address has two colons together or seven parts; `[12:30]` is the time."""
WORTH = r"[0-9](?:[0-9a-fx]*\.[0-9a-fx]|[0-9a-fx]{7})"
"""How a number begins that may be an address where none is below 1.0.0.0: two numbers with a dot, or eight digits."""
_LITERAL = re.compile(IN_BRACKETS)
# Without any of these there is no address: two numbers with a dot, many digits, a hexadecimal, a literal.
_LIKELY = re.compile(r"[0-9a-fx]\.[0-9]|[0-9]{8}|0x|\[")
_TIGHT = f"{_BARE}|{_PLACED}{WORTH}|{IN_BRACKETS}"

_PARTS = 4
_LONGEST_PART = 16
_GLUED = 4  # a glued code point folds to a few characters
_SMALLEST = 1 << 24  # 1.0.0.0, eight digits as one number
_FEWEST_DIGITS = 8
_KNOWN = 4096
"""So many numbers are remembered, with whether they are listed: messages hold the same versions and times again."""
_LONGEST_KNOWN = 192
"""As long as any run that is asked for: a run with many cues in it is asked for at each of them."""
_INSIDE = "~"  # behind what is remembered of all that may be glued in a run


class Addresses:
    """Listed IPv4 addresses, sorted, and whether there are IPv6 ones.

    >>> from array import array
    >>> listed = Addresses(array("I", [0xC0000207]), literals=False)
    >>> listed.any_in("http://0300.0.519/"), listed.any_in("5.192.0.2.7", glued=True), listed.any_in("192.0.2.70")
    (True, True, False)
    """

    __slots__ = ("_fewest", "_known", "_literals", "_sorted")

    def __init__(self, listed: array[int], *, literals: bool) -> None:
        self._sorted = listed
        self._literals = literals
        self._known: dict[str, bool] = {}
        self._fewest = 1 if listed and listed[0] < _SMALLEST else _FEWEST_DIGITS

    def __bool__(self) -> bool:
        return bool(self._sorted) or self._literals

    def any_in(self, folded: str, *, glued: bool = False) -> bool:
        """True when a listed address may stand in a folded text. An IPv6 literal is always suspect.

        glued: folding may have joined a digit of another script to the first number.
        """
        if not self._sorted and not self._literals:
            return False
        if "[" in folded and _LITERAL.search(folded):
            return True
        if not glued:
            return any(map(self._holds, (_LONG_RUN if self.tight else _RUN).findall(folded)))
        if self.tight and not _LIKELY.search(folded):
            return False
        return any(map(self._holds_inside, _RUN.findall(folded)))

    @property
    def expression(self) -> str:
        """What every folded text has in which a listed address may stand; in the dialect of RE2 and Python."""
        return _TIGHT if self.tight else rf"[0-9]|{IN_BRACKETS}"

    @property
    def tight(self) -> bool:
        """Whether no listed address is below 1.0.0.0, so that a number of seven digits is none."""
        return self._fewest > 1

    def _is_near(self, run: str) -> bool:
        """True when the first three of four numbers are those of a listed address, whatever the fourth is glued to."""
        parts = run.split(".")
        for first, second, third in zip(parts, parts[1:], parts[2:], strict=False):
            for number in _endings(first):
                address = ipv4_number(f"{number}.{second}.{third}.0")
                if address is not None and self._any_between(address, address + 255):
                    return True
        return False

    def _any_between(self, first: int, last: int) -> bool:
        place = bisect_left(self._sorted, first)
        return place < len(self._sorted) and self._sorted[place] <= last

    def _holds(self, run: str) -> bool:
        """Whether a run is a listed address: one to four numbers, as it stands, perhaps with dots behind it."""
        held = self._known.get(run)
        if held is None:
            number = run.partition("..")[0].rstrip(".")
            four = ".".join(number.split(".", _PARTS)[:_PARTS])  # behind which a sentence may go on
            held = ("." in number or len(number) >= self._fewest) and any(map(self._is_listed, {number, four}))
            self._remember(run, held=held)
        return held

    def _holds_inside(self, run: str) -> bool:
        """The same for a run that may be glued to others, in every way."""
        held = self._known.get(run + _INSIDE)
        if held is None:
            held = self._is_near(run) or any(map(self._is_listed, _inside(run.split("."), self._fewest)))
            self._remember(run + _INSIDE, held=held)
        return held

    def _is_listed(self, number: str) -> bool:
        address = ipv4_number(number)
        return address is not None and self._any_between(address, address)

    def _remember(self, number: str, *, held: bool) -> None:
        if len(number) <= _LONGEST_KNOWN:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[number] = held


def _inside(parts: list[str], fewest: int) -> Iterator[str]:
    for start, first in enumerate(parts):
        ends = range(start + 1, min(start + _PARTS, len(parts)) + 1)
        rests = [".".join(["", *parts[start + 1 : end]]) for end in ends]
        numbers = (number + rest for number in _endings(first) for rest in rests if rest or len(number) >= fewest)
        for number in numbers:
            yield from (number[: len(number) - cut] for cut in range(min(_GLUED, len(number))))


def _endings(part: str) -> Iterator[str]:
    part = part[-_LONGEST_PART:]
    yield from (part[start:] for start in range(len(part)))
