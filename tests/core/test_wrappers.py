"""Each row of the table of wrappers: its examples are found, hidden and in text, fast and plain, and only as nested."""

from __future__ import annotations

import pytest
from core_rows import engine

from linkgate.core.links.nested import inner_links
from linkgate.core.url.canonical import canonicalize
from linkgate.core.wrappers import WRAPPERS
from test_linear import assert_flat

EXAMPLES = [pytest.param(*example, id=f"{row.name} {example[1][:60]}") for row in WRAPPERS for example in row.examples]


@pytest.mark.parametrize(("listed", "link"), EXAMPLES)
def test_examples_are_found(listed: str, link: str) -> None:
    judged = engine(listed)
    for text, links in (("", (link,)), (f"see {link} there", ()), (link, ())):
        verdict = judged.check(text, links=links)
        assert verdict.matches == judged._matcher.message(text, links), "fast is not plain"
        assert any(match.kind.value != "loose" or "nested" in match.steps for match in verdict.matches), (text, links)


@pytest.mark.parametrize(("listed", "link"), EXAMPLES)
def test_another_page_is_not_found(listed: str, link: str) -> None:
    other = (
        listed.replace("bad.example", "wicked.example")
        .replace("expyuzz", "expyuza")
        .replace("bafybeig", "bafybeih")
        .replace("192.0.2.7", "192.0.2.8")
    )
    judged = engine(other)
    assert not judged.check(f"see {link} there", links=(link,)).matches


@pytest.mark.parametrize("row", WRAPPERS, ids=lambda row: row.name)
def test_each_row_has_examples_of_its_own(row: object) -> None:
    assert row.examples  # type: ignore[attr-defined]


def test_where_the_host_alone_is_named_no_page_is_met() -> None:
    judged = engine("http://bad.example/", "http://bad.example/page")
    assert not judged.check("https://protect-us.mimecast.com/s/0wSd?domain=bad.example").flagged
    assert canonicalize("http://bad.example/%00") is not None


UNITS = (
    *("/v3/__", "/v2/___", "//x.inky.com/", "//inky.com/x?", "/v2/url?u=&", "//archive/a/b/c/2020/", "aHR0cDov"),
    *("h0dHA6", "68747470733a", "%2F", "%25", "/ipfs/", "http:", "http://a;", "S.browser_fallback_url=;"),
    *("//discordapp.net/external/", "?url=ssl:", "?q=cache:", "ipfs:", "%68%74%74%70"),
)


@pytest.mark.parametrize("unit", UNITS)
def test_the_time_is_linear(unit: str) -> None:
    assert_flat(
        lambda size: "https://a/" + unit * (size // len(unit)), lambda link: list(inner_links(link)), (4_000, 32_000)
    )
