r"""The one grammar of a plain link, and the characters of hosts and user information in running text.

Pieces of regular expressions; whoever reads plain links puts his pattern together from them. What no
host name has, and where a path ends, was measured with Telegram's library over all of Unicode.

>>> import re
>>> re.match(HOST_RUN, "bad.example,thanks")[0], re.match(HOST_RUN, "bücher.example/x")[0]
('bad.example', 'bücher.example')
"""

from __future__ import annotations

SCHEME = "https?://"
ALNUM = "A-Za-z0-9"
LABEL, ANY_LABEL = r"[a-z0-9][a-z0-9\-]*", rf"[{ALNUM}][{ALNUM}\-]*"
"""A label of a plain host, in lower case and in any."""
INNER = rf"{ALNUM}/_\-.=+"
"""Characters of a path or a query that end no link but at its end, and that no parser changes."""
ESCAPE = "%[0-9A-Fa-f]{2}"
LISTED = INNER + "~,:@!$()"
"""Those that neither a parser nor the reader of a list changes."""
KEPT = LISTED + ";*"
"""Those that no parser changes."""

LETTERS = r"\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u0556\u0560-\u0588\u1e00-\u1fff"
"""Letters that are part of a word together with Latin ones; all other scripts may be glued to a link."""
SPACES = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000"
_PUNCTUATION = r"\u2010-\u2027\u2030-\u205e\u3001\u3003\u3008-\u301f\uff01-\uff0c\uff0f\uff1a-\uff20\uff3b\uff3d\uff3f"
MARKS = rf"!-,/:-@\[-^`{{-}}\xa1-\xbf{_PUNCTUATION}"
"""Punctuation and signs that no host name has."""
NO_HOST = SPACES + MARKS
HOST_RUN = rf"[^{NO_HOST}]{{0,1024}}"
USER = r"[^\n \"#'()/<>?@\[\]`{}\xa0\xab\xbb\u1680\u2000-\u200b\u200e\u200f\u2016-\u206f\u3000]"
"""What user information may hold in running text: no quote, bracket or blank."""
RESERVED = frozenset({"example", "home", "internal", "invalid", "lan", "local", "localhost", "onion", "test"})
"""Top-level domains that no registry sells and networks use (RFC 2606, RFC 6761, RFC 7686)."""
