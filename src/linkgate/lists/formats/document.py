r"""One JSON document: addresses at a field path.

`columns` maps fields to paths (`{"url": "data[].url", "category": "data[].threat"}`); `allow_url`
is the path of addresses that must not be blocked; `{}` means the keys of an object (`trackers{}`). Without a map,
an array of addresses, or of objects with a usual name (`url`, `address`, …), is understood, and so is an object whose
keys are addresses. `line` counts addresses from 1.

>>> data = b'{"deny": ["bad.example"], "allow": ["good.example"]}'
>>> [(item.address, item.allow) for item in read(data, columns={"url": "deny[]", "allow_url": "allow[]"})]
[('bad.example', False), ('good.example', True)]
>>> [item.address for item in read(b'[{"url": "http://bad.example/x"}]')]
['http://bad.example/x']
"""

from __future__ import annotations

import codecs
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.errors import ListError
from linkgate.lists.formats.document_paths import usual
from linkgate.lists.formats.fields import anchor, make_item, refuse_unknown
from linkgate.lists.formats.paths import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkgate.lists.formats.item import ListItem, RejectedLine


def read(
    data: bytes,
    *,
    columns: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    digests: Mapping[str, str] | None = None,
) -> Iterator[ListItem | RejectedLine]:
    """Items of a JSON document; `kinds` and `digests` as in `make_item`.

    Raises ListError when it is no JSON, or has nothing at the path: then it is another file.
    """
    return items(load(data), columns=columns, kinds=kinds, digests=digests)


def items(
    document: Any,
    *,
    columns: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    digests: Mapping[str, str] | None = None,
    named_too: bool = False,
) -> Iterator[ListItem | RejectedLine]:
    """The same for a document that is read already, from JSON or from what says the same; `named_too` as in `usual`."""
    paths = dict(columns or usual(document, named_too=named_too))
    refuse_unknown(paths, "allow_url")
    allowed = paths.pop("allow_url", None)
    if anchor(paths) not in paths:
        raise ListError("columns must say which field path holds the address or digest, such as url=data[].url")
    number = count(1)
    listed = (make_item(next(number), record, kinds=kinds, digests=digests) for record in records(document, paths))
    if allowed is None:
        return listed
    more = records(document, {"url": allowed})
    return chain(listed, (make_item(next(number), record | {"allow": "yes"}) for record in more))


def load(data: bytes) -> Any:
    """The value of a JSON text; ListError, with the cure, where there is none.

    >>> load(b'{"half": [')
    Traceback (most recent call last):
    linkgate.errors.ListError: it is not JSON, or only a part of it; fetch it again and keep the last good one
    """
    try:
        return msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeError):
        raise ListError("it is not JSON, or only a part of it; fetch it again and keep the last good one") from None
    except RecursionError:
        raise ListError("its JSON is nested too deep to be a list; tell the publisher") from None
