"""A signed list: only the very bytes that the publisher signed are taken in."""

from __future__ import annotations

import base64
from hashlib import blake2b
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from desk import GOOD, Desk, page, pages, remote
from loopback import Loopback, answer

from linkgate.errors import ListError, UsageError
from linkgate.lists.signature import KeyFormatError, PublicKey, parse_public_key
from linkgate.lists.status import status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RAW = PRIVATE.public_key().public_bytes_raw()
NUMBER = b"8 bytes."
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def minisigned(data: bytes, *, hashed: bool = True, number: bytes = NUMBER) -> bytes:
    """A signature file as minisign's manual describes it."""
    signature = PRIVATE.sign(blake2b(data).digest() if hashed else data)
    line = base64.b64encode((b"ED" if hashed else b"Ed") + number + signature)
    return b"untrusted comment: a list\n" + line + b"\ntrusted comment: today\n" + base64.b64encode(bytes(64)) + b"\n"


SIGNED = f'signature_url = "https://127.0.0.1/sig"\npublic_key = "{RAW.hex()}"'
MINISIGN_KEY = base64.b64encode(b"Ed" + NUMBER + RAW).decode()


@pytest.mark.parametrize("key", [RAW.hex(), RAW.hex().upper(), base64.b64encode(RAW).decode() + "\n"])
@pytest.mark.parametrize(
    "spell",
    [bytes, lambda raw: raw.hex().encode() + b"\n", base64.b64encode, base64.encodebytes],
    ids=["bare", "hexadecimal", "base64", "base64 in lines"],
)
def test_bare_signatures(key: str, spell: Callable[[bytes], bytes]) -> None:
    parse_public_key(key).check(GOOD, spell(PRIVATE.sign(GOOD)))


@pytest.mark.parametrize("hashed", [True, False])
def test_signatures_of_minisign(hashed: bool) -> None:  # noqa: FBT001  # given by pytest, by name
    key = parse_public_key(MINISIGN_KEY)
    assert MINISIGN_KEY.startswith("RW")
    key.check(GOOD, minisigned(GOOD, hashed=hashed))
    with pytest.raises(ListError, match="not the publisher's"):
        key.check(GOOD + b"http://good.example/\n", minisigned(GOOD, hashed=hashed))


def test_what_one_kind_signed_is_none_of_the_other() -> None:
    with pytest.raises(ListError, match="holds no signature"):
        parse_public_key(MINISIGN_KEY).check(GOOD, PRIVATE.sign(GOOD))
    with pytest.raises(ListError, match="holds no signature"):
        PublicKey(RAW).check(GOOD, minisigned(GOOD))
    with pytest.raises(ListError, match="another key"):
        parse_public_key(MINISIGN_KEY).check(GOOD, minisigned(GOOD, number=b"no such."))


@pytest.mark.parametrize("at", [0, 31, 32, 63])
def test_a_changed_signature_or_another_key(at: int) -> None:
    signature = bytearray(PRIVATE.sign(GOOD))
    signature[at] ^= 1
    for wrong in (bytes(signature), OTHER.sign(GOOD), bytes(64), b"\xff" * 64):
        with pytest.raises(ListError, match="not the publisher's"):
            PublicKey(RAW).check(GOOD, wrong)


@pytest.mark.parametrize("wrong", [b"", b"<html>", b"x" * 63, b"x" * 65, b"untrusted comment: x\n", b"\xff" * 88])
def test_files_that_hold_none(wrong: bytes) -> None:
    for key in (PublicKey(RAW), parse_public_key(MINISIGN_KEY)):
        with pytest.raises(ListError, match="holds no signature"):
            key.check(GOOD, wrong)


@pytest.mark.parametrize("text", ["", "key", "00" * 31, "00" * 33, "é" * 32, base64.b64encode(bytes(42)).decode()])
def test_texts_that_are_no_key(text: str) -> None:
    with pytest.raises(KeyFormatError):
        parse_public_key(text)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('public_key = "00"', "signature_url and public_key, both"),
        ('signature_url = "https://127.0.0.1/sig"', "signature_url and public_key, both"),
        (f'signature_url = "https://127.0.0.1/sig"\npublic_key = "{RAW.hex()[1:]}"', "must be 32 bytes"),
        (f'signature_url = "sig"\npublic_key = "{RAW.hex()}"', "must be a web address"),
        (f'{SIGNED}\n[list.delta]\nurl = "https://127.0.0.1/d"', "no path, delta or taxii"),
    ],
)
def test_settings_that_would_check_nothing(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        _ = Desk(tmp_path, remote("https://127.0.0.1/list", more=more)).config


def test_a_list_that_is_not_what_was_signed_keeps_the_last_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    desk = Desk(tmp_path)
    later = pages(4)
    acts = (GOOD, PRIVATE.sign(GOOD), later, PRIVATE.sign(GOOD), later, b"<html>Log in", later, PRIVATE.sign(later))
    with Loopback(*map(answer, acts)) as server:
        more = f'signature_url = "http://127.0.0.1:{server.port}/sig"\npublic_key = "{RAW.hex()}"'
        desk.configure(remote(server.url.split("?")[0], more=more))
        outcomes = [desk.outcome() for _ in range(4)]
        assert [outcome.state for outcome in outcomes] == ["updated", "kept", "kept", "updated"]
    assert "not the publisher's" in (outcomes[1].reason or "")
    assert desk.holds(page(3))
    assert not desk.holds("http://bad.example/page")
    assert status(desk.config, desk.store).lists[0].error is None
