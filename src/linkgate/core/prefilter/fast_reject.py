"""fast_reject: candidates that plainly lead to pages that are not listed, told without the matcher.

One message in two hundred names a listed host, nearly always by a link to another page of it, typed without any
trick. To read every link of such a message in every way takes the matcher a hundred times as long as the prefilter.
Here only the words are read in which the prefilter found a host, and only where that host begins the link and its
path, if any, begins plainly. The answer is only that they meet no entry: mostly by the head of the path, which no
reading changes, and by the parameters; all else is left to the matcher.

>>> from linkgate.core.engine import Engine
>>> from linkgate.core.index.entry import Entry, Scope
>>> from linkgate.core.url.suffixes import Rules
>>> page = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> reject = Engine.build([page], rules=Rules(suffixes=("example",)))._reject
>>> reject.clears("(http://bad.example/other).", [12]), reject.clears("bad.example/page!", [4])
(True, False)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.index.keys import site_of
from linkgate.core.index.listed_sites import HAS_PAGE
from linkgate.core.index.path_heads import may_be_page, site_number
from linkgate.core.links.ends import ENTITY, GLUED
from linkgate.core.url import gateways, mega, telegram
from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.grammar import ALNUM, ANY_LABEL, INNER, RESERVED
from linkgate.core.url.steps import recoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate.core.index.index import Index

_HOST = rf"((?:{ANY_LABEL}\.)+[A-Za-z](?:[{ALNUM}\-]*[{ALNUM}])?)"
_END = r"[)\]>\"'`.,!?:;]{0,8}\Z"
# The beginning of a link behind its scheme or behind a bracket: a host, and a path or the end of a sentence.
_LINK = re.compile(rf"[(<\[\"']?{_HOST}(?:(/[A-Za-z0-9/]*)|(?:'s)?{_END})")
# The rest of one in which no link may end early, but for the end of the sentence and behind `&amp`: see `links.ends`.
_REST = re.compile(rf"(?:[{INNER}]|&(?:amp;)?)*(?:\?(?:[{INNER}?]|&(?:amp;)?)*)?(?:#[{INNER}&?]*)?{_END}")
# An address of mail is no link.
_MAIL = re.compile(rf"(?=[^@]*[A-Za-z0-9])[A-Za-z0-9_.\-]{{1,64}}@(?:{ANY_LABEL}\.)+[A-Za-z]+{_END}")
_ENDED = re.compile(ENTITY, re.IGNORECASE | re.ASCII)
_GLUED = re.compile(GLUED, re.IGNORECASE | re.ASCII)
# What stands before a link that begins in no other one: the scheme, a bracket, text without any sign of a link.
_OUTER = re.compile(r"(?:(?:[A-Za-z0-9!,'\"()\[\]*`~\-]|\.(?![\w%\-]))*[(\[\"']|<)?(?:https?://)?", re.ASCII)
_TRAILING = ".?=-/&+_)]>\"'`,!:;#"
_MOST_ENDS = 5
_MOST_PLACES = 32
_LONGEST = 2048  # far below where the matcher stops reading
_UNLISTED, _TRICKY, _LABELS = -1, -2, -3
"""Of a host: nothing of it is listed; what is listed of it needs a closer look; so do its labels."""
_KNOWN = 4096
"""So many hosts of links are remembered."""
_MOST_CUTS = 96
_MAY_END = re.compile(r"[^A-Za-z0-9]|https?:|\Z", re.IGNORECASE | re.ASCII)
"""Before what a link may end."""


@dataclass(frozen=True, slots=True)
class FastReject:
    """Says of places in a message that nothing listed is there."""

    index: Index = field(repr=False)
    opaque: bool = False
    """Whether short links are noted, whatever is listed."""
    _sites: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def clears(self, word: str, places: Sequence[int]) -> bool:
        """True only when the matcher would find nothing in a word.

        In: a word in ASCII in which the prefilter found listed hosts at these places, and nothing that hides one.
        """
        return len(places) <= _MOST_PLACES and all(self._is_clear(word, place) for place in places)

    def _is_clear(self, token: str, place: int) -> bool:
        scheme = token.rfind("://", 0, place)
        link = _LINK.match(token, 0 if scheme < 0 else scheme + 3)
        if link is None or link.end(1) < place:
            return 0 <= token.find("@") < place and _MAIL.fullmatch(token) is not None
        host, path = link.groups(default="")
        if len(token) > _LONGEST or _has_oddities(token, link):
            return False
        site = self._site(host.lower())
        if site in (_UNLISTED, _LABELS):
            return site == _UNLISTED
        heads, settled = self.index.heads, site != _TRICKY and "/." not in token
        if settled and not may_be_page(heads, site, path):
            return True
        end = link.end(1) + len(path)
        if settled and not may_be_page(heads, site, path, _params(token, end)):
            return True  # inside another link too, where it may end at the next parameter of that
        return _OUTER.fullmatch(token, 0, link.start(1)) is not None and self._leads_elsewhere(token, link)

    def _site(self, host: str) -> int:
        """The number of a host's site, or what else is known of it."""
        site = self._sites.get(host)
        if site is None:
            if len(self._sites) >= _KNOWN:
                self._sites.clear()
            site = self._sites[host] = self._site_of(host)
        return site

    def _site_of(self, host: str) -> int:
        url, tld = canonicalize(host), host.rpartition(".")[2]
        if tld not in self.index.rules.tlds and tld not in RESERVED:  # a link may end before its last label
            return _LABELS
        if self.opaque and self.index.rules.short.is_open(host):
            return _LABELS  # the matcher notes its short links
        if url is None or url.host != host or _has_spellings(host) or self._has_sisters(host):
            return _TRICKY
        listed = self.index.listed_of(url)
        if not listed:
            return _UNLISTED
        return site_number(site_of(host, {})) if listed == HAS_PAGE else _TRICKY

    def _has_sisters(self, host: str) -> bool:
        return host.removeprefix("www.") in self.index.rules.short.spelled

    def _leads_elsewhere(self, token: str, link: re.Match[str]) -> bool:
        """Whether a plain link leads elsewhere wherever it may end."""
        ends = _ends(token, max(link.end(1), link.end(2))) if ";" not in token else ()
        return bool(ends) and not any(self._is_met(token[link.start(1) : end]) for end in ends)

    def _is_met(self, link: str) -> bool:
        url = canonicalize(link)
        return url is not None and (telegram.is_telegram(url.host) or any(self.index.meet(url)))


