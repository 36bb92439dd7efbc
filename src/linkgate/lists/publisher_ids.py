r"""Entry ids of the store -> what the publisher calls the same entries: its own ids, or the lines of its file.

>>> from linkgate.lists.source import Source
>>> source = Source(name="demo", data=b"http://bad.example/page\nhttp://worse.example/")
>>> from linkgate.lists.compile import compile_lists
>>> name = compile_lists([source], secret=b"key").engine.lookup("worse.example").matches[0].entry.id
>>> named(source, {name, "gone"}, secret=b"key") == {name: PublisherId(line=2)}
True
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from linkgate.lists.compile import compile_lists
from linkgate.lists.identity import Naming
from linkgate.lists.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection

    from linkgate.core.index.entry import Entry
    from linkgate.lists.source_config import SourceConfig
    from linkgate.lists.store import Store


@dataclass(frozen=True, slots=True)
class PublisherId:
    """What an entry is called by its publisher: `id`, or where it gives none, the line of the file."""

    id: str | None = None
    line: int | None = None


def publisher_ids(store: Store, source: SourceConfig, wanted: Collection[str]) -> tuple[dict[str, PublisherId], str]:
    """The publisher's names of entries of one list, and the SHA-256 of its file.

    Entries that are not listed any more are left out. StoreError, ListError.
    """
    origin = store.manifest().lists.get(source.name)
    if origin is None:
        return {}, ""
    data = store.raw(origin.raw)
    file = Source(
        name=source.name,
        data=data,
        format=origin.form or source.form,
        columns=None if origin.form else source.columns,
        default_scope=source.default_scope,
        allow=source.kind == "allow",
        type=source.type,
    )
    return named(file, wanted, secret=store.secret), sha256(data).hexdigest()


def named(source: Source, wanted: Collection[str], *, secret: bytes) -> dict[str, PublisherId]:
    """The publisher's names of the wanted entries of a file."""
    found: dict[str, PublisherId] = {}
    naming = Naming(source.name, secret=secret)
    for entry in compile_lists([source]).engine.entries():
        if entry.list != source.name:
            continue  # a canary
        line = _line(entry.id, source.name)
        if line is None and entry.id in wanted:
            found[entry.id] = PublisherId(id=entry.id)
        elif line is not None and (name := _keyed(entry, naming)) in wanted:
            found[name] = PublisherId(line=line)
    return found


def _keyed(entry: Entry, naming: Naming) -> str:
    if entry.digest is not None:
        return naming.keyed_file(entry.digest, allow=entry.allow)
    return naming.keyed(entry.scope, entry.url, allow=entry.allow)


def _line(name: str, list_name: str) -> int | None:
    """The line of an id that linkgate gave for want of the publisher's."""
    number = name.removeprefix(f"{list_name}:").partition(".")[0]
    return int(number) if name.startswith(f"{list_name}:") and number.isdecimal() else None
