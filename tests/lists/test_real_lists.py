"""Every list of the shared data through its reader: the counts, and one feed's formats against each other."""

from __future__ import annotations

from collections import Counter

import pytest
from list_rows import shared

from linkgate.core.index.entry import Scope
from linkgate.lists.compile import _items, _settings
from linkgate.lists.formats import FORMATS, ListItem, sniff
from linkgate.lists.list_compiler import ListCompiler
from linkgate.lists.source import Source

SETTINGS = _settings(secret=b"x", today=None)


def compiled(name: str, *, default_scope: str | None = None) -> tuple[ListCompiler, set[tuple[Scope, str]]]:
    source = Source(name=name.rpartition("/")[2], data=shared(name), default_scope=default_scope)
    compiler = ListCompiler(source, SETTINGS)
    return compiler, {(entry.scope, str(entry.url)) for entry in compiler.entries(_items(source))}


COUNTS = {
    "lists/reddit_tech_6k.txt": ("plain", 6_009, 2, 16, 0),
    "lists/tweetfeed_month.csv.gz": ("tweetfeed", 11_068, 8, 8, 684),
    "lists/urlhaus_online_6k.ubo.txt": ("adblock", 6_363, 0, 0, 0),
    "lists/urlhaus_25k.adguard-home.txt": ("adblock", 25_765, 0, 3, 0),
    "lists/urlhaus_25k.domains.txt": ("plain", 25_765, 0, 3, 0),
    "lists/urlhaus_2k.hosts.txt": ("hosts", 2_686, 0, 3, 0),
    "lists/polkadot_55k.json": ("polkadot", 54_042, 0, 13, 1),
    "guard/shorteners_1490.txt": ("plain", 1_171, 0, 308, 0),
    "guard/misp_cloudflare-top20k.json": ("misp-warninglist", 19_994, 1, 0, 0),
    "guard/misp_dynamic-dns.json": ("misp-warninglist", 35_090, 0, 377, 0),
    "guard/misp_link-in-bio.json": ("misp-warninglist", 91, 0, 0, 0),
    "guard/misp_second-level-tlds.json": ("misp-warninglist", 8_783, 2, 1_446, 0),
    "guard/misp_tlds.json": ("misp-warninglist", 0, 1, 1_437, 0),
    "guard/misp_url-shortener.json": ("misp-warninglist", 255, 0, 0, 0),
}
"""Format, entries, rejected, quarantined, skipped; with another copy of the public suffix list a few may move."""


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name: str) -> None:
    told = compiled(name)[0].counts()
    kind, *counts = COUNTS[name]
    assert sniff(shared(name), name) == kind
    assert [told.rejected, told.skipped] == [counts[1], counts[3]]
    assert [told.entries, told.quarantined] == pytest.approx([counts[0], counts[2]], abs=30)


def items(name: str) -> list[ListItem]:
    data = shared(name)
    return [item for item in FORMATS[sniff(data, name)](data) if isinstance(item, ListItem)]


def test_one_feed_in_its_formats_gives_the_same_entries() -> None:
    guard, plain = compiled("lists/urlhaus_25k.adguard-home.txt")[1], compiled("lists/urlhaus_25k.domains.txt")[1]
    hosts, online = compiled("lists/urlhaus_2k.hosts.txt")[1], compiled("lists/urlhaus_online_6k.ubo.txt")[1]
    assert {url for _, url in guard} == {url for _, url in plain}
    assert hosts < plain
    assert hosts == {
        (scope, url) for scope, url in plain if not url.removeprefix("http://")[:-1].replace(".", "").isdigit()
    }
    assert {entry for entry in online if entry[0] is Scope.HOST} < plain


def test_one_feed_in_its_formats_differs_only_by_the_scope_that_a_format_says() -> None:
    guard = compiled("lists/urlhaus_25k.adguard-home.txt")[1]
    assert guard == compiled("lists/urlhaus_25k.domains.txt", default_scope="domain")[1]


def test_ubo_pages_stay_pages() -> None:
    found = items("lists/urlhaus_online_6k.ubo.txt")
    assert Counter(item.scope for item in found) == {"page": 3_509, None: 2_853, "domain": 1}


def test_polkadot_allows_lift_nothing_that_is_listed_below_them() -> None:
    compiler, _ = compiled("lists/polkadot_55k.json")
    assert compiler.seen.allowed == 28
    assert compiler.skipped == {"polkadot: allowed pattern": 1}
