r"""UTF-16, which spreadsheets and Windows' tools write, as UTF-8; everything else as it is.

>>> import io
>>> [recoded(ByteSource(io.BytesIO(each))).read(99) for each in ("id;text".encode("utf-16"), b"id")]
[b'id;text', b'id']
"""

from __future__ import annotations

import codecs
import io
from typing import Any

from linkgate.fronts.inputs.streams import ByteSource

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STEP = 1 << 16


def recoded(source: ByteSource) -> ByteSource:
    """The same text, in UTF-8 without a mark where it was UTF-16 with one."""
    head = source.peek(4)
    return _Recoded(source) if head.startswith(_MARKS) and head != codecs.BOM_UTF32_LE else source


class _Recoded(ByteSource):
    """A source whose bytes are those of another, recoded."""

    packing: str | None

    def __init__(self, source: ByteSource) -> None:
        super().__init__(_Raw(source), unpack=False)
        self._source = source
        self.packing = "utf-16"  # its bytes are not those of the file

    @property
    def offset(self) -> int:
        return self._source.offset


class _Raw(io.RawIOBase):
    def __init__(self, source: ByteSource) -> None:
        super().__init__()
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        ended = False
        while not self._left and not ended:
            content = self._source.read(_STEP)
            ended = not content
            self._left = self._decoder.decode(content, final=ended).encode("utf-8")
        count = min(len(self._left), len(buffer))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
