from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.prefilter.searched_text import SearchedText, is_plain, readings
from linkgate.core.text.fold import fold_characters

PIECES = ["bad", ".example", " ", "\n", "%61", "é", "ｂ", "。", "\x01", "\u200b", "x" * 9, "%0a"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


@given(TEXTS)
def test_a_place_leads_back_to_its_word(text: str) -> None:
    searched = SearchedText.of(text)
    for word in text.split():
        if is_plain(word):
            place, end = searched.origin(searched.folded.index(word.lower()))
            assert word in text[place : len(text) if end < 0 else end]
            assert end < 0 or not is_plain(text[place:end])


@given(TEXTS)
def test_nothing_of_the_folded_text_is_lost(text: str) -> None:
    folded = SearchedText.of(text).folded
    for word in text.split():
        assert fold_characters(word) in folded


@pytest.mark.parametrize(
    ("word", "reading"),
    [("b%61d", "bad"), ("b%250Aad", "bad"), ("ｂad", "bad"), ("=%20%20x", "=x"), ("%７7a", "%77a")],
)
def test_readings_of_a_word(word: str, reading: str) -> None:
    assert reading in readings(word)


def test_a_link_is_one_word() -> None:
    searched = SearchedText.of_link("HTTP://bad.example/a b")
    assert searched.folded == "/http://bad.example/a b"
    assert searched.origin(5) == (0, len(searched.text))
