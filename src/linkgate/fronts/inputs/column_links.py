r"""Links and texts in fields that nobody named, by columns: as `field_links` finds them, record by record.

>>> import pyarrow as pa
>>> from linkgate.fronts.inputs.chunks import Paths
>>> table = pa.table({"text": ["http://a.example", "b"], "avatar": ["http://bad.example/", "see c.com x"]})
>>> for (values, owners), in elsewhere_in(table, Paths(text=("text",))):
...     values.to_pylist(), owners.tolist()
(['http://bad.example/'], [0])
([None, 'see c.com x'], [0, 1])
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
from linkgate.fronts.inputs.field_links import CONTEXT, MARKUP, SCHEME, hidden, parts_of
from linkgate.fronts.inputs.messages import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.arrow_columns import Owned, Owners, Table
    from linkgate.fronts.inputs.chunks import Path, Paths

    Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

_URL = r"^[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[!#-;=?-~]+$"
"""A field that is a URL, in printable ASCII; whether another one is, Python says."""
_OTHER = rf"{SCHEME}|<"
"""What a field has that is more than a text."""


def elsewhere_in(table: Table, paths: Paths) -> tuple[list[Owned], list[Owned]]:
    """The links and the texts of all columns that `paths` does not name, in the order of their paths."""
    covered = {paths.text, *paths.more, *paths.links}
    every = sorted(path for field in table.schema for path in _text_paths(field.type, (field.name,)))
    links: list[Owned] = []
    texts: list[Owned] = []
    for path in every:
        if path not in covered:
            found, text = _parts_of(*values_at(table, path))
            links.append(found)
            texts.append(text)
    return links, texts


def _parts_of(values: pa.Array, owners: Owners) -> tuple[Owned, Owned]:
    if not stands_in(bytes_of(values), _OTHER):
        return (values[:0], owners[:0]), (values, owners)
    whole = _mask(pc.match_substring_regex(values, _URL))
    more = _mask(pc.match_substring_regex(values, _OTHER)) & ~whole
    plain = pc.if_else(pa.array(whole | more), None, values)
    if not more.any():
        return (values.filter(pa.array(whole)), owners[whole]), (plain, owners)
    parts = [parts_of(value) for value in values.filter(pa.array(more)).to_pylist()]
    links = [list(links) for links, _ in parts]
    both = pc.replace_with_mask(plain, pa.array(more), strings([text for _, text in parts]))
    hidden = strings(list(chain.from_iterable(links))), np.repeat(owners[more], [len(each) for each in links])
    found = pa.concat_arrays([values.filter(pa.array(whole)), hidden[0]])
    return (found, np.concatenate([owners[whole], hidden[1]])), (both, owners)


def hidden_in(texts: pa.Array) -> Owned:
    """The links that texts hide in markup, and which texts."""
    owners = np.arange(len(texts))
    if not stands_in(bytes_of(texts), MARKUP):
        return texts[:0], owners[:0]
    linked = _mask(pc.match_substring_regex(texts, MARKUP))
    several = [tuple(hidden(text)) for text in texts.filter(pa.array(linked)).to_pylist()]
    return strings(list(chain.from_iterable(several))), np.repeat(owners[linked], [len(each) for each in several])


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
