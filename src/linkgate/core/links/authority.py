"""Where the host of a link begins and ends in running text: behind its user information, before whatever no host has.

>>> def shown(word, body):
...     return [word[host.start : host.end] for host in Authorities.of(word, {"example"}).at(body)]
>>> shown("http://joe@bad.example,thanks", 7), shown("http://bad.example.Thanks/x", 7)
(['bad.example,thanks', 'bad.example'], ['bad.example.Thanks', 'bad.example'])
>>> shown("http://bad.example:80x", 7)
['bad.example:80x', 'bad.example:80']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.url.grammar import ESCAPE, HOST_RUN, MARKS, RESERVED, USER

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_LONGEST = 4096  # far beyond a host's 253, for escapes and what is invisible
_LITERAL = r"\[[0-9A-Fa-f:.%]{2,60}\]"
_RUN = re.compile(rf"{_LITERAL}|{HOST_RUN}")
_RUN_AND_PORT = re.compile(rf"{HOST_RUN}(?::[0-9]*)?")
_DOTS = ".。．｡"
_DOT = re.compile(f"[{_DOTS}]")
_ESCAPE = re.compile(ESCAPE)
"""What stands behind a name without a dot belongs to it: no client ends it there."""
_PORT = re.compile(r":0{0,9}([1-9][0-9]{0,4})(?![0-9])")
_MOST_PORT = 65535
_WHOLE = re.compile(rf"(?:{_LITERAL}|(?:[^{MARKS}]|[\xad\uff05]|%[0-9A-Fa-f]{{2}})*)(?::[0-9]*)?")
_STOP = re.compile(r"[/\\?#\s]", re.ASCII)
_NO_USER = re.compile(rf"(?!@)(?!{USER})[\s\S]")
_MAIL = re.compile(r"(?:(?:mailto|sips?|xmpp):)?(?=[^@]*[A-Za-z0-9])[A-Za-z0-9._+\-]{1,64}", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r"(?:(?:0x[0-9a-f]*|[0-9]+)\.){3}(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE | re.ASCII)
_ALNUM = re.compile(r"[A-Za-z0-9]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_MORE_LABELS = re.compile(r"[^\x00-\x7f][^/\\?#\s]{0,253}?\.[A-Za-z0-9\-]")
_LABEL_END = re.compile(r"(?<=[A-Za-z0-9])(?=[._~\-])")
_MOST_LABELS = 8
_MORE_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){4}")
"""A version, no address with something behind it."""
_GLUED_SCHEME = re.compile(r"(?<!^)https?:[/\\]{2}", re.IGNORECASE | re.ASCII)


class Host(NamedTuple):
    """The host of a link, with its port. natural: whether a client ends it there. path: whether a path may follow."""

    start: int
    end: int
    natural: bool
    path: bool


@dataclass(frozen=True, slots=True)
class Authorities:
    """The places of one word that part user information, host, port and path; found once."""

    word: str
    tlds: Container[str]
    stops: list[int]
    ats: list[int]
    breaks: list[int]

    @classmethod
    def of(cls, word: str, tlds: Container[str]) -> Authorities:
        """Find all places, in one pass each."""
        ats = [found.start() for found in re.finditer("@", word)]
        breaks = [found.start() for found in _NO_USER.finditer(word)] if ats else []
        return cls(word, tlds, [found.start() for found in _STOP.finditer(word)], ats, breaks)

    def at(self, body: int) -> Iterator[Host]:
        """The hosts of a link whose scheme ends at `body`: as a browser reads it, as clients do, as readers do."""
        end = _next(self.stops, body, len(self.word))
        host = self._behind_user(body, end)
        clean = self._behind_user(body, _next(self.breaks, body, len(self.word)))
        seen: set[tuple[int, int]] = set()
        if end - host <= _LONGEST:
            natural = host in (body, clean) and _WHOLE.fullmatch(self.word, host, end) is not None
            seen.add((host, end))
            yield Host(host, end, natural, self._has_path(end))
        starts = (clean, body) if clean != body and not self._has_name(clean) else (clean,)
        if host < end:
            yield from self._before_foreign(host, end)
        for start in starts:
            for each in self._running(start, natural="\\" not in self.word[body:start]):
                if (each.start, each.end) not in seen or not each.path:
                    yield each
                if start > body and each.path:
                    yield Host(each.start, each.end, natural=False, path=False)

    def is_run(self, host: Host) -> bool:
        """True for a name that a client sees as a whole: with a dot, and without what may hide in it; not for IPv6."""
        name = self.word[host.start : host.end]
        return (
            any(dot in name for dot in _DOTS) and _RUN_AND_PORT.fullmatch(self.word, host.start, host.end) is not None
        )

    def is_mail(self, start: int, end: int) -> bool:
        """True where a mail client sees an address of mail: an ASCII name before `@`, and no path behind the host."""
        at = start - 1
        if self.word[at:start] != "@" or (self.word[end : end + 1] or " ") in "/\\":
            return False
        local = self.word[_last(self.breaks, at) + 1 : at]
        mail = _MAIL.fullmatch(local)
        return not local or mail is not None

    def _behind_user(self, body: int, end: int) -> int:
        return max(body, _last(self.ats, end) + 1)

    def _has_path(self, end: int) -> bool:
        return (self.word[end : end + 1] or " ") in "/\\?#"

    def _has_name(self, start: int) -> bool:
        run = _RUN.match(self.word, start)
        return run is not None and _DOT.search(run[0]) is not None and self._is_known(run[0])

    def _running(self, start: int, *, natural: bool) -> Iterator[Host]:
        run = _RUN.match(self.word, start)
        if run is None or not run[0] or (_ESCAPE.match(self.word, run.end()) and not _DOT.search(run[0])):
            return
        end = run.end()
        port = _PORT.match(self.word, end)
        if port and int(port[1]) <= _MOST_PORT:
            end = port.end()
        elif not self._has_path(end):
            end = start + len(run[0].rstrip(_DOTS))
        natural = natural and self.word[run.end() : run.end() + 1] != "@"
        yield Host(start, end, natural, self._has_path(end))
        if self.word[end : end + 1] == "\\":
            yield Host(start, end, natural, path=False)
        yield from self._before_foreign(start, run.end())
        bare = start + len(run[0].rstrip(_DOTS))
        if start < bare < min(end, run.end()):
            yield Host(start, bare, natural=False, path=False)
        if scheme := _GLUED_SCHEME.search(self.word, start, end + 3):
            yield Host(start, scheme.start(), natural=False, path=False)
        if not self._is_known(run[0]) and self.word[run.end() : run.end() + 1] != "(":  # a call of a method
            yield from self._beginning(start, run[0])

    def _before_foreign(self, start: int, end: int) -> Iterator[Host]:
        """A host up to the first letter of another script, unless labels go on behind it."""
        foreign = _FOREIGN.search(self.word, start + 1, end)
        if foreign is None:
            return
        before = self.word[start : foreign.start()]
        goes_on = _MORE_LABELS.match(self.word, foreign.start(), end) and not self._is_unknown(start, end)
        if _ADDRESS.fullmatch(before) or not goes_on:
            ends = foreign[0] in _DOTS and not _ALNUM.match(self.word, foreign.end())
            yield Host(start, foreign.start(), natural=ends, path=False)

    def _beginning(self, start: int, run: str) -> Iterator[Host]:
        """The longest beginning of a host that ends in a top-level domain, no letter or digit behind it."""
        for end in [found.start() for found in _LABEL_END.finditer(run)][: -_MOST_LABELS - 1 : -1]:
            if self._is_known(run[:end]) and not _MORE_NUMBERS.match(run):
                yield Host(start, start + end, natural=False, path=False)
                return

    def _is_unknown(self, start: int, end: int) -> bool:
        """Whether the last label of a host is ASCII and no top-level domain."""
        run = _RUN.match(self.word, start, end)
        last = "" if run is None else run[0].rstrip(_DOTS).rpartition(".")[2]
        return last.isascii() and not last.startswith("xn--") and not self._is_known(last)

    def _is_known(self, host: str) -> bool:
        name = host.rstrip(".")
        tld = name.rpartition(".")[2].lower()
        return tld in self.tlds or tld in RESERVED or _ADDRESS.fullmatch(name) is not None


def _next(places: list[int], start: int, otherwise: int) -> int:
    slot = bisect_left(places, start)
    return places[slot] if slot < len(places) else otherwise


def _last(places: list[int], before: int) -> int:
    slot = bisect_left(places, before)
    return places[slot - 1] if slot else -1
