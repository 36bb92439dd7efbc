r"""Links in fields that nobody named, found by columns: as `field_links` finds them, record by record.

>>> import pyarrow as pa
>>> from linkgate.fronts.inputs.chunks import Paths
>>> table = pa.table({"text": ["http://a.example", "b"], "avatar": ["http://bad.example/", "see c.com x"]})
>>> [(values.to_pylist(), owners.tolist()) for values, owners in elsewhere_in(table, Paths(text=("text",)))]
[(['http://bad.example/', 'c.com'], [0, 1])]
>>> values, owners = hidden_in(pa.array(["a", "<a href='http://bad.example/'>b</a> http://c.example"]))
>>> values.to_pylist(), owners.tolist()
([], [])
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from linkgate.fronts.inputs.arrow_columns import is_list_type, values_at
from linkgate.fronts.inputs.field_links import CLIPPED, CONTEXT, MARKUP, SCHEME, SPACE, hidden, links_of
from linkgate.fronts.inputs.messages import strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linkgate.fronts.inputs.arrow_columns import Owned, Owners, Table
    from linkgate.fronts.inputs.chunks import Path, Paths

    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

_DOTTED = r"[^\s]\.[^\s]|[dD][oO][tT]"
"""What a text has that LINKISH matches, and more; in RE2, to which a letter is one of ASCII."""
_URL = r"^[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[!#-;=?-~]+$"
"""A field that is a URL, in printable ASCII; whether another one is, Python says."""


def elsewhere_in(table: Table, paths: Paths) -> list[Owned]:
    """The links of all columns that `paths` does not name, in the order of their paths."""
    covered = {paths.text, *paths.more, *paths.links}
    every = sorted(path for field in table.schema for path in _text_paths(field.type, (field.name,)))
    return [_links_in(*values_at(table, path)) for path in every if path not in covered]


def _links_in(values: pa.Array, owners: Owners) -> Owned:
    content = bytes_of(values)
    prose = stands_in(content, SPACE) and stands_in(content, _DOTTED)
    if not prose and not stands_in(content, SCHEME):
        return values[:0], owners[:0]
    linked = _mask(pc.match_substring(values, SCHEME))
    if prose:
        spaced = pc.and_(pc.match_substring_regex(values, SPACE), pc.match_substring_regex(values, _DOTTED))
        linked |= _mask(spaced)
    found, owned = values.filter(pa.array(linked)), owners[linked]
    whole = pc.and_(pc.match_substring_regex(found, _URL), pc.less_equal(pc.binary_length(found), CLIPPED))
    return (found, owned) if pc.all(whole).as_py() else _each(found, owned, links_of)


def hidden_in(texts: pa.Array) -> Owned:
    """The links that texts hide in markup, and which texts."""
    owners = np.arange(len(texts))
    if not stands_in(bytes_of(texts), MARKUP):
        return texts[:0], owners[:0]
    linked = _mask(pc.match_substring_regex(texts, MARKUP))
    return _each(texts.filter(pa.array(linked)), owners[linked], hidden)


def _each(values: pa.Array, owners: Owners, links: Callable[[str], Iterable[str]]) -> Owned:
    """The links of each value."""
    several = [tuple(links(value)) for value in values.to_pylist()]
    return strings(list(chain.from_iterable(several))), np.repeat(owners, [len(each) for each in several])


def _mask(found: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(found, fill_value=False))


def _text_paths(kind: pa.DataType, path: Path) -> Iterator[Path]:
    if is_list_type(kind):
        yield from _text_paths(kind.value_type, path)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _text_paths(field.type, (*path, field.name))
    elif pa.types.is_string(kind) and CONTEXT not in path:
        yield path


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
