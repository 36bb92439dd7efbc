"""Where a link may begin in a word, and whether a client would see it begin there.

>>> [(start.place, start.body, start.natural) for start in starts("(http://bad.example/x")]
[(1, 8, True), (8, 8, False), (20, 20, False)]
>>> [(start.place, start.natural) for start in starts("/bad.example")]
[(1, False)]
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain
from typing import NamedTuple

from linkgate.core.url.grammar import ALNUM, LETTERS, NO_HOST, USER
from linkgate.core.wrapping.embedded import APP_SCHEME

_WEB = re.compile(r"https?:(?:[/\\]+|(?=[A-Za-z0-9\[%@:_~.\-]|[^\x00-\x7f]))", re.IGNORECASE | re.ASCII)
_TELEGRAM = re.compile(r"tg:(?://)?[a-z]", re.IGNORECASE | re.ASCII)
_SCRIPT = re.compile(
    rf"[\x00-\x1f]*[(<\[{{\"']?[\x00-\x1f]*(javascript:|data:|vbscript:|https?%(?:25)*3a|{APP_SCHEME})",
    re.IGNORECASE | re.ASCII,
)
_MATRIX = re.compile(r"matrix:(?://)?(?:r|room|roomid|u|user)/", re.IGNORECASE | re.ASCII)
"""What follows names a server of Matrix, and no web page."""
# The first character of a bare host, behind what no host has, another script, dots or underscores: no name that
# is sold has one in it, so that what stands behind it, two labels and a page, is one that readers and clients see.
_BARE = re.compile(
    rf"(?<![^{NO_HOST}])(?P<marks>[._\-*~]*)(?P<host>[^{NO_HOST}._~\-]|%(?=[0-9A-Fa-f]{{2}})|\[(?=[0-9A-Fa-f:%]))"
    rf"|(?<=[^\x00-\x7f{LETTERS}])(?P<glued>[A-Za-z0-9])|(?<=\.\.)(?P<rest>[^\W_])"
    rf"|(?<=[^\W_]_)(?P<under>[{ALNUM}])(?=[{ALNUM}\-]*\.[A-Za-z]{{2,24}}[/:?#])"
)
_OTHER_SCHEME = re.compile(
    r"(?:s?ftps?|ssh|git|svn|ircs?|xmpp|sips?|smtp|imaps?|pop3?|ldaps?|telnet|rtsp|rtmp|file|smb|nfs|mailto|jdbc|mysql|redis|tcp|udp)"
    r":/+\Z",
    re.IGNORECASE | re.ASCII,
)
"""Schemes whose links lead to no web page."""
_SLASHES = re.compile(r"\A[/\\]{2,}|(?<=[(\[{<])/{2,}")
"""How a link begins without the name of its scheme; in brackets Markdown and most clients see it, too."""
_LONGEST_SCHEME = 12
_ESCAPED_BLANKS = re.compile(r"(?:%(?:0[9AD]|20))+", re.IGNORECASE | re.ASCII)
"""Behind a scheme, where no browser opens a link and a reader sees where it should begin."""
_USER = re.compile(rf"(?<!{USER}){USER}++(?=@)")
_OPENERS = frozenset("([{<\"'`>|,;«»“‘„‹‚、。，；！？：¿¡·°×´")
_OPENING_KINDS = frozenset({"Lo", "Mn", "Mc", "Ps", "Pi"})
_NO_OPENERS = frozenset("/#@.-~_")
_PARTING = frozenset("<>\"'|,;)]}")
_PATH = re.compile(r"(?:~|\.{1,2})?/(?![/\\])", re.ASCII)
"""How a path of a file system begins: behind its slashes there is no bare link."""
_DRIVE = re.compile(r"[A-Za-z]:\\", re.ASCII)
"""How one of Windows begins: there a bare link is one for messengers, and a file for readers."""


class Start(NamedTuple):
    """A place where a link may begin, and where its scheme ends (the same where it has none).

    natural: whether a client begins a link there. parting: whether what stands before it may end another link.
    """

    place: int
    body: int
    natural: bool
    parting: bool

    @property
    def bare(self) -> bool:
        """Whether there is no scheme."""
        return self.place == self.body


def script(word: str) -> int | None:
    """Where a script or an escaped link begins, which is one link whatever stands in it; None for any other word.

    >>> script("javascript:x()"), script("(javascript:x())"), script("http://bad.example/")
    (0, 1, None)
    """
    found = _SCRIPT.match(word)
    return None if found is None else found.start(1)


def is_telegram(word: str, start: Start) -> bool:
    """True for a link of Telegram's own scheme."""
    return _TELEGRAM.match(word, start.place) is not None


def starts(word: str) -> list[Start]:
    """All places where a link may begin, in order; linear in the length of the word."""
    if _MATRIX.match(word):
        return []
    found: dict[int, tuple[int, bool]] = {}
    for user in _USER.finditer(word):
        found[user.start()] = user.start(), _opens(word, user.start())
    in_path, on_drive = _PATH.match(word) is not None, _DRIVE.match(word) is not None
    for bare in _BARE.finditer(word):
        place = bare.start(bare.lastgroup or "host")
        if in_path and place > 1 and word[place - 1] == "/":
            continue
        if word[place - 1 : place] != "@" and not _OTHER_SCHEME.search(word, max(0, place - _LONGEST_SCHEME), place):
            found.setdefault(place, (place, not on_drive and bare.lastgroup != "under" and _opens(word, place)))
    for scheme in chain(_SLASHES.finditer(word), _TELEGRAM.finditer(word)):
        found[scheme.start()] = scheme.end(), True
    for scheme in _WEB.finditer(word):
        found[scheme.start()] = scheme.end(), True
        if blanks := _ESCAPED_BLANKS.match(word, scheme.end()):
            found[blanks.start()] = blanks.end(), False
    return [Start(place, body, natural, _parts(word, place)) for place, (body, natural) in sorted(found.items())]


def _opens(word: str, place: int) -> bool:
    """Whether a client begins a bare link behind the character before a place."""
    if not place:
        return True
    before = word[place - 1]
    if before == "_":  # as in Markdown
        return "_" in word[place:]
    if before in _NO_OPENERS:
        return False
    return before <= "\u00bf" or before in _OPENERS or _opens_of_other_scripts(before)


def _opens_of_other_scripts(before: str) -> bool:
    return re.match(f"[{NO_HOST}]", before) is not None or (
        before > "\u058f" and unicodedata.category(before) in _OPENING_KINDS
    )


def _parts(word: str, place: int) -> bool:
    """Whether the character before a place may end another link."""
    return place > 0 and (word[place - 1] in _PARTING or word[place - 1] > "\x7f")
