r"""Plain text: a line is a message, a blank line none.

>>> batch, bad = decode(b"one\r\n\ntwo", 1)
>>> batch.column("place").to_pylist(), batch.column("text").to_pylist()
([1, 3], ['one', 'two'])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from linkgate.columns.schema import MESSAGES
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage, decoded

if TYPE_CHECKING:
    from linkgate.fronts.inputs.chunks import Plan


def decode(block: bytes, first: int, _plan: Plan | None = None) -> Decoded:
    """Read whole lines, the first of which is line `first` of its file."""
    content = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(content == ord("\n")) + 1
    ends = ends if len(ends) and ends[-1] == len(block) else np.append(ends, len(block))
    offsets = pa.array(np.concatenate(([0], ends)), pa.int32()).buffers()[1]
    try:
        lines = pa.Array.from_buffers(pa.binary(), len(ends), [None, offsets, pa.py_buffer(block)]).cast(pa.string())
    except pa.ArrowInvalid:
        return plain(block, first)
    texts = pc.ascii_rtrim(lines, "\r\n")
    blank = pc.equal(pc.ascii_trim_whitespace(texts), "")
    columns = [
        pa.array(np.arange(first, first + len(ends))),
        *(pa.nulls(len(ends), MESSAGES.field(n).type) for n in (1, 2)),
    ]
    columns += [texts, *(pa.nulls(len(ends), MESSAGES.field(name).type) for name in ("links", "account", "beside"))]
    return pa.RecordBatch.from_arrays(columns, schema=MESSAGES).filter(pc.invert(blank)), []


def plain(block: bytes, first: int) -> Decoded:
    """Read line by line: for bytes that are no UTF-8."""
    build = Builder()
    for place, line in enumerate(block.split(b"\n"), first):
        if line.strip():
            text, valid = decoded(line.rstrip(b"\r"))
            build.add(place, ParsedMessage(text), valid=valid)
    return build.finish()
