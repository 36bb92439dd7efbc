r"""STIX 2.1 patterns (§9): the addresses of a pattern that names nothing but alternatives.

An alternative stands alone, so each is an address by itself. Where a pattern asks for two things
at once or one after the other, for anything but equality, or for a number of times, an entry
would cover more than the pattern does: it is refused.

>>> alternatives(r"[url:value = 'http://bad.example/it\'s' OR domain-name:value IN ('bad.example')]")
[('url', "http://bad.example/it's"), ('domain-name', 'bad.example')]
>>> alternatives("[url:value = 'http://bad.example/' AND file:size = 5]")
'and'
>>> alternatives("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']")
[]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<path>[a-z][a-z0-9-]*:[\w-]+(?:\.(?:[\w-]+|'[^']*')|\[(?:\d+|\*)\])*)
    | (?P<value>[thb]'[^']*'|[+-]?\d[\d.]*|true\b|false\b)
    | (?P<sign>!=|<=|>=|[\[\]()=<>,])
    | (?P<word>[A-Z]+\b)
    )""",
    re.VERBOSE | re.DOTALL,
)
_REFUSED = {
    "AND": "and",
    "FOLLOWEDBY": "followed by",
    "NOT": "comparison",
    "LIKE": "comparison",
    "MATCHES": "comparison",
    "ISSUBSET": "comparison",
    "ISSUPERSET": "comparison",
    "EXISTS": "comparison",
    "WITHIN": "qualifier",
    "REPEATS": "qualifier",
    "START": "qualifier",
} | dict.fromkeys(("!=", "<", ">", "<=", ">="), "comparison")
# A pattern of alternatives, each token one letter: P path, V literal. `()` and `[]` only group.
_TERM = r"P(?:=V|I\(V(?:,V)*\))"
_ALTERNATIVES = re.compile(rf"{_TERM}(?:O{_TERM})*")
_PLACES = {"url:value", "domain-name:value", "ipv4-addr:value", "ipv6-addr:value"}
_LETTERS = {"text": "V", "value": "V", "path": "P"}


def alternatives(pattern: str) -> list[tuple[str, str]] | str:
    """The kinds and values of web addresses in a pattern, or the reason (a word or two) against it.

    In: a STIX pattern of any length. Out: pairs such as `("url", "http://…")`; an empty list for a
    pattern of other things. Linear in the length of the pattern, never raises.
    """
    tokens = list(_tokens(pattern))
    for kind, text in tokens:
        if kind in {"word", "sign"} and text in _REFUSED:
            return _REFUSED[text]
    if not _well_formed(tokens):
        return "not a pattern"
    return list(_found(tokens))


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    place, end = 0, len(pattern.rstrip())
    while place < end:
        token = _TOKEN.match(pattern, place)
        if token is None or token.lastgroup is None:
            yield "error", ""
            return
        yield token.lastgroup, token[token.lastgroup]
        place = token.end()


def _well_formed(tokens: list[tuple[str, str]]) -> bool:
    """Whether tokens are comparisons joined by OR, in brackets that close in order."""
    shape, groups = list[str](), list[str]()
    opens = ""
    observed = False  # inside of [ ], where comparisons stand and no other [
    for kind, text in tokens:
        letter = _LETTERS.get(kind) or {"OR": "O", "IN": "I"}.get(text, text if kind == "sign" else "?")
        if letter in "([":
            opens = "set" if letter == "(" and shape[-1:] == ["I"] else letter
            if opens == "[" and observed:
                return False
            observed = observed or opens == "["
            groups.append(opens)
        elif letter in ")]":
            opens = groups.pop() if groups else ""
            if opens + letter not in {"()", "[]", "set)"}:
                return False
            observed = observed and letter != "]"
        elif letter == "P" and not observed:
            return False
        if letter not in "[]()" or opens == "set":
            shape.append(letter)
    return not groups and _ALTERNATIVES.fullmatch("".join(shape)) is not None


def _found(tokens: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    place = ""
    for kind, text in tokens:
        if kind == "path":
            place = text
        elif kind == "text" and place in _PLACES:
            yield place.partition(":")[0], re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
