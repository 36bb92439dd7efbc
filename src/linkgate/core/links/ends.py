"""Where the path of a link in running text ends: every reading that a person, a messenger or a browser might take.

A link in a message has no closing mark. Trailing punctuation may belong to it or to the sentence, a
bracket may have been opened before it, the next word may be glued to it. All readings are tried, a
bounded number for each link. A reading is *natural* when messengers end the link there by
themselves; any other one takes a reader who knows where the link should end.

>>> word = "http://bad.example/page)."
>>> [(word[:end], natural) for end, natural in Ends.of(word).natural(18, "", 25)]
[('http://bad.example/page).', True), ('http://bad.example/page', True)]
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.core.url.grammar import LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_PUNCTUATION = "\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u301f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
_BLANKS = r"[\t\r\f\v\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_FORMATS = r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
_MARKUP = frozenset("*_~|")
_SENTENCE = ".,:;!?'\"`()[]{}<>«»“”„‘’…。、，．：；！？」』）】》〉—–"
_TRAILING = _SENTENCE + "*_~|=-/\\·•&#$^+@%"
_MOST_TRIMS = 8
_NEXT_LINK = r"(?=[\"'(<\[]?(?:https?:|//|[A-Za-z0-9\-]+\.[A-Za-z]{2}))"
ENTITY = r"&(?:quot|gt|lt|#3[49]|#x2[27]|nbsp);"
"""What ends a link in text that was escaped for HTML."""
GLUED = r"https?:[/\\]{2}"
"""The scheme of a link that begins right behind another one."""
END_TAG = r"\[/[a-z]{1,8}\]"
"""What ends a link in BBCode."""
_NATURAL = (rf"[<>\"«»{_PUNCTUATION}{_FORMATS}]", ENTITY, END_TAG)
_BRACKETS = (")(", "][", "}{")
_OTHER = (
    r"\)",
    r"\]",
    r"\}",
    r"'(?:s(?!\w)|(?!\w))",
    r"`",
    rf"[,;|]{_NEXT_LINK}",
    r"[,;](?-i:(?=[A-Z][a-z]))",
    r"[|\[]",
    r"[({](?![^()\[\]{}]*[)\]}])",
    r":(?=[A-Za-z()]{1,3}\Z)",
    rf"[(\[{{]{_NEXT_LINK}",
    rf"[^\x00-\x7f{LETTERS}]",
    r"[^\x00-\x7f]",
    rf"(?<!^){GLUED}",
    r"\\",
    r"\^",
    r"%(?![0-9A-Fa-f]{2})",
    r"\*\*|~~",
    r"\.\.\.",
    r"[\x00-\x1f\x7f]",
)
_CUTS = tuple(re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in (_BLANKS, *_NATURAL, *_OTHER))
_ANY_CUT = re.compile("|".join(cut.pattern for cut in _CUTS), re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class _Brackets:
    """Brackets of one kind in a word: the first closing one that closes nothing behind a place.

    places: of all brackets; enclosing: for each, what closes the innermost pair around the text before it.

    >>> closing = _Brackets.of("a(b)c)d", ")", "(")
    >>> closing.after(0, 9), closing.after(2, 9), closing.after(6, 9)
    (5, 3, 9)
    """

    places: list[int]
    enclosing: list[int]

    @classmethod
    def of(cls, word: str, closing: str, opening: str) -> _Brackets:
        """Read a word from its end: what is unmatched before a bracket depends on what follows."""
        places = [found.start() for found in re.finditer(f"[{re.escape(opening + closing)}]", word)]
        enclosing: list[int] = []
        pending: list[int] = []  # closing brackets that nothing behind the place opens, the nearest one last
        for place in reversed(places):
            if word[place] == closing:
                pending.append(place)
            elif pending:
                pending.pop()
            enclosing.append(pending[-1] if pending else len(word))
        return cls(places, enclosing[::-1])

    def after(self, place: int, last: int) -> int:
        """Where the first closing bracket stands, from `place` on, that closes nothing from there on; else `last`."""
        slot = bisect_left(self.places, place)
        return min(self.enclosing[slot], last) if slot < len(self.places) else last


@dataclass(frozen=True, slots=True)
class Ends:
    """The places in one word where a path may end: sorted lists, found once, so that each link costs the same."""

    word: str
    blanks: list[int]
    signs: list[int]
    brackets: tuple[_Brackets, ...]
    others: tuple[list[int], ...]
    known: dict[tuple[int, str], tuple[tuple[int, bool], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, word: str) -> Ends:
        """Find all places of all classes, in one pass each."""
        blanks, quotes, entities, tags, *others = (
            [[found.start() for found in cut.finditer(word)] for cut in _CUTS]
            if _ANY_CUT.search(word)
            else [[] for _ in _CUTS]
        )
        brackets = tuple(_Brackets.of(word, *pair) for pair in _BRACKETS if pair[0] in word)
        return cls(word, blanks, sorted(quotes + entities + tags), brackets, tuple(filter(None, others)))

    def first(self, path: int, last: int) -> int:
        """Where a messenger ends a link whose path begins at `path`, trailing punctuation apart."""
        last = _next(self.blanks, path, _next(self.signs, path, last), last)
        return min((last, *(each.after(path, last) for each in self.brackets)))

    def sentence(self, path: int, end: int) -> int:
        """Where a link that ends there ends without the punctuation of the sentence."""
        return path + len(self.word[path:end].rstrip(_SENTENCE))

    def natural(self, path: int, before: str, last: int) -> tuple[tuple[int, bool], ...]:
        """Where clients end a link whose path begins at `path`, no farther than `last`, the longest reading first.

        before: the character before the link, which may be the markup that ends it. Natural is none that is cut off.
        """
        word = _next(self.blanks, path, last)
        first = self.first(path, word)
        if first == last < len(self.word):
            return ((last, False),)
        ends = (
            each
            for end in (word, first)
            for each in (end, path + len(self.word[path:end].rstrip(_SENTENCE + _markup(before))))
        )
        return tuple((end, end < last or last == len(self.word)) for end in dict.fromkeys(ends))

    def all(self, path: int, before: str) -> tuple[tuple[int, bool], ...]:
        """All other ends of a link whose path begins at `path`, and if each is natural.

        The first place of each class and the end of the word, each as it is and without trailing punctuation.
        """
        key = path, _markup(before)
        if key not in self.known:
            found: dict[int, bool] = {}
            for end, natural in self._all(*key):
                found[end] = found.get(end, False) or natural
            self.known[key] = tuple(found.items())
        return self.known[key]

    def _all(self, path: int, before: str) -> Iterator[tuple[int, bool]]:
        last = len(self.word)
        word = _next(self.blanks, path, last)
        for end in (self.first(path, word), word):
            yield from self._trims(path, end, before)
        for places in self.others:
            if (end := _next(places, path, last)) < last:
                yield from ((trimmed, False) for trimmed, _ in self._trims(path, end, before))
        if word < last:
            yield last, False

    def _trims(self, path: int, end: int, before: str) -> Iterator[tuple[int, bool]]:
        text = self.word[path:end]
        natural = path + len(text.rstrip(_SENTENCE + before))
        shortest = path + len(text.rstrip(_TRAILING))
        for trimmed in (end, *range(end - 1, max(shortest, end - _MOST_TRIMS) - 1, -1), shortest):
            if path <= trimmed:
                yield trimmed, trimmed >= natural


def _markup(before: str) -> str:
    return before if before in _MARKUP else ""


def _next(places: list[int], start: int, *otherwise: int) -> int:
    slot = bisect_left(places, start)
    return min(places[slot], *otherwise) if slot < len(places) else min(otherwise)
