from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.links.find import find_links


@pytest.mark.parametrize("row", rows("readings"), ids=label)
def test_rows(row: Row) -> None:
    """Readings that messengers take have no step; those that take a reader have one."""
    links = find_links(row["text"], tlds={"example", "test"})
    assert set(row["natural"]) == {link.text for link in links if not link.steps and not link.nested}
    assert set(row.get("reader", [])) <= {link.text for link in links if link.steps}
    assert not set(row.get("none", [])) & {link.text for link in links}
