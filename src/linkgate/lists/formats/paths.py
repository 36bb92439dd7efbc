"""Field paths: where in a JSON document an address stands, and what stands beside it.

A path is names with dots between them; `[]` goes through an array, or through the values of an object, and `{}` at its
end means the keys of an object. Other fields are looked for from the innermost array that their path shares with the
address's, and give the first text found.

>>> document = {"feed": "x", "data": [{"url": "bad.example", "tags": ["spam", "new"]}, {"url": None}]}
>>> columns = {"url": "data[].url", "category": "data[].tags[]", "note": "feed"}
>>> list(records(document, columns))
[{'url': 'bad.example', 'category': 'spam', 'note': 'x'}, {'url': None, 'category': None, 'note': 'x'}]
>>> [record["url"] for record in records({"deny": ["bad.example"]}, {"url": "deny[]"})]
['bad.example']
>>> [record["url"] for record in records({"deny": {"bad.example": 1}}, {"url": "deny{}"})]
['bad.example']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linkgate.errors import ListError
from linkgate.lists.formats.fields import anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Path = tuple[tuple[str, ...], ...]

_PATH = re.compile(r"(?:(?:\[\]|[^.\[\]{}]+)(?:\[\]|\.[^.\[\]{}]+)*)?(?:\{\})?")
_KEYS = ("{}",)
_MISSING = object()


def parse(path: str) -> Path:
    """Names between the arrays; ListError, with the cure, for a path that is none.

    >>> parse("data[].indicator.url"), parse("deny[]"), parse("[]")
    ((('data',), ('indicator', 'url')), (('deny',), ()), ((), ()))
    """
    path = path.strip().removeprefix("$.").removeprefix("$")
    if not path or not _PATH.fullmatch(path):
        raise ListError(f"{path!r} is no field path; write names with dots and [] for arrays, such as data[].url")
    parts = path.removesuffix("{}").split("[]")
    names = tuple(tuple(name for name in part.split(".") if name) for part in parts)
    return (*names, _KEYS) if path.endswith("{}") else names


def records(document: Any, columns: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    """One record for each place of the address, the fields of `columns` as texts.

    Raises ListError when the document has nothing at the address's first array.
    """
    parsed = {field: parse(path) for field, path in columns.items()}
    held = anchor(columns)
    address = parsed[held]
    others = [(field, _shared(address, path), path) for field, path in parsed.items() if field != held]
    for place in _places((document,), address):
        if len(place) < 3 and place[-1] is _MISSING:  # noqa: PLR2004  # at the root: nothing was gone through
            raise ListError(f"there is no field path {columns[held]!r} in it; look at what the publisher sends now")
        record = {held: text_of(place[-1])}
        for field, depth, path in others:
            record[field] = _first(place[depth], path[depth:])
        yield record


def text_of(value: Any) -> str | None:
    """Text of a scalar, `true` and `false` for booleans; None for null, the empty string, lists and objects."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float) or value == "":
        return None
    return str(value)


def _shared(address: Path, path: Path) -> int:
    """How many arrays a path goes through together with the address."""
    depth = 0
    while depth < min(len(address), len(path)) - 1 and address[depth] == path[depth]:
        depth += 1
    return depth


def _places(place: tuple[Any, ...], path: Path) -> Iterator[tuple[Any, ...]]:
    """For each address: the document, what is at each array on the way, and at last the address."""
    depth = len(place) - 1
    value = _down(place[-1], path[depth])
    if depth == len(path) - 1:
        yield (*place, value)
    elif path[depth + 1] == _KEYS and isinstance(value, dict):
        yield from ((*place, element, key) for key, element in value.items())
    elif isinstance(value, list | dict):
        for element in value if isinstance(value, list) else value.values():
            yield from _places((*place, element), path)
    else:
        yield (*place, _MISSING)


def _down(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        value = value.get(name, _MISSING) if isinstance(value, dict) else _MISSING
    return value


def _first(value: Any, path: Path) -> str | None:
    """The first text at the end of a path."""
    value = _down(value, path[0])
    if len(path) == 1:
        return text_of(value)
    elements = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return next((text for element in elements if (text := _first(element, path[1:])) is not None), None)
