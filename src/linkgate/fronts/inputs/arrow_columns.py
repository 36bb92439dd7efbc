"""Columns as Arrow's readers give them -> a batch of MESSAGES, column by column.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> table = pa.table({"id": [7, 8], "body": ["one", None], "ents": [[{"url": "a"}, {"url": None}], None]})
>>> paths = Paths(text=("body",), id=("id",), links=(("ents", "url"),))
>>> batch = batch_of(table, paths, places=pa.array([1, 2]))
>>> batch.column("text").to_pylist(), batch.column("id").to_pylist(), batch.column("links").to_pylist()
(['one', ''], [7, 8], [['a'], None])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from linkgate.columns.schema import MESSAGES, with_id
from linkgate.fronts.inputs.field_names import NUMBER, OTHER, TEXT, TIME
from linkgate.fronts.inputs.messages import decoded, id_array, lists
from linkgate.fronts.inputs.rows import CELL, cell_links, id_value
from linkgate.fronts.inputs.timestamps import instants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkgate.fronts.inputs.chunks import Path, Paths
    from linkgate.fronts.inputs.guessing import Seen

Table: TypeAlias = pa.Table | pa.RecordBatch
Owners: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
Owned: TypeAlias = tuple[pa.Array, Owners]
"""Texts, and the row that each belongs to."""


def batch_of(  # noqa: PLR0913  # keyword-only
    table: Table,
    paths: Paths,
    *,
    places: pa.Array,
    cells: bool = False,
    more: Sequence[Owned] = (),
    beside: Sequence[Owned] = (),
) -> pa.RecordBatch:
    """Messages of columns of valid text.

    cells: several links stand in a table's cell. more: other links. beside: texts in fields that nobody named.
    """
    ids = _coalesced_ids([_ids(table, path) for path in paths.ids], table.num_rows)
    arrays = [
        places,
        ids,
        _coalesced([_times(table, path) for path in paths.times], table.num_rows, "time"),
        texts_of(table, paths),
        _links(table, [*(links_at(table, path) for path in paths.links), *more], cells=cells),
        _accounts(table, paths.account),
        _joined([_lines(*each, table.num_rows) for each in beside], table.num_rows),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=with_id(MESSAGES, ids.type))


def column(table: Table, path: Path) -> pa.Array:
    """The values at a path through structs, null where a struct is."""
    found = _whole(_first(table, path[0]))
    for key in path[1:]:
        found = _whole(pc.struct_field(found, key))
    return found


def _first(table: Table, name: str) -> pa.Array | pa.ChunkedArray:
    """A column by name; of several with one name the first."""
    return table.column(table.schema.get_all_field_indices(name)[0])


def _whole(found: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()
        # combine_chunks gives a chunked array where one array could not hold it; chunks are far smaller.
    if pa.types.is_dictionary(found.type):
        found = found.dictionary_decode()
    if isinstance(found, pa.ExtensionArray):
        found = found.storage
    if _is_uuid(found.type):
        return pa.array([value and str(UUID(bytes=value)) for value in found.to_pylist()], pa.string())
    if pa.types.is_timestamp(found.type) and found.type.unit == "ns":  # which no time of Python's can hold
        return found.cast(pa.timestamp("us", found.type.tz), safe=False)
    return found


def _text(found: pa.Array) -> pa.Array:
    return found if found.type == pa.string() else found.cast(pa.string())


def texts_of(table: Table, paths: Paths) -> pa.Array:
    """The text, and behind it, a line for each, what else there is."""
    text = pc.fill_null(_text(column(table, paths.text)), "")
    if not paths.more:
        return text
    more = _joined([_lines(*values_at(table, path), table.num_rows) for path in paths.more], table.num_rows)
    text = pc.if_else(pc.or_(pc.is_null(more), pc.not_equal(text, "")), text, None)
    return pc.binary_join_element_wise(text, more, "\n", null_handling="skip")


def _lines(found: pa.Array, owners: Owners, count: int) -> pa.Array:
    """The texts that each row owns, a line for each; null where there is none. The owners ascend."""
    there = np.asarray(pc.fill_null(pc.not_equal(_text(found), ""), fill_value=False))
    if len(found) == count and np.array_equal(owners, np.arange(count)):
        return pc.if_else(pa.array(there), _text(found), None)
    return pc.binary_join(_by_row(_text(found).filter(pa.array(there)), owners[there], count), "\n")


def _joined(several: list[pa.Array], count: int) -> pa.Array:
    """Columns of texts as one, a line for each text of a row; null where there is none."""
    if len(several) < _SEVERAL:
        return several[0] if several else pa.nulls(count, pa.string())
    none = pc.is_null(pc.coalesce(*several))  # Arrow leaves out a row in which all parts are null
    first = pc.if_else(none, "", several[0])
    both = pc.binary_join_element_wise(first, *several[1:], "\n", null_handling="skip")
    return pc.if_else(none, None, both)


_SEVERAL = 2


def _coalesced(arrays: list[pa.Array], count: int, name: str) -> pa.Array:
    """The first value of each row that is one."""
    if not arrays:
        return pa.nulls(count, MESSAGES.field(name).type)
    return pc.coalesce(*arrays) if len(arrays) > 1 else arrays[0]


def _ids(table: Table, path: Path) -> pa.Array:
    found = column(table, path)
    kind = found.type
    if _is_text(kind):
        return _text(found)
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return found.cast(pa.int64())
    return id_array([id_value(value) for value in found.to_pylist()])


def _coalesced_ids(arrays: list[pa.Array], count: int) -> pa.Array:
    if len({array.type for array in arrays}) > 1:
        rows = zip(*(array.to_pylist() for array in arrays), strict=True)
        return id_array([next((value for value in row if value is not None), None) for row in rows])
    return _coalesced(arrays, count, "id")


def _accounts(table: Table, path: Path | None) -> pa.Array:
    """Who posted the messages, as text: a pseudonym is made of that."""
    return pa.nulls(table.num_rows, pa.string()) if path is None else _text(_ids(table, path))


def _times(table: Table, path: Path) -> pa.Array:
    return instants(column(table, path))


def _links(table: Table, several: Sequence[Owned], *, cells: bool) -> pa.Array:
    """The links of each row, the first ones first, each once."""
    both = [(found, owners) for found, owners in several if len(found)]
    if not both:
        return pa.nulls(table.num_rows, MESSAGES.field("links").type)
    found = pa.concat_arrays([each for each, _ in both])
    owners = np.concatenate([each for _, each in both])
    order = np.argsort(owners, kind="stable")
    found, owners = found.take(pa.array(order)), owners[order]
    if cells and pc.any(pc.match_substring_regex(found, CELL)).as_py():
        return _celled(found, owners, table.num_rows)
    codes = np.asarray(found.dictionary_encode().indices)
    _, first = np.unique(owners * (len(found) + 1) + codes, return_index=True)
    first.sort()
    found, owners = found.take(pa.array(first)), owners[first]
    return _by_row(found, owners, table.num_rows)


def _by_row(found: pa.Array, owners: Owners, count: int) -> pa.Array:
    """Values as lists of what each row owns, null where that is nothing; the owners ascend."""
    counts = np.bincount(owners, minlength=count)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), found, mask=pa.array(counts == 0))


def links_at(table: Table, path: Path) -> Owned:
    """The links at a path, and the row that each belongs to; of another type than text there are none."""
    found, owners = values_at(table, path)
    if not (pa.types.is_string(found.type) or pa.types.is_large_string(found.type)):
        return pa.array([], pa.string()), owners[:0]
    fine = pc.fill_null(pc.not_equal(found, ""), fill_value=False)
    return _text(found.filter(fine)), owners[np.asarray(fine)]


def values_at(table: Table, path: Path) -> Owned:
    """The values at a path through structs and lists, null or not, and the row that each belongs to."""
    found, path = _whole(_first(table, path[0])), path[1:]
    owners = np.arange(len(found))
    while True:
        if is_list_type(found.type):
            owners = owners[np.asarray(pc.list_parent_indices(found))]
            found = _whole(pc.list_flatten(found))
        elif path:
            found, path = pc.struct_field(found, path[0]), path[1:]
        else:
            return found, owners


def _celled(found: pa.Array, owners: Iterable[int], count: int) -> pa.Array:
    links: list[dict[str, None]] = [{} for _ in range(count)]
    for owner, cell in zip(owners, found.to_pylist(), strict=True):
        links[owner] |= dict.fromkeys(cell_links(cell))
    return lists([tuple(each) for each in links])


def as_python(table: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], bool]]:
    """Rows as Python values, wrong bytes replaced, and whether there were none."""
    columns = {
        name: _whole(found).cast(_as_bytes(_whole(found).type)).to_pylist()
        for name, found in zip(
            table.schema.names[::-1], table.columns[::-1], strict=True
        )  # of two alike the first stays
    }
    for number in range(table.num_rows):
        row, wrong = _as_text({name: found[number] for name, found in columns.items()})
        yield row, not wrong


def _as_bytes(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _as_bytes(field.type)) for field in kind])
    if is_list_type(kind):
        return pa.list_(_as_bytes(kind.value_type))
    return pa.binary() if _is_text(kind) else kind


def _as_text(value: Any) -> tuple[Any, bool]:
    """Bytes anywhere inside as text, and whether some were replaced."""
    if isinstance(value, bytes):
        text, valid = decoded(value)
        return text, not valid
    if isinstance(value, dict):
        pairs = {key: _as_text(item) for key, item in value.items()}
        return {key: item for key, (item, _) in pairs.items()}, any(wrong for _, wrong in pairs.values())
    if isinstance(value, list):
        items = [_as_text(item) for item in value]
        return [item for item, _ in items], any(wrong for _, wrong in items)
    return value, False


def _is_text(kind: pa.DataType) -> bool:
    return kind in {pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()}


def _is_uuid(kind: pa.DataType) -> bool:
    return bool(pa.types.is_fixed_size_binary(kind) and kind.byte_width == _UUID)


_UUID = 16


def is_list_type(kind: pa.DataType) -> bool:
    """Whether a column holds lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def seen_in_schema(schema: pa.Schema) -> Seen:
    """The paths of a table, for who guesses its fields."""
    seen: Seen = {}

    def walk(kind: pa.DataType, path: Path, *, listed: bool) -> None:
        if pa.types.is_struct(kind):
            for field in kind:
                walk(field.type, (*path, field.name), listed=listed)
        elif is_list_type(kind):
            walk(kind.value_type, path, listed=True)
        else:
            seen.setdefault(path, (_kind(kind), listed))

    for field in schema:
        walk(field.type, (field.name,), listed=False)
    return seen


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    kind = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
    if _is_text(kind) or pa.types.is_null(kind):
        return TEXT
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return TIME
    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, _is_uuid)
    return NUMBER if any(is_kind(kind) for is_kind in numbers) else OTHER
