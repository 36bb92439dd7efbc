from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_rows import rows

from linkgate.core.index.entry import Entry
from linkgate.lists.address import to_entry
from linkgate.lists.formats import ListItem


def read(address: str, **more: Any) -> Entry | str:
    return to_entry(ListItem(line=3, address=address, **more), list_name="demo")


@pytest.mark.parametrize("row", rows("addresses"), ids=lambda row: f"{row['address']}-{row.get('wanted')}")
def test_rows(row: dict[str, Any]) -> None:
    found = read(row["address"], scope=row.get("wanted"))
    if "reason" in row:
        assert found == row["reason"]
    else:
        assert not isinstance(found, str), found
        assert (found.scope.value, str(found.url)) == (row["scope"], row["url"])


def test_entry_keeps_a_fragment_and_drops_an_empty_one() -> None:
    kept, dropped = read("http://bad.example/#!/album/1"), read("http://bad.example/x#")
    assert isinstance(kept, Entry)
    assert isinstance(dropped, Entry)
    assert (kept.fragment, dropped.fragment) == ("!/album/1", None)


def test_id_is_the_publishers_own_or_list_and_line() -> None:
    own, ours = read("http://bad.example/x", id="INC-7"), read("http://bad.example/x")
    assert isinstance(own, Entry)
    assert isinstance(ours, Entry)
    assert (own.id, ours.id) == ("INC-7", "demo:3")


@pytest.mark.parametrize("leak", ["http://bad.example/x", "bad.example", "BAD.example-7", "bad[.]example"])
def test_id_and_category_that_name_the_address_are_not_taken(leak: str) -> None:
    entry = read("http://bad.example/x", id=leak, category=leak)
    assert isinstance(entry, Entry)
    assert (entry.id, entry.category) == ("demo:3", None)


PIECES = st.sampled_from(
    [
        *(
            "http://",
            "hxxp",
            "://",
            "bad",
            ".",
            "[.]",
            "example",
            "/",
            "*",
            "*.",
            ".*",
            "?",
            "#",
            "&amp;",
            '"',
        ),
        *(
            "\\_",
            "…",
            "...",
            " ",
            " dot ",
            "@",
            ":",
            ":80",
            "[",
            "]",
            "\u200b",
            "ü",
            "\ud800",
            "%",
            "%2F",
            "\x00",
        ),
    ]
)


@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.sampled_from([None, "host", "prefix", "domain", "brand", "page"]),
)
def test_an_address_of_any_shape_is_an_entry_or_a_reason(address: str, scope: str | None) -> None:
    found = read(address, scope=scope)
    assert found if isinstance(found, str) else found.url.host


WIDTH = {"page": 0, "prefix": 1, "host": 2, "domain": 3, "brand": 4}


@given(st.lists(PIECES, max_size=10).map("".join))
def test_a_scope_is_never_wider_than_its_spelling(address: str) -> None:
    found = read(address)
    if isinstance(found, str):
        return
    most = 4 if address.rstrip(' "').endswith(".*") else 3 if "*" in address else 2
    assert WIDTH[found.scope.value] <= most
