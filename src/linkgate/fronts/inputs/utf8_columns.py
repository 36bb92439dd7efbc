r"""Whether the texts of columns are valid UTF-8, asked of all their bytes at once.

>>> is_utf8_buffer(pa.py_buffer(b"caf\xe9")), is_utf8_buffer(pa.py_buffer("café".encode()))
(False, True)
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def is_utf8(batch: pa.RecordBatch) -> bool:
    """Tell whether the texts of a batch of MESSAGES are valid: a file may say so and lie."""
    found = (batch.column("text"), batch.column("id"), batch.column("links").flatten())
    return all(_is_text_valid(each) for each in found if pa.types.is_string(each.type))


def _is_text_valid(found: pa.Array) -> bool:
    """Look at all the bytes of a column at once, and then whether a text begins inside a character."""
    _, offsets, content = found.buffers()
    if content is None or not len(found):
        return True
    starts = np.frombuffer(offsets, np.int32)[found.offset : found.offset + len(found) + 1]
    first, last = int(starts[0]), int(starts[-1])
    octets = np.frombuffer(content, np.uint8)
    if first == last or octets[first:last].max() < 0x80:  # noqa: PLR2004  # ASCII
        return True
    if not is_utf8_buffer(content.slice(first, last - first)):
        return False
    begin = octets[starts[starts < last]]
    return not ((begin & 0xC0) == 0x80).any()  # noqa: PLR2004  # 10xxxxxx goes on with a character (RFC 3629)


def is_utf8_buffer(content: pa.Buffer) -> bool:
    """Validate bytes the way Arrow does, at ten gigabytes a second."""
    offsets = pa.array([0, content.size], pa.int32()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.binary(), 1, [None, offsets, content]).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True
