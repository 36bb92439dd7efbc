r"""What linkgate.toml says of opinions: `[feedback] wrong`, when an entry that people call wrong asks for less.

>>> from linkgate.lists.toml import read_toml
>>> document = read_toml('[feedback]\nwrong = { after = 2, by = 2, action = "review" }', name="linkgate.toml")
>>> read_feedback(document)
WrongRule(after=2, by=2, action='review')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkgate.lists.toml import Document, TomlTable

_ACTIONS = ("log", "review")
_MOST = 1000


@dataclass(frozen=True, slots=True)
class WrongRule:
    """An entry asks for `action` at most when it was called wrong `after` times, by so many people (`by`)."""

    after: int = 2
    by: int = 2
    action: str = "review"


def read_feedback(document: Document) -> WrongRule | None:
    """Read `[feedback]`; None where it says nothing of wrong entries. UsageError."""
    if "feedback" not in document.values:
        return None
    table = document.table("feedback", ("wrong",)).table("wrong", ("action", "after", "by"))
    if table is None:
        return None
    action = table.choice("action", _ACTIONS) or WrongRule().action
    return WrongRule(_number(table, "after"), _number(table, "by"), action)


def _number(table: TomlTable, key: str) -> int:
    number: int | None = table.get(key, int, "a whole number")
    if number is not None and not 1 <= number <= _MOST:
        raise table.fault(key, "must be 1 or more, a thousand at most")
    return WrongRule().after if number is None else number
