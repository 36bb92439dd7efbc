from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.prefilter.automaton import Automaton

TEXTS = st.text("ab.c", max_size=12)


@given(st.sets(st.text("ab.c", min_size=1, max_size=3), max_size=5), TEXTS)
def test_hits_are_the_places_of_needles(needles: set[str], text: str) -> None:
    automaton = Automaton((needle, needle) for needle in needles)
    found = {(len(text) - 1 - end, needle) for end, needle in automaton.hits(text[::-1])}
    expected = {(at, needle) for needle in needles for at in range(len(text)) if text.startswith(needle, at)}
    assert found == expected


def test_no_needles_find_nothing() -> None:
    nothing: Automaton[int] = Automaton([])
    assert list(nothing.hits("abc")) == []
