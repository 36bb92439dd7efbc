from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.links.find import Link, find_links, hidden_links

TLDS = {"example", "test", "xn--p1ai"}


@pytest.mark.parametrize("row", rows("links"), ids=label)
def test_rows(row: Row) -> None:
    links = find_links(row["text"], tlds=TLDS)
    found = [link.text for link in links]
    assert set(row["found"]) <= set(found)
    assert not set(row.get("absent", [])) & set(found)
    assert row["found"] or not found
    assert all(row["text"][link.start : link.end] == link.text for link in links)
    if "first" in row:
        assert found[0] == row["first"]


def test_hidden_link_is_taken_whole() -> None:
    (word,) = hidden_links("http://bad.example/page).", 0)
    (link,) = word.links
    assert (link.start, link.end, link.url) == (None, None, "http://bad.example/page).")


def test_link_does_not_tell_itself() -> None:
    assert repr(Link(1, 9, "http://bad.example/", "http://bad.example/")) == "Link(1, 9)"
