from __future__ import annotations

import sys
from itertools import chain

import pytest

from linkgate.core.text.fold import fold_characters
from linkgate.core.text.readable import plain_character, plain_text


def test_folding_is_coarser_for_every_code_point() -> None:
    """All planes that hold characters; of the empty ones, and of private use, every 256th."""
    assigned = chain(range(0x80, 0x34000), range(0xE0000, 0xF0000))
    for code_point in chain(assigned, range(0x34000, sys.maxunicode + 1, 0x100)):
        char = chr(code_point)
        assert fold_characters(plain_character(char)) == fold_characters(char), ascii(char)


@pytest.mark.parametrize(("text", "plain"), [("ｂad。x", "bad.x"), ("b\u200bad", "bad"), ("e\u0301", "e"), ("é", "é")])
def test_rows(text: str, plain: str) -> None:
    assert plain_text(text) == plain
