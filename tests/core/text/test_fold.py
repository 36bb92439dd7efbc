from __future__ import annotations

import sys
import unicodedata
from urllib.parse import unquote, unquote_to_bytes

import pytest
from core_rows import Row, label, rows
from hypothesis import given
from hypothesis import strategies as st
from idna import IDNAError, uts46_remap

from linkgate.core.text.fold import decode_dropping, decode_escapes, decode_once, fold

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


@given(
    st.text(st.sampled_from("%%%%2345CcEe9aAé\ud800\t x"), max_size=40), st.sampled_from(["replace", "surrogateescape"])
)
def test_escapes_are_decoded_once_as_the_standard_library_has_it(text: str, errors: str) -> None:
    assert decode_once(text, errors=errors) == unquote(text, errors=errors)


@given(st.text(st.sampled_from("%%%%%23456CcEe9aA\t x"), max_size=60))
def test_nested_escapes_are_decoded_to_the_end(text: str) -> None:
    octets = text.encode()
    while (once := unquote_to_bytes(octets)) != octets:
        octets = once
    assert decode_escapes(text) == octets.decode(errors="replace")


@pytest.mark.parametrize("levels", [3, 4, 5, 9, 200])
def test_any_number_of_levels_is_decoded(levels: int) -> None:
    assert decode_escapes("%" + "25" * levels + "41") == "A"
    assert decode_dropping("%" + "25" * levels + "%0941") == "A"
