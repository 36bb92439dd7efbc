from __future__ import annotations

import pytest
from core_rows import Row, label, rows

from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.form import Form, form_of
from linkgate.core.url.loose import Linked, Loosener

LOOSENER = Loosener(tracking=("utm_*", "fbclid", "bad.example:ref"))


def form(link: str) -> Form:
    url = canonicalize(link)
    assert url is not None
    return form_of(url)


@pytest.mark.parametrize("row", rows("loose"), ids=label)
def test_rows(row: Row) -> None:
    steps = LOOSENER.steps_between(form(row["listed"]), form(row["linked"]))
    assert (None if steps is None else list(steps)) == row["steps"]


@pytest.mark.parametrize("row", rows("loose"), ids=label)
def test_loosest_is_settled(row: Row) -> None:
    loosest = LOOSENER.loosest(form(row["linked"]))
    assert LOOSENER.loosest(loosest) == loosest


def test_a_page_is_worked_out_once_whether_its_fragment_counts_or_not() -> None:
    linked = Linked(form("http://www.bad.example/Page/?utm_source=x"))
    assert LOOSENER.steps_between(form("http://bad.example/page"), linked) is not None
    assert all(linked.known[left_out, True] is linked.known[left_out, False] for left_out, _ in linked.known)
