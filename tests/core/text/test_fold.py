from __future__ import annotations

import sys
import unicodedata

import pytest
from core_rows import Row, label, rows
from idna import IDNAError, uts46_remap

from linkgate.core.text.fold import decode_escapes, fold

PLANES = range(0, sys.maxunicode + 1, 0x4000)


@pytest.mark.parametrize("row", rows("fold"), ids=label)
def test_rows(row: Row) -> None:
    assert fold(row["input"]) == row["expect"]


@pytest.mark.parametrize("first", [plane for plane in PLANES if plane < 0x34000 or plane >= 0xE0000])
def test_fold_is_coarser_than_uts_46(first: int) -> None:
    """For every code point, what a browser makes of it folds to the same; private planes are left out."""
    for code_point in range(first, min(first + 0x4000, sys.maxunicode + 1)):
        char = chr(code_point)
        if unicodedata.category(char) == "Co":
            continue
        folded = fold(char)
        assert fold(folded) == folded, hex(code_point)
        try:
            mapped = uts46_remap(char, std3_rules=False)
        except IDNAError:
            continue
        assert fold(mapped) == folded, hex(code_point)


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("%41", "A"),
        ("%2541", "A"),
        ("%25%34%31", "A"),
        ("%%34%31", "A"),
        ("100%", "100%"),
        ("%zz", "%zz"),
        ("%C3", "\ufffd"),
    ],
)
def test_decode_escapes(text: str, decoded: str) -> None:
    assert decode_escapes(text) == decoded
