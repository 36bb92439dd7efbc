"""The rules that ship with linkgate: the public suffix list of tldextract, and our own tables.

>>> rules = packaged_rules()
>>> rules.registrable("a.b.co.uk"), "fbclid" in rules.tracking, "l.facebook.com/l.php?u" in rules.redirectors
('b.co.uk', True, True)
"""

from __future__ import annotations

from functools import cache

from linkgate.core.rules import Rules
from linkgate.lists.guard import suffix_rules
from linkgate.lists.tables import table


@cache
def packaged_rules() -> Rules:
    """One set of rules a process, made on first use without network or cache on disk."""
    suffixes, private = suffix_rules()
    return Rules(
        suffixes=suffixes, private=private, tracking=table("tracking"), redirectors=table("redirectors")
    )
