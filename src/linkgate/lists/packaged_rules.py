"""The rules that ship with linkgate: the public suffix list of tldextract, and our own tables.

>>> rules = packaged_rules()
>>> rules.registrable("a.b.co.uk"), "fbclid" in rules.tracking, "l.facebook.com/l.php?u" in rules.redirectors
('b.co.uk', True, True)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from linkgate.core.arguments import require_text
from linkgate.core.links import find as links
from linkgate.core.url.suffixes import Rules
from linkgate.lists.guard import suffix_rules
from linkgate.lists.packaged_tables import table

if TYPE_CHECKING:
    from linkgate.core.links.find import Link


@cache
def packaged_rules() -> Rules:
    """One set of rules a process, made on first use without network or cache on disk."""
    suffixes, private = suffix_rules()
    tables = {name: table(name) for name in ("tracking", "redirectors", "shorteners")}
    return Rules(suffixes=suffixes, private=private, **tables)


def find_links(text: str) -> tuple[Link, ...]:
    """All links of a message, bare ones where their top-level domain is in the public suffix list.

    In: any text. Out: links by place, in all their readings. Raises TypeError for no str.

    >>> [link.text for link in find_links("see bad-name.com/x or nothing.likeit")]
    ['bad-name.com/x']
    """
    require_text(text)
    return links.find_links(text, tlds=packaged_rules().tlds)
