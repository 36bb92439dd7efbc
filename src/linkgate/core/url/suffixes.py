"""Rules: what linkgate must know of the world besides the lists, handed in as plain strings.

The public suffix list decides where a registrable domain begins, the tracking rules name
parameters that never select content, the redirectors name links that carry another link inside,
the shorteners are hosts whose links say nothing of where they lead. All of it is data, so that all of it can
travel in a snapshot (law 7). This file holds the algorithm of the public suffix list (https://github.com/publicsuffix/list/wiki/Format).

>>> rules = Rules(suffixes=("com", "uk", "co.uk", "*.ck", "!www.ck"), private=("github.io",))
>>> rules.public_suffix("a.b.co.uk"), rules.registrable("a.b.co.uk")
('co.uk', 'b.co.uk')
>>> rules.registrable("www.ck"), rules.registrable("a.other.ck"), rules.registrable("co.uk")
('www.ck', 'a.other.ck', None)
>>> rules.registrable("me.github.io"), rules.registrable("me.github.io", private=False)
('me.github.io', 'github.io')
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from linkgate.core.url.host import is_address
from linkgate.core.url.shorteners import ShortenerTable

if TYPE_CHECKING:
    from collections.abc import Sequence


def a_label(name: str) -> str:
    """A host name or suffix rule with every label as an A-label (RFC 5891), lower case.

    Suffix rules are valid U-labels already, so Punycode (RFC 3492) is all that is left to do;
    this is no check and no mapping of what a poster writes.

    >>> a_label("公司.cn"), a_label("*.CK"), a_label("xn--55qx5d.cn")
    ('xn--55qx5d.cn', '*.ck', 'xn--55qx5d.cn')
    """
    if name.isascii():
        return name.lower()
    labels = unicodedata.normalize("NFC", name.lower()).split(".")
    return ".".join(label if label.isascii() else _punycode(label) for label in labels)


@lru_cache(maxsize=4096)
def _punycode(label: str) -> str:
    return "xn--" + label.encode("punycode").decode("ascii")


class _Suffixes:
    """One set of suffix rules, ready for look-up by suffix string."""

    __slots__ = ("depth", "exact", "excepted", "starred")

    def __init__(self, names: Sequence[str]) -> None:
        self.excepted = frozenset(name[1:] for name in names if name.startswith("!"))
        self.starred = frozenset(name[2:] for name in names if name.startswith("*."))
        self.exact = frozenset(name for name in names if name[:1] not in {"!", "*"})
        self.depth = max((name.count(".") + 1 for name in names), default=1)

    def find(self, host: str) -> str:
        """The longest suffix of `host` that a rule names; the last label when none does."""
        labels = host.rsplit(".", self.depth)
        tail = ".".join(labels[-self.depth :])
        while "." in tail:
            parent = tail.partition(".")[2]
            if tail in self.excepted:
                return parent
            if tail in self.exact or parent in self.starred:
                return tail
            tail = parent
        return tail


@lru_cache(maxsize=2)
def _sections(suffixes: tuple[str, ...], private: tuple[str, ...]) -> tuple[_Suffixes, _Suffixes, frozenset[str]]:
    """The rules of the first section, those of both, and the last labels of the first.

    Snapshots that follow each other mostly have the same 10,000 rules.
    """
    names, more = ([a_label(rule.strip().strip(".")) for rule in rules] for rules in (suffixes, private))
    icann = _Suffixes(names)
    tlds = frozenset(name.rpartition(".")[2] for name in icann.exact | icann.starred | icann.excepted)
    return icann, _Suffixes(names + more), tlds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Suffixes, tracking parameters, redirectors and shorteners, as strings; equal when the strings are.

    `suffixes` and `private` are the two sections of the public suffix list, rules as written there
    (`com`, `*.ck`, `!www.ck`, U-label or A-label). `tracking` holds `name`, `prefix*` or
    `host-suffix:name`; `redirectors` holds `host-suffix/path-prefix?param`, the parameter may be `*`;
    `shorteners` are rows as `ShortenerTable` reads them. Hosts are asked for in canonical form: A-labels, lower
    case, no trailing dot.

    >>> Rules(suffixes=("com",)) == Rules(suffixes=("com",))
    True
    """

    suffixes: tuple[str, ...] = field(default=(), repr=False)
    private: tuple[str, ...] = field(default=(), repr=False)
    tracking: tuple[str, ...] = field(default=(), repr=False)
    redirectors: tuple[str, ...] = field(default=(), repr=False)
    shorteners: tuple[str, ...] = field(default=(), repr=False)
    short: ShortenerTable = field(init=False, repr=False, compare=False)
    _icann: _Suffixes = field(init=False, repr=False, compare=False)
    _all: _Suffixes = field(init=False, repr=False, compare=False)
    _tlds: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "short", ShortenerTable.of(self.shorteners))
        icann, both, tlds = _sections(tuple(self.suffixes), tuple(self.private))
        object.__setattr__(self, "_icann", icann)
        object.__setattr__(self, "_all", both)
        object.__setattr__(self, "_tlds", tlds)

    def public_suffix(self, host: str, *, private: bool = True) -> str:
        """The suffix under which strangers register names; `""` for an IP address.

        A host that no rule names has its last label as suffix (the list's default rule `*`).

        >>> rules = Rules(suffixes=("com",), private=("blogspot.com",))
        >>> rules.public_suffix("a.blogspot.com"), rules.public_suffix("a.blogspot.com", private=False)
        ('blogspot.com', 'com')
        >>> rules.public_suffix("a.bad.example"), rules.public_suffix("192.0.2.7")
        ('example', '')
        """
        if is_address(host):
            return ""
        return (self._all if private else self._icann).find(host)

    def registrable(self, host: str, *, private: bool = True) -> str | None:
        """The suffix and one label before it; None for an IP address or a bare suffix.

        >>> Rules(suffixes=("com",)).registrable("a.b.bad.com")
        'bad.com'
        """
        suffix = self.public_suffix(host, private=private)
        if not suffix or len(suffix) >= len(host):
            return None
        return f"{host[: -len(suffix) - 1].rpartition('.')[2]}.{suffix}"

    @property
    def tlds(self) -> frozenset[str]:
        """The last labels of all ICANN rules, as A-labels."""
        return self._tlds

    def known_tld(self, label: str) -> bool:
        """True when the label, in A-label form, ends at least one ICANN rule.

        >>> Rules(suffixes=("com", "co.uk"), private=("x.zz",)).known_tld("uk")
        True
        """
        return label in self._tlds
