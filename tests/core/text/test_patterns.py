from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linkgate.core.text.fold import fold_characters
from linkgate.core.text.patterns import (
    Pattern,
    compiled,
    cues,
    either,
    many,
    maybe,
    one,
    opaque,
    quoted,
    seq,
    text,
    words,
)

LEAVES = st.one_of(
    st.text("abÄ .[/", min_size=1, max_size=3).map(text),
    st.lists(st.text("dotПx", min_size=1, max_size=3), min_size=1, max_size=3).map(lambda several: words(*several)),
    st.text("]) :", min_size=1, max_size=3).map(one),
    st.just(opaque("[0-9]")),
)


def grown(parts: st.SearchStrategy[Pattern]) -> st.SearchStrategy[Pattern]:
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda some: seq(*some)),
        several.map(lambda some: either(*some)),
        parts.map(maybe),
        parts.map(lambda part: many(part, 1, 3)),
    )


PATTERNS = st.recursive(LEAVES, grown, max_leaves=6)


@given(st.data(), PATTERNS)
def test_every_match_holds_a_cue_and_is_no_longer_than_the_width(data: st.DataObject, pattern: Pattern) -> None:
    match = data.draw(st.from_regex(compiled(pattern), fullmatch=True))
    assert len(match) <= pattern.width
    assert pattern.finite is None or match.lower() in {each.lower() for each in pattern.finite}
    try:
        found = cues(pattern)
    except ValueError:
        return
    assert any(cue in fold_characters(match) for cue in found)


@given(st.data(), PATTERNS)
def test_the_first_cue_begins_within_the_lead(data: st.DataObject, pattern: Pattern) -> None:
    match = data.draw(st.from_regex(compiled(pattern), fullmatch=True)).lower()
    assume(pattern.literals is not None or pattern.finite is not None)
    try:
        places = [match.find(cue) for cue in cues(pattern, folded=False) if cue in match]
    except ValueError:
        return
    assert not places or min(places) <= pattern.lead


@given(st.data(), PATTERNS)
def test_the_folded_pattern_matches_the_folded_text(data: st.DataObject, pattern: Pattern) -> None:
    match = data.draw(st.from_regex(compiled(pattern), fullmatch=True))
    assert compiled(pattern, folded=True).search(fold_characters(match))


@given(st.text(max_size=5))
def test_a_quoted_text_matches_itself(literal: str) -> None:
    assert compiled(text(literal)).fullmatch(literal) if literal else quoted(literal) == ""


def test_the_rarest_run_is_taken() -> None:
    assert cues(seq(opaque("[a-z]"), text("."), opaque("[a-z]"), text("[dot]"))) == {"[dot]"}


def test_a_cue_that_holds_another_is_left_out() -> None:
    assert cues(seq(text(":/"), maybe(text("/")))) == {":/"}


@pytest.mark.parametrize("pattern", [opaque("[a-z]"), maybe(text("a")), either(text("a"), opaque("[0-9]"))])
def test_a_pattern_without_literals_has_no_cues(pattern: Pattern) -> None:
    with pytest.raises(ValueError, match="nothing is known"):
        cues(pattern)
