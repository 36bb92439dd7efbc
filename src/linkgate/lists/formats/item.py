"""ListItem, RejectedLine and Skipped: what every reader yields."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

FIELDS = (
    *("url", "scope", "id", "category", "added", "expires", "note", "allow", "lifts"),
    *("digest", "type", "quality", "doubt"),
)


class ListItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One address or digest as the publisher wrote it, with what the publisher says about it.

    `line` counts from 1: lines of a text, records of a JSON document. An `allow` item is one that
    must not be blocked; with `lifts` it says so of listed pages, too. A digest stands in place of the address, and
    `type` is what its publisher calls its type, `""` where it says none; of an address it is None. `quality` is that of
    a PDQ value; `doubt` says why its own publisher doubts the item; `gone` that it has taken it off. Address, id, dates
    and note never show in `repr` (law 9). A msgspec.Struct, because it is made ten times as fast as a
    frozen dataclass, a million times a list.

    >>> ListItem(line=3, address="http://bad.example/page", category="malware")
    ListItem(line=3, scope=None, category='malware')
    """

    line: int
    address: str
    scope: str | None = None
    id: str | None = None
    category: str | None = None
    added: str | None = None
    expires: str | None = None
    note: str | None = None
    allow: bool = False
    lifts: bool = False
    type: str | None = None
    quality: str | None = None
    doubt: str | None = None
    gone: bool = False

    def __repr__(self) -> str:
        allow = ", allow=True" if self.allow else ""
        return f"ListItem(line={self.line}, scope={self.scope!r}, category={self.category!r}{allow})"


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that gives no entry: its number, counted from 1, and a short stable reason."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped(RejectedLine):
    """A line that is sound in its format and lists no web address: a cosmetic rule, a file's hash.

    It is a kind of `RejectedLine` that is no sign of a broken file, and so is counted apart.

    >>> isinstance(Skipped(1, "adblock: cosmetic rule"), RejectedLine), Skipped(1, "x") == RejectedLine(1, "x")
    (True, False)
    """
