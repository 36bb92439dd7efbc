from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from core_rows import Row, engine, label, rows

if TYPE_CHECKING:
    from linkgate.core.engine import Engine

ROWS = [*rows("engine"), *rows("clickable")]


@cache
def restored(*listed: str) -> Engine:
    judged = engine(*listed)
    return type(judged).from_sections(judged.sections())


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_rows(row: Row) -> None:
    judged = engine(*row["listed"])
    links = row.get("links", [])
    verdict = judged.check(row["text"], links=links)
    assert verdict.matches == judged._matcher.message(row["text"], links), "fast is not plain"
    found = [match.kind.value for match in verdict.matches]
    assert (row["expect"] in found) if row["expect"] else not found
    if "steps" in row:
        assert [list(match.steps) for match in verdict.matches] == [row["steps"]]


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_a_snapshot_answers_the_same(row: Row) -> None:
    judged, again = engine(*row["listed"]), restored(*row["listed"])
    links = row.get("links", [])
    assert again.check(row["text"], links=links) == judged.check(row["text"], links=links)


def test_clear_is_not_flagged() -> None:
    verdict = engine("http://bad.example/page").check("hello")
    assert (verdict.flagged, verdict.action, verdict.matches) == (False, None, ())


def test_an_empty_list_flags_nothing() -> None:
    assert not engine().check("see http://bad.example/page", links=["http://bad.example/"]).flagged
    assert engine().size == 0


def test_one_match_for_each_link_and_entry() -> None:
    judged = engine("http://bad.example/page", "bad.example")
    verdict = judged.check("http://bad.example/page and bad.example/page", links=["http://bad.example/page"])
    assert [(match.link.start, match.entry.id) for match in verdict.matches] == [
        *[(0, "demo:1"), (0, "demo:2"), (28, "demo:1"), (28, "demo:2"), (None, "demo:1"), (None, "demo:2")]
    ]


def test_lookup_takes_a_defanged_url() -> None:
    judged = engine("http://bad.example/page")
    for url in ("hxxp://bad[.]example/page", " bad.example/page\n", "bad(dot)example/page", "https://BAD.example/page"):
        assert judged.lookup(url).flagged


def test_explain_ends_in_the_same_verdict() -> None:
    judged = engine("http://bad.example/page")
    explanation = judged.explain("hxxp://www.bad[.]example/PAGE/")
    assert explanation.verdict == judged.lookup("hxxp://www.bad[.]example/PAGE/")
    assert explanation.stages[0].step == "as written"
    assert explanation.stages[-1].url == "http://bad.example/page"


def test_explain_of_what_is_no_link() -> None:
    explanation = engine("http://bad.example/page").explain("mailto:joe@bad.example")
    assert explanation.canonical is None
    assert not explanation.verdict.flagged
