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
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.canonical import CanonicalUrl, canonicalize
from linkgate.core.host import is_address
from linkgate.core.readings import FRESH, LATIN, Cuts
from linkgate.core.repair import Repaired, repair

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_TOKEN = re.compile(r"\S+")
# A token without any of these holds no host: a dot inside a word, slashes, a literal, an escape, a scheme.
_LINKISH = re.compile(
    rf"\.[^\W_]|\.[%\-]|[/\\]{{2}}|:[/\\]|[0-9][/\\]|\[[0-9a-fA-F:%]|%[0-9A-Fa-f]{{2}}"
    rf"|\b(?:https?|tg|javascript|data):|[^{LATIN}]",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(https?://)?([A-Za-z0-9][A-Za-z0-9\-]*(?:\.[A-Za-z0-9\-]+)+)(?::[0-9]{1,4})?"
    r"(?:/(?:[A-Za-z0-9/_.\-~%?=&+]*[A-Za-z0-9/])?)?"
)
_WEB = re.compile(r"https?:(?:[/\\]+|(?=[A-Za-z0-9\[%]|[^\x00-\x7f]))", re.IGNORECASE)
_TELEGRAM = re.compile(r"tg:(?://)?[a-z]", re.IGNORECASE)
_BARE = re.compile(rf"(?<![A-Za-z0-9_/#@.\-%\\\u00aa-\u058f\u1e00-\u1fff])[A-Za-z0-9\[]|(?<=[^{LATIN}])[A-Za-z0-9]")
_WRAPPER = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_SCRIPT = re.compile(r"(?:javascript|data|vbscript):", re.IGNORECASE)
_USERINFO = re.compile(r"[^/\\?#@:]+:[^/\\?#@]*@")
_HOST = re.compile(r"[a-z0-9_][a-z0-9_.\-]*|\[.*")
_NUMBERS = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)\.){3}|0x[0-9a-f]{6,}|[0-9.x]{7,}/", re.IGNORECASE)
_HREF = re.compile(r"""\b(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[\x00-\x20]*(?:h\s*t\s*t\s*p\s*s?\s*:|[/\\]\s*[/\\])", re.IGNORECASE)
_FAR_STARTS = 8
_CONTROLS = "".join(map(chr, range(0x20)))
_OPENERS = frozenset("([{<\"'`>|*_~,;«“‘„‹‚、。，；！？：")
_OPENING_KINDS = frozenset({"Lo", "Mn", "Mc", "Ps", "Pi", "So", "Sm"})
_END = re.compile(r"\Z")

REPAIRED = "repaired"
READING = "reading"


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


def find_links(message: str, *, tlds: Container[str]) -> tuple[Link, ...]:
    """All links of a message in all their readings, by place; the likeliest reading first.

    In: any text, and the top-level domains (A-labels) that make a bare host a link. Never raises;
    linear in the length of the text.
    """
    found: dict[tuple[int, int, str], Link] = {}
    views = [(message, None), *_mended(message)]
    for text, view in views:
        for link in _in_view(text, view, message, tlds):
            found.setdefault((link.start or 0, link.end or 0, link.url), link)
    for link in _in_markup(message):
        found.setdefault((link.start or 0, link.end or 0, link.url), link)
    return tuple(sorted(found.values(), key=_likeliest))


def hidden_links(link: str, number: int) -> Iterator[Link]:
    """A link that no text shows (entity, button, href): one URL, taken whole, and as a reader mends it."""
    target = canonicalize(link)
    yield Link(None, None, link, link, token=-1 - number, target=target)
    mended = repair(link).text
    if mended != link:
        yield Link(None, None, link, mended, (REPAIRED,), token=-1 - number, target=canonicalize(mended))


def _mended(message: str) -> Iterator[tuple[str, Repaired]]:
    view = repair(message)
    if view.text != message:
        yield view.text, view


def _likeliest(link: Link) -> tuple[int, bool, bool, int]:
    tail = link.text.rstrip(".,:;!?'\"`)]}>*_~…")
    return link.start or 0, bool(link.steps), len(tail) != len(link.text), -len(link.text)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A reading inside a token, before its place in the message is known."""

    start: int
    end: int
    steps: tuple[str, ...]
    nested: bool
    target: CanonicalUrl | None


def _in_view(text: str, view: Repaired | None, message: str, tlds: Container[str]) -> Iterator[Link]:
    for token in _TOKEN.finditer(text):
        if not _LINKISH.search(token[0]):
            continue
        for piece in _in_token(token[0], tlds):
            url = token[0][piece.start : piece.end]
            first, last = token.start() + piece.start, token.start() + piece.end
            steps = piece.steps
            if view is not None:
                first, last = view.span(first, last)
                steps = (REPAIRED,)
            written = message[first:last]
            group = view.starts[token.start()] if view else token.start()
            yield Link(first, last, written, url, steps, piece.nested, group, piece.target)


def _in_token(token: str, tlds: Container[str]) -> Iterator[_Piece]:
    """All readings in a token: of a plain one the token itself, for nothing in it may end a link early."""
    plain = _PLAIN.fullmatch(token)
    if plain is None:
        yield from _readings(token, tlds)
    elif plain[1] or plain[2].rpartition(".")[2].lower() in tlds or plain[2][-1].isdigit():
        accepted, target = _accept(token, scheme=plain[1] is not None, tlds=tlds)
        if accepted:
            yield _Piece(0, len(token), (), nested=False, target=target)


def _readings(token: str, tlds: Container[str]) -> Iterator[_Piece]:
    cuts = Cuts.of(token)
    lead = len(token) - len(token.lstrip(_CONTROLS))
    fresh = lead  # from here on a link may begin that does not stand inside another one
    script = _SCRIPT.match(token, lead) is not None
    if script:
        yield _Piece(lead, len(token), (), nested=False, target=None)
    wrapped = script or (_WRAPPER.match(token, lead) is not None and not _WEB.match(token, lead))
    for count, (start, body) in enumerate(_starts(token, lead)):
        scheme = body > start
        if start < fresh and not scheme:
            continue
        nested = start > lead and (start < fresh or script or (wrapped and scheme and not _cut_off(token, start)))
        begins = start == lead or (fresh == lead and _opens(token[start - 1]))
        begins = begins and (scheme or not _USERINFO.match(token, start))  # a browser sees a scheme `user:`
        reach = 0
        for end, natural in cuts.ends(start, body, far=count < _FAR_STARTS):
            accepted, target = _accept(token[start:end], scheme=scheme, tlds=tlds)
            if accepted:
                reach = reach or (FRESH.search(token, body) or _END.search(token)).start()  # type: ignore[union-attr]  # the end is always found
                yield _Piece(start, end, () if begins and natural else (READING,), nested, target)
        fresh = max(fresh, reach)


def _cut_off(token: str, start: int) -> bool:
    return FRESH.search(token, 0, start) is not None


def _opens(char: str) -> bool:
    """True for what may stand right before a link: brackets, quotes, and letters of unspaced scripts."""
    return char in _OPENERS or (char > "\u058f" and unicodedata.category(char) in _OPENING_KINDS)


def _starts(token: str, lead: int) -> Iterator[tuple[int, int]]:
    """Places where a link may begin, each with the place where its scheme ends."""
    starts = {lead: lead}
    starts.update((bare.start(), bare.start()) for bare in _BARE.finditer(token, lead))
    for pattern in (_TELEGRAM, _WEB):
        starts.update((scheme.start(), scheme.end()) for scheme in pattern.finditer(token, lead))
    yield from sorted(starts.items())


def _accept(url: str, *, scheme: bool, tlds: Container[str]) -> tuple[bool, CanonicalUrl | None]:
    target = canonicalize(url)
    if scheme:
        return target is not None or url[:3].lower() == "tg:", target
    if target is None and _USERINFO.match(url):
        target = canonicalize(f"http://{url}")
    if target is None or not _HOST.fullmatch(target.host) or ("@" in url and url.rstrip(".").endswith(target.host)):
        return False, None
    if is_address(target.host):
        return target.host.startswith("[") or bool(_NUMBERS.search(url)), target
    return "." in target.host and target.host.rpartition(".")[2] in tlds, target


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
