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
    from linkgate.core.verdict import Verdict

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


def kind_of(row: Row) -> Kind:
    """The kind of a hidden link; with one slash in front, it leads to a host from an address bar alone."""
    relative = row["link"][:1] in "/\\" and row["link"][1:2] not in "/\\"
    return Kind.LOOSE if relative else KIND_OF_CLASS.get(row["class"], Kind.EXACT)


def kinds(verdict: Verdict) -> set[Kind]:
    return {match.kind for match in verdict.matches}


def stands_in(form: str, row: Row) -> bool:
    """Whether a link is one in this form: not with a space in it, and `//host` only at the start of a word."""
    return not any(map(str.isspace, row["link"])) and (form[0] != "(" or row["class"] != "scheme_relative")


@pytest.mark.parametrize("part", range(PARTS))
def test_links_to_the_page_are_found_and_no_other_page_is_exact(shared: Path, part: int) -> None:
    """Hidden they have their kind, in text they are found, and fast is plain."""
    for row in truth(shared)[part::PARTS]:
        engine, link = engine_for(row["base"]), row["link"]
        hidden, alone, amid = engine.check("", links=[link]), engine.check(link), engine.check(f"看{link}看")
        assert hidden.matches == engine._matcher.message("", (link,)), row
        assert alone.matches == engine._matcher.message(link), row
        assert amid.matches == engine._matcher.message(f"看{link}看"), row
        if row["same_page"]:
            assert kind_of(row) in kinds(hidden), row
            assert kinds(alone) or not stands_in("{}", row), row
            for form in ("see {} there", "see {}, there", "({})"):
                assert not stands_in(form, row) or kinds(engine.check(form.format(link))), (form, row)
        elif not row.get("near"):
            assert Kind.EXACT not in kinds(hidden), row


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
