"""Every disguise is seen by every layer: in a message, in a hidden link, at any place of a column, by the self-test."""

from __future__ import annotations

import pytest

import linkgate
from linkgate.core.text.refang import DOT_WORDS
from linkgate.fronts.batches import messages_of

ENGINE = linkgate.compile_lines(["http://bad.example/page"]).engine
ORDINARY = "lots of ordinary words before it, {} and ordinary words behind it"
BRACKETS = ("[{}]", "({})", "{{{}}}", " [{} ] ")
FLAT = "an ordinary message that has no link in it"
PLACES = range(5)


@pytest.mark.parametrize("word", DOT_WORDS)
@pytest.mark.parametrize("form", BRACKETS)
def test_dot_words(word: str, form: str) -> None:
    link = f"bad{form.format(word)}example/page"
    text = ORDINARY.format(link)
    assert ENGINE.check(text).flagged
    assert ENGINE.check("", links=[link]).flagged
    for place in PLACES:
        column = [FLAT] * len(PLACES)
        column[place] = text
        found = linkgate.scan_batch(messages_of(column), ENGINE)
        assert set(found.column("place").to_pylist()) == {place + 1}
