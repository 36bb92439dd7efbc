from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from core_rows import Row, engine, label, rows

from linkgate.core.url.canonical import canonicalize

if TYPE_CHECKING:
    from linkgate.core.index.index import Index


def index(*listed: str) -> Index:
    return engine(*listed)._matcher.index


@pytest.mark.parametrize("row", rows("index"), ids=label)
def test_rows(row: Row) -> None:
    url = canonicalize(row["link"])
    assert url is not None
    met = {meeting.kind.value: list(meeting.steps) for meeting in index(row["listed"]).meet(url)}
    assert met == ({row["kind"]: row.get("steps", [])} if row["kind"] else {})


def test_entries_come_back_as_they_went_in() -> None:
    listed = (
        "http://bad.example/page?a=1#/x",
        "*.bad.example",
        "bad.example:8080",
        "brand.*",
        "http://bad.example/d/*",
    )
    back = sorted((entry for entry in index(*listed).entries() if entry.list == "demo"), key=lambda entry: entry.id)
    assert [entry.scope.value for entry in back] == ["page", "domain", "host", "brand", "prefix"]
    assert str(back[0].url) == "http://bad.example/page?a=1"
    assert [entry.fragment for entry in back] == ["/x", None, None, None, None]
    assert engine(*listed).size == len(back) == len(listed)


def test_all_entries_of_one_page_are_met() -> None:
    listed = ("http://brandx.example/page", "brandx.example", "*.brandx.example", "brandx.*", "http://brandx.example/*")
    url = canonicalize("http://brandx.example/page")
    assert url is not None
    assert {meeting.entry.id for meeting in index(*listed).meet(url)} == {f"demo:{n}" for n in range(1, 6)}


@pytest.mark.parametrize(
    "shared", ["same=long-parameter&id={0}", "a={0}&same=long-parameter", "x={1}&y={2}", "#/p{0}", "a=1#/x/{0}?b"]
)
def test_a_link_is_compared_with_few_pages_however_many_share_a_parameter(shared: str) -> None:
    pages = [f"http://bad.example/?{shared.format(each, each // 40, each % 40)}" for each in range(1_600)]
    every = index(*pages)
    told: list[int] = []
    url = canonicalize(pages[1_234])
    assert url is not None
    assert len(list(every.meet(url, told.append))) == 1
    assert len(told) <= 1 + 80  # under either parameter, forty pages
