"""tokens: the links in one run of text without white space, in all their readings.

>>> [(piece.start, piece.end, piece.steps) for piece in pieces("(bad.example/x)", {"example"})]
[(1, 15, ()), (1, 14, ())]
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from linkgate.core.links.ends import LETTERS, Cuts
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.host import is_address
from linkgate.core.wrapping.plain import APP_SCHEME

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

READING = "reading"
"""The step of a link that no messenger would see begin or end where a reader does."""

# A token without any of these holds no host: a dot inside a word, slashes, a literal, an escape, a scheme.
_LINKISH = re.compile(
    rf"\.[^\W_]|\.[%\-]|[/\\]{{2}}|:[/\\]|[0-9][/\\]|\[[0-9a-fA-F:%]|%[0-9A-Fa-f]{{2}}"
    rf"|\b(?:https?|tg|javascript|data):|[^\x00-\x7f{LETTERS}]",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(https?://)?([A-Za-z0-9][A-Za-z0-9\-]*(?:\.[A-Za-z0-9\-]+)+)(?::[0-9]{1,4})?"
    r"(?:/(?:[A-Za-z0-9/_.\-~%?=&+]*[A-Za-z0-9/])?)?"
)
_WEB = re.compile(r"https?:(?:[/\\]+|(?=[A-Za-z0-9\[%@:_~.\-]|[^\x00-\x7f]))", re.IGNORECASE | re.ASCII)
_TELEGRAM = re.compile(r"tg:(?://)?[a-z]", re.IGNORECASE | re.ASCII)
_RELATIVE = re.compile(r"(?<=[(=\"'>\[,;|‘“«])[/\\]{2,}(?=[^\s/\\])")
_BARE = re.compile(
    rf"(?<![A-Za-z0-9_/#@.\-%\\{LETTERS}])(?:[A-Za-z0-9]|\[(?=[0-9A-Fa-f:%]))|(?<=[(\[\"'<>{{}}*~=,;:|«»„“‘¿¡·])[^\W_]"
)
# What a bare host looks like where it begins inside a token: a label and a dot, a number, userinfo, a literal.
_HEAD = re.compile(r"[\w%\-]{1,255}(?:[.。．｡][\w%\-]|@)|[0-9.x]{1,255}/|\[")
_LEAD = re.compile(r"[._\-*~]+(?=[A-Za-z0-9])")
_WRAPPER = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_SCRIPT = re.compile(rf"(?:javascript:|data:|vbscript:|https?%(?:25)*3a|{APP_SCHEME})", re.IGNORECASE | re.ASCII)
_USERINFO = re.compile(r"[^/\\?#@:]{1,256}:[^/\\?#@]{0,256}@")
_MAIL = re.compile(r"[^/\\?#]*@(?:\[[^\]]*\]|[^/\\?#:\[]*)(?:\Z|\?|:(?![0-9/\\?#]))")
_HOST = re.compile(r"[a-z0-9][a-z0-9_.\-]*|\[.*")
_NUMBERS = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)\.){3}|0x[0-9a-f]{6,}|[0-9.x]{7,}/", re.IGNORECASE | re.ASCII)
_FAR_STARTS = 8
_CONTROLS = "".join(map(chr, range(0x20)))
_OPENERS = frozenset("([{<\"'`>|*_~,;«»“‘„‹‚、。，；！？：¿¡·°×´")
_OPENING_KINDS = frozenset({"Lo", "Mn", "Mc", "Ps", "Pi", "So", "Sm"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A reading inside a token: its place, what a reader must do first, and the page it opens."""

    start: int
    end: int
    steps: tuple[str, ...]
    nested: bool
    target: CanonicalUrl | None


def pieces(token: str, tlds: Container[str]) -> Iterator[Piece]:
    """All readings of all links in a token. Never raises; linear in the length of the token.

    A plain token has one reading, itself, for nothing in it may end a link early.
    """
    if not _LINKISH.search(token):
        return
    plain = _PLAIN.fullmatch(token)
    if plain is None:
        yield from _readings(token, tlds)
    elif plain[1] or plain[2].rpartition(".")[2].lower() in tlds or plain[2].rpartition(".")[2][0].isdigit():
        accepted, target = _accept(token, bare=plain[1] is None, tlds=tlds)
        if accepted:
            yield Piece(0, len(token), (), nested=False, target=target)


def _readings(token: str, tlds: Container[str]) -> Iterator[Piece]:
    cuts = Cuts.of(token)
    lead = len(token) - len(token.lstrip(_CONTROLS))
    fresh = lead  # from here on a link may begin that does not stand inside another one
    script = _SCRIPT.match(token, lead) is not None
    if script:
        yield Piece(lead, len(token), (), nested=False, target=None)
    wrapped = script or (_WRAPPER.match(token, lead) is not None and not _WEB.match(token, lead))
    for count, (start, body) in enumerate(_starts(token, lead)):
        if start == body and (start < fresh or (start > lead and not _HEAD.match(token, start))):
            continue
        nested = start > lead and (
            start < fresh or script or (wrapped and start < body and cuts.next_fresh(0) >= start)
        )
        natural_start = _begins(token, start, lead, fresh)
        reach = 0
        for end, natural in cuts.ends(start, body, far=count < _FAR_STARTS):
            accepted, target = _accept(token[start:end], bare=token[start] in "/\\" or start == body, tlds=tlds)
            if accepted:
                reach = reach or cuts.next_fresh(body)
                yield Piece(start, end, () if natural and natural_start else (READING,), nested, target)
        fresh = max(fresh, reach)


def _begins(token: str, start: int, lead: int, fresh: int) -> bool:
    """True where a messenger would see a link begin; a browser takes `user:x@host` for a scheme."""
    if start > lead and (fresh > lead or token[start] in "/\\" or not _opens(token[start - 1])):
        return False
    return _WEB.match(token, start) is not None or _USERINFO.match(token, start) is None


def _opens(char: str) -> bool:
    """True for what may stand right before a link: brackets, quotes, and letters of unspaced scripts."""
    return char in _OPENERS or (char > "\u058f" and unicodedata.category(char) in _OPENING_KINDS)


def _starts(token: str, lead: int) -> Iterator[tuple[int, int]]:
    """Places where a link may begin, each with the place where its scheme or its slashes end."""
    starts = {lead: lead}
    if marks := _LEAD.match(token, lead):
        starts[marks.end()] = marks.end()
    starts.update((bare.start(), bare.start()) for bare in _BARE.finditer(token, lead))
    for pattern in (_RELATIVE, _TELEGRAM, _WEB):
        starts.update((scheme.start(), scheme.end()) for scheme in pattern.finditer(token, lead))
    yield from sorted(starts.items())


def _accept(url: str, *, bare: bool, tlds: Container[str]) -> tuple[bool, CanonicalUrl | None]:
    target = canonicalize(url)
    if not bare:
        return target is not None or url[:3].lower() == "tg:", target
    if target is None and _USERINFO.match(url):
        target = canonicalize(f"http://{url}")
    if target is None or not _HOST.fullmatch(target.host) or _MAIL.match(url):
        return False, None
    if is_address(target.host):
        return target.host.startswith("[") or bool(_NUMBERS.search(unquote(url) if "%" in url else url)), target
    return "." in target.host and target.host.rpartition(".")[2] in tlds, target
