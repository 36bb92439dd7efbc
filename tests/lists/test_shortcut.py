"""The short cuts hold against the plain road: over shapes that tempt them, and over real lists."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_rows import rows, shared

from linkgate.core.index.entry import Scope
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.form import form_of
from linkgate.lists.address import _locate, locate
from linkgate.lists.formats.plain_list import parse_line, read
from linkgate.lists.guard import Guard
from linkgate.lists.packaged_rules import packaged_rules
from linkgate.lists.shortcut import plain

RULES = packaged_rules()
GUARD = Guard(RULES)
TABLES = sorted(GUARD._known | GUARD._doors | set(RULES.private) | set(RULES.suffixes))


def same(one: object, other: object) -> bool:
    """Equal, the fragment too, which takes no part in the equality of URLs."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return one == other and one[1].fragment == other[1].fragment
    return one == other


LABELS = st.text("ab0-_x" + "xn--" + string.ascii_lowercase[:3] + string.digits, min_size=1, max_size=5)
HOSTS = st.one_of(
    st.lists(LABELS, min_size=1, max_size=4).map(".".join),
    st.lists(st.integers(0, 300).map(str), min_size=4, max_size=4).map(".".join),
    st.sampled_from(
        ["xn--bcher-kva.example", "a.0x7f", "a.127", "0x7f.1", "127.1", "01.2.3.4", "bad.example.", "BAD.example"]
    ),
    st.sampled_from(["bücher.example", "a..example", "-a.example", "bad.example:80", "u@bad.example", "[2001:db8::1]"]),
)
TAILS = st.text("/.?=&;%#*~!$()+,:@-_|'\"^{}[]\\ …aA1", max_size=12)
ADDRESSES = st.tuples(st.sampled_from(["", "http://", "https://", "HTTP://", "//", "hxxp://"]), HOSTS, TAILS).map(
    "".join
)


@given(ADDRESSES, st.sampled_from([None, "host", "domain", "page", "prefix", "brand"]), st.sampled_from([None, *Scope]))
def test_an_address_is_located_as_on_the_plain_road(address: str, wanted: str | None, default: Scope | None) -> None:
    assert same(locate(address, wanted, default), _locate(address, wanted, default))


@pytest.mark.parametrize("row", rows("addresses"), ids=lambda row: row["address"])
def test_rows_are_located_as_on_the_plain_road(row: dict[str, str]) -> None:
    assert same(locate(row["address"], row.get("wanted")), _locate(row["address"], row.get("wanted"), None))


@pytest.mark.parametrize(
    ("path", "every"),
    [
        ("lists/urlhaus_1035k.txt.gz", 5),
        ("lists/tweetfeed_409k.txt.gz", 2),
        ("lists/reddit_links_514k.txt.gz", 5),
        ("lists/urlhaus_25k.domains.txt", 1),
    ],
)
def test_real_lists_are_located_as_on_the_plain_road(path: str, every: int) -> None:
    lines = [line for line in shared(path).decode("utf-8", "replace").split("\n")[::every] if plain(line)]
    assert len(lines) > 15_000
    for line in lines:
        assert same(plain(line), _locate(line, None, None))


def slow(scope: Scope, url: CanonicalUrl) -> str | None:
    """The guard without its short cuts."""
    if scope is Scope.HOST:
        return GUARD._suffix(url.host) or GUARD._kind(url.host)
    form = GUARD._loosener.loosest(form_of(url))
    if form.params or url.fragment is not None:
        return None
    if form.path.strip("/"):
        return "shared path" if form.host + form.path in GUARD._doors else None
    kind = GUARD._kind(form.host)
    return kind and f"front page of a {kind}"


@given(st.one_of(st.sampled_from(TABLES), HOSTS), st.sampled_from(["", "www.", "a.", "1."]))
def test_hosts_are_weighed_as_without_short_cuts(host: str, before: str) -> None:
    url = canonicalize(f"http://{before}{host.lstrip('*.!')}/")
    if url is not None:
        bare = CanonicalUrl(url.host, None, "/", None)
        assert GUARD.weigh(Scope.HOST, bare) == slow(Scope.HOST, bare)


PATHS = st.lists(st.sampled_from(["a", "Ab", "..", "%2e", "", "index.html", "s", "joinchat", "x.y", "%61"]), max_size=7)


@given(
    st.one_of(st.sampled_from(TABLES), st.sampled_from(["t.me/a", "x.t.me", "telegram.me", "127.0.0.1"])),
    PATHS.map("/".join),
    st.sampled_from(["", "?utm_source=x", "?a=b", "/"]),
)
def test_pages_are_weighed_as_without_short_cuts(door: str, path: str, query: str) -> None:
    url = canonicalize(f"http://{door.lstrip('*.!')}/{path}{query}")
    if url is not None and url.host.removeprefix("www.") in GUARD._busy:
        assert GUARD.weigh(Scope.PAGE, url) == slow(Scope.PAGE, url)


@given(st.lists(st.text(' \t#!;"\ufeff\x0b\u2028a.b/', max_size=12), max_size=5))
def test_plain_lines_are_read_as_by_the_line(lines: list[str]) -> None:
    lines = ["a.b", *lines]  # so that what a line begins with is no byte order mark
    data = "\n".join(lines).encode()
    wanted = [parse_line(number, line) for number, line in enumerate(lines, 1)]
    assert list(read(data)) == [item for item in wanted if item is not None]
