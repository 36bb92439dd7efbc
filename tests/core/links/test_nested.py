from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.links.nested import Redirectors, inner_links
from linkgate.lists.packaged_rules import packaged_rules

REDIRECTORS = Redirectors(packaged_rules().redirectors)


@pytest.mark.parametrize("row", rows("nested"), ids=label)
def test_rows(row: Row) -> None:
    found = list(inner_links(row["link"], REDIRECTORS))
    assert set(row["inner"]) <= set(found)
    assert row["inner"] or not found
    assert len(found) == len(set(found))


def test_nothing_is_told() -> None:
    assert "example" not in repr(Redirectors(("bad.example/?u",)))
