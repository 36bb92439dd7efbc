from __future__ import annotations

import pytest
from core_rows import Row, label, rows
from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.links.tokenizer import _may_be_name
from linkgate.core.url.canonical import _ESCAPE, _decode_unreserved, canonicalize, settle_escapes


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


@given(st.text(st.sampled_from("%%%%%234567aAcCeEfF/~z."), max_size=20))
def test_escapes_are_settled_as_if_each_was_looked_at(text: str) -> None:
    once = _ESCAPE.sub(_decode_unreserved, text)
    uncovers = _ESCAPE.sub(_decode_unreserved, once) != once
    assert settle_escapes(text) == (_ESCAPE.sub(lambda each: each[0].upper(), text) if uncovers else once)


@pytest.mark.parametrize("plane", range(0, 0x30000, 0x8000), ids=hex)
def test_a_bare_host_that_is_a_name_is_never_taken_for_none(plane: int) -> None:
    for text in (f"bad{chr(point)}test" for point in range(plane, plane + 0x8000)):
        url = canonicalize(f"http://{text}")
        assert url is None or "." not in url.host or _may_be_name(text), ascii(text)
