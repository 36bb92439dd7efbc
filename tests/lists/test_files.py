"""Small files as publishers send them: the format that is told, and every entry that comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from list_rows import rows

from linkgate.lists.compile import _items, _settings
from linkgate.lists.formats import sniff
from linkgate.lists.list_compiler import ListCompiler
from linkgate.lists.source import Source


@pytest.mark.parametrize("row", rows("files"), ids=lambda row: row["name"])
def test_rows(row: dict[str, Any]) -> None:
    source = Source(name=row["name"], data=row["data"].encode())
    compiler = ListCompiler(source, _settings(secret=b"s" * 32, today=None))
    found = sorted(
        f"{entry.scope.value} {entry.url}" + " allowed" * entry.allow for entry in compiler.entries(_items(source))
    )
    assert sniff(source.data, source.name) == row["format"]
    assert found == row["entries"]
    assert (len(compiler.rejected), compiler.skipped.total()) == (row.get("rejected", 0), row.get("skipped", 0))
