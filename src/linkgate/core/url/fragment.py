"""What a fragment says: which content a page shows, or only where in it (DESIGN §3).

>>> [selects_content(each) for each in ("!/a", "/album/1", "id!key", "q=a", "%2Falbum", "@name")]
[True, True, True, True, True, True]
>>> [selects_content(each) for each in ("comments", "section-2", "!", "", "a5Bz=", ".TsbOGM3gWrc")]
[False, False, False, False, False, False]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkgate.core.url.canonical import CanonicalUrl

# A path, a query, `!…`, a name with `@`, escaped or not; any other fragment is a place in the page.
_SELECTS = re.compile(r"[/?@]|!.|%(?:25)*(?:2F|3F|40|21.)|[^=&]=[^=&]")
# Behind a front page only words are a place: `#abcKEY` is what the page is asked for. AddThis counts by `#.id`.
_PLACE = re.compile(r"\..*|[A-Za-z]+(?:[\-_.][A-Za-z]+)*[\-_]?[0-9]{0,4}")
_ALBUMS = re.compile(r"/|/(?:sharedalbum|photostream|photos)/?", re.IGNORECASE)
"""Pages that show what their fragment names: front pages, and those of iCloud's albums."""
_CHANNEL = re.compile(r"(?:\A|&)channels=\Z")
"""Behind it chats in the web (qwebirc) have the name of a channel, with a `#` that nobody escaped."""
_LONGEST_ID = 16
# Words written together, each with a vowel: `HomeworkHelp`, `PAGE`, `Part2`.
_WORDS = re.compile(r"(?:[A-Z]{0,2}[a-z]*[aeiouy][a-z]*)+[0-9]{0,4}|[A-Z]+")


def selects_content(fragment: str) -> bool:
    """Whether a fragment holds a path, a query or a name."""
    return _SELECTS.search(fragment) is not None


def selecting(url: CanonicalUrl) -> str | None:
    """The fragment of a URL where it selects content; None where it is a plain anchor, or there is none.

    >>> from linkgate.core.url.canonical import canonicalize
    >>> links = ("bad.example/#/album/1", "bad.example/#abcKEY", "bad.example/page#abcKEY", "bad.example/#top")
    >>> [selecting(canonicalize(link)) for link in links]
    ['/album/1', 'abcKEY', None, None]
    >>> [selecting(canonicalize(link)) for link in ("bad.example/sharedalbum/#B0aKEY", "bad.example/?channels=#name")]
    ['B0aKEY', 'name']
    """
    fragment = url.fragment
    if fragment is None or selects_content(fragment):
        return fragment
    if url.query is not None:
        return fragment if _CHANNEL.search(url.query) else None
    is_place = _PLACE.fullmatch(fragment) is not None and not is_id(fragment)
    return fragment if _ALBUMS.fullmatch(url.path) and fragment != "!" and not is_place else None


def is_id(segment: str) -> bool:
    """True for the random ids of file hosts and video sites, where another case is another page.

    >>> [is_id(segment) for segment in ("FgBpV.jpg", "YWSU8", "HomeworkHelp", "PAGE.HTML", "Office-File_1")]
    [True, True, False, False, False]
    """
    stem = segment.partition(".")[0]
    if len(stem) > _LONGEST_ID or stem.islower() or not (stem.isascii() and stem.isalnum()):
        return False
    return _WORDS.fullmatch(stem) is None
