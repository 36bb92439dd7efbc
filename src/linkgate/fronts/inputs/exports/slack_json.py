"""Slack's export: a folder for each channel, in it a file for each day, which is a list of messages.

A link in Slack's text is <URL> or <URL|label>; of the second kind only the label is shown. `&`, `<` and
`>` are escaped. Blocks and attachments may say more than the text, and link elsewhere.

>>> message({"ts": "1358788919.000200", "text": "see <http://bad.example/?a=1&amp;b=2|here> &amp; <http://good.example/>"})
ParsedMessage(text='see here & http://good.example/', id='1358788919.000200', time=1358788919000200, links=('http://bad.example/?a=1&b=2',))
"""

from __future__ import annotations

import re
from typing import Any

from linkgate.fronts.inputs.messages import ParsedMessage
from linkgate.fronts.inputs.rows import id_value, objects
from linkgate.fronts.inputs.timestamps import instant

_PARTS = (
    *("blocks", "attachments", "files", "root", "message", "previous_message", "comment"),
    "slackdump_thread_replies",
)
_TEXTS = (
    *("pretext", "title", "text", "fallback", "value", "footer", "alt_text", "name", "preview"),
    *("comment", "content"),
)
_LINKS = (
    *("url", "from_url", "title_link", "author_link", "original_url", "image_url", "thumb_url", "video_url"),
    *("external_url", "url_private", "permalink", "title_url"),
)
_ANGLED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def message(row: dict[str, Any]) -> ParsedMessage | str:
    """One message: its text as it is shown, then what blocks and attachments add to it."""
    if not isinstance(row.get("text", ""), str | None):
        return "field 'text' is not text"
    links: dict[str, None] = {}
    texts = [_shown(row.get("text") or "", links)]
    for part in objects([row.get(name) for name in _PARTS]):
        links |= dict.fromkeys(link for name in _LINKS if isinstance(link := part.get(name), str) and link)
        for name in _TEXTS:
            if isinstance(part.get(name), str) and (shown := _shown(part[name], links)) and shown not in texts[0]:
                texts.append(shown)
    text = "\n".join(dict.fromkeys(filter(None, texts)))
    return ParsedMessage(text, id_value(row.get("ts")), instant(row.get("ts")), tuple(links))


def _shown(text: str, links: dict[str, None]) -> str:
    """Slack's markup as it is shown; links that it hides are added to `links`."""

    def replaced(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target[:1] in {"@", "#", "!"}:
            return label or target
        if label is None:
            return target
        links[_unescaped(target)] = None
        return label

    return _unescaped(_ANGLED.sub(replaced, text))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
