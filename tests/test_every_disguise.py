"""Every disguise is seen by every layer: in a message, in a hidden link, at any place of a column."""

from __future__ import annotations

import pytest

import linkgate
from linkgate.core.disguises import DISGUISES
from linkgate.fronts.batches import messages_of

ENGINE = linkgate.compile_lines(["http://bad.example/page"]).engine
ORDINARY = "an ordinary message that has no link in it"
FORMS = ("lots of ordinary words before it, {} and ordinary words behind it", "{}", "é {}\n")
EXAMPLES = [(row.name, example) for row in DISGUISES for example in row.examples]
PLACES = range(5)


def found_in_column(text: str, place: int) -> set[int]:
    column = [ORDINARY] * len(PLACES)
    column[place] = text
    return set(linkgate.scan_batch(messages_of(column), ENGINE).column("place").to_pylist())


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_every_example_is_found_everywhere(name: str, example: str) -> None:
    assert ENGINE.check("", links=[example]).flagged, name
    for form in FORMS:
        text = form.format(example)
        assert ENGINE.check(text).flagged, name
        assert ENGINE.check(text).matches == ENGINE._matcher.message(text), name
        assert all(found_in_column(text, place) == {place + 1} for place in PLACES), name
