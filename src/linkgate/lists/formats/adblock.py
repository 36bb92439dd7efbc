r"""Adblock filter lists (Adblock Plus, uBlock Origin, AdGuard): the rules that are addresses.

`||host^` is adblock's own spelling of "this host and its subdomains": scope `domain`.
`||host/path^`, `|http://host/path|` and `http://host/path` become scope `page`, and only `/*` at the
end makes a `prefix`. Adblock would let `||host/path^` match subdomains, and any query, and everything
below the path as well; a page is the narrower reading, and linkgate never widens. A bare host, as
uBlock Origin's lists have it, keeps its plain-list meaning, scope `host`, and so does a hosts line.
An exception (`@@`) that is an address becomes an allow item.

All other rules are no addresses and are skipped with a reason, never read as something wider:
cosmetic rules, regular expressions, patterns, rules whose modifier narrows them in a way that an
entry cannot, rules that a `badfilter` takes back, and rules inside `!#if`.

>>> text = b"! demo\n||bad.example^\n||host.example/a/b^$all\n@@||good.example^\n||h.example^$domain=x.example\n"
>>> [(item.address, item.scope) if isinstance(item, ListItem) else item.reason for item in read(text)]
[('bad.example', 'domain'), ('host.example/a/b', 'page'), ('good.example', 'domain'), 'adblock: modifier']
>>> [item.line for item in read(text) if isinstance(item, ListItem) and item.allow]
[4]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

from linkgate.lists.formats import hosts_file
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

# Modifiers under which the rule still stands for the page itself, opened from anywhere.
_HONOURED = frozenset({"all", "document", "doc", "popup", "important", "third-party", "3p"})
_ELSEWHERE = frozenset({"third-party", "3p"})
# Alone, a rule for third parties is about what a page loads, and leaves the page itself alone.
_OPENED = frozenset({"all", "document", "doc", "popup"})
# An exception for the windows that other pages open is none for the page itself.
_NO_EXCEPTION = frozenset({"popup"})

_MODIFIERS = re.compile(r"\$(~?[\w-]+(?:=[^,]*)?(?:,~?[\w-]+(?:=[^,]*)?)*)$")
_BADFILTER = re.compile(rb"[^\r\n]*[$,]badfilter\b[^\r\n]*")
_COSMETIC = re.compile(r"#[@?$%]{0,3}#|\$\$|\$@\$")
_COMMENT = re.compile(r"!|\[adblock|\[ubo|#(?:\s|$)", re.IGNORECASE)
# Without an anchor a rule is a part of any address; only what looks like a whole host is read as one.
_BARE_HOST = re.compile(r"\w[\w-]*(?:\.[\w-]+)+(?::\d+)?|\[?[\da-f]*:[\da-f:.]*\]?", re.IGNORECASE)
_PATH = re.compile(r"[/?#]")
_REGEX = re.compile(r"/.*/(?:\$[^/]*)?")


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a filter list; `columns` has no meaning here and is ignored."""
    del columns
    taken_back = _taken_back(data)
    conditions = 0
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line
            continue
        number, text = line[0], line[1].strip()
        if text.startswith("!#"):
            conditions = max(0, conditions + text.startswith("!#if") - text.startswith("!#endif"))
        if not text or _COMMENT.match(text):
            continue
        if conditions:
            yield Skipped(number, "adblock: conditional rule")
        else:
            yield from _parse_rule(number, text, taken_back)


def _taken_back(data: bytes) -> frozenset[str]:
    """The rules that others switch off by `badfilter`.

    >>> _taken_back(b"||a.example^$all,badfilter") == {"||a.example^$all"}
    True
    """
    if b"badfilter" not in data:
        return frozenset()
    rules = (match[0].decode("utf-8", "replace").strip() for match in _BADFILTER.finditer(data))
    return frozenset(re.sub(r"(?<=[$,])badfilter,|[$,]badfilter\b", "", rule) for rule in rules)


def _parse_rule(number: int, text: str, taken_back: Collection[str]) -> Iterator[ListItem | RejectedLine]:
    if text in taken_back:
        yield Skipped(number, "adblock: taken back")
        return
    allow = text.startswith("@@")
    rule = text.removeprefix("@@")
    if reason := _not_an_address(rule):
        yield Skipped(number, f"adblock: {reason}")
        return
    if found := _MODIFIERS.search(rule):
        if not _stands(found[1].lower().split(","), allow=allow):
            yield Skipped(number, "adblock: modifier")
            return
        rule = rule[: found.start()]
    if " " in rule or "\t" in rule:
        yield from _hosts_line(number, rule)
    else:
        yield _address(number, rule, allow=allow)


def _stands(modifiers: Collection[str], *, allow: bool = False) -> bool:
    """Whether a rule with these modifiers is one about the page itself, opened from anywhere.

    >>> _stands(["document", "third-party"]), _stands(["third-party"]), _stands(["script"])
    (True, False, False)
    >>> _stands(["popup"]), _stands(["popup"], allow=True)
    (True, False)
    """
    opened = _OPENED - _NO_EXCEPTION if allow else _OPENED
    narrow = _ELSEWHERE | _NO_EXCEPTION if allow else _ELSEWHERE
    return _HONOURED.issuperset(modifiers) and not (opened.isdisjoint(modifiers) and not narrow.isdisjoint(modifiers))


def _hosts_line(number: int, rule: str) -> Iterator[ListItem | RejectedLine]:
    """Lines of hosts files, which uBlock Origin and AdGuard Home take among their rules."""
    for found in hosts_file.parse_line(number, rule):
        if isinstance(found, ListItem):
            yield structs.replace(found, scope="host")
        else:
            yield RejectedLine(number, "adblock: not a rule")


def _not_an_address(rule: str) -> str | None:
    """The reason why a line of this kind is no rule for addresses, or None."""
    if _COSMETIC.search(rule):
        return "cosmetic rule"
    return "regular expression" if _REGEX.fullmatch(rule) else None


def _address(number: int, rule: str, *, allow: bool = False) -> ListItem | RejectedLine:
    """The item of a rule without its modifiers.

    >>> _address(1, "||bad.example/dir/*").scope, _address(1, "|https://bad.example/x|").address
    ('prefix', 'https://bad.example/x')
    >>> _address(1, "-banner-").reason, _address(1, "||ads.*.example^").reason
    ('adblock: not an address', 'adblock: wildcard')
    >>> _address(1, ".banner.js").reason, _address(1, "||bad.").reason
    ('adblock: not an address', 'adblock: the beginning of a host')
    """
    anchored = rule.startswith("||")
    body = rule[2:] if anchored else rule.removeprefix("|")
    body = body.removesuffix("|").removesuffix("*") if body.endswith("^*") else body.removesuffix("|")
    body = body.removesuffix("^")
    stem = body.removesuffix("/*")
    if "*" in stem or "^" in stem or "|" in stem:
        return Skipped(number, "adblock: wildcard")
    with_scheme = body.lower().startswith(("http://", "https://"))
    if anchored and body.endswith(".") and not _PATH.search(body):
        return Skipped(number, "adblock: the beginning of a host")
    if not (anchored or with_scheme or _BARE_HOST.fullmatch(body)):
        return Skipped(number, "adblock: not an address")
    return ListItem(line=number, address=body, scope=_scope(body, stem, anchored=anchored), allow=allow)


def _scope(body: str, stem: str, *, anchored: bool) -> str | None:
    if stem != body:
        return "prefix"
    if anchored and "://" not in body and not _PATH.search(body):
        return "domain"
    return "page" if anchored or "://" in body else None
