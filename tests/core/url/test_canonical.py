from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.url.canonical import canonicalize


@pytest.mark.parametrize("row", rows("canonical"), ids=label)
def test_rows(row: Row) -> None:
    url = canonicalize(row["input"])
    assert (None if url is None else str(url)) == row["expect"]
    assert (None if url is None else url.fragment) == row.get("fragment")


def test_fragment_takes_no_part_in_equality() -> None:
    assert canonicalize("http://bad.example/#a") == canonicalize("http://bad.example/#b")


@pytest.mark.parametrize(
    "link", ["", " ", "http://", "\ud800", "http://\ud800/", "http://[", "//", ":", "http:", "#", "?"]
)
def test_nothing_to_open(link: str) -> None:
    assert canonicalize(link) is None
