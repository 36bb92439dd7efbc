"""Item and Rejected: what every reader yields."""

from __future__ import annotations

from dataclasses import dataclass, field

FIELDS = ("url", "scope", "id", "category", "added", "expires", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One address as the publisher wrote it, with what the publisher says about it.

    `line` counts from 1. The address and the note never show in `repr` (law 9).

    >>> Item(line=3, address="http://bad.example/page", category="malware")
    Item(line=3, scope=None, category='malware')
    """

    line: int
    address: str = field(repr=False)
    scope: str | None = None
    id: str | None = field(default=None, repr=False)
    category: str | None = None
    added: str | None = field(default=None, repr=False)
    expires: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that gives no entry: its number, counted from 1, and a short stable reason."""

    line: int
    reason: str
