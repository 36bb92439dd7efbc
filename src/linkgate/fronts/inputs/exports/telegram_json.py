"""Telegram Desktop's export, result.json: one chat, or a whole account.

A message's `text` is a string, or a list of strings and of parts with a text of their own; a part or a
text entity may have an `href` that is not shown, and buttons may open a page. In the export of an
account ids count anew in each chat, so an id there is CHAT/MESSAGE.

>>> row = {"id": 1, "date_unixtime": "0", "text": ["look ", {"type": "text_link", "text": "here", "href": "http://bad.example/"}]}
>>> message(row)
ParsedMessage(text='look here', id=1, time=0, links=('http://bad.example/',))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.fronts.inputs.messages import ParsedMessage
from linkgate.fronts.inputs.rows import flat, id_value, objects
from linkgate.fronts.inputs.timestamps import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS = (
    *("text", "poll", "todo_list", "title", "game_title", "game_description"),
    *("invoice_information", "place_name", "address"),
)
_OPENING = {"url", "auth", "web_view", "simple_web_view"}
"""The types of buttons that open a page; of other buttons, `data` is for their bot."""


def message(row: dict[str, Any]) -> ParsedMessage | str:
    """One message of an export; one that tells of an event has no text, but may have a title."""
    text = row.get("text")
    if not isinstance(text, str | list | dict | None):
        return "field 'text' is no text of a Telegram export"
    parts = [shown for part in _TEXTS if (shown := "".join(_shown(row.get(part))))]
    links = dict.fromkeys(link for link in _links(row) if link)
    time = instant(row.get("date_unixtime") or row.get("date"))
    return ParsedMessage("\n".join(parts), id_value(row.get("id")), time, tuple(links))


def _shown(text: Any) -> Iterator[str]:
    if isinstance(text, str):
        yield text
    elif isinstance(text, list):
        for part in flat(text):
            yield from _shown(part.get("text") if isinstance(part, dict) else part)
    elif isinstance(text, dict):  # a poll or a list: what it is about, and its answers or items
        yield from _shown(text.get("question") or text.get("title"))
        if isinstance(text.get("description"), str):
            yield "\n" + text["description"]
        for answer in _dicts([text.get("answers"), text.get("items")]):
            yield "\n"
            yield from _shown(answer.get("text"))


def _links(row: dict[str, Any]) -> Iterator[str]:
    for part in objects([row.get(name) for name in ("text", "text_entities", "poll", "todo_list")]):
        if isinstance(part.get("href"), str):
            yield part["href"]
    for button in _dicts(row.get("inline_bot_buttons")):
        if button.get("type") in _OPENING and isinstance(button.get("data"), str):
            yield button["data"]
    if isinstance(row.get("game_link"), str):
        yield row["game_link"]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (part for part in flat([value]) if isinstance(part, dict))
