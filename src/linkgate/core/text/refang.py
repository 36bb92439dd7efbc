"""What people do to a link so that a machine does not see it and a reader can undo it: undone.

`repair` gives back the text as the reader would mend it, and knows for each of its characters where
it stood in the text as written, so that spans stay true.

>>> repair("h t t p : / / exa\u200bmple[.]test/page").text
'http://example.test/page'
>>> refang("hxxps://example (dot) test&#47;page")
'https://example.test/page'
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from idna import IDNAError, uts46_remap

from linkgate.core.text.fold import INVISIBLE, LOOK_ALIKES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DOT_WORDS = (
    *("dot", "d0t", "punto", "punkt", "punt", "point", "ponto", "nokta", "tochka", "titik", "kropka"),
    *("точка", "крапка", "кропка", "тчк", "点", "點", "نقطة", "نقطه", "점", "ドット", "จุด", "נקודה", "बिंदु"),
)
"""Words that stand for a dot, in the languages in which link lists are passed on."""

_ASCII_WORDS = "|".join(filter(str.isascii, DOT_WORDS))
_OTHER_WORDS = "|".join(word for word in DOT_WORDS if not word.isascii())
_OPEN, _CLOSE = r"[\[({<]", r"[\])}>]"
_ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_UNICODE_ESCAPE = re.compile(r"\\(?:u00|x)([2-7][0-9A-Fa-f])")
_BRACKETED = re.compile(
    rf"[ \t]?{_OPEN}(?:[ \t]?(?:\.|(?ai:dot|d0t))[ \t]?| ?(?:(?ai:{_ASCII_WORDS})|(?i:{_OTHER_WORDS})) ?){_CLOSE}[ \t]?"
)
_HALF_BRACKETED = re.compile(r"\[\.|\.\]")
_BACKSLASHED = re.compile(r"\\([_*\-.()\[\]~!+|])")  # CommonMark §2.4
_SPOKEN = re.compile(
    r"(?<=[^\W_])[ \t]+(?:\.|[dD][oO0][tT]|точка|тчк)[ \t]+(?=[^\W_]{2}|[0-9])"
    r"|(?<=[^\W_])[ \t]?[_\-][dD][oO][tT][_\-][ \t]?(?=[^\W_])"
    r"|(?<=[^\W_])[ \t]\.(?=[^\W_]{2,24}/\S)"
)
_SPACED_DOT = re.compile(r"\.(?<=[ \t]\.)(?=[ \t]+[^\W_]|[^\W_]{2,24}/\S)")
_SPOKEN_DOT = re.compile(r"\.(?<=[ \t]\.)(?:[ \t]|[^\W_]{2,24}/)")
_SPOKEN_WORDS = ("dot", "d0t", "точка", "тчк")
_MAY_BE_BRACKETED = re.compile(rf"{_OPEN}[ \t]?(?:\.|[^\s\])}}>]{{1,8}})[ \t]?{_CLOSE}")
_SCHEME_PARTS = re.compile(r"[\[({<](://|//|:|/|@)[\])}>]")
_SPACED_SCHEME = re.compile(
    r"\b(?!https?:[/\\])h ?t ?t ?p ?(s?) ?: ?[/\\] ?[/\\] ?(\S+(?: [./] (?-i:[a-z0-9])\S*)*)", re.IGNORECASE | re.ASCII
)
_SPACED = re.compile(r" ([./]) ")
_MAY_BE_SPACED = re.compile(r":(?<=[pPsS ]:)(?: |(?<!http:)(?<!https:))[/\\] ?[/\\]")
# Slashes beside each other, or parted by a blank, or behind what may be a colon.
_SLASHES = re.compile(r"/(?:(?<=[:;/]/)|(?<=[:;/][ \t]/))")
_ODD_SLASHES = re.compile(r"(?:[:;/\\]|__|\[:\])[ \t]?(?:\\|__)|\\/|(?:__|\[:\])[ \t]?/")
_SCHEME = re.compile(
    r"(?<![A-Za-z0-9])(?!https?:[/\\])(?:https?[\[({]s[\])}]|h[^\s\w]{1,4}p|h[a-z_]{1,4}p|[a-z]?ttp|meow|fxp)"
    r"(s?)(?:[ \t]?(?::|;|\[:\]|__)[ \t]?(?:[/\\]{1,3}|__)|[/\\]{2})(?=\S)"
    r"|(?<!\S)(?::|;)[/\\]{2}(?=\S)",
    re.IGNORECASE | re.ASCII,
)
_GENERIC_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A mended text. `starts[i]` and `ends[i]` are where character i stood in the text as written.

    Where nothing was broken the text is the one as written, and the places may be left out.
    """

    text: str
    starts: array[int] = field(repr=False)
    ends: array[int] = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place, in the text as written, of `text[start:end]` (which is not empty)."""
        return self.starts[start], self.ends[end - 1]


def repair(text: str) -> Repaired:
    """Mend every broken-up link in a text.

    In: a message. Out: the mended text with the origin of each character; equal to the message
    where nothing was broken. Never raises; linear in the length of the text.
    """
    if text.isascii() and not any(step.may_change(text) for step in _STEPS):
        return Repaired(text, array("l"), array("l"))
    view = Repaired(text, array("l", range(len(text))), array("l", range(1, len(text) + 1)))
    for step in _STEPS:
        if step.may_change(view.text):
            view = _substitute(view, step)
    return view


def mended(text: str) -> str:
    """The text that `repair` gives, in less time.

    >>> mended("bad[.]example"), mended("bad.example")
    ('bad.example', 'bad.example')
    """
    for step in _STEPS:
        if step.may_change(text):
            text = text.translate(_PLAIN) if step.pattern is _FOREIGN else step.pattern.sub(step.replace, text)
    return text


def joined(text: str) -> tuple[str, list[int]]:
    """The same for ASCII text in which only dots may be spaced apart; and where the dots are that were.

    >>> joined("at bad . example/x . Then"), joined("at bad .example/x")
    (('at bad.example/x.Then', [6, 16]), ('at bad.example/x', [6]))
    """
    pieces: list[str] = []
    seams: list[int] = []
    done = length = 0
    for dot in _SPACED_DOT.finditer(text):
        start = dot.start()
        while start > done and text[start - 1] in " \t":
            start -= 1
        if spoken := _SPOKEN.match(text, start):
            length += start - done
            seams.append(length)
            pieces += text[done:start], "."
            length += 1
            done = spoken.end()
    return "".join((*pieces, text[done:])) if pieces else text, seams


def has_spaced_scheme(text: str) -> bool:
    """Whether a scheme may be spaced apart, and what follows it.

    >>> has_spaced_scheme("h t t p : / / bad.example"), has_spaced_scheme("http://bad.example")
    (True, False)
    """
    return _MAY_BE_SPACED.search(text) is not None


def refang(text: str) -> str:
    """One pasted URL, mended and stripped of the white space around it."""
    return mended(text).strip()


def has_plain_schemes(text: str) -> bool:
    """Whether all slashes that stand together are those of `http://` and `https://`: no scheme is to be mended."""
    if ("\\" in text or "__" in text or "[:]" in text) and _ODD_SLASHES.search(text):
        return False
    schemes = text.count("http://") + text.count("https://")
    return len(_SLASHES.findall(text)) == 2 * schemes


def _substitute(view: Repaired, step: _Step) -> Repaired:
    changes = ((match.start(), match.end(), step.replace(match)) for match in step.pattern.finditer(view.text))
    real = [change for change in changes if view.text[change[0] : change[1]] != change[2]]
    return _spliced(view, real) if real else view


def _spliced(view: Repaired, changes: Iterable[tuple[int, int, str]]) -> Repaired:
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    done = 0
    for start, end, new in changes:
        pieces += view.text[done:start], new
        starts += view.starts[done:start] + array("l", [view.starts[start]] * len(new))
        ends += view.ends[done:start] + array("l", [view.ends[end - 1]] * len(new))
        done = end
    pieces.append(view.text[done:])
    return Repaired("".join(pieces), starts + view.starts[done:], ends + view.ends[done:])


def _unescape(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _plain_char(match: re.Match[str]) -> str:
    return _PLAIN[ord(match[0])]


class _Plain(dict[int, str]):
    """code point -> what it is mended to, each worked out when it is first met (`str.translate` asks for it)."""

    def __missing__(self, code_point: int) -> str:
        char = chr(code_point)
        plain = self[code_point] = char if char.isascii() else _in_plain(char)
        return plain


_PLAIN = _Plain()


def _in_plain(char: str) -> str:
    """A code point that is invisible, a mark, or an ASCII character in disguise, as the ASCII it stands for."""
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    if char in INVISIBLE or _GENERIC_MARKS.match(char) or unicodedata.category(char) == "Cf" or _is_ignored(char):
        return ""
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if compatible.isascii() and not compatible.isspace() else char


def _is_ignored(char: str) -> bool:
    """True for what UTS 46 maps to nothing."""
    with suppress(IDNAError):
        return not uts46_remap(char, std3_rules=False)
    return False


class _Step(NamedTuple):
    """Something to mend, and what a text has at least where it is there: quick to look for."""

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]
    may_change: Callable[[str], object]


def _may_be_spoken(text: str) -> bool:
    small = text.lower()
    return any(word in small for word in _SPOKEN_WORDS) or _SPOKEN_DOT.search(text) is not None


def _has_backslash(text: str) -> bool:
    return "\\" in text


_STEPS = (
    _Step(_ENTITY, _unescape, lambda text: "&" in text),
    _Step(_FOREIGN, _plain_char, lambda text: not text.isascii()),
    _Step(_UNICODE_ESCAPE, lambda match: chr(int(match[1], 16)), _has_backslash),
    _Step(_BRACKETED, lambda _: ".", _MAY_BE_BRACKETED.search),
    _Step(_BACKSLASHED, lambda match: match[1], _has_backslash),
    _Step(_HALF_BRACKETED, lambda _: ".", lambda text: "[." in text or ".]" in text),
    _Step(_SPOKEN, lambda _: ".", _may_be_spoken),
    _Step(_SCHEME_PARTS, lambda match: match[1], _SCHEME_PARTS.search),
    _Step(_SPACED_SCHEME, lambda match: f"http{match[1]}://" + _SPACED.sub(r"\1", match[2]), _MAY_BE_SPACED.search),
    _Step(_SCHEME, lambda match: f"http{match[1] or ''}://", lambda text: not has_plain_schemes(text)),
)
