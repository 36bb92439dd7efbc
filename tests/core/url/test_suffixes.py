from __future__ import annotations

import pytest

from linkgate.core.url.suffixes import Rules
from linkgate.lists.packaged_rules import packaged_rules

# Shapes of the public suffix list's own test file: (host, registrable by ICANN rules, by all rules).
CASES = [
    ("com", None, None),
    ("bad.com", "bad.com", "bad.com"),
    ("a.b.bad.com", "bad.com", "bad.com"),
    ("bad.co.uk", "bad.co.uk", "bad.co.uk"),
    ("co.uk", None, None),
    ("a.bad.co.uk", "bad.co.uk", "bad.co.uk"),
    ("c.kobe.jp", None, None),
    ("b.c.kobe.jp", "b.c.kobe.jp", "b.c.kobe.jp"),
    ("city.kobe.jp", "city.kobe.jp", "city.kobe.jp"),
    ("www.city.kobe.jp", "city.kobe.jp", "city.kobe.jp"),
    ("test.ck", None, None),
    ("b.test.ck", "b.test.ck", "b.test.ck"),
    ("www.ck", "www.ck", "www.ck"),
    ("www.www.ck", "www.ck", "www.ck"),
    ("github.io", "github.io", None),
    ("me.github.io", "github.io", "me.github.io"),
    ("a.me.github.io", "github.io", "me.github.io"),
    ("xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
    ("xn--55qx5d.cn", None, None),
    ("a.bad.example", "bad.example", "bad.example"),
    ("example", None, None),
    ("192.0.2.7", None, None),
    ("[2001:db8::1]", None, None),
]


@pytest.mark.parametrize(("host", "icann", "every"), CASES)
def test_registrable(host: str, icann: str | None, every: str | None) -> None:
    rules = packaged_rules()
    assert (rules.registrable(host, private=False), rules.registrable(host)) == (icann, every)


def test_a_host_of_many_labels_is_read_from_its_end() -> None:
    assert packaged_rules().registrable("a." * 100 + "bad.co.uk") == "bad.co.uk"


def test_known_tlds_are_a_labels() -> None:
    rules = packaged_rules()
    assert all(map(rules.known_tld, ("com", "uk", "ck", "xn--p1ai", "xn--fiqs8s")))
    assert not any(map(rules.known_tld, ("example", "test", "co.uk", "рф", "io2", "")))
    assert rules.tlds >= {"com", "xn--p1ai"}


def test_rules_are_equal_by_their_strings() -> None:
    assert Rules(suffixes=("com",)) == Rules(suffixes=("com",)) != Rules(suffixes=("net",))


def test_packaged_tables_are_well_formed() -> None:
    rules = packaged_rules()
    assert len(rules.suffixes) > 6000
    assert len(rules.private) > 2000
    for rule in rules.tracking:
        assert rule == rule.lower()
        assert " " not in rule
        assert rule.count(":") <= 1
    for rule in rules.redirectors:
        host, slash, _ = rule.partition("/")
        assert slash, rule
        assert "." in host, rule
        assert "*" not in host, rule
        assert rule.partition("?")[0].count("*") == 0, rule
