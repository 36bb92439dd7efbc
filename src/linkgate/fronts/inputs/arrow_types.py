"""What Arrow type a field of JSON records has, judged by some of them, so that Arrow's reader can be told.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> rows = [{"id": 7, "ents": [{"url": "a"}, {"bold": True}]}, {"id": 8, "text": "hi"}]
>>> schema_of(rows, Paths(text=("text",), id=("id",), links=(("ents", "url"),)))
text: string
id: int64
ents: list<item: struct<url: string>>
  child 0, item: struct<url: string>
      child 0, url: string
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from linkgate.fronts.inputs.chunks import Path, Paths

_MOST = 256
"""Fields of a schema of every field: where keys are ids, each record has others."""


class _Mixed(Exception):  # noqa: N818  # a finding, caught below
    """No one Arrow type holds these values."""


def schema_of(rows: list[Any], paths: Paths) -> pa.Schema | None:
    """The schema that holds what the paths name in these rows, None when they are of several kinds."""
    found = [row for row in rows if isinstance(row, dict)]
    schema: dict[str, pa.DataType] = {}
    wanted = [("text", paths.text)] + [("more", path) for path in paths.more]
    wanted += [("id", path) for path in paths.ids] + [("time", path) for path in paths.times]
    wanted += [("id", path) for path in filter(None, (paths.account,))]
    wanted += [("links", path) for path in paths.links]
    try:
        for part, path in wanted:
            kind = _kind([row.get(path[0]) for row in found], path[1:], part)
            schema[path[0]] = _merged(schema[path[0]], kind) if path[0] in schema else kind
    except _Mixed:
        return None
    return pa.schema(list(schema.items()))


def _kind(values: list[Any], path: Path, part: str) -> pa.DataType:
    values = [value for value in values if value is not None]
    if values and all(isinstance(value, list) for value in values):
        if part not in {"links", "more"}:
            raise _Mixed
        return pa.list_(_kind([item for value in values for item in value], path, part))
    if not path:
        return _leaf(values, part)
    if not all(isinstance(value, dict) for value in values):
        raise _Mixed
    return pa.struct([(path[0], _kind([value.get(path[0]) for value in values], path[1:], part))])


def _leaf(values: list[Any], part: str) -> pa.DataType:
    kinds = {type(value) for value in values}
    if not kinds:
        return pa.list_(pa.string()) if part == "links" else pa.string()
    if kinds == {str}:
        return pa.string()
    if part == "id" and kinds == {int}:
        return pa.int64()
    if part == "time" and kinds <= {int, float}:
        return pa.float64()
    raise _Mixed


def _merged(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    if one == other:
        return one
    if pa.types.is_list(one) and pa.types.is_list(other):
        return pa.list_(_merged(one.value_type, other.value_type))
    if not (pa.types.is_struct(one) and pa.types.is_struct(other)):
        raise _Mixed
    kinds = {field.name: field.type for field in one}
    for field in other:
        kinds[field.name] = _merged(kinds[field.name], field.type) if field.name in kinds else field.type
    return pa.struct(list(kinds.items()))


def whole_schema(rows: list[Any], paths: Paths) -> pa.Schema | None:
    """The schema of every field in these rows, None where there is none, or too many, or not those of the paths.

    Where Arrow reads by it, and refuses fields that it does not name, all that the records hold is in columns.

    >>> from linkgate.fronts.inputs.chunks import Paths
    >>> whole_schema([{"text": "hi", "id": 7, "user": {"url": "a", "n": 1}}], Paths(text=("text",), id=("id",)))
    text: string
    id: int64
    user: struct<url: string, n: double>
      child 0, url: string
      child 1, n: double
    """
    found = [row for row in rows if isinstance(row, dict)]
    try:
        kind = _every([row for row in found if row], (), paths)
    except (_Mixed, UnicodeEncodeError):  # half an emoji in a name
        return None
    if not pa.types.is_struct(kind) or _count(kind) > _MOST:
        return None
    named = {path[0]: pa.string() for path in paths.used() if len(path) == 1}
    fields = named | {field.name: field.type for field in kind}
    return pa.schema(list(fields.items())) if all(_is_in(fields, path) for path in paths.used()) else None


def _is_in(fields: dict[str, pa.DataType], path: Path) -> bool:
    """Whether a path ends at a field that holds neither objects nor lists of them."""
    kind = fields.get(path[0])
    while kind is not None and pa.types.is_list(kind):
        kind = kind.value_type
    inner = {field.name: field.type for field in kind} if kind is not None and pa.types.is_struct(kind) else {}
    return _is_in(inner, path[1:]) if path[1:] else kind is not None and not inner


def _every(values: list[Any], path: Path, paths: Paths) -> pa.DataType:
    """The one type of some values, of which null is none."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {str}:
        return pa.string()
    if kinds <= {int, float}:
        return pa.int64() if kinds == {int} and path in paths.ids else pa.float64()
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {list}:
        return pa.list_(_every([item for value in values for item in value or ()], path, paths))
    if kinds != {dict}:
        raise _Mixed
    there = [value for value in values if value is not None]
    names = dict.fromkeys(name for value in there for name in value)
    if not 0 < len(names) <= _MOST:
        raise _Mixed
    return pa.struct([(name, _every([value.get(name) for value in there], (*path, name), paths)) for name in names])


def _count(kind: pa.DataType) -> int:
    if pa.types.is_list(kind):
        return _count(kind.value_type)
    return sum(_count(field.type) for field in kind) if pa.types.is_struct(kind) else 1
