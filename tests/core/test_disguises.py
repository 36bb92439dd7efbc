"""Law 11: one statement of each disguise; whatever is undone is found, and whatever is found holds a cue."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import compute

import linkgate
from catches import page
from linkgate.core import disguises
from linkgate.core.disguises import DISGUISES, DOT_WORDS, NOT_ASCII_CHARACTER
from linkgate.core.engine import _is_changed
from linkgate.core.prefilter.cues import PATTERNS
from linkgate.core.text import refang
from linkgate.core.text.fold import fold_characters
from linkgate.core.text.patterns import compiled, cues
from linkgate.core.text.readable import plain_text
from linkgate.core.text.words import WORD

if TYPE_CHECKING:
    from linkgate.core.text.undoing import Disguise

NAMES = [row.name for row in DISGUISES]
WITH_CUES = [row for row in DISGUISES if row.pattern != NOT_ASCII_CHARACTER]
PIECES = [*"abhpst1. \t[](){}<>:;/\\_-&#x@é．", "http", "hxxp", "ttp", "dot", "точка", "meow", "&#46;", "\\x2e", "://"]
TEXTS = st.lists(st.sampled_from([*PIECES, "bad", "example/page"]), max_size=12).map("".join)
ORDINARY = " ordinary words without any sign of a link" * 8 + " "
MANY = settings(max_examples=3 * settings().max_examples)


cues_once = cache(cues)


@cache
def matches(row: Disguise) -> st.SearchStrategy[str]:
    """Texts that the pattern of a row matches, between others."""
    return st.builds("{}{}{}".format, TEXTS, st.from_regex(compiled(row.pattern), fullmatch=True), TEXTS)


@MANY
@given(TEXTS)
def test_whatever_is_undone_is_found(text: str) -> None:
    for row in DISGUISES:
        if row.edits(text):
            assert compiled(row.pattern).search(text), row.name


@MANY
@given(TEXTS)
def test_cues_spare_no_undoing(text: str) -> None:
    """The loop that looks around cues gives what undoing every row in the whole text gives."""
    view = refang.View(text)
    for row in DISGUISES:
        view = view.without(row)
    assert refang.repair(text) == view


@MANY
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_cues_are_looked_for_again_only_where_something_was_undone(several: list[str]) -> None:
    """In a text so long that what was undone is a small part of it."""
    text = ORDINARY.join(["", *several, ""])
    view = refang.View(text)
    for row in DISGUISES:
        view = view.without(row)
    assert refang.repair(text) == view


@MANY
@given(st.lists(TEXTS, min_size=1, max_size=3), st.sampled_from([" ", ORDINARY]))
def test_no_word_changes_that_is_not_told(several: list[str], between: str) -> None:
    text = between.join(several)
    view = refang.repair(text)
    words = [found.span() for found in WORD.finditer(view.text)]
    assert {word for word in words if _is_changed(text, view, *word)} <= set(view.changed_words()) <= set(words)


@pytest.mark.parametrize("row", WITH_CUES, ids=lambda row: row.name)
@given(st.data())
def test_whatever_is_found_holds_a_cue(row: Disguise, data: st.DataObject) -> None:
    text = plain_text(data.draw(matches(row)))
    if compiled(row.pattern).search(text):
        folded = fold_characters(text)
        assert any(cue in folded for cue in cues_once(row.pattern)), text
        assert compiled(row.pattern, folded=True).search(folded), text


@pytest.mark.parametrize("row", WITH_CUES, ids=lambda row: row.name)
def test_re2_finds_what_python_finds(row: Disguise) -> None:
    texts = [*row.examples, *(example for other in DISGUISES for example in other.examples)]
    found = compute.match_substring_regex(pa.array(texts), f"(?is){row.pattern.expression}").to_pylist()
    assert found == [compiled(row.pattern).search(text) is not None for text in texts]


@pytest.mark.parametrize("row", DISGUISES, ids=lambda row: row.name)
def test_a_text_without_disguises_is_left_alone(row: Disguise) -> None:
    for text in ("", "hello there", "a.b", "see http://bad.example/page, or https://x.test", "e.g. this (or that)"):
        assert not row.edits(text)


@pytest.mark.parametrize("name", NAMES)
def test_no_row_can_be_taken_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it one of its examples is missed or read otherwise, and the documentation, which names it, is stale."""
    row = disguises.named(name)
    without = tuple(other for other in DISGUISES if other is not row)
    matcher = linkgate.compile_lines(["http://bad.example/page"]).engine._matcher
    found = [matcher.message(example) for example in row.examples]
    documented = page()
    monkeypatch.setattr(refang, "DISGUISES", without)  # the automaton is made of all rows
    monkeypatch.setattr("catches.DISGUISES", without)
    assert found != [matcher.message(example) for example in row.examples]
    assert name in documented
    assert page() != documented


@pytest.mark.parametrize("word", DOT_WORDS)
def test_every_word_for_a_dot_is_in_the_documentation(word: str) -> None:
    assert f"`bad[{word}]example/page`" in page()


def test_what_hides_no_host_begins_with_a_character_that_is_looked_for() -> None:
    rows = [row for row in DISGUISES if not row.hides_host]
    assert len(rows) == 2
    for row in rows:
        begins = row.pattern.literals or {"\x80", "\u200b", "\U0010ffff"}
        assert all(disguises.RESPELLED.match(begin) for begin in begins), row.name


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_every_pattern_has_cues_of_its_own() -> None:
    for pattern in PATTERNS:
        found = cues(pattern)
        assert found
        assert all(cue == fold_characters(cue) for cue in found)
        assert not any(re.search(r"\\p|\(\?[=!<]", pattern.expression) for _ in (0,)), "not in the dialect of RE2"
