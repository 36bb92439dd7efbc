from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.text.words import WORD, word_around

RUNS = st.sampled_from(("a", " ", "\n", "\t", "\x1f", "\u3000", "b" * 127, "c" * 128, "d" * 300))


@given(st.text("ab \n\t\x1f\u3000", max_size=20) | st.lists(RUNS, max_size=5).map("".join))
def test_the_word_around_a_place_is_the_one_that_holds_it(text: str) -> None:
    for word in WORD.finditer(text):
        assert {word_around(text, place) for place in range(word.start(), word.end() + 1)} == {word.span()}
