from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.prefilter.cues import DISGUISED
from linkgate.core.prefilter.prefilter import Prefilter
from linkgate.core.text.refang import repair
from linkgate.lists.packaged_rules import packaged_rules


def suspects(prefilter: Prefilter, text: str) -> bool:
    """Whether a word of the text, or of the text with its disguises undone, is a candidate."""
    found = prefilter.search(text)
    return bool(found.words) or (found.disguised and bool(prefilter.search(repair(text).text, DISGUISED).words))


@pytest.mark.parametrize("row", rows("gate"), ids=label)
def test_rows(row: Row) -> None:
    prefilter = Prefilter.build(row["hosts"])
    assert suspects(prefilter, row["text"]) == row["suspect"]
    assert prefilter.suspects_link(row["text"]) >= row["suspect"]


def test_a_prefilter_of_nothing_suspects_no_plain_text() -> None:
    prefilter = Prefilter.build([])
    assert prefilter.search("see http://bad.example/page and 192.0.2.7, 100 % [sure] (ok).").clear


@pytest.mark.parametrize("rule", packaged_rules().redirectors)
def test_a_number_behind_every_redirector_is_suspect(rule: str) -> None:
    place, asked, name = rule.partition("?")
    prefilter = Prefilter.build(["192.0.2.7"])
    number = "3221225991"
    assert suspects(prefilter, f"{place}{asked}{number if name in {'', '*'} else f'{name}={number}'}")