def _has_oddities(token: str, link: re.Match[str]) -> bool:
    """Whether a link may end in its host or the head of its path, or a browser changes characters of it."""
    end = max(link.end(1), link.end(2))
    if token.startswith("://", end) and _GLUED.search(token, link.start(1), end + len("://")):
        return True
    return "\\" in token or not token.isprintable() or ("&" in token and _ENDED.search(token) is not None)


def _has_spellings(host: str) -> bool:
    """Whether links to pages of a host may be spelled on other hosts or by other paths."""
    return telegram.is_telegram(host) or mega.is_mega(host) or gateways.shown_host(host) is not None


def _ends(token: str, start: int) -> Sequence[int]:
    """All places where a link may end whose path's head ends here, but before a `;`; none where that is not plain."""
    if "..." in token or not _REST.match(token, start):
        return ()
    first = max(start, len(token.rstrip(_TRAILING)))
    return range(first, len(token) + 1) if len(token) - first < _MOST_ENDS else ()


def _params(token: str, start: int) -> set[str] | None:
    """All anchors (`keys.anchors`) that a link may have; None where they are not known.

    They are the parameters of its query, in their loosest form, and `#` for a fragment that has no path. It may end
    before any sign, as the sentence, another link or a wrapper around it has it, and where another begins.
    """
    before, mark, fragment = token[start:].partition("#")
    if "%" in token or "/" in fragment or "?" in fragment:
        return None
    rest = before.partition("?")[2]
    ends = [end.start() for end in _MAY_END.finditer(rest)]
    if len(ends) > _MOST_CUTS:
        return None
    starts = [rest.rfind("&", 0, end) + 1 for end in ends]
    params = {rest[first:end] for first, end in zip(starts, ends, strict=True)}
    return {recoded(param) for param in params if param}.union(mark)
