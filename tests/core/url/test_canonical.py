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


_TLDS = frozenset({"test", "xn--p1ai"})


def _is_spared(text: str) -> bool:
    """Whether a bare host is not parsed that would be a link."""
    url = canonicalize(f"http://{text}")
    return url is not None and url.host.rpartition(".")[2] in _TLDS and not _may_be_name(text, _TLDS)


@pytest.mark.parametrize("plane", range(0, 0x30000, 0x8000), ids=hex)
def test_a_bare_host_that_is_a_name_is_never_taken_for_none(plane: int) -> None:
    for point in range(plane, plane + 0x8000):
        between = chr(point).replace("@", "")  # a host is what stands behind user information
        assert not _is_spared(f"bad{between}test"), hex(point)
        assert not _is_spared(f"bad{between}.test"), hex(point)


@given(
    st.text(st.sampled_from("%25eE3.0aAfF:[]|<9xｏ。\u00ad\ud800"), max_size=12),
    st.sampled_from(["", ".", "%2e", ".xn--p1ai", ":80"]),
)
def test_no_name_is_spared_whatever_is_escaped_in_it(start: str, end: str) -> None:
    assert not _is_spared(f"{start}.test{end}")
    assert not _is_spared(f"{start}.%74est{end}")
