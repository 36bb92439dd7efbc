r"""Links in fields that nobody named, found by columns: as `field_links` finds them, record by record.

Where all that the records hold is in columns, a field that is one URL is a link at once; a record with URLs in
other places, or with links that markup hides, is one to be read by itself.

>>> import pyarrow as pa
>>> from linkgate.fronts.inputs.chunks import Paths
>>> table = pa.table({"text": ["http://a.example", "<a href='b'>"], "avatar": ["http://bad.example/", "see x://y"]})
>>> found, unsure = elsewhere_in(table, Paths(text=("text",)))
>>> [(values.to_pylist(), owners.tolist()) for values, owners in found], unsure.tolist()
([(['http://bad.example/'], [0])], [False, True])
>>> hide_links(table.column("text").combine_chunks()).tolist()
[False, True]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from linkgate.fronts.inputs.arrow_columns import is_list_type, values_at
from linkgate.fronts.inputs.field_links import CLIPPED, CONTEXT, MARKUP, SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.arrow_columns import Owned, Table
    from linkgate.fronts.inputs.chunks import Path, Paths

    Content = np.ndarray[tuple[int], np.dtype[np.uint8]]
    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
    Rows = np.ndarray[tuple[int], np.dtype[np.bool_]]

_URL = r"^[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[!#-;=?-~]+$"
"""A field that is a URL, in printable ASCII; whether another one is, Python says."""


def elsewhere_in(table: Table, paths: Paths) -> tuple[list[Owned], Rows]:
    """The links of all columns that `paths` does not name, by their paths, and the rows to be read by themselves."""
    unsure = np.zeros(table.num_rows, bool)
    links: list[Owned] = []
    covered = {paths.text, *paths.more, *paths.links}
    for path in sorted(path for field in table.schema for path in _text_paths(field.type, (field.name,))):
        if path in covered:
            continue
        values, owners = values_at(table, path)
        if not stands_in(bytes_of(values), SCHEME):
            continue
        there = _mask(pc.match_substring(values, SCHEME))
        whole = there & _mask(pc.match_substring_regex(values, _URL))
        whole &= _mask(pc.less_equal(pc.binary_length(values), CLIPPED))
        unsure[owners[there & ~whole]] = True
        links.append((values.filter(pa.array(whole)), owners[whole]))
    return links, unsure


def _mask(found: pa.Array) -> Rows:
    return np.asarray(pc.fill_null(found, fill_value=False))


def _text_paths(kind: pa.DataType, path: Path) -> Iterator[Path]:
    if is_list_type(kind):
        yield from _text_paths(kind.value_type, path)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _text_paths(field.type, (*path, field.name))
    elif pa.types.is_string(kind) and CONTEXT not in path:
        yield path


def hide_links(texts: pa.Array) -> Rows:
    """Which texts may hide a link in markup."""
    if not stands_in(bytes_of(texts), MARKUP):
        return np.zeros(len(texts), bool)
    return np.asarray(pc.match_substring_regex(texts, MARKUP))


def bytes_of(texts: pa.Array) -> pa.Buffer:
    """All texts of a column, one behind the other."""
    _, offsets, content = texts.buffers()
    if content is None or not len(texts):
        return pa.py_buffer(b"")
    first, last = np.frombuffer(offsets, np.int32)[[texts.offset, texts.offset + len(texts)]]
    return content.slice(int(first), int(last - first))


def stands_in(content: pa.Buffer, pattern: str) -> bool:
    """Whether an expression matches anywhere: RE2 looks through megabytes in less than a millisecond."""
    offsets = pa.array([0, content.size], pa.int32()).buffers()[1]
    whole = pa.Array.from_buffers(pa.binary(), 1, [None, offsets, content])
    return bool(pc.match_substring_regex(whole, pattern)[0].as_py())


def holds_more(block: bytes, batch: pa.RecordBatch) -> Rows:
    """Which records, one a line of a block, hold a URL that is in no column of their messages, or a link in markup.

    What columns know is less than what the block holds where URLs are counted: for records of which only some
    fields were read.
    """
    whole = pa.py_buffer(block)
    if stands_in(whole, _CODED):
        return np.ones(batch.num_rows, bool)
    unsure = hide_links(batch.column("text"))
    if not stands_in(whole, _SPELLED):
        return unsure
    links = batch.column("links")
    known = _count(batch.column("text")).to_numpy(zero_copy_only=False)
    owners = np.asarray(pc.list_parent_indices(links))
    known = known + np.bincount(owners, _count(pc.list_flatten(links)).to_numpy(), batch.num_rows)
    content = np.frombuffer(block, np.uint8)
    starts = np.concatenate([_found(content, spelled) for spelled in _SCHEMES if spelled in block])
    if len(starts) == known.sum():
        return unsure
    ends = np.flatnonzero(content == ord("\n"))
    there = np.bincount(np.searchsorted(ends, starts), minlength=len(ends))[: batch.num_rows]
    return np.asarray(unsure | (there > known), bool)


_SCHEMES = (SCHEME.encode(), b":\\/\\/")
_SPELLED = r"://|:\\/\\/"
_CODED = r":\\//|:/\\/|\\u00(?:2[fF]|3[aA])"
"""How programs spell the end of a scheme in JSON, and how none does: with one slash escaped, or by numbers."""


def _found(content: Content, wanted: bytes) -> Numbers:
    """Where some bytes stand."""
    starts = np.flatnonzero(content[: len(content) - len(wanted)] == wanted[0])
    for at, byte in enumerate(wanted[1:], 1):
        starts = starts[content[starts + at] == byte]
    return starts


def _count(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.count_substring(texts, SCHEME), 0)
