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
from urllib.parse import urljoin

import msgspec

from linkgate.core.links.budget import Budget
from linkgate.core.links.tokenizer import READING, Known, pieces
from linkgate.core.text.patterns import either, one, opaque, seq, text, words
from linkgate.core.text.refang import View, repair
from linkgate.core.text.words import WORD
from linkgate.core.url.canonical import CanonicalUrl, canonicalize

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from linkgate.core.links.tokenizer import Piece

REPAIRED = "repaired"
"""The step of a link that no browser opens as it is written, and every reader mends."""

_ATTRIBUTES = words("href", "src", "action")
ATTRIBUTE = either(
    seq(_ATTRIBUTES, text("=")),
    seq(_ATTRIBUTES, opaque(r"[\t-\r\x20]{0,7}", 7), one("\t\n\v\f\r "), text("=")),
)
"""How an attribute of HTML begins that holds a URL; in two branches, as `=` alone stands in every other link."""
_HREF = re.compile(rf"""\b{ATTRIBUTE.expression}\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE | re.ASCII)
_BASE = re.compile(r"<base\s[^<>]*\Z", re.IGNORECASE | re.ASCII)
_NEAR = 256
_UNESCAPED = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|nbsp;|#0*39;|#x0*27;|#0*34;|#x0*22;)", re.IGNORECASE | re.ASCII)
_RELATIVE = re.compile(r"[\x00-\x20]*[/\\][\t\r\n]*(?![/\\\t\r\n])")
"""A link that leads to a page of the site that it stands on; from an address bar, to a host."""
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


class Word(NamedTuple):
    """A word of a message in one view: its links, read one by one, and what may be spent on reading it."""

    links: Iterator[Link]
    budget: Budget


def find_links(message: str, *, tlds: Container[str]) -> tuple[Link, ...]:
    """All links of a message in all their readings, by place; the likeliest reading first.

    In: any text, and the top-level domains (A-labels) that make a bare host a link. Never raises; linear in the
    length of the text.
    """
    found: dict[tuple[int | None, int | None, str], Link] = {}
    for word in words_with_links(message, Known(tlds)):
        for link in word.links:
            key = link.start, link.end, link.url
            if key not in found or len(link.steps) < len(found[key].steps):
                found[key] = link
    return tuple(sorted(found.values(), key=likeliest))


def words_with_links(
    message: str, known: Known, *, parts: Iterable[Part] | None = None, markup: bool = True
) -> Iterator[Word]:
    """Every word of a message that may hold links: as written, in attributes of HTML, as a reader mends it.

    parts, markup: what to read of it, all by default. The surer reading comes first.
    """
    several = tuple(whole(message) if parts is None else parts)
    for part in several:
        if part.view is None:
            yield from _words(part, message, known, escaped=False)
    if markup:
        yield from map(one_link, _in_markup(message))
    mended = [part for part in several if part.view is not None]
    escaped = bool(mended) and is_escaped(message)
    for part in mended:
        yield from _words(part, message, known, escaped=escaped)


def hidden_links(link: str, number: int) -> Iterator[Word]:
    """A link that no text shows (entity, button, href): one URL, taken whole, and as a reader mends it."""
    steps = (READING,) if _RELATIVE.match(link) else ()
    yield one_link(Link(None, None, link, link, steps, token=number, target=canonicalize(link)))
    mended = repair(link).text
    if mended != link:
        yield one_link(Link(None, None, link, mended, (REPAIRED,), token=number, target=canonicalize(mended)))


def one_link(link: Link) -> Word:
    """A link that is known already, as if it were a word."""
    return Word(iter((link,)), Budget(link.url))


def likeliest(link: Link) -> tuple[int, bool, bool, int]:
    """The order of readings: by place, then the one that a client or a reader most likely has first."""
    tail = link.text.rstrip(".,:;!?'\"`)]}>*_~…")
    return link.start or 0, bool(link.steps), len(tail) != len(link.text), -len(link.text)


def _words(part: Part, message: str, known: Known, *, escaped: bool) -> Iterator[Word]:
    view = part.view or View(message)
    for found in chain.from_iterable(WORD.finditer(view.text, *span) for span in part.words):
        word = found[0]
        if not (word.isascii() and word.rstrip(".,!?").isalpha()):  # a plain word, as most are
            budget = Budget(word)
            pieces_of_it = pieces(word, known, budget)
            yield Word(_links(pieces_of_it, found, message, part.view, escaped=escaped), budget)


def is_escaped(message: str) -> bool:
    """Whether a message was escaped for HTML as a whole: then `&amp;` is how its `&` are written, and no disguise.

    >>> is_escaped("bad.example/?a=1&amp;b=2 &lt;here&gt;"), is_escaped("R&D: bad.example/?a=1&amp;b=2")
    (True, False)
    """
    return "&amp;" in message and not _UNESCAPED.search(message)


def _links(
    found: Iterator[Piece], word: re.Match[str], message: str, view: View | None, *, escaped: bool
) -> Iterator[Link]:
    """The links that were read in one word of a view; None for the message as it is written."""
    begin = word.start()
    group = begin if view is None else view.span(begin, begin + 1)[0]
    for piece in found:
        first, last = begin + piece.start, begin + piece.end
        steps = piece.steps
        url = word[0][piece.start : piece.end]
        if view is not None:
            first, last = view.span(first, last)
            if not (escaped and message[first:last].replace("&amp;", "&") == url):
                steps = (REPAIRED,)
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
    >>> list(markup_urls('<base href="http://bad.example/"><a href=page>'))
    [(12, 31, 'http://bad.example/'), (41, 45, 'http://bad.example/page')]
    """
    base = None
    for match in _HREF.finditer(message) if "=" in message else ():
        group = match.lastindex or 0
        url = html.unescape(match[group])
        if _ABSOLUTE.match(url):
            if base is None and _BASE.search(message, max(0, match.start() - _NEAR), match.start()):
                base = url
            yield match.start(group), match.end(group), url
        elif base is not None:
            yield match.start(group), match.end(group), _joined(base, url)


def _joined(base: str, url: str) -> str:
    """A relative URL from the base that the document names (HTML §4.2.3)."""
    try:
        return urljoin(base, url)
    except ValueError:  # no URL that Python reads
        return base
