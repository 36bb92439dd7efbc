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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.links.budget import Budget
from linkgate.core.links.tokenizer import Known, pieces
from linkgate.core.text.refang import Repaired, repair
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.grammar import WORD

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

REPAIRED = "repaired"
"""The step of a link that no browser opens as it is written, and every reader mends."""

_HREF = re.compile(r"""\b(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE | re.ASCII)
_ABSOLUTE = re.compile(r"[\x00-\x20]*(?:h\s*t\s*t\s*p\s*s?\s*:|[/\\]\s*[/\\])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of a message that leads to a web page.

    `message[start:end] == text`, the link as written; both are None for a hidden link. `url` is
    what it opens. `steps` names what a reader must do first: `repaired`, mend it; `reading`, see where
    it begins or ends, when no messenger would see it so. `nested` links stand inside another one.
    Its text is as bad as a listed address, so `repr` shows the place alone (law 9):

    >>> Link(4, 30, "http://bad.example/page", "http://bad.example/page")
    Link(4, 30)
    """

    start: int | None
    end: int | None
    text: str = field(repr=False)
    url: str = field(repr=False)
    steps: tuple[str, ...] = ()
    nested: bool = False
    token: int = field(default=0, repr=False, compare=False)
    target: CanonicalUrl | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Link({self.start}, {self.end})"


class Word(NamedTuple):
    """A word of a message in one view: its links, read one by one, and what may be spent on reading it."""

    links: Iterator[Link]
    budget: Budget


@dataclass(frozen=True, slots=True)
class View:
    """A message as it is written, or as a reader mends it; mended: None where it is as written."""

    message: str = field(repr=False)
    text: str = field(repr=False)
    mended: Repaired | None = field(default=None, repr=False)

    def words(self, known: Known) -> Iterator[Word]:
        """All words that may hold a link."""
        for found in WORD.finditer(self.text):
            word = found[0]
            if not (word.isascii() and word.rstrip(".,!?").isalpha()):  # a plain word, as most are
                yield self.word(*found.span(), known)

    def word(self, start: int, end: int, known: Known) -> Word:
        """One word, by its place in the view. What is read in it depends on the word alone."""
        word = self.text[start:end]
        budget = Budget(word)
        return Word(self._links(word, start, known, budget), budget)

    def _links(self, word: str, start: int, known: Known, budget: Budget) -> Iterator[Link]:
        for piece in pieces(word, known, budget):
            first, last = start + piece.start, start + piece.end
            steps, group = piece.steps, start
            if self.mended is not None:
                first, last = self.mended.span(first, last)
                steps, group = (REPAIRED,), self.mended.starts[start]
            url = word[piece.start : piece.end]
            yield Link(first, last, self.message[first:last], url, steps, piece.nested, group, piece.target)


def find_links(message: str, *, tlds: Container[str]) -> tuple[Link, ...]:
    """All links of a message in all their readings, by place; the likeliest reading first.

    In: any text, and the top-level domains (A-labels) that make a bare host a link. Never raises;
    linear in the length of the text.
    """
    found: dict[tuple[int | None, int | None, str], Link] = {}
    for word in words_with_links(message, Known(tlds)):  # as written before as mended: the surer reading stays
        for link in word.links:
            found.setdefault((link.start, link.end, link.url), link)
    return tuple(sorted(found.values(), key=_likeliest))


def words_with_links(message: str, known: Known) -> Iterator[Word]:
    """Every word of every view of a message, with its links: as written, in HTML attributes, as a reader mends it."""
    mended = repair(message)
    yield from View(message, message).words(known)
    yield from map(one_link, _in_markup(message))
    if mended.text != message:
        yield from View(message, mended.text, mended).words(known)


def hidden_links(link: str, number: int) -> Iterator[Word]:
    """A link that no text shows (entity, button, href): one URL, taken whole, and as a reader mends it."""
    yield one_link(Link(None, None, link, link, token=number, target=canonicalize(link)))
    mended = repair(link).text
    if mended != link:
        yield one_link(Link(None, None, link, mended, (REPAIRED,), token=number, target=canonicalize(mended)))


def one_link(link: Link) -> Word:
    """A link that is known already, as if it were a word."""
    return Word(iter((link,)), Budget(link.url))


def _likeliest(link: Link) -> tuple[int, bool, bool, int]:
    tail = link.text.rstrip(".,:;!?'\"`)]}>*_~…")
    return link.start or 0, bool(link.steps), len(tail) != len(link.text), -len(link.text)


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
