from __future__ import annotations

from typing import Any

import pytest
from format_rows import rows, told

from linkgate.lists.formats import FORMATS, ListItem, RejectedLine, Skipped


@pytest.mark.parametrize("row", rows("resolvers"), ids=lambda row: f"{row['format']}-{row['text']}")
def test_rows(row: dict[str, Any]) -> None:
    assert told(row["format"], row["text"], row.get("columns")) == row["found"]
    unread = [item for item in FORMATS[row["format"]](row["text"].encode()) if isinstance(item, RejectedLine)]
    if "columns" not in row:
        assert all(isinstance(item, Skipped) is row.get("skipped", False) for item in unread)


def test_rpz_a_bad_record_costs_one_record() -> None:
    zone = "@ SOA a. b. (\n1 2 3 4 5 )\nbad.example CNAME .\nbad example (\n"
    zone += "worse.example CNAME .\n" * 100
    found = list(FORMATS["rpz"](zone.encode()))
    assert found[0] == ListItem(line=3, address="bad.example", scope="host")
    assert sum(isinstance(item, ListItem) for item in found) == 38
    assert found[1] == RejectedLine(4, "rpz: not a record")
