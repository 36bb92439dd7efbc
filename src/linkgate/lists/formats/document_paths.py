"""Where in a document addresses stand, if nobody says it: the one collection that holds them.

An array with a name is not taken without being asked for, as nobody knows what the publisher means by it; those that
there are stand in the error. YAML has its lists under a name as a rule, so there the only one is taken (`named_too`).

>>> usual([{"url": "http://bad.example/", "threat": "spam"}])
{'url': '[].url', 'category': '[].threat'}
>>> usual({"bad.example": {"why": "spam"}, "worse.example": {"why": "scam"}})
{'url': '{}'}
>>> usual({"7": ["bad.example"], "8": ["worse.example"]})
{'url': '[][]'}
>>> usual({"domains": ["bad.example"]}, named_too=True)
{'url': 'domains[]'}
>>> usual({"block": ["bad.example"], "allow": {"good.example": 1}})
Traceback (most recent call last):
linkgate.errors.ListError: no field is known to hold the address; name its path, such as url=data[].url; \
here it may be url=block[] or url=allow{}
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from linkgate.errors import ListError
from linkgate.lists.formats.fields import anchor
from linkgate.lists.formats.table_columns import is_address
from linkgate.lists.formats.usual_fields import named

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 5
_SAMPLE = 20
_MOST = 0.8
_SHOWN = 4
_ALLOWING = re.compile(r"allow|white|safe|good|trust|except|ignor|exclu", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_]")
_NAME = re.compile(r"[A-Za-z_][\w-]{0,40}")


def usual(document: Any, *, named_too: bool = False) -> dict[str, str]:
    """The map of a document that holds addresses in one place. ListError where that cannot be said."""
    if document == []:
        return {"url": "[]"}
    found = {each[anchor(each)]: each for each in _places(document, "", _DEEPEST)}
    sure = [each for path, each in found.items() if _is_sure(path, named_too=named_too)]
    if len(sure) == len(found) == 1:
        return sure[0]
    alone = named(filter(_NAME.fullmatch, document)) if isinstance(document, dict) else {}
    if not found and anchor(alone) in alone:
        return alone
    several = " or ".join(f"{anchor(found[path])}={path}" for path in islice(found, _SHOWN))
    here = f"; here it may be {several}" if several else ""
    raise ListError(f"no field is known to hold the address; name its path, such as url=data[].url{here}")


def _is_sure(path: str, *, named_too: bool) -> bool:
    """Whether a collection may be taken for the list, by its name; an object that is keyed by addresses is one."""
    return not _ALLOWING.search(path) and (named_too or path.endswith("{}") or not _WORD.match(path))


def _places(node: Any, path: str, depth: int) -> Iterator[dict[str, str]]:
    """The maps of all collections at and below a node."""
    if isinstance(node, list):
        yield from _elements(node[:_SAMPLE], f"{path}[]", depth)
    elif isinstance(node, dict) and node and depth:
        if _are_addresses(node):
            yield {"url": f"{path}{{}}"}
        elif all(map(_NAME.fullmatch, node)):
            for name, value in node.items():
                yield from _places(value, f"{path}.{name}" if path else name, depth - 1)
        else:  # its keys are data, ids say, and its values are all of one kind
            yield from _elements(list(islice(node.values(), _SAMPLE)), f"{path}[]", depth)


def _elements(elements: list[Any], path: str, depth: int) -> Iterator[dict[str, str]]:
    """The maps of a list, told by what it begins with."""
    records = [element for element in elements if isinstance(element, dict)]
    fields = named(dict.fromkeys(name for record in records for name in record if _NAME.fullmatch(name)))
    if any(isinstance(record.get(fields.get(anchor(fields), "")), str) for record in records):
        yield {field: f"{path}.{name}" for field, name in fields.items()}
    elif elements and all(isinstance(element, str) for element in elements):
        if path == "[]" or _are_addresses(elements):
            yield {"url": path}
    elif depth:
        found = {each[anchor(each)]: each for element in elements for each in _places(element, path, depth - 1)}
        yield from found.values()


def _are_addresses(texts: Any) -> bool:
    """Whether most of the first texts are addresses."""
    sample = list(islice(texts, _SAMPLE))
    return sum(map(is_address, sample)) >= _MOST * len(sample)
