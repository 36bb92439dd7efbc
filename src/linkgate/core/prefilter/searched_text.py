r"""searched_text: a text as the prefilter searches it: folded, its odd words in all their readings.

A plain text, ASCII without `%` or control characters, is only put in lower case, and every place stays where
it was. In any other text the words that are not plain are folded one by one, so that nothing is lost: what
is found knows in which word of the text it stands.

>>> odd = SearchedText.of("see b%61d.example, or ｂad.test")
>>> odd.folded.split()
['see', 'b%61d.example,\x00bad.example,\x00b%61d.example,', 'or', 'bad.test']
>>> [odd.origin(place) for place in (odd.folded.index("bad.e"), odd.folded.index("or"))]
[(4, 18), (19, -1)]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.prefilter.automaton import CLASSES, CONTROLS, ODD
from linkgate.core.text.fold import decode_dropping, decode_escapes, fold, fold_characters
from linkgate.core.text.words import word_around

if TYPE_CHECKING:
    from collections.abc import Iterator

SEAM = "\x00"
"""Between two readings of a word."""
_ODD = re.compile(rf"[%{re.escape(CONTROLS)}\x80-\U0010ffff]")
_DROPPED = re.compile(r"[\t\r\n]|[/\\=?&][\x00-\x20]")
_BLANKS_IN_FRONT = re.compile(r"(?<=[/\\=?&])[\x00-\x20]+")  # a browser drops them, of a parameter that is a link too
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_GLUED = re.compile(r"[0-9A-Fa-fxX][^\x00-\x7f]")


class SearchedText(NamedTuple):
    """A text and its folded form; where the two differ in length, the words that make it so.

    `starts`, `ends`: of each such word in the text; `folded_starts`, `folded_ends`: in the folded text.
    """

    text: str
    folded: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    folded_starts: tuple[int, ...] = ()
    folded_ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str) -> SearchedText:
        """Fold a message. Linear in its length."""
        if is_plain(text):
            return cls(text, text.lower())
        return cls._with_odd_words(text)

    @classmethod
    def of_link(cls, link: str) -> SearchedText:
        """Fold one link that no text shows: all of it is one word, in which no neighbour of a name counts."""
        plain = is_plain(link) and not _DROPPED.search(link)
        folded = "/" + link.lower() if plain else SEAM.join(readings("/" + link))
        return cls(link, folded, (0,), (len(link),), (0,), (len(folded),))

    @classmethod
    def _with_odd_words(cls, text: str) -> SearchedText:
        pieces: list[str] = []
        spans: list[tuple[int, int, int, int]] = []
        done = length = 0
        while odd := _ODD.search(text, done):
            start, end = word_around(text, odd.start())
            before, folded = text[done:start].lower(), _joined(text[start:end])
            length += len(before)
            spans.append((start, end, length, length + len(folded)))
            pieces += before, folded
            length += len(folded)
            done = end
        return cls(text, "".join((*pieces, text[done:].lower())), *zip(*spans, strict=True))

    def origin(self, place: int) -> tuple[int, int]:
        """Where in the text a place of the folded text lies, and -1; or in which word that is not plain: its span.

        Such words that only other white space than ASCII's parts are one.
        """
        number = bisect_right(self.folded_starts, place) - 1
        if number < 0:
            return place, -1
        if place <= self.folded_ends[number]:
            return self.starts[number], self.ends[number]
        return place + self.ends[number] - self.folded_ends[number], -1


def is_plain(text: str) -> bool:
    """Whether folding a text only puts it in lower case."""
    return text.isascii() and ODD not in text.encode().translate(CLASSES)


def readings(word: str) -> Iterator[str]:
    """All that a word may be searched for, folded, each once: as written, decoded, without what a browser drops."""
    found = dict.fromkeys(_all_readings(word))
    yield from found


def _joined(word: str) -> str:
    """All readings of a word, the first one last too: a disguise may go on in the words beside it."""
    several = list(readings(word))
    return SEAM.join(several if len(several) == 1 else [*several, several[0]])


def _all_readings(word: str) -> Iterator[str]:
    characters = fold_characters(word)
    yield characters
    # A link ends before a foreign letter, whatever that folds to; what are letters alone is none, but perhaps a dot.
    if not word.isascii() and not characters.isalnum() and _GLUED.search(word):
        yield fold(_FOREIGN.sub(SEAM, word))
    if "%" in characters:
        decoded = fold(characters)
        yield decoded
        if not word.isascii():  # folding may bring a digit behind a `%` that begins no escape
            yield fold_characters(decode_escapes(word))
        characters = decoded
    if _DROPPED.search(characters):
        yield _BLANKS_IN_FRONT.sub("", _settled(word))


def _settled(text: str) -> str:
    """A text folded, and without tabs and newlines, which may part an escape that another one uncovers."""
    while (once := fold(decode_dropping(text))) != text:
        text = once
    return text
