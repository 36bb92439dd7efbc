"""Other projects' own rows (../shared/conformance): what is met, what is not, and why not.

Suites contradict each other in strings by design, so keys are compared, not strings: the canonical
URL and its loosest form. A row that is not met stands in `data/conformance/unmet.jsonl` with its
reason; a row that changes side, either way, fails the test.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from linkgate.core.links.find import find_links
from linkgate.core.links.nested import inner_links
from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.form import form_of
from linkgate.core.url.loose import Loosener
from linkgate.lists.packaged_rules import packaged_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
ROWS = HERE.parent.parent / "shared" / "conformance"
UNMET = HERE / "data" / "conformance" / "unmet.jsonl"
SUITES = sorted(path.stem for path in ROWS.glob("*.jsonl"))
Row = dict[str, Any]


@cache
def loosener() -> Loosener:
    return Loosener(tracking=packaged_rules().tracking)


def keys(text: str) -> set[object]:
    """The canonical URL of a text and its loosest form."""
    url = canonicalize(text)
    return set() if url is None else {url, loosener().loosest(form_of(url))}


def covered(text: str) -> set[object]:
    """The keys of a link and of every link inside it: all that a look-up tries."""
    return set().union(keys(text), *map(keys, inner_links(text)))


def meets_canonical(row: Row) -> bool:
    given, expect, note = row["input"], row["expect"], row["note"]
    if expect is None:
        canonicalize(given)
        return True
    if isinstance(expect, list):
        return all(keys(variant) & covered(given) for variant in expect)
    if "bare path" in note:
        given, expect = f"http://host.test/{given.lstrip('/')}", f"http://host.test/{expect.lstrip('/')}"
    if note == "expect is the path only":
        expect = f"http://host.test{expect}"
        return bool({_path(key) for key in covered(given)} & {_path(key) for key in keys(expect)})
    if "query and port dropped" in note:
        return bool({_bare(key) for key in covered(given)} & {_bare(key) for key in keys(expect)})
    return bool(covered(given) & keys(expect))


def _path(key: Any) -> str:
    return str(key.path)


def _bare(key: Any) -> tuple[str, str]:
    return key.host, key.path


def meets_host(row: Row) -> bool:
    given, expect = row["input"], row["expect"]
    url = canonicalize(given)
    if expect is None:
        return True
    wanted = canonicalize(unquote(expect) if "%" in expect else expect)
    if url is None or wanted is None:
        return False
    if "registrable" in row["note"]:
        rules = packaged_rules()
        return rules.registrable(url.host, private=False) == rules.registrable(wanted.host, private=False)
    return url.host == wanted.host or loosener().loosest(form_of(url)).host == wanted.host


def meets_extract(row: Row) -> bool:
    links = find_links(row["input"], tlds=packaged_rules().tlds)
    texts = {link.text for link in links} | {link.url for link in links}
    found = set().union(*(keys(link.url) for link in links)) if links else set()
    return all(wanted in texts or keys(wanted) & found for wanted in row["expect"])


def meets_expressions(row: Row) -> bool:
    """Safe Browsing's look-ups on the host itself: each is a page or a directory above the page."""
    url = canonicalize(row["input"])
    if url is None or row["expect"] is None:
        return row["expect"] is None
    page = f"{url.path}?{url.query}" if url.query else url.path
    own = [text.partition("/")[2] for text in row["expect"] if text.partition("/")[0] == url.host]
    return all(page.startswith(f"/{path}") for path in own)


MEETS: dict[str, Callable[[Row], bool]] = {
    "canonicalize": meets_canonical,
    "host": meets_host,
    "extract": meets_extract,
    "expressions": meets_expressions,
}


def rows_of(suite: str) -> list[Row]:
    return [json.loads(line) for line in (ROWS / f"{suite}.jsonl").read_text("utf-8").splitlines()]


def unmet() -> Iterator[tuple[tuple[str, str], str]]:
    for line in UNMET.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield (row["suite"], row["id"]), row["reason"]


@pytest.mark.skipif(not SUITES, reason="../shared/conformance is not beside this checkout")
@pytest.mark.parametrize("suite", SUITES or ["absent"])
def test_rows_are_met_or_named(suite: str, record_property: Callable[[str, object], None]) -> None:
    rows = rows_of(suite)
    missed = {row["id"] for row in rows if not MEETS[row["kind"]](row)}
    record_property("conformance", f"{suite}\t{len(rows) - len(missed)}\t{len(rows)}")
    named = {row_id for (name, row_id), _ in unmet() if name == suite}
    assert missed - named == set(), "rows no longer met"
    assert named - missed == set(), "rows met by now: strike them from unmet.jsonl"


def test_every_unmet_row_has_its_reason() -> None:
    reasons = dict(unmet())
    assert reasons
    assert all(reason.startswith("policy: ") for reason in reasons.values())
