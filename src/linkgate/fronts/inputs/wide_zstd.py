r"""Zstandard with a window above the 128 MiB that Arrow allows, as Pushshift packs its archives: up to 2 GiB.

So much memory is taken only where a file asks for it.

>>> window_of(b"\x28\xb5\x2f\xfd\x00\xa8") >> 20, window_of(b"\x28\xb5\x2f\xfd\x00\x58") >> 10
(2048, 2048)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import io

USUAL = 1 << 27
HEADER = 18
"""Bytes of the longest frame header (RFC 8878 §3.1.1.1)."""
_MOST = 1 << 31
_STEP = 1 << 10
"""Packed bytes taken at a time: a block of 3 bytes may give 128 KiB."""
_MAGIC = b"\x28\xb5\x2f\xfd"
_SINGLE = 0x20


def window_of(head: bytes) -> int:
    """The window that a frame asks for, 0 where there is no frame or its size is its window."""
    if not head.startswith(_MAGIC) or len(head) < len(_MAGIC) + 2 or head[4] & _SINGLE:
        return 0
    base = 1 << (10 + (head[5] >> 3))
    return base + (base >> 3) * (head[5] & 7)


class WideZstd:
    """A stream of frames, unpacked; EOFError where it breaks off, OSError where it is damaged."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw = raw
        self._zstd: Any = import_module("zstandard")
        self._frame: Any = None
        self._packed = b""
        self._left = b""

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none only at the end."""
        while not self._left:
            self._packed = self._packed or self._raw.read(_STEP)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError
                return b""
            self._left = self._unpacked()
        part, self._left = self._left[:size], self._left[size:]
        return part

    def _unpacked(self) -> bytes:
        if self._frame is None:
            self._frame = self._zstd.ZstdDecompressor(max_window_size=_MOST).decompressobj()
        try:
            found: bytes = self._frame.decompress(self._packed)
        except self._zstd.ZstdError:
            raise OSError("damaged") from None
        self._packed = self._frame.unused_data if self._frame.eof else b""
        self._frame = None if self._frame.eof else self._frame
        return found
