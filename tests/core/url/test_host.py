from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.url import host

ROWS = rows("host")


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_rows(row: Row) -> None:
    result = getattr(host, row["function"])(row["input"])
    assert (list(result) if isinstance(result, tuple) else result) == row["expect"]
