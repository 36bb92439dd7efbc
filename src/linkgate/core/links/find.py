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
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from linkgate.core.links.tokenizer import pieces
from linkgate.core.text.patterns import opaque, seq, text, words
from linkgate.core.text.refang import View, repair
from linkgate.core.text.words import WORD
from linkgate.core.url.canonical import CanonicalUrl, canonicalize

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

REPAIRED = "repaired"
"""The step of a link that no browser opens as it is written, and every reader mends."""

ATTRIBUTE = seq(words("href", "src", "action"), opaque(r"[\t-\r\x20]{0,8}", 8), text("="))
"""How an attribute of HTML begins that holds a URL."""
_HREF = re.compile(rf"""\b{ATTRIBUTE.expression}\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE | re.ASCII)
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


class Part(NamedTuple):
    """A part of a message to read: words of a view, each by its start and end; no view where it is as written."""

    view: View | None
    words: Sequence[tuple[int, int]]


def whole(message: str) -> tuple[Part, ...]:
    """All parts of a message: as written, and with its disguises undone."""
    mended = repair(message)
    written = Part(None, [(0, len(message))])
    return (written,) if mended.text == message else (written, Part(mended, [(0, len(mended.text))]))


def find_links(
    message: str, *, tlds: Container[str], parts: Iterable[Part] | None = None, markup: bool = True
) -> tuple[Link, ...]:
    """All links of a message in all their readings, by place; the likeliest reading first.

    In: any text, and the top-level domains (A-labels) that make a bare host a link; the parts to read, all of it
    by default, and whether to read attributes of HTML. Never raises; linear in the length of the text.
    """
    found: dict[tuple[int | None, int | None, str], Link] = {}
    written, *mended = [_in_part(part, message, tlds) for part in (whole(message) if parts is None else parts)]
    readings = [written, *([_in_markup(message)] if markup else []), *mended]
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


def _in_part(part: Part, message: str, tlds: Container[str]) -> Iterator[Link]:
    view = part.view
    text = message if view is None else view.text
    for token in chain.from_iterable(WORD.finditer(text, *span) for span in part.words):
        word = token[0]
        if word.isascii() and word.rstrip(".,!?").isalpha():  # a plain word, as most are
            continue
        for piece in pieces(word, tlds):
            url = word[piece.start : piece.end]
            first, last = token.start() + piece.start, token.start() + piece.end
            steps, group = piece.steps, token.start()
            if view is not None:
                first, last = view.span(first, last)
                steps, group = (REPAIRED,), view.span(group, group + 1)[0]
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
