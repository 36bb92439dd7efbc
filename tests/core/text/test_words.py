from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.text.words import WORD, word_around


@given(st.text("ab \n\t\x1f\u3000", max_size=20))
def test_the_word_around_a_place_is_the_one_that_holds_it(text: str) -> None:
    for word in WORD.finditer(text):
        assert {word_around(text, place) for place in range(word.start(), word.end() + 1)} == {word.span()}
