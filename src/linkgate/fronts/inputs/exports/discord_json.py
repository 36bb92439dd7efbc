r"""Discord, as DiscordChatExporter writes it in JSON: the messages, their embeds and attachments.

>>> row = {"id": "1", "timestamp": "1970-01-01T00:00:00+00:00", "content": "look", "embeds": [{"title": "Here", "url": "http://bad.example/"}]}
>>> message(row)
ParsedMessage(text='look\nHere', id='1', time=0, links=('http://bad.example/',))
"""

from __future__ import annotations

from typing import Any

from linkgate.fronts.inputs.messages import ParsedMessage
from linkgate.fronts.inputs.rows import id_value, objects
from linkgate.fronts.inputs.timestamps import instant

_PARTS = ("embeds", "attachments", "components", "forwardedMessage", "poll", "stickers")
_TEXTS = ("content", "title", "description", "name", "value", "text", "label")
_LINKS = ("url", "canonicalUrl", "iconUrl", "sourceUrl")


def message(row: dict[str, Any]) -> ParsedMessage | str:
    """One message: what it says, then what its embeds and a forwarded message say."""
    if not isinstance(row.get("content", ""), str | None):
        return "field 'content' is not text"
    texts, links = [row.get("content") or ""], dict[str, None]()
    for part in objects([row.get(name) for name in _PARTS]):
        texts += [part[name] for name in _TEXTS if isinstance(part.get(name), str) and part[name]]
        links |= dict.fromkeys(link for name in _LINKS if isinstance(link := part.get(name), str) and link)
    return ParsedMessage(
        "\n".join(filter(None, texts)), id_value(row.get("id")), instant(row.get("timestamp")), tuple(links)
    )
