from __future__ import annotations

import unicodedata

import pytest
from core_rows import Row, label, rows
from hypothesis import given
from hypothesis import strategies as st
from idna import IDNAError, uts46_remap

from linkgate.core.url import host
from linkgate.core.url.canonical import canonicalize

ROWS = rows("host")


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_rows(row: Row) -> None:
    result = getattr(host, row["function"])(row["input"])
    assert (list(result) if isinstance(result, tuple) else result) == row["expect"]


def mapped_or_none(text: str) -> str | None:
    try:
        return uts46_remap(text, std3_rules=False)
    except IDNAError:
        return None


def by_characters(text: str) -> str | None:
    try:
        return unicodedata.normalize("NFC", text.translate(host._MAPPED))
    except IDNAError:
        return None


@given(st.text(max_size=6))
def test_a_host_is_mapped_as_its_characters_are(text: str) -> None:
    assert by_characters(text) == mapped_or_none(text)


@pytest.mark.parametrize("plane", range(0, 0x30000, 0x8000), ids=hex)
def test_every_character_is_mapped_as_in_a_host(plane: int) -> None:
    characters = (chr(point) for point in range(plane, plane + 0x8000) if not 0xD800 <= point < 0xE000)
    assert not [char for char in characters if by_characters(f"a{char}") != mapped_or_none(f"a{char}")]


@pytest.mark.parametrize("part", [" 7", "7 ", "+7", "-7", "0_7", "7_0", "0x+7", "0x 7", "0x_7", "\x0b7"])
def test_what_only_python_takes_for_a_number_is_no_part_of_an_address(part: str) -> None:
    assert host.ipv4_number(f"192.0.2.{part}") is None
    assert canonicalize(f"http://[2001:db8::192.0.2.{part}]/x") is None


def test_no_number_is_no_part_of_an_address() -> None:
    assert host.ipv4_number("192..2.7") is None
