"""A snapshot file under a key, and a store whose secret is not the one that it was made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("cryptography", reason="the extra `encryption` is not installed")

import linkgate

if TYPE_CHECKING:
    from pathlib import Path

LISTED = "http://bad.example/page"
ENGINE = linkgate.compile_lines([LISTED]).engine
KEY, OTHER = bytes(32), bytes(range(32))


def test_a_snapshot_is_encrypted_where_a_key_is_given(tmp_path: Path) -> None:
    path = tmp_path / "today.snapshot"
    linkgate.save(ENGINE, path, key=KEY)
    data = path.read_bytes()
    assert (b"bad" in data, linkgate.is_snapshot(data), linkgate.is_encrypted(data)) == (False, True, True)
    assert linkgate.load(path, key=KEY).snapshot == ENGINE.snapshot
    with linkgate.Gate.open(path, key=KEY, watch=None) as gate:
        assert gate.check(LISTED).flagged
    for key, words in ((None, "is encrypted, and no key was given"), (OTHER, "the key is another one")):
        with pytest.raises(linkgate.SnapshotError, match=words):
            linkgate.load(path, key=key)
    for end in (20, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:end])
        with pytest.raises(linkgate.SnapshotError):
            linkgate.load(path, key=KEY)
    linkgate.save(ENGINE, path)
    with pytest.raises(linkgate.SnapshotError, match="is not encrypted, and a key was given"):
        linkgate.load(path, key=KEY)


@pytest.mark.parametrize("key", [None, KEY])
def test_a_secret_of_another_byte_is_found(tmp_path: Path, key: bytes | None) -> None:
    store = linkgate.Store.open(tmp_path / "store", create=True, key=key)
    store.publish(ENGINE)
    assert len(store.secret) == 32
    assert linkgate.verify(store) == ()
    secret = store.path / "secret"
    data = bytearray(secret.read_bytes())
    data[-1] ^= 1
    secret.write_bytes(data)
    with pytest.raises(linkgate.StoreError, match="secret"):
        _ = store.secret
    assert [finding.place for finding in linkgate.verify(store)] == ["secret"]
    assert store.load().lookup(LISTED).flagged  # what decides needs no secret
