from __future__ import annotations

import pytest
from core_rows import Row, engine, label, rows

from linkgate.core.url import telegram

ROWS = rows("telegram")


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_all_spellings_of_a_target_meet(row: Row) -> None:
    for listed in row["same"]:
        if listed.startswith("tg:"):
            continue
        for linked in row["same"]:
            verdict = engine(listed).check(f"see {linked} there", links=[linked])
            assert {match.kind.value for match in verdict.matches} == {"exact"}, (listed, linked)
        for linked in [] if listed.endswith(".t.me") else row["other"]:  # a host entry covers its posts too
            assert not engine(listed).check(linked, links=[linked]).matches, (listed, linked)


@pytest.mark.parametrize("host", ["t.me", "telegram.me", "telegram.dog", "name.t.me", "www.t.me"])
def test_hosts(host: str) -> None:
    assert telegram.is_telegram(host)


@pytest.mark.parametrize("host", ["xt.me", "t.me.example", "bad.example", "nott.me", "t.met"])
def test_other_hosts(host: str) -> None:
    assert not telegram.is_telegram(host)
