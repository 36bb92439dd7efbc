r"""What linkgate.toml says of cases: where they are, whose key encrypts them, what is captured, how long they are held.

>>> from pathlib import Path
>>> from linkgate.lists.toml import read_toml
>>> document = read_toml('[decisions]\n[cases]\ncapture = "link"\nhold = "1y"', name="linkgate.toml")
>>> cases = read_cases(document, Path("etc"))
>>> cases.path.as_posix(), cases.capture, cases.capture_days, cases.hold_days
('etc/cases', 'link', 7, 365)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.lists import amounts

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.lists.toml import Document, TomlTable

CAPTURES = ("link", "message", "none")
_KEYS = ("capture", "capture_for", "hold", "key_env", "path")
_DAY = 86400
_MOST_DAYS = 36_500
CAPTURE_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesConfig:
    """How cases are kept.

    path: the folder. key_env: the environment variable with their key; None for the key of the store.
    capture: what of a message is kept, encrypted, when it is decided on: its `link`, all of its text
    (`message`) or `none`; capture_days: for how long. hold_days: how long a case is held from its opening.
    """

    path: Path
    key_env: str | None = None
    capture: str = "none"
    capture_days: int = CAPTURE_DAYS
    hold_days: int | None = None


def read_cases(document: Document, folder: Path) -> CasesConfig | None:
    """Read `[cases]`; None where it is not there. UsageError."""
    if "cases" not in document.values:
        return None
    table = document.table("cases", _KEYS)
    if table.values.get("capture", "none") != "none" and "decisions" not in document.values:
        raise table.fault("capture", "captures what is decided, and nothing is recorded: add [decisions]")
    days = _days(table, "capture_for")
    return CasesConfig(
        path=folder / (table.text("path") or "cases"),
        key_env=table.text("key_env"),
        capture=table.choice("capture", CAPTURES) or "none",
        capture_days=CAPTURE_DAYS if days is None else days,
        hold_days=_days(table, "hold"),
    )


def _days(table: TomlTable, key: str) -> int | None:
    what = 'a time in days or years, as in "7d" or "1y"'
    text = table.get(key, str, what)
    if text is None:
        return None
    seconds = amounts.seconds(text)
    if seconds is None or seconds < _DAY or seconds % _DAY or seconds > _MOST_DAYS * _DAY:
        raise table.fault(key, f"must be {what}, a hundred years at most")
    return seconds // _DAY
