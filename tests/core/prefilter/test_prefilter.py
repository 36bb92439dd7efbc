from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.prefilter.prefilter import Gate
from linkgate.lists.packaged_rules import packaged_rules


@pytest.mark.parametrize("row", rows("gate"), ids=label)
def test_rows(row: Row) -> None:
    gate = Gate.build(row["hosts"])
    assert gate.suspects(row["text"]) == row["suspect"]
    assert gate.suspects_link(row["text"]) >= row["suspect"]


def test_a_gate_of_nothing_suspects_no_plain_text() -> None:
    gate = Gate.build([])
    assert not gate.suspects("see http://bad.example/page and 192.0.2.7, 100 % [sure] (ok).")


@pytest.mark.parametrize("rule", packaged_rules().redirectors)
def test_a_number_behind_every_redirector_is_suspect(rule: str) -> None:
    place, asked, name = rule.partition("?")
    gate = Gate.build(["192.0.2.7"])
    number = "3221225991"
    assert gate.suspects(f"{place}{asked}{number if name in {'', '*'} else f'{name}={number}'}")
