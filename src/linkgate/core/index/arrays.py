r"""tables: flat arrays as bytes, the least significant byte first on every machine.

>>> from array import array
>>> from_little("I", little(array("I", [1, 2]))), little(array("I", [1]))
(array('I', [1, 2]), b'\x01\x00\x00\x00')
"""

from __future__ import annotations

import sys
from array import array


def little(table: array[int]) -> bytes:
    """The bytes of an array."""
    if sys.byteorder != "little":
        table = array(table.typecode, table)
        table.byteswap()
    return table.tobytes()


def from_little(code: str, data: bytes | memoryview) -> array[int]:
    """The array of a type code (`I`: 4 bytes, `Q`: 8 bytes) that `little` wrote; ValueError for odd lengths."""
    table = array(code)
    table.frombytes(data)
    if sys.byteorder != "little":
        table.byteswap()
    return table


def from_big(data: bytes) -> array[int]:
    r"""The array of numbers of 8 bytes each, the most significant one first.

    >>> from_big(b"\0\0\0\0\0\0\1\2")
    array('Q', [258])
    """
    table = array("Q", data)
    if sys.byteorder == "little":
        table.byteswap()
    return table
