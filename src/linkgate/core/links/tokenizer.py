"""The links in one word of a message, in all their readings: host first, then where the path may end.

A word is a run without blanks. What is read in it depends on the word alone, and costs no more than
its budget. Where nothing is listed on a host, no end of its path needs a canonical form.

>>> [(piece.start, piece.end, piece.steps) for piece in pieces("(bad.example/x)", Known(frozenset({"example"})))][:2]
[(1, 15, ()), (1, 14, ())]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.links.authority import Authorities, Host
from linkgate.core.links.budget import Budget, spent_reach
from linkgate.core.links.ends import Ends
from linkgate.core.links.starts import Start, is_telegram, script, starts
from linkgate.core.text.fold import decode_once, fold_characters
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.gateways import names_content
from linkgate.core.url.grammar import ALNUM, ANY_LABEL, ESCAPE, INNER, LETTERS, SCHEME
from linkgate.core.url.host import is_address

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

READING = "reading"
"""The step of a link that no messenger would see begin or end where a reader does."""

# A word without any of these holds no host: a dot inside a word, slashes, a literal, an escape, a scheme.
_LINKISH = re.compile(
    rf"\.[^\W_]|\.[%\-]|[/\\]{{2}}|:[/\\]|\[[0-9a-fA-F:%]|%[0-9A-Fa-f]{{2}}"
    rf"|\b(?:https?|tg|javascript|data):|[^\x00-\x7f{LETTERS}]",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"({SCHEME})?({ANY_LABEL}(?:\.[{ALNUM}\-]+)+)(?::[1-9][0-9]{{0,3}})?(?:/(?:(?:[{INNER}~?&]|{ESCAPE})*[{ALNUM}/])?)?"
)
_HOST = re.compile(r"[a-z0-9][a-z0-9_.\-]*|\[.*")
_NUMBERS = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})(?:\.(?!\Z)|(?![0-9.x]))){4}", re.IGNORECASE | re.ASCII)
_ODD_NUMBERS = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)\.){3}", re.IGNORECASE | re.ASCII)
# Mail, chat and shells: no browser asks for a page there (Fetch Standard §2.9).
_BLOCKED_PORTS = frozenset({21, 22, 23, 25, 53, 110, 119, 143, 389, 465, 587, 636, 993, 995, 5060, 5061, 6566, 6697})
_BLOCKED_PORTS |= frozenset(range(6665, 6670))
_HEAD = re.compile(r"[^/\\?#]{0,255}?(?:[.。．｡][\w%\-]|@\[)|\[")
_DROPPED = re.compile(r"[\x00\t\r\n]")
_NO_HOST = re.compile(r"[<>^|\ud800-\udfff]|%(?:2[035F]|3[ACEF]|40|5[CE]|7C)", re.IGNORECASE)
"""What no host holds, escaped or not, and no browser opens (URL Standard §3.4)."""
_MATRIX = re.compile(r"(?:\A|(?<=[(<\[\"']))[@#!$+][A-Za-z0-9._=\-+/#]+:(?=[A-Za-z0-9])", re.ASCII)
_COMMAND = re.compile(r"[(<\[{\"']?/")
"""Before a bare host without a page: what follows is a command of a bot or a file."""
_CAPITALIZED = re.compile(r"(?:.*\.)?[A-Z][a-z]*")
_ODD_LABELS = re.compile(r"_[^.]*(?:\.[^.]*)?\Z")
_FAR = 2048
_READ, _PARSE, _ENDS = 12, 32, 48
"""What a reading costs, the parsing of a host that is not plain, and to find where a path may end."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of hosts: the top-level domains that make a bare one a link, and where there are entries.

    listed: None where all links are asked for, listed or not.
    """

    tlds: Container[str] = field(repr=False)
    listed: Callable[[CanonicalUrl], object] | None = field(default=None, repr=False)


class Piece(NamedTuple):
    """A reading inside a word: its place, what a reader must do first, and the page it opens.

    target: None where nothing is listed on its host, or no browser opens it.
    """

    start: int
    end: int
    steps: tuple[str, ...]
    nested: bool
    target: CanonicalUrl | None


def pieces(word: str, known: Known, budget: Budget | None = None) -> Iterator[Piece]:
    """All readings of all links in a word. Never raises; linear in the length of the word.

    A plain word has one reading, itself, for nothing in it may end a link early.
    """
    if not _LINKISH.search(word):
        return
    plain = _PLAIN.fullmatch(word)
    target = canonicalize(word) if plain else None
    if (
        plain is None
        or target is None
        or target.port in _BLOCKED_PORTS
        or not _is_name(target, plain[2], known.tlds, path="/" in word)
    ):
        yield from _Reader.of(word, known, budget or Budget(word)).read()
    else:
        steps = () if plain[1] or len(word) > plain.end(2) or not _ends_a_sentence(word) else (READING,)
        yield Piece(0, len(word), steps, nested=False, target=target)


class _Link(NamedTuple):
    """A link whose path is still to be ended."""

    start: Start
    host: Host
    steps: tuple[str, ...]
    nested: bool
    wanted: bool


@dataclass(slots=True)
class _Reader:
    """Reads one word: the natural ends of every link first, then, while the budget lasts, all others."""

    word: str
    known: Known
    budget: Budget
    authorities: Authorities
    covered: int = 0
    """Up to here a client sees one link already: what begins before stands inside it."""
    read_to: int = 0
    """Up to here links were read when the budget was spent: what each reads lies behind what the one before did."""
    _targets: dict[tuple[int, int, str], CanonicalUrl | None] = field(default_factory=dict)
    _found: Ends | None = None
    _identified: frozenset[int] | None = None

    @classmethod
    def of(cls, word: str, known: Known, budget: Budget) -> _Reader:
        """A reader at the beginning of a word."""
        return cls(word, known, budget, Authorities.of(word, known.tlds))

    def read(self) -> Iterator[Piece]:
        """All pieces of the word."""
        start = script(self.word)
        if start is not None:
            yield Piece(start, len(self.word), (), nested=False, target=None)
        later: list[_Link] = []
        places = starts(self.word)
        for number, place in enumerate(places):
            following = places[number + 1].place if number + 1 < len(places) else len(self.word)
            for link in self._links(place):
                if not link.host.path:
                    yield self._piece(link, link.host.end, natural=True)
                elif self.budget.left:
                    later.append(link)
                    yield from self._as_clients_do(link, len(self.word))
                elif not link.steps:
                    yield from self._as_the_first_does(link)
                    yield from self._as_clients_do(link, min(len(self.word), spent_reach(link.host.end, following)))
        for link in later:
            yield from self._as_readers_do(link)

    def _as_the_first_does(self, link: _Link) -> Iterator[Piece]:
        """A link up to where a messenger ends it, however far that is, if no such one was read that reaches into it."""
        if link.start.place >= self.read_to:
            self.read_to = end = self.ends.first(link.host.end, len(self.word))
            yield self._piece(link, end, natural=True)
            yield self._piece(link, self.ends.sentence(link.host.end, end), natural=True)

    def _as_clients_do(self, link: _Link, last: int) -> Iterator[Piece]:
        """A link whose path is still to be ended, at its natural ends no farther than `last`."""
        if label := self._label(link):
            yield self._piece(link, label, natural=True)
        for end, natural in self.ends.natural(link.host.end, self._before(link), last):
            yield self._piece(link, end, natural=natural)

    def _as_readers_do(self, link: _Link) -> Iterator[Piece]:
        """The same at all its other ends, while the budget lasts."""
        if self.budget.take(_ENDS):
            for end, natural in self.ends.all(link.host.end, self._before(link)):
                if self.budget.left:
                    yield self._piece(link, end, natural=natural)

    @property
    def ends(self) -> Ends:
        """Where paths may end, found when it is first asked for."""
        if self._found is None:
            self._found = Ends.of(self.word)
        return self._found

    def _before(self, link: _Link) -> str:
        return self.word[link.start.place - 1 : link.start.place]

    def _label(self, link: _Link) -> int:
        """Where the label of `<url|label>` begins; 0 where there is none."""
        return max(0, self.word.find("|", link.host.end, link.host.end + _FAR)) if self._before(link) == "<" else 0

    def _links(self, start: Start) -> Iterator[_Link]:
        """The links that begin at a place, host by host; says which part of the word a client sees as one link."""
        inside = start.place < self.covered
        if is_telegram(self.word, start):
            steps = () if start.natural and not inside else (READING,)
            yield _Link(start, Host(start.body, start.body, natural=True, path=True), steps, inside, wanted=False)
            return
        if start.bare and ((inside and not start.parting) or not _HEAD.match(self.word, start.place)):
            return
        nested = inside and not start.parting
        natural = start.natural and not nested and not (inside and start.bare)
        for host in self.authorities.at(start.body):
            if start.bare and not _may_be_name(self.word[host.start : host.end], self.known.tlds):
                continue
            target = self._target(start, host)
            if target is None or not self._is_link(start, host, target):
                continue
            steps = () if natural and host.natural and self._seems_one(start, host) else (READING,)
            wanted = self.known.listed is None or bool(self.known.listed(target)) or names_content(self.word, host.end)
            if not steps and self.authorities.is_run(host):
                path = host.path and self.word[host.end] != "\\"
                end = self.ends.first(host.end, len(self.word)) if path else host.end
                self.covered = max(self.covered, end)
            yield _Link(start, host, steps, nested, wanted)

    def _piece(self, link: _Link, end: int, *, natural: bool) -> Piece:
        target = None
        if link.wanted:
            self.budget.take(_READ, characters=end - link.host.start)
            target = self._parsed(_scheme(self.word, link.start), link.host.start, end)
        else:
            self.budget.take(2, characters=(end - link.start.place) // 8)
        return Piece(link.start.place, end, link.steps if natural else (READING,), link.nested, target)

    def _target(self, start: Start, host: Host) -> CanonicalUrl | None:
        """The front page of a host."""
        return self._parsed(_scheme(self.word, start), host.start, host.end)

    def _parsed(self, scheme: str, start: int, end: int) -> CanonicalUrl | None:
        key = start, end, scheme
        if key not in self._targets:
            url = scheme + self.word[start:end]
            self._targets[key] = canonicalize(url)
            self.budget.take(4 if url.isascii() else _PARSE, characters=len(url))
        return self._targets[key]

    def _is_link(self, start: Start, host: Host, target: CanonicalUrl) -> bool:
        if not start.bare and self.word[start.place] not in "/\\":
            return True
        text = self.word[host.start : host.end]
        if not _is_name(target, text, self.known.tlds, path=host.path) or target.port in _BLOCKED_PORTS:
            return False
        if not host.path and (start.place in self.identifiers or _COMMAND.fullmatch(self.word, 0, start.place)):
            return False
        return is_address(target.host) or not self.authorities.is_mail(host.start, host.end)

    @property
    def identifiers(self) -> frozenset[int]:
        """Where the server of a Matrix user, room or event begins, found when it is first asked for."""
        if self._identified is None:
            found = _MATRIX.finditer(self.word) if ":" in self.word else ()
            self._identified = frozenset(each.end() for each in found)
        return self._identified

    def _seems_one(self, start: Start, host: Host) -> bool:
        """Whether a client takes a host for one: not the end of a sentence, and no underscore where none may be."""
        name = self.word[host.start : host.end].rstrip(".")
        return not start.bare or not (
            ".." in name or _ODD_LABELS.search(name) or (not host.path and _ends_a_sentence(name))
        )


def _may_be_name(text: str, tlds: Container[str]) -> bool:
    """Whether a bare host may be a link: a dot, a top-level domain, no port but a number. Spares most the parsing."""
    if text[:1] == "[" or _DROPPED.search(text):
        return True
    name, colon, port = text.rpartition(":")
    if (colon and port and not (port.isascii() and port.isdigit())) or _NO_HOST.search(text):
        return False
    _, dot, last = (name if colon else text).rstrip(".").rpartition(".")
    if dot and last.isascii() and last.isalpha():
        return last.lower() in tlds
    return bool(dot) or "%" in text or "." in fold_characters(text)


def _scheme(word: str, start: Start) -> str:
    return "https://" if not start.bare and word[start.place : start.place + 5].lower() == "https" else "http://"


def _is_name(target: CanonicalUrl, text: str, tlds: Container[str], *, path: bool) -> bool:
    """Whether a bare host is a link: a name under a top-level domain, or four numbers; odd ones before a path alone."""
    if not _HOST.fullmatch(target.host):
        return False
    if is_address(target.host):
        numbers = _ODD_NUMBERS if path else _NUMBERS
        return target.host.startswith("[") or bool(numbers.match(decode_once(text) if "%" in text else text))
    return "." in target.host and target.host.rpartition(".")[2] in tlds


def _ends_a_sentence(name: str) -> bool:
    """True for `end.The`: only the first letter of the last label is upper case."""
    return _CAPITALIZED.fullmatch(name) is not None
