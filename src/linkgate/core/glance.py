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
from linkgate.core.nested import is_archived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate.core.index import Index
    from linkgate.core.nested import Redirectors

# Slashes that are not those of a plain scheme may be those of one that a reader mends: see `repair`.
_ODD_SLASHES = re.compile(r"[:;/\\][ \t]?[/\\]|__")
# A link as `tokens` takes it for plain, perhaps in brackets or quotes, perhaps with a sentence's end behind it.
_PLAIN = re.compile(
    r"[(<\[\"']?((?:https?://)?(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z][A-Za-z0-9\-]*(?:/[A-Za-z0-9/_.\-?=&+]*)?)"
    r"([)\]>\"'.,!?:;]{0,3})"
)
_INNER = re.compile(r"[?=&+]")  # a link begins behind one of these where what stands before it is none
_TRAILING = ".?=-/&+_"
_MOST_ENDS = 5
_MOST_PLACES = 16


@dataclass(frozen=True, slots=True)
class Glance:
    """Says of places in a message that nothing listed is there."""

    index: Index = field(repr=False)
    redirectors: Redirectors = field(repr=False)

    def clears(self, text: str, places: Sequence[int]) -> bool:
        """True only when the judge would find nothing in the message.

        In: ASCII text in which the gate saw listed hosts at these places, and no trigger that hides one.
        """
        if len(places) > _MOST_PLACES or not _has_plain_schemes(text):
            return False
        tokens = {_token_at(text, place) for place in places}
        return not any(_INNER.search(before) for before, _ in tokens) and all(map(self._is_clear, map("".join, tokens)))

    def _is_clear(self, token: str) -> bool:
        plain = _PLAIN.fullmatch(token)
        if plain is None or "..." in token or is_archived(token):
            return False
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
    schemes = text.count("http://") + text.count("https://")
    return len(_ODD_SLASHES.findall(text)) == schemes


def _token_at(text: str, place: int) -> tuple[str, str]:
    """The run without white space that the character before `place` belongs to, cut in two at `place`."""
    return text[:place].rsplit(None, 1)[-1], text[place:].split(None, 1)[0]
