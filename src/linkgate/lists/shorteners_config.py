r"""What linkgate.toml says of short links: whether those that nothing covers are noted, and what is asked for then.

>>> from linkgate.lists.toml import read_toml
>>> text = '[shorteners]\nreport = true\naction = "log"\nsurfaces = { private = "none" }'
>>> read_shorteners(read_toml(text, name="linkgate.toml"))
ShortenersConfig(report=True, action='log', surfaces={'private': None})
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkgate.core.verdict import Action
    from linkgate.lists.toml import Document

_WORDS: dict[str, Action | None] = {"log": "log", "review": "review", "none": None}
_KEYS = ("action", "report", "surfaces")


@dataclass(frozen=True, slots=True)
class ShortenersConfig:
    """report: note short links that no entry covers. action: what they ask for, None to count them alone.

    surfaces: what they ask for there instead.
    """

    report: bool = False
    action: Action | None = None
    surfaces: Mapping[str, Action | None] = field(default_factory=dict)


def read_shorteners(document: Document) -> ShortenersConfig:
    """Read `[shorteners]`. UsageError."""
    table = document.table("shorteners", _KEYS)
    report: bool | None = table.get("report", bool, "true or false")
    for key in ("action", "surfaces"):
        if key in table.values and not report:
            raise table.fault(key, "has no effect without report = true: no short link is noted")
    found: dict[str, str] = table.mapping("surfaces") or {}
    for name, word in found.items():
        if word not in _WORDS:
            raise document.fault(("shorteners", "surfaces", name), f"must be one of {', '.join(sorted(_WORDS))}")
    action = table.choice("action", _WORDS) or "none"
    return ShortenersConfig(bool(report), _WORDS[action], {name: _WORDS[word] for name, word in found.items()})
