r"""Chats as web pages: Telegram's messages.html, and what DiscordChatExporter writes.

A page is cut before each message, by the tag that a message begins with; in it, the texts are those of the boxes
whose classes say so, the links are all that lead out of the page.

>>> page = '<div class="message default clearfix" id="message7"><div title="01.01.1970 00:00:05 UTC+00:00">0</div>'
>>> page += '<div class="from_name">Ann</div><div class="text">see <a href="http://bad.example/">here</a></div></div>'
>>> message(page, "telegram-html")
ParsedMessage(text='see here', id='7', time=5000000, links=('http://bad.example/',))
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from linkgate.fronts.inputs.html_text import LEADS, attribute, tokens
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage, decoded
from linkgate.fronts.inputs.timestamps import instant

if TYPE_CHECKING:
    from linkgate.fronts.inputs.chunks import Plan


class _Page(NamedTuple):
    """mark: the tag that a message begins with, and its id. texts: classes of the boxes that hold what it says."""

    mark: re.Pattern[bytes]
    texts: frozenset[str]
    breaks: frozenset[str] = frozenset({"br", "div", "p", "tr", "li"})


PAGES: Final = {
    "telegram-html": _Page(
        re.compile(rb"""<div\s+class="message (?:default|service)[^"]*"\s+id="message(-?\d+)"\s*>"""),
        frozenset({"text", "title", "description", "question", "answer", "game_title"}),
    ),
    "discord-html": _Page(
        re.compile(rb"""<div\b[^<>]*\bdata-message-id=["']?(\d+)["']?[^<>]*>"""),
        frozenset(
            {
                *(
                    "chatlog__content",
                    "chatlog__embed-title",
                    "chatlog__embed-description",
                    "chatlog__embed-author",
                    "chatlog__embed-author-link",
                ),
                *("chatlog__embed-field-name", "chatlog__embed-field-value", "chatlog__embed-footer-text"),
                *("chatlog__forwarded-content", "chatlog__poll-question-text", "chatlog__poll-answer-text"),
            }
        ),
    ),
}
_DATE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
_DISCORD_EPOCH = 1_420_070_400_000
_VOID = {"br", "img", "input", "hr", "meta", "link", "wbr", "source", "area", "base", "embed", "col"}
_HIDDEN = {"script", "style"}


def page_form(head: bytes) -> str | None:
    """Whose page this is, if it holds messages."""
    return next((form for form, page in PAGES.items() if page.mark.search(head)), None)


def message(markup: str, form: str) -> ParsedMessage:
    """One message, from its tag on."""
    page = PAGES[form]
    found = page.mark.match(markup.encode("utf-8", "replace"))
    id_ = found[1].decode() if found else None
    texts, links, times = _gathered(markup, page)
    time = _snowflake(id_) if form == "discord-html" else next(filter(None, map(_time, times)), None)
    text = re.sub(r"\s*\n\s*", "\n", texts).strip()
    return ParsedMessage(text, id_, time, tuple(links))


def _gathered(markup: str, page: _Page) -> tuple[str, dict[str, None], list[str]]:
    """The texts of the boxes, the links, and the titles, one of which may be the time."""
    texts: list[str] = []
    links: dict[str, None] = {}
    titles: list[str] = []
    depth, inside = 0, 0  # how many tags are open; from which on a box is, 0 outside of one
    for token in tokens(markup):
        if not token.tag:
            texts.append(token.text if inside else "")
        elif token.closes:
            depth -= 1
            inside = 0 if depth < inside else inside
            texts.append("\n" if token.tag in page.breaks else "")
        else:
            leads = [attribute(token.attributes, name) for name in LEADS.get(token.tag, ())]
            links |= dict.fromkeys(lead for lead in leads if _leads_out(lead))
            titles += [attribute(token.attributes, "title")]
            depth += token.tag not in _VOID
            if not inside and _is_box(page, set(attribute(token.attributes, "class").split())):
                inside = depth
            texts.append("\n" if token.tag in page.breaks else "")
    return "".join(texts), links, titles


def _is_box(page: _Page, classes: set[str]) -> bool:
    """Whether an element holds what a message says; a service message of Telegram is all details."""
    return bool(page.texts & classes) or {"body", "details"} <= classes


def _leads_out(link: str) -> bool:
    return bool(link) and not link.startswith(("#", "javascript:"))


def _time(title: str) -> int | None:
    found = _DATE.search(title)
    return instant(f"{found[3]}-{found[2]}-{found[1]}T{found[4]}{found[5] or ''}") if found else None


def _snowflake(id_: str | None) -> int | None:
    """The time that is in an id of Discord's."""
    return ((int(id_) >> 22) + _DISCORD_EPOCH) * 1000 if id_ and len(id_) > len("1234567890") else None


def decode(block: bytes, first: int, plan: Plan) -> Decoded:
    """Read whole messages, the first of which is message `first` of its file."""
    build = Builder()
    starts = [found.start() for found in PAGES[plan.form].mark.finditer(block)]
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], len(block)], strict=True), first):
        text, valid = decoded(block[start:end])
        build.add(place, message(text, plan.form), valid=valid)
    return build.finish()
