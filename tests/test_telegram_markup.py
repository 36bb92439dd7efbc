"""Law 5 for markup, asked of Telegram's own library: what it makes a link of marked-up text is found.

Texts are generated: links with characters escaped, emphasis and tags anywhere in them. It needs the extra `truth`.
"""

from __future__ import annotations

import json
import random
import re
import string
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from linkgate import Source, canonicalize, compile_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.core.engine import Engine

tdjson = pytest.importorskip("tdjson", reason="the extra `truth` is not installed: Telegram's library is not asked")

LISTED = "http://example.com/page"
URLS = (LISTED, "example.com/page", "https://example.com/page", "http://www.example.com/../page")
TYPED, BOTS, HTML = "parseMarkdown", "textParseModeMarkdown", "textParseModeHTML"
MARKS = {TYPED: ("**", "__", "~~", "||", "`"), BOTS: ("*", "_", "__", "~", "||", "`")}
TAGS = ("b", "i", "u", "s", "em", "strong", "ins", "del", "strike", "code", "pre", "blockquote", "tg-spoiler")
ODD_TAGS = ('span class="tg-spoiler"', 'tg-emoji emoji-id="1"')
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
"""What MarkdownV2 takes for itself in running text."""
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
VERBATIM = ("Code", "Pre", "PreCode", "TextUrl")
OF_THE_PATH = re.compile(r"com\S?\\?/.*?(_{1,2})(?!_).+?\1")
"""A pair of underscores in a path as a whole may belong to it, as it does in most: it is left there."""
TEXTS = 600


def ask(**question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(question).encode()))
    return answer


ask(**{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


@cache
def engine() -> Engine:
    return compile_lists([Source(name="demo", data=LISTED.encode())], accept={LISTED: "a test"}).engine


def parsed(text: str, mode: str) -> dict[str, Any]:
    """The text that Telegram shows, with its entities; empty where it refuses the markup."""
    if mode == TYPED:
        return ask(**{"@type": mode, "text": {"@type": "formattedText", "text": text, "entities": []}})
    return ask(**{"@type": "parseTextEntities", "text": text, "parse_mode": {"@type": mode, "version": 2}})


def clickable(text: str, mode: str) -> Iterator[str]:
    """The links of a marked-up text: those that it names, and those in the text that is left."""
    answer = parsed(text, mode)
    entities = answer.get("entities", [])
    yield from (one["type"]["url"] for one in entities if one["type"]["@type"] == "textEntityTypeTextUrl")
    shown = answer.get("text", "")
    verbatim = [one for one in entities if one["type"]["@type"].removeprefix("textEntityType") in VERBATIM]
    taken = {place for one in verbatim for place in range(one["offset"], one["offset"] + one["length"])}
    units = shown.encode("utf-16-le")
    for one in ask(**{"@type": "getTextEntities", "text": shown}).get("entities", []):
        start, end = one["offset"], one["offset"] + one["length"]
        if one["type"]["@type"] == "textEntityTypeUrl" and taken.isdisjoint(range(start, end)):
            yield units[2 * start : 2 * end].decode("utf-16-le")


class Writer:
    """Writes marked-up texts with a link in them, always the same ones."""

    def __init__(self, mode: str) -> None:
        self.mode, self.random = mode, random.Random(mode)  # noqa: S311  # the same texts each time

    def escaped(self, char: str) -> str:
        chance = self.random.random()
        if self.mode == BOTS:
            return f"\\{char}" if char in RESERVED or (chance < 0.05 and char in string.punctuation) else char
        if self.mode == HTML:
            coded = f"&#{ord(char)};" if chance < 0.03 else f"&#x{ord(char):x};"
            return coded if chance < 0.06 else ENTITIES.get(char, char)
        return char

    def wrapped(self, text: str) -> str:
        if self.mode == HTML:
            tag = self.random.choice(TAGS + ODD_TAGS)
            return f"<{tag}>{text}</{tag.split()[0]}>"
        mark = self.random.choice(MARKS[self.mode])
        return mark + text + mark

    def shown(self) -> str:
        """A link as a reader sees it, up to two pieces of it marked up."""
        url = self.random.choice(URLS)
        parts = list(map(self.escaped, url))
        for _ in range(self.random.choice([0, 1, 1, 2])):
            start, end = sorted(self.random.sample(range(len(parts) + 1), 2))
            parts[start:end] = [self.wrapped("".join(parts[start:end]))]
        return "".join(parts)

    def named(self) -> str:
        """A link with another text."""
        if self.mode == HTML:
            quote, equals = self.random.choice(["'", '"', ""]), self.random.choice(["=", " = "])
            return f"<a {self.random.choice(['', 'x=y '])}href{equals}{quote}{LISTED}{quote}>x</a>"
        odd = set(self.random.sample(string.punctuation, 8)) | set(")\\") if self.mode == BOTS else ()
        link = "".join(f"\\{char}" if char in odd else char for char in LISTED)
        return f"[x]({link})"

    def text(self) -> str:
        link = self.shown() if self.random.random() < 0.8 else self.named()
        before, behind = self.random.choice(["", "see ", "a", "("]), self.random.choice(["", " now", ")", "\u2026"])
        return "".join((*map(self.escaped, before), link, *map(self.escaped, behind)))


@pytest.mark.parametrize("mode", [TYPED, BOTS, HTML])
def test_what_telegram_makes_of_markup_is_found(mode: str) -> None:
    writer, page = Writer(mode), canonicalize(LISTED)
    texts = [writer.text() for _ in range(TEXTS)]
    leading = [text for text in texts if page in map(canonicalize, clickable(text, mode))]
    assert len(leading) > TEXTS / 4
    missed = [text for text in leading if not engine().check(text).flagged]
    assert not [text for text in missed if not OF_THE_PATH.search(text)]
    assert len(missed) <= len(leading) / 100


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("[x](http://example.com/page)", TYPED),
        ("[x](http\\:\\/\\/example\\.com\\/page)", BOTS),
        ('<a href="http://example&#46;com/page">x</a>', HTML),
    ],
)
def test_a_link_that_markup_names_is_exact(text: str, mode: str) -> None:
    assert list(clickable(text, mode)) == [LISTED]
    kinds = {match.kind.value for match in engine().check(text).matches}
    assert kinds == ({"loose"} if mode == BOTS else {"exact"})
