"""fold: text -> text for the gate, coarser than whatever a browser or a reader does to a host.

It knows nothing of links. Each code point is folded by itself (UTS 46 mapping, compatibility
decomposition, case folding, marks and ignorable code points dropped, every dot look-alike a dot),
so that its cost is linear even in a megabyte of combining marks; then percent-escapes are decoded
until nothing changes.

>>> fold("hTTp://ＥＸ%C2%ADample。test/%2570"), fold("exa\u200bmple․test"), fold("café.test")
('http://example.test/p', 'example.test', 'cafe.test')
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from idna import IDNAError, uts46_remap

# Full stops of UTS 46 §2.3 first, then what people type for a dot because it looks like one.
DOTS = frozenset(
    "\u3002\uff0e\uff61\u2024\ufe52\u2027\u00b7\u0387\u30fb\uff65\u2022\u2219\u22c5\u25e6\u2e31\u2e33\ua78f"
    "\u06d4\u0701\u0702\u0660\u06f0\u1803\u166e\ua60e\ua4f8\ua4ff\u16eb\u2e30"
)
SLASHES = frozenset("\u2044\u2215\u2571\u29f8\uff0f\u27cb")
COLONS = frozenset("\uff1a\ufe55\ufe13\u02d0\u02f8\u0589\u2236\ua789\u05c3\u0703\u0704")
LOOK_ALIKES = dict.fromkeys(DOTS, ".") | dict.fromkeys(SLASHES, "/") | dict.fromkeys(COLONS, ":")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPED_BYTES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
_MOST_PASSES = 4
"""So often escapes are decoded at once, before a stack uncovers them byte by byte."""
_WITHOUT_DROPPED = str.maketrans("", "", "\t\r\n")
_DROPPED = frozenset({"Mn", "Me", "Cf"})
# Ignored by UTS 46 or invisible on a screen, though not of the categories above.
INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e\u17b4\u17b5\u034f")


class _Table(dict[int, str]):
    """code point -> folded text, each worked out when it is first met (`str.translate` asks for it)."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = _fold_char(chr(code_point))
        return folded


def _fold_char(char: str) -> str:
    """One code point to its folded text: the same steps over again until nothing changes."""
    while (plain := "".join(map(_strip, _decompose(LOOK_ALIKES.get(char, char))))) != char:
        char = plain
    return char


def _decompose(text: str) -> str:
    """UTS 46 by the table of `idna` (newer than Python's own), then NFKD and case folding."""
    with suppress(IDNAError):
        text = uts46_remap(text, std3_rules=False)
    return unicodedata.normalize("NFKD", text).casefold()


def _strip(char: str) -> str:
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    return "" if char in INVISIBLE or unicodedata.category(char) in _DROPPED else char


_TABLE = _Table()


def fold_characters(text: str) -> str:
    """Fold each code point by itself and leave percent-escapes alone.

    >>> fold_characters("Ｂad％2eexample")
    'bad%2eexample'
    """
    return text.lower() if text.isascii() else text.translate(_TABLE)


def fold(text: str) -> str:
    """Make text searchable.

    In: any text. Out: its folded form; `fold(fold(x)) == fold(x)`, and `fold(uts46(c)) == fold(c)`
    for every code point. Never raises.
    """
    folded = fold_characters(text)
    while "%" in folded:
        decoded = decode_escapes(folded)
        if decoded == folded:
            break
        folded = decoded.translate(_TABLE)
    return folded


def decode_escapes(text: str, *, errors: str = "replace") -> str:
    """Decode percent-escapes, and those that decoding uncovers, in one pass from left to right.

    An escape is three bytes that never overlap with another, so the order of decoding does not
    matter and a stack reaches the end in linear time. Bytes that are no UTF-8 become U+FFFD, or
    what `errors` says, as of `bytes.decode`.

    >>> decode_escapes("%252525252565"), decode_escapes("%%36%35"), decode_escapes("100%")
    ('e', 'e', '100%')
    """
    once = decode_once(text, errors=errors)
    return _decode_nested(text, b"", errors) if "%" in once and _ESCAPE.search(once) else once


def decode_once(text: str, *, errors: str = "replace") -> str:
    """Decode percent-escapes, and none that this uncovers; as `urllib.parse.unquote` does, and faster.

    >>> decode_once("%C3%A9%2541%zz%C3")
    'é%41%zz\ufffd'
    """
    return _ESCAPES.sub(lambda run: _bytes_of(run[0]).decode("utf-8", errors), text) if "%" in text else text


def _bytes_of(escapes: str) -> bytes:
    return bytes.fromhex(escapes.replace("%", ""))


def decode_dropping(text: str) -> str:
    r"""The same, and every tab and newline dropped, as written or decoded: they may part another escape.

    >>> decode_dropping("b%25%096%31d"), decode_dropping("b\tad%0A")
    ('bad', 'bad')
    """
    return _decode_nested(text, b"\t\r\n", "replace") if "%" in text else text.translate(_WITHOUT_DROPPED)


def _decode_nested(text: str, dropped: bytes, errors: str) -> str:
    octets = text.encode("utf-8", "surrogatepass").translate(None, dropped)
    for _ in range(_MOST_PASSES):
        decoded = _ESCAPED_BYTES.sub(lambda run: _bytes_of(run[0].decode()), octets).translate(None, dropped)
        if decoded == octets:
            return octets.decode("utf-8", errors)
        octets = decoded
    return _uncovered(octets, dropped).decode("utf-8", errors)


def _uncovered(octets: bytes, dropped: bytes) -> bytearray:
    stack = bytearray()
    for byte in octets:
        stack.append(byte)
        while len(stack) > 2 and _ESCAPE.match(escape := stack[-3:].decode("latin-1")):  # noqa: PLR2004  # `%` and two digits
            decoded = _bytes_of(escape)
            stack[-3:] = b"" if decoded in dropped else decoded
    return stack
