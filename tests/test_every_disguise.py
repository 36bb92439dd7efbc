"""Every disguise and wrapper is seen by every layer: in a message, in a hidden link, in a column, by the self-test."""

from __future__ import annotations

from functools import cache

import pytest

import linkgate
from linkgate.core.disguises import DISGUISES, Disguise
from linkgate.core.wrappers import WRAPPERS
from linkgate.fronts.batches import messages_of
from linkgate.selftest.table import SPELLINGS, probes

ORDINARY = "an ordinary message that has no link in it"
FORMS = ("lots of ordinary words before it, {} and ordinary words behind it", "{}", "é {}\n")
PAGE = "http://bad.example/page"
EXAMPLES = [
    *((row.name, PAGE, example) for row in DISGUISES for example in row.examples),
    *((row.name, *example) for row in WRAPPERS for example in row.examples),
]
PLACES = range(5)


@cache
def engine_on(listed: str) -> linkgate.Engine:
    return linkgate.compile_lines([listed]).engine


def found_in_column(engine: linkgate.Engine, text: str, place: int) -> set[int]:
    column = [ORDINARY] * len(PLACES)
    column[place] = text
    return set(linkgate.scan_batch(messages_of(column), engine).column("place").to_pylist())


@pytest.mark.parametrize(("name", "listed", "example"), EXAMPLES)
def test_every_example_is_found_everywhere(name: str, listed: str, example: str) -> None:
    engine = engine_on(listed)
    assert engine.check("", links=[example]).flagged, name
    for form in FORMS:
        text = form.format(example)
        assert engine.check(text).flagged, name
        assert engine.check(text).matches == engine._matcher.message(text), name
        assert all(found_in_column(engine, text, place) == {place + 1} for place in PLACES), name


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda row: row.name)
def test_every_disguise_is_a_class_of_the_self_test(disguise: Disguise) -> None:
    assert disguise.name in {spelling.name for spelling in SPELLINGS}
    tried = [probe.text for probe in probes() if probe.spelling == disguise.name]
    assert len(tried) >= len(disguise.examples)
