"""Encryption at rest: only the whole file, under its own key and purpose, opens."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from linkgate.errors import UsageError
from linkgate.lists.vault import VaultError, WrongKeyError, is_sealed, parse_key, seal, store_key, unseal

if TYPE_CHECKING:
    from pathlib import Path

KEY, OTHER = bytes(range(32)), bytes(32)
CHUNK = 4 * 2**20


def sealed(data: bytes) -> bytes:
    return b"".join(seal(data, KEY, label="raw/1"))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_what_goes_in_comes_out(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert unseal(sealed(data), KEY, label="raw/1") == data


def test_nothing_shows_and_nothing_repeats() -> None:
    data = b"http://bad.example/page\n" * 100
    assert b"bad.example" not in sealed(data)
    assert sealed(data)[32:] != sealed(data)[32:]


def test_another_key_is_told_from_damage() -> None:
    with pytest.raises(WrongKeyError):
        unseal(sealed(b"x"), OTHER, label="raw/1")


@pytest.mark.parametrize("at", [8, 20, 40, -1])
def test_a_changed_byte_is_damage(at: int) -> None:
    data = bytearray(sealed(b"the list" * 10))
    data[at] ^= 1
    with pytest.raises(VaultError):
        unseal(bytes(data), KEY, label="raw/1")


@pytest.mark.parametrize("end", [0, 8, 31, 32, 47, -1, 32 + CHUNK + 16])
def test_a_cut_is_damage_even_between_chunks(end: int) -> None:
    with pytest.raises(VaultError):
        unseal(sealed(bytes(2 * CHUNK))[:end], KEY, label="raw/1")


def test_chunks_cannot_change_places() -> None:
    data = sealed(bytes(CHUNK) + b"\x01" * CHUNK)
    step = CHUNK + 16
    swapped = data[:32] + data[32 + step : 32 + 2 * step] + data[32 : 32 + step]
    with pytest.raises(VaultError):
        unseal(swapped, KEY, label="raw/1")


def test_a_file_cannot_stand_in_for_another() -> None:
    with pytest.raises(VaultError):
        unseal(sealed(b"x"), KEY, label="raw/2")


def test_what_was_never_sealed() -> None:
    assert not is_sealed(b"http://bad.example/")
    with pytest.raises(VaultError, match="not encrypted"):
        unseal(b"http://bad.example/", KEY, label="raw/1")


@pytest.mark.parametrize(
    "text", [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode()]
)
def test_spellings_of_a_key(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text(f" {text}\n")
    monkeypatch.setenv("TEST_KEY", text)
    assert parse_key(text) == store_key(file=tmp_path / "key") == store_key(env="TEST_KEY") == KEY


@pytest.mark.parametrize("text", ["", "s3cret", "00" * 31, "00" * 33, "zz" * 32, base64.b64encode(bytes(33)).decode()])
def test_no_key_is_named_but_not_shown(text: str) -> None:
    with pytest.raises(UsageError, match="32 bytes") as caught:
        parse_key(text)
    assert not text or text not in str(caught.value)


def test_where_the_key_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY", raising=False)
    with pytest.raises(UsageError, match="TEST_KEY is not set"):
        store_key(env="TEST_KEY")
    with pytest.raises(UsageError, match="does not exist"):
        store_key(file=tmp_path / "key")
    assert store_key() is None
