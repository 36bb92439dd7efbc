"""broken_schemes: patterns of `http://` as people write it so that a machine does not see it.

>>> import re
>>> [bool(re.fullmatch(BROKEN_SCHEME.expression, text)) for text in ("hxxp://", "http[:]//", "http://", "ftp://")]
[True, True, False, False]
>>> bool(re.fullmatch(PULLED_APART.expression, "h t t p : / /"))
True
"""

from __future__ import annotations

from linkgate.core.text.patterns import Pattern, either, many, maybe, one, opaque, seq, text, words

_BLANK, _SLASH = one(" \t"), one("/\\")
_GAP = maybe(_BLANK)
_COLON = either(text(":"), text(";"), text("[:]"), text("__"))
_ODD_COLON = either(text(";"), text("[:]"), text("__"))
_SLASHES = either(seq(_SLASH, maybe(_SLASH), maybe(_SLASH)), text("__"))
_LETTER, _NO_T = opaque("[a-z_]"), opaque("[a-su-z_]")
_SIGNS = r"[^\x00-\x200-9A-Za-z_\x7f]"
_HTTP = (text("http"), maybe(text("s")))
_LIKE_HTTP = either(  # all that is not `http` itself
    seq(text("h"), opaque(f"{_SIGNS}{{1,4}}", 4, folded=r"[^\x00]{0,12}")),
    seq(text("h"), either(_LETTER, seq(_NO_T, _LETTER), seq(text("t"), _NO_T), many(_LETTER, 3, 4))),
    seq(opaque("[a-gi-z]?"), text("tt")),
)
_SCHEMES = (
    (_LIKE_HTTP, text("p"), maybe(text("s"))),
    (words("meow", "fxp"), maybe(text("s"))),
    (*_HTTP, one("[({"), text("s"), one("])}")),
)
_SEPARATORS = ((_GAP, _COLON, _GAP, _SLASHES), (_SLASH, _SLASH))
_ODD_SEPARATORS = (
    (_BLANK, _COLON, _GAP, _SLASHES),
    (_ODD_COLON, _GAP, _SLASHES),
    (text(":"), _BLANK, _SLASHES),
    (text(":__"),),
    (_SLASH, _SLASH),
)
BROKEN_SCHEME = either(
    *(seq(*scheme, *separator) for scheme in _SCHEMES for separator in _SEPARATORS),
    *(seq(*_HTTP, *separator) for separator in _ODD_SEPARATORS),
)
"""Other letters, colons or slashes than those of `http://`."""


def _pulled_apart() -> Pattern:
    """`http://` with a blank in it before the slashes, perhaps with more of them."""
    letters = [*map(text, "http"), maybe(text("s")), text(":"), _SLASH, _SLASH]
    blank, may_be = text(" "), maybe(text(" "))
    loose = [[letter, may_be] for letter in letters]
    return either(
        *(
            seq(*letters[:first], blank, *(part for pair in loose[first:] for part in pair))
            for first in range(1, len(letters) - 1)
        )
    )


PULLED_APART = _pulled_apart()
