r"""YAML, as the JSON that it says: one document, read by field paths as `linkgate.lists.formats.document` has them.

Every scalar is text, so that `no` stays a word and a date stays as it was written. The library is PyYAML.

>>> data = b"- name: demo\n  url: http://bad.example/x\n  category: Phishing\n- url: http://bad.example/y\n"
>>> [(item.address, item.category) for item in read(data)]
[('http://bad.example/x', 'Phishing'), ('http://bad.example/y', None)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.errors import ListError
from linkgate.lists.formats import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkgate.lists.formats.item import ListItem, RejectedLine


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a YAML file; several documents are read as a list of them.

    Raises ListError when it is no YAML, or nothing in it is known to hold addresses.
    """
    documents = _load(data)
    return document.items(documents[0] if len(documents) == 1 else documents, columns=columns, named_too=True)


def _load(data: bytes) -> list[Any]:
    import yaml  # noqa: PLC0415  # few lists are YAML

    class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # C where it was built
        """Texts alone, and no aliases: ten lines of them can stand for a billion."""

    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=Loader)):
            raise ListError("its YAML has aliases, which a list needs not; ask the publisher for JSON or CSV")
        return list(yaml.load_all(data, Loader=Loader))  # a loader of texts alone makes no objects
    except (yaml.YAMLError, UnicodeError, RecursionError):
        raise ListError("it is not YAML, or only a part of it; fetch it again and keep the last good one") from None
