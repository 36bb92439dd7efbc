"""Merkle tree over the lines of a file (as RFC 6962 builds it): its root, in memory of the tree's height.

>>> tree = MerkleTree()
>>> for line in (b"one", b"two", b"three"):
...     tree.add(leaf(line))
>>> tree.size, tree.root().hex()[:16]
(3, '72e3261c23d148b2')
"""

from __future__ import annotations

from hashlib import sha256

LEAF_BYTES = 16
"""Bytes of a leaf that are kept; nodes are whole."""


def leaf(line: bytes) -> bytes:
    """The hash of one line, without its end."""
    return sha256(b"\0" + line).digest()[:LEAF_BYTES]


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class MerkleTree:
    """Takes leaves in order."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []  # roots of whole subtrees, the largest first

    def add(self, hashed: bytes) -> None:
        """Take the next leaf."""
        self.size += 1
        number = self.size
        while not number & 1:
            hashed = _node(self._whole.pop(), hashed)
            number >>= 1
        self._whole.append(hashed)

    def root(self) -> bytes:
        """The root of what was taken; of nothing the hash of nothing."""
        if not self._whole:
            return sha256().digest()
        found = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            found = _node(left, found)
        return found
