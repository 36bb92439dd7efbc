"""Wrappers: services whose links hold another link. The only statement of each.

A row says how such a link looks, by a pattern that finds it in a text, and what it leads to. The prefilter
computes its cues from the patterns, as it does for the disguises.

>>> [row.name for row in WRAPPERS if row.regex.search("https://bad-example.translate.goog/page")]
['translation proxies']
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.text.patterns import Pattern, compiled, text, words

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapper:
    """One row: what finds it in folded text."""

    name: str
    pattern: Pattern
    regex: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "regex", compiled(self.pattern, folded=True))


WRAPPERS: tuple[Wrapper, ...] = (
    Wrapper(name="base64 in a query", pattern=words("aHR0c", "SFRUU", "SHR0c")),
    Wrapper(name="translation proxies", pattern=text(".translate.goog")),
    Wrapper(name="mail gateways", pattern=text("urldefense.")),
)
