r"""Adblock filter lists (Adblock Plus, uBlock Origin, AdGuard): the rules that are addresses.

`||host^` is adblock's own spelling of "this host and its subdomains": scope `domain`.
`||host/path^`, `|http://host/path|` and `http://host/path` become scope `page`, and only `/*` at the
end makes a `prefix`. Adblock would let `||host/path^` match subdomains, and any query, and everything
below the path as well; a page is the narrower reading, and linkgate never widens. A bare host, as
uBlock Origin's lists have it, keeps its plain-list meaning, scope `host`.

All other rules are no addresses: cosmetic rules, exceptions, regular expressions, patterns with a
wildcard, fragments of addresses, and rules whose modifier narrows them in a way that an entry cannot.
They are rejected with a reason, never read as something wider.

>>> text = b"! demo\n||bad.example^\n||host.example/a/b^$all\nplain.example\n||h.example^$domain=x.example\n"
>>> [(item.address, item.scope) if isinstance(item, Item) else item.reason for item in read(text)]
[('bad.example', 'domain'), ('host.example/a/b', 'page'), ('plain.example', None), 'adblock: modifier']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.lists.formats.item import Item, Rejected
from linkgate.lists.formats.lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Modifiers under which the rule still stands for the page itself, opened from anywhere.
_HONOURED = frozenset({"all", "document", "doc", "popup", "important", "third-party", "3p"})

_MODIFIERS = re.compile(r"\$(~?[\w-]+(?:=[^,]*)?(?:,~?[\w-]+(?:=[^,]*)?)*)$")
_COSMETIC = re.compile(r"#[@?$%]{0,3}#|\$\$|\$@\$")
_COMMENT = re.compile(r"!|\[adblock|\[ubo|#(?:\s|$)", re.IGNORECASE)
_BARE_HOST = re.compile(r"[^\s/?#^|*@]+\.[^\s/?#^|*@.]+")


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | Rejected]:
    """Items of a filter list; `columns` has no meaning here and is ignored."""
    del columns
    for line in text_lines(data):
        if isinstance(line, Rejected):
            yield line
            continue
        number, text = line[0], line[1].strip()
        if not text or _COMMENT.match(text):
            continue
        yield _parse_rule(number, text)


def _parse_rule(number: int, text: str) -> Item | Rejected:
    if reason := _not_an_address(text):
        return Rejected(number, f"adblock: {reason}")
    rule = text
    if found := _MODIFIERS.search(text):
        if not _HONOURED.issuperset(found[1].lower().split(",")):
            return Rejected(number, "adblock: modifier")
        rule = text[: found.start()]
    return _address(number, rule)


def _not_an_address(text: str) -> str | None:
    """The reason why a line of this kind is no rule for addresses, or None."""
    if text.startswith("@@"):
        return "exception"
    if _COSMETIC.search(text):
        return "cosmetic rule"
    if text.startswith("/") and re.search(r"/(?:\$[^/]*)?$", text[1:]):
        return "regular expression"
    return None


def _address(number: int, rule: str) -> Item | Rejected:
    """The item of a rule without its modifiers.

    >>> _address(1, "||bad.example/dir/*").scope, _address(1, "|https://bad.example/x|").address
    ('prefix', 'https://bad.example/x')
    >>> _address(1, "-banner-").reason, _address(1, "||ads.*.example^").reason
    ('adblock: not an address', 'adblock: wildcard')
    """
    body = rule.removeprefix("||") if rule.startswith("||") else rule.removeprefix("|")
    anchored = rule.startswith("||")
    body = body.removesuffix("|").removesuffix("*") if body.endswith("^*") else body.removesuffix("|")
    body = body.removesuffix("^")
    stem = body.removesuffix("/*")
    if "*" in stem or "^" in stem or "|" in stem:
        return Rejected(number, "adblock: wildcard")
    with_scheme = body.lower().startswith(("http://", "https://"))
    if not (anchored or with_scheme or _BARE_HOST.fullmatch(body)):
        return Rejected(number, "adblock: not an address")
    if stem != body:
        return Item(line=number, address=body, scope="prefix")
    if anchored and not with_scheme and not re.search(r"[/?#]", body):
        return Item(line=number, address=body, scope="domain")
    return Item(line=number, address=body, scope="page" if anchored or with_scheme else None)
