from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.prefilter.automaton import CLASSES, ODD, Automaton, alike, backwards
from linkgate.core.prefilter.searched_text import is_plain

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


@given(st.sets(st.text("ab.7]:_", min_size=1, max_size=3), max_size=5), st.text("aB.27])};:_", max_size=12))
def test_nothing_is_lost_by_reading_characters_alike(needles: set[str], text: str) -> None:
    automaton = Automaton((alike(needle), alike(needle)) for needle in needles)
    found = {(len(text) - 1 - end, needle) for end, needle in automaton.hits(backwards(text))}
    lowered = text.lower()
    for needle in needles:
        for at in range(len(text)):
            assert not lowered.startswith(needle, at) or (at, alike(needle)) in found


@given(st.text())
def test_every_character_is_read_by_itself(text: str) -> None:
    assert len(alike(text)) == len(text)
    assert alike(alike(text)) == alike(text) == "".join(map(alike, text))
    assert backwards(text) == alike(text)[::-1]


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_a_text_is_plain_if_none_of_its_characters_is_odd(text: str) -> None:
    assert is_plain(text) == (ODD not in text.encode().translate(CLASSES))
    assert is_plain(text) == (not re.search(r"[%\x00-\x08\x0e-\x1f\x7f]", text))
