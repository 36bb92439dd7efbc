"""What Chromium requests (../shared/browser): each spelling of a listed page is flagged, no other page is exact."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from addresses import page_engine
from linkgate.core.url.canonical import canonicalize
from linkgate.core.verdict import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.core.engine import Engine

Row = dict[str, Any]
PARTS = 8  # so that parallel runs share the rows
KIND_OF_CLASS = {"wrapper_javascript": Kind.NESTED}


@cache
def truth(shared: Path) -> tuple[Row, ...]:
    files = ("browser_truth.jsonl", "browser_truth_2.jsonl")
    lines = [line for name in files for line in (shared / "browser" / name).read_text("utf-8").splitlines()]
    return tuple(json.loads(line) for line in lines)


@cache
def engine_for(base: str) -> Engine:
    return page_engine(base)


@pytest.fixture(params=range(PARTS))
def rows(request: pytest.FixtureRequest, shared: Path) -> tuple[Row, ...]:
    return truth(shared)[request.param :: PARTS]


def kind_of(row: Row) -> Kind:
    """The kind of a hidden link; with one slash in front, it leads to a host from an address bar alone."""
    relative = row["link"][:1] in "/\\" and row["link"][1:2] not in "/\\"
    return Kind.LOOSE if relative else KIND_OF_CLASS.get(row["class"], Kind.EXACT)


def kinds_hidden(row: Row) -> set[Kind]:
    return {match.kind for match in engine_for(row["base"]).check("", links=[row["link"]]).matches}


def kinds_in(text: str, row: Row) -> set[Kind]:
    return {match.kind for match in engine_for(row["base"]).check(text).matches}


def has_space(row: Row) -> bool:
    return any(char.isspace() for char in row["link"])


def test_hidden_links_to_the_page_have_their_kind(rows: tuple[Row, ...]) -> None:
    same = [row for row in rows if row["same_page"]]
    assert not [row for row in same if kind_of(row) not in kinds_hidden(row)]


def test_no_other_page_is_exact(rows: tuple[Row, ...]) -> None:
    others = [row for row in rows if not row["same_page"] and not row.get("near")]
    assert not [row for row in others if Kind.EXACT in kinds_hidden(row)]


def test_links_in_text_are_found(rows: tuple[Row, ...]) -> None:
    same = [row for row in rows if row["same_page"] and not has_space(row)]
    for form in ("{}", "see {} there", "see {}, there", "({})"):
        missed = [row for row in same if not kinds_in(form.format(row["link"]), row) and _stands_in(form, row)]
        assert not missed, form


def _stands_in(form: str, row: Row) -> bool:
    """False for a spelling that is a link only at the start of a word: `//host`."""
    return form[0] != "(" or row["class"] != "scheme_relative"


def test_fast_is_plain(rows: tuple[Row, ...]) -> None:
    for row in rows:
        engine, link = engine_for(row["base"]), row["link"]
        for text, links in ((link, ()), ("", (link,)), (f"看{link}看", ())):
            assert engine.check(text, links=links).matches == engine._matcher.message(text, links), row


@cache
def rows_of_others(shared: Path) -> tuple[str, ...]:
    paths = sorted((shared / "conformance").glob("*.jsonl"))
    return tuple(json.loads(line)["input"] for path in paths for line in path.read_text("utf-8").splitlines())


@cache
def engine_of_others(shared: Path) -> Engine:
    urls = {canonicalize(text) for text in rows_of_others(shared)} - {None}
    return page_engine(*sorted(str(url) for url in urls))


@pytest.mark.parametrize("part", range(PARTS))
def test_fast_is_plain_on_the_rows_of_others(shared: Path, part: int) -> None:
    engine = engine_of_others(shared)
    for text in rows_of_others(shared)[part::PARTS]:
        assert engine.check(text).matches == engine._matcher.message(text), text
        assert engine.check("", links=[text]).matches == engine._matcher.message("", [text]), text
