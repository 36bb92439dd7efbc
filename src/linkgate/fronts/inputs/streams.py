r"""Bytes in: a file or a pipe, unpacked as its first bytes say, with a count of what came from disk.

What stands before a break is read; the break itself is raised afterwards as `BrokenInput`.

>>> import bz2, gzip, io
>>> ByteSource(io.BytesIO(gzip.compress(b"one") + gzip.compress(b" two"))).read(99)
b'one two'
>>> broken = ByteSource(io.BytesIO(bz2.compress(b"one")[:-4]))
>>> broken.read(2), broken.read(99)  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
linkgate.fronts.inputs.broken_input.BrokenInput: the .bz2 breaks off in the middle; what stood before was read; ...
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from linkgate.extras import installing
from linkgate.fronts.inputs import wide_zstd
from linkgate.fronts.inputs.broken_input import BrokenInput, os_reason

if TYPE_CHECKING:
    from typing import BinaryIO

_STEP = 1 << 13
"""Unpacked bytes asked for at a time: what may be lost before a break, and no slower than more."""
_BUFFER = 1 << 18
_MOST = 64 << 20
_MAGIC = {
    b"\x1f\x8b": "gz",
    b"BZh": "bz2",
    b"\x28\xb5\x2f\xfd": "zst",
    b"\x50\x2a\x4d\x18": "zst",  # a skippable frame, which is how pzstd begins
    b"\xfd7zXZ\x00": "xz",
}
_CODECS = {"gz": "gzip", "bz2": "bz2", "zst": "zstd"}


class Counted(io.RawIOBase):
    """A binary stream that counts what was read of it; it can be sought where the stream can."""

    def __init__(self, raw: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._raw: Any = raw
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read up to so many bytes; an unbuffered pipe may give fewer."""
        count: int = self._raw.readinto(buffer) or 0
        self.count += count
        return count


class ByteSource:
    """The unpacked bytes of one file. `offset` counts the packed ones; `packing` is gz, bz2, zst, xz or None."""

    def __init__(self, raw: BinaryIO | io.RawIOBase, *, unpack: bool = True) -> None:
        self._raw = Counted(raw)
        self._head = _exactly(self._raw, 8) if unpack else b""
        self.packing = next((name for magic, name in _MAGIC.items() if self._head.startswith(magic)), None)
        self._broken: str | None = None
        self._taken = 0
        self._stream: Any = None
        if self.packing:
            self._stream = _unpacked(io.BufferedReader(_Joined(self._head, self._raw), _BUFFER), self.packing)
            self._head = b""

    @property
    def offset(self) -> int:
        """Bytes read so far, as they lie on disk."""
        return self._raw.count

    @property
    def taken(self) -> int:
        """Bytes handed out so far, as they were unpacked."""
        return self._taken

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end, without taking them."""
        if len(self._head) < size:
            try:
                self._head = self.read(size)
                self._taken -= len(self._head)
            except BrokenInput:
                self._head = b""
        return self._head[:size]

    def read(self, size: int) -> bytes:
        """Take the next `size` bytes, fewer only at the end, so that a pipe gives the same blocks as a file."""
        if len(self._head) >= size:
            content, self._head = self._head[:size], self._head[size:]
            self._taken += size
            return content
        if size > _MOST:  # a damaged length may ask for anything
            part = self.read(_MOST)
            return part + self.read(size - _MOST) if len(part) == _MOST else part
        buffer = bytearray(size)
        del buffer[self.readinto(buffer) :]
        return bytes(buffer)

    def readinto(self, buffer: bytearray) -> int:
        """Fill a buffer as `read` does; gives how much of it is filled, less than all only at the end."""
        with memoryview(buffer) as view:
            filled = min(len(self._head), len(view))
            view[:filled] = self._head[:filled]
            self._head = self._head[filled:]
            while filled < len(view) and self._broken is None:
                count = self._some(view, filled)
                if not count:
                    break
                filled += count
        if not filled and self._broken and buffer:
            raise BrokenInput(self._broken)
        self._taken += filled
        return filled

    def _some(self, view: memoryview, filled: int) -> int:
        try:
            if self._stream is None:
                return self._raw.readinto(view[filled:])
            # In steps, to keep what stood before a break.
            part = self._stream.read(min(len(view) - filled, _STEP))
        except BrokenInput as error:  # of a source below
            self._broken = str(error)
            return 0
        except (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, pa.ArrowInvalid) as error:
            self._broken = self._sentence(error)
            return 0
        view[filled : filled + len(part)] = part
        return len(part)

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, zlib.error | zipfile.BadZipFile):
            return "its .zip is damaged; what stood before was read; copy it again"
        if self.packing is None or (isinstance(error, OSError) and error.errno is not None):
            return os_reason(error)
        breaks = isinstance(error, EOFError) or "runcated" in str(error)
        what = "breaks off in the middle" if breaks else "is damaged"
        return f"the .{self.packing} {what}; what stood before was read; copy it again"


class _Joined(io.RawIOBase):
    """Bytes that were read ahead, then the stream that they came from."""

    def __init__(self, head: bytes, raw: Counted) -> None:
        super().__init__()
        self._head = head
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._head:
            return self._raw.readinto(buffer)
        count = min(len(self._head), len(buffer))
        buffer[:count] = self._head[:count]
        self._head = self._head[count:]
        return count


class _Eager:
    """Gives what an unpacker has at once, so that a break does not take what stood before it."""

    def __init__(self, stream: lzma.LZMAFile) -> None:
        self.read = stream.read1


def _exactly(raw: Counted, size: int) -> bytes:
    content = b""
    while len(content) < size and (part := raw.read(size - len(content))):
        content += part
    return content


def _unpacked(raw: io.BufferedReader, packing: str) -> Any:
    if packing == "xz":
        return _Eager(lzma.LZMAFile(raw))
    if packing == "zst" and wide_zstd.window_of(raw.peek(wide_zstd.HEADER)) > wide_zstd.USUAL:
        try:
            return wide_zstd.WideZstd(raw)
        except ModuleNotFoundError:
            raise BrokenInput(f"a .zst with a window above 128 MiB; run: {installing('archive')}") from None
    return pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), _CODECS[packing])
