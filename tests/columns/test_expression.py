from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.columns.expression import cues_of, expressions_of
from linkgate.core.disguises import DISGUISES
from linkgate.core.prefilter.cues import PATTERNS
from linkgate.core.prefilter.hosts import ListedHosts
from linkgate.core.text.fold import fold_characters
from linkgate.core.text.patterns import Pattern  # noqa: TC001  # hypothesis reads it

HOSTS = ListedHosts.of(["bad.example", "192.0.2.7", "localhost", "t.me"])
CUES = re.compile(cues_of(HOSTS)).search
ASCII, FOLDED = (re.compile("|".join(expressions_of(HOSTS, folded=folded))).search for folded in (False, True))


@pytest.mark.parametrize("example", [example for row in DISGUISES if row.hides_host for example in row.examples])
def test_every_disguise_that_hides_a_host_is_found(example: str) -> None:
    assert FOLDED(fold_characters(example))
    assert not example.isascii() or (ASCII(example.lower()) and CUES(example.lower()))


@pytest.mark.parametrize("text", ["http://0xc0000207/", "http://localhost/", "tg:resolve?domain=x", "b%61d", "a\x01b"])
def test_what_else_may_lead_to_a_host(text: str) -> None:
    assert ASCII(text)
    assert CUES(text)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(st.data())
def test_no_text_matches_without_a_cue(pattern: Pattern, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern.expression.lower(), re.ASCII | re.DOTALL)))
    assert not text.isascii() or text != text.lower() or not ASCII(text) or CUES(text)


@pytest.mark.parametrize("text", ["hello. you?", "see http://bad.example/page", "at 12:30, 10.04", "a - b", "x/y"])
def test_ordinary_text_is_not_found(text: str) -> None:
    assert not ASCII(text)


def test_what_is_not_counted_finds_as_much() -> None:
    counted = re.compile("|".join(each.expression for each in PATTERNS).lower(), re.DOTALL).search
    texts = [
        f"{a}{b}{c}" for a in ("h", "bad", "&", "<b") for b in ("", "**", "amp", " ....", "x" * 30) for c in "p;>/"
    ]
    assert all(ASCII(text) for text in texts if counted(text))
    assert any(map(counted, texts))


def test_small_letters_change_no_expression() -> None:
    assert not any(re.search(r"\\[A-Z]", part) for each in PATTERNS for part in (each.expression, each.folded))
