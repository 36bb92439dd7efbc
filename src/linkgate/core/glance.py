"""glance: a suspect message whose links plainly lead elsewhere, told without a hearing.

One message in two hundred names a listed host, nearly always by a link to another page of it, typed
without any trick. Reading every link of such a message in every way takes the judge a hundred times
as long as the gate took. A glance reads only the tokens in which the gate saw a host, only where
they are as plain as links mostly are, and only says that they meet no entry; else the judge decides.

>>> from linkgate.core.engine import Engine
>>> from linkgate.core.entry import Entry, Scope
>>> from linkgate.core.rules import Rules
>>> page = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> glance = Engine.build([page], rules=Rules(suffixes=("example",)))._glance
>>> text = "see (http://bad.example/other)."
>>> glance.clears(text, [text.index("example")]), glance.clears("bad.example/page!", [4])
(True, False)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core import telegram
from linkgate.core.canonical import canonicalize
from linkgate.core.heads import may_be_page, site_number
from linkgate.core.keys import site_of
from linkgate.core.nested import is_archived
from linkgate.core.sites import HAS_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate.core.index import Index
    from linkgate.core.nested import Redirectors

# Slashes beside each other, or parted by a blank, or behind what may be a colon. But for those of a plain scheme
# they may be those of one that a reader mends: see `repair`.
_SLASHES = re.compile(r"/(?:(?<=[:;/]/)|(?<=[:;/][ \t]/))")
# A link as `tokens` takes it for plain, perhaps in brackets or quotes, perhaps with a sentence's end behind it.
_PLAIN = re.compile(
    r"[(<\[\"']?((?:https?://)?((?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z][A-Za-z0-9\-]*)"
    r"(/+([A-Za-z0-9]*)[A-Za-z0-9/_.\-?=&+]*)?)[)\]>\"'.,!?:;]{0,3}"
)
_INNER = re.compile(r"[?=&+]")  # a link begins behind one of these where what stands before it is none
_TRAILING = ".?=-/&+_"
_MOST_ENDS = 5
_MOST_PLACES = 16
_UNLISTED, _TRICKY = -1, -2
"""Of a host: nothing of it is listed; what is listed of it needs a closer look."""
_KNOWN = 4096
"""So many hosts of links are remembered."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Says of places in a message that nothing listed is there."""

    index: Index = field(repr=False)
    redirectors: Redirectors = field(repr=False)
    _sites: dict[str, tuple[int, tuple[str, ...]]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def clears(self, text: str, places: Sequence[int]) -> bool:
        """True only when the judge would find nothing in the message.

        In: ASCII text in which the gate saw listed hosts at these places, and no trigger that hides one.
        """
        if len(places) > _MOST_PLACES or not _has_plain_schemes(text):
            return False
        for place in places:
            before, after = text[:place].rsplit(None, 1)[-1], text[place:].split(None, 1)[0]
            if _INNER.search(before) or not self._is_clear(before + after):
                return False
        return True

    def _is_clear(self, token: str) -> bool:
        plain = _PLAIN.fullmatch(token)
        if plain is None or "..." in token or is_archived(token):
            return False
        link, host, path, head = plain.groups(default="")
        site, redirecting = self._site(host.lower())
        if site == _TRICKY or "/." in link or path.startswith(redirecting):
            return self._ends_elsewhere(token, plain)
        if site == _UNLISTED or not may_be_page(self.index.heads, site, head.lower()):
            return True
        return self._ends_elsewhere(token, plain)

    def _site(self, host: str) -> tuple[int, tuple[str, ...]]:
        """The number of a host's site, or what else is known of it; and the paths of its redirectors."""
        known = self._sites.get(host)
        if known is None:
            if len(self._sites) >= _KNOWN:
                self._sites.clear()
            known = self._sites[host] = self._number(host), self.redirectors.paths(host)
        return known

    def _number(self, host: str) -> int:
        url = canonicalize(host)
        if url is None or url.host != host or telegram.is_telegram(host):
            return _TRICKY
        listed = self.index.listed_of(url)
        if not listed:
            return _UNLISTED
        return site_number(site_of(host)) if listed == HAS_PAGE else _TRICKY

    def _ends_elsewhere(self, token: str, plain: re.Match[str]) -> bool:
        """Whether a plain link leads elsewhere wherever it may end."""
        last = plain.end()
        first = plain.start(1) + len(plain[1].rstrip(_TRAILING))
        return last - first < _MOST_ENDS and all(
            self._leads_elsewhere(token[plain.start(1) : end]) for end in range(first, last + 1)
        )

    def _leads_elsewhere(self, link: str) -> bool:
        url = canonicalize(link)
        if url is None:
            return True
        if telegram.is_telegram(url.host) or any(self.redirectors.targets(url)):
            return False
        return next(self.index.meet(url), None) is None


def _has_plain_schemes(text: str) -> bool:
    if "\\" in text or "__" in text:
        return False
    schemes = text.count("http://") + text.count("https://")
    return len(_SLASHES.findall(text)) == 2 * schemes
