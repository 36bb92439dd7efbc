from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.disguises import DOT_WORDS
from linkgate.core.text.refang import refang, repair


@pytest.mark.parametrize("row", rows("repair"), ids=label)
def test_rows(row: Row) -> None:
    assert refang(row["input"]) == row["expect"]


@pytest.mark.parametrize("row", rows("repair"), ids=label)
def test_every_character_knows_where_it_stood(row: Row) -> None:
    view = repair(row["input"])
    if view.text == row["input"]:
        return
    spans = [view.span(place, place + 1) for place in range(len(view.text))]
    assert all(first < last for first, last in spans)
    assert spans == sorted(spans)
    for char, (first, last) in zip(view.text, spans, strict=True):
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
