"""Every disguise and every wrapper is seen by every layer: in a message, in a hidden link, at any place of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import linkgate
from linkgate.core.disguises import DISGUISES
from linkgate.core.wrappers import WRAPPERS
from linkgate.fronts.batches import messages_of
from linkgate.selftest.table import probes

if TYPE_CHECKING:
    from linkgate.core.text.undoing import Disguise

ENGINE = linkgate.compile_lines(["http://bad.example/page"]).engine
ORDINARY = "an ordinary message that has no link in it"
FORMS = ("lots of ordinary words before it, {} and ordinary words behind it", "{}", "é {}\n")
EXAMPLES = [(row.name, example) for row in DISGUISES for example in row.examples]
WRAPPED = [(row.name, *example) for row in WRAPPERS for example in row.examples]
PLACES = range(5)


def found_in_column(text: str, place: int, engine: linkgate.Engine = ENGINE) -> set[int]:
    column = [ORDINARY] * len(PLACES)
    column[place] = text
    return set(linkgate.scan_batch(messages_of(column), engine).column("place").to_pylist())


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_is_found_everywhere(name: str, example: str) -> None:
    assert ENGINE.check("", links=[example]).flagged, name
    for form in FORMS:
        text = form.format(example)
        assert ENGINE.check(text).flagged, name
        assert ENGINE.check(text).matches == ENGINE._matcher.message(text), name
        assert all(found_in_column(text, place) == {place + 1} for place in PLACES), name


@pytest.mark.parametrize(("name", "listed", "link"), WRAPPED)
def test_every_wrapped_link_is_found_everywhere(name: str, listed: str, link: str) -> None:
    engine = linkgate.compile_lines([listed]).engine
    assert engine.check("", links=[link]).flagged, name
    for form in FORMS:
        text = form.format(link)
        assert engine.check(text).flagged, name
        assert engine.check(text).matches == engine._matcher.message(text), name
        assert all(found_in_column(text, place, engine) == {place + 1} for place in PLACES), name


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda row: row.name)
def test_every_disguise_is_a_class_of_the_self_test(disguise: Disguise) -> None:
    tried = [probe.text for probe in probes() if probe.spelling == disguise.name]
    assert len(tried) >= len(disguise.examples)
