"""Each short cut gives what the long way gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from core_rows import engine
from hypothesis import given
from hypothesis import strategies as st

from linkgate.core import tokens
from linkgate.core.canonical import canonicalize, read
from linkgate.core.fold import decode_escapes, fold

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.core.canonical import CanonicalUrl

LABEL = st.text("abcxyz0189-_", min_size=1, max_size=6)
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
TAIL = st.text("ab/.~-_,;:@=&+!$*()'?#%|\\ 2eE[]", max_size=20)
PLAINISH = st.builds("{}{}{}".format, st.sampled_from(["", "http://", "https://", "HTTP://"]), HOST, TAIL)


@given(PLAINISH)
def test_canonical_form_of_plain_links(link: str) -> None:
    quick, parsed = canonicalize(link), read(link)
    assert quick == parsed
    assert quick is None or parsed is None or quick.fragment == parsed.fragment


def test_canonical_form_of_real_links(shared: Path) -> None:
    lines = (shared / "data" / "lists" / "reddit_tech_6k.txt").read_text("utf-8").splitlines()
    assert [canonicalize(line) for line in lines] == [read(line) for line in lines]


@given(PLAINISH)
def test_readings_of_plain_tokens(token: str) -> None:
    """What a plain token's one reading finds is what all readings find, as surely."""
    listed = engine("http://abc.xyz/ab", "*.a1.xyz", "http://abc.xyz/b/*")
    tlds = {"xyz", "abc"}
    index = listed._judge.index
    quick = [piece.target for piece in tokens.pieces(token, tlds)]
    natural = [piece.target for piece in tokens._readings(token, tlds) if not piece.steps]

    def met(targets: list[CanonicalUrl | None]) -> set[str]:
        return {meeting.entry.id for target in targets if target is not None for meeting in index.meet(target)}

    assert met(natural) <= met(quick)


@pytest.mark.parametrize("text", ["%41%42", "%2541", "%25%34%31", "100%", "%%34%31", "é%C3%A9", "%e2%82%ac%ZZ"])
def test_one_pass_of_decoding_is_all_where_nothing_is_uncovered(text: str) -> None:
    assert decode_escapes(decode_escapes(text)) == decode_escapes(text)
    assert fold(fold(text)) == fold(text)
