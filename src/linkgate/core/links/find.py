"""message -> links: whatever a messenger, an address bar or a reader would follow (DESIGN §3).

Every link is given in all its readings, so links may overlap: a trailing bracket may belong to the
link or to the sentence. A broken-up link is read as the reader would mend it.

>>> [link.text for link in find_links("see http://bad.example/page.", tlds={"example"})]
['http://bad.example/page', 'http://bad.example/page.']
>>> [(link.start, link.text, link.url) for link in find_links("at bad[.]example/x", tlds={"example"})]
[(3, 'bad[.]example/x', 'bad.example/x')]
"""

from __future__ import annotations

import html
import re
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from linkgate.core.links.tokenizer import pieces
from linkgate.core.text.refang import Repaired, repair
from linkgate.core.url.canonical import CanonicalUrl, canonicalize

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

REPAIRED = "repaired"
"""The step of a link that no browser opens as it is written, and every reader mends."""

_TOKEN = re.compile(r"\S+")
_HREF = re.compile(r"""\b(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE | re.ASCII)
_ABSOLUTE = re.compile(r"[\x00-\x20]*(?:h\s*t\s*t\s*p\s*s?\s*:|[/\\]\s*[/\\])", re.IGNORECASE | re.ASCII)


class Link(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A piece of a message that leads to a web page.

    `message[start:end] == text`, the link as written; both are None for a hidden link. `url` is
    what it opens. `steps` names what a reader must do first: `repaired`, mend it; `reading`, see where
    it begins or ends, when no messenger would see it so. `nested` links stand inside another one.
    Its text is as bad as a listed address, so `repr`, `asdict` and pickles have the place alone (law 9):

    >>> Link(4, 30, "http://bad.example/page", "http://bad.example/page")
    Link(4, 30)
    """

    start: int | None
    end: int | None
    text: str
    url: str
    steps: tuple[str, ...] = ()
    nested: bool = False
    token: int = 0
    target: CanonicalUrl | None = None

    def __repr__(self) -> str:
        return f"Link({self.start}, {self.end})"

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Link) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.start, self.end, self.text, self.url, self.steps, self.nested

    def __reduce__(self) -> tuple[object, ...]:
        return Link, (self.start, self.end, "", "", self.steps, self.nested)


def find_links(message: str, *, tlds: Container[str]) -> tuple[Link, ...]:
    """All links of a message in all their readings, by place; the likeliest reading first.

    In: any text, and the top-level domains (A-labels) that make a bare host a link. Never raises;
    linear in the length of the text.
    """
    found: dict[tuple[int | None, int | None, str], Link] = {}
    mended = repair(message)
    readings = [_in_view(message, None, message, tlds), _in_markup(message)]
    if mended.text != message:
        readings.append(_in_view(mended.text, mended, message, tlds))
    for link in chain.from_iterable(readings):  # as written before as mended: the surer reading stays
        found.setdefault((link.start, link.end, link.url), link)
    return tuple(sorted(found.values(), key=_likeliest))


def hidden_links(link: str, number: int) -> Iterator[Link]:
    """A link that no text shows (entity, button, href): one URL, taken whole, and as a reader mends it."""
    target = canonicalize(link)
    yield Link(None, None, link, link, token=number, target=target)
    mended = repair(link).text
    if mended != link:
        yield Link(None, None, link, mended, (REPAIRED,), token=number, target=canonicalize(mended))


def _likeliest(link: Link) -> tuple[int, bool, bool, int]:
    tail = link.text.rstrip(".,:;!?'\"`)]}>*_~…")
    return link.start or 0, bool(link.steps), len(tail) != len(link.text), -len(link.text)


def _in_view(text: str, view: Repaired | None, message: str, tlds: Container[str]) -> Iterator[Link]:
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word.isascii() and word.rstrip(".,!?").isalpha():  # a plain word, as most are
            continue
        for piece in pieces(word, tlds):
            url = word[piece.start : piece.end]
            first, last = token.start() + piece.start, token.start() + piece.end
            steps, group = piece.steps, token.start()
            if view is not None:
                first, last = view.span(first, last)
                steps, group = (REPAIRED,), view.starts[group]
            yield Link(first, last, message[first:last], url, steps, piece.nested, group, piece.target)


def _in_markup(message: str) -> Iterator[Link]:
    for start, end, url in markup_urls(message):
        target = canonicalize(url)
        if target is not None:
            yield Link(start, end, message[start:end], url, token=start, target=target)


def markup_urls(message: str) -> Iterator[tuple[int, int, str]]:
    """Absolute URLs in HTML attributes: start, end, and the URL with its entities decoded (HTML §13.1.2.3).

    >>> list(markup_urls('<a href="http://bad&#46;example/a b">'))
    [(9, 35, 'http://bad.example/a b')]
    """
    for match in _HREF.finditer(message) if "=" in message else ():
        group = match.lastindex or 0
        url = html.unescape(match[group])
        if _ABSOLUTE.match(url):
            yield match.start(group), match.end(group), url
