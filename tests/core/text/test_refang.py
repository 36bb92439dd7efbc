from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.text.refang import DOT_WORDS, refang, repair


@pytest.mark.parametrize("row", rows("repair"), ids=label)
def test_rows(row: Row) -> None:
    assert refang(row["input"]) == row["expect"]


@pytest.mark.parametrize("row", rows("repair"), ids=label)
def test_every_character_knows_where_it_stood(row: Row) -> None:
    view = repair(row["input"])
    if view.text == row["input"]:
        return
    assert len(view.starts) == len(view.ends) == len(view.text)
    assert all(first < last for first, last in zip(view.starts, view.ends, strict=True))
    assert list(view.starts) == sorted(view.starts)
    for place, char in enumerate(view.text):
        first, last = view.span(place, place + 1)
        written = row["input"][first:last]
        assert char in written or len(written) > 1 or not written.isascii()


@pytest.mark.parametrize("word", DOT_WORDS)
@pytest.mark.parametrize("form", ["bad[{}]example", "bad({})example", "bad [{}] example", "bad{{{}}}example"])
def test_every_word_for_a_dot(word: str, form: str) -> None:
    assert refang(form.format(word)) == "bad.example"
    assert refang(form.format(word.upper())) == "bad.example"


@pytest.mark.parametrize("text", ["", "hello there", "a.b", "http://bad.example/page", "e.g. this", "x (y) z"])
def test_what_is_whole_is_left_alone(text: str) -> None:
    assert repair(text).text == text
