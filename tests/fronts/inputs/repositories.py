"""Bluesky repositories as servers write them: commit, tree and records, in a CAR file of version 1.

libipld writes bytes that are a CID as a link to its block.
"""

import hashlib
from typing import Any

import libipld

DID = "did:plc:abc"


def _cid(block: bytes) -> bytes:
    return bytes([1, 0x71, 0x12, 32]) + hashlib.sha256(block).digest()


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:  # seven bits a byte
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(found) + bytes([number])


def section(block: bytes) -> bytes:
    """A block with its CID and length."""
    whole = _cid(block) + block
    return _varint(len(whole)) + whole


def header() -> bytes:
    """The head of the file, without roots."""
    content: bytes = libipld.encode_dag_cbor({"version": 1, "roots": []})
    return _varint(len(content)) + content


def repository(records: dict[str, Any], *, tree_last: bool = True) -> bytes:
    """All records by their names, `collection/key`; names share what they begin with, as in a real tree."""
    blocks = {name: libipld.encode_dag_cbor(record) for name, record in sorted(records.items())}
    entries, before = [], b""
    for name, block in blocks.items():
        key = name.encode()
        shared = next(at for at in range(len(key) + 1) if key[: at + 1] != before[: at + 1] or at == len(key))
        entries.append({"p": shared, "k": key[shared:], "v": _cid(block), "t": None})
        before = key
    tree = libipld.encode_dag_cbor({"l": None, "e": entries})
    signed = {"did": DID, "rev": "3k", "version": 3, "data": _cid(tree), "prev": None, "sig": b"x"}
    commit = libipld.encode_dag_cbor(signed)
    order = [commit, *blocks.values(), tree] if tree_last else [commit, tree, *blocks.values()]
    return header() + b"".join(map(section, order))
