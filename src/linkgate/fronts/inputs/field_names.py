"""What platforms call the parts of a message: the one statement of these names, lower case without separators.

>>> folded("created_at"), folded("createdAt"), folded("Created At")
('createdat', 'createdat', 'createdat')
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

TEXT, NUMBER, TIME, OTHER = "text", "number", "time", "other"

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "text": (
        *("text", "body", "message", "content", "contents", "messagetext", "messagebody", "messagecontent"),
        *("selftext", "fulltext", "rawtext", "posttext", "msg", "comment", "commenttext", "post", "com"),
    ),
    "more": (
        *("caption", "description", "title", "summary", "subject", "formattedbody", "spoilertext", "headline"),
        *("note", "bio", "about", "aboutme", "question", "answer", "alt", "alttext", "quote", "rendered", "cooked"),
        *("html", "raw", "plaintext", "markdown"),
    ),
    "id": (
        *("id", "messageid", "msgid", "postid", "commentid", "statusid", "eventid", "idstr", "tweetid", "uuid"),
        *("guid", "key", "uri", "cid", "rkey", "no"),
    ),
    "time": (
        *("time", "timestamp", "ts", "datetime", "date", "dateunixtime", "createdat", "createdutc", "created"),
        *("createdtime", "creationdate", "sentat", "sent", "postedat", "posted", "publishedat", "published"),
        *("timestampms", "originserverts", "createat", "creationtimestamp", "createtime", "datesent", "receivedat"),
        *("createdtimestamp", "takenat", "indexedat", "dateutc", "sentdate", "receiveddate"),
    ),
    "links": (
        *("links", "urls", "uris", "hiddenlinks", "url", "uri", "link", "href", "expandedurl", "expanded"),
        *("mediaurl", "imageurl", "externalurl", "sourceurl", "targeturl", "finalurl", "originalurl", "canonicalurl"),
        *("linkurl", "titlelink", "fromurl", "website", "websiteurl", "homepage", "attachments", "attachment"),
        *("shorturl", "longurl", "unwoundurl"),
    ),
}
"""text: what a message says. more: what it says besides, and may say alone. Of each the first is the surest."""

KINDS: Final = {
    **{key: {TEXT} for key in ("text", "more", "links")},
    "id": {TEXT, NUMBER},
    "time": {TEXT, NUMBER, TIME},
}


@lru_cache(10_000)
def folded(name: str) -> str:
    """A name without what it may be spelled with."""
    return re.sub(r"[_\s$.-]", "", name).lower()
