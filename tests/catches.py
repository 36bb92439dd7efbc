"""The page `docs/what-it-catches.md`, made from the table of disguises and the rows of `data/catches.jsonl`.

Rewrite it with `python tests/catches.py`; `test_catches.py` says when it is stale.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.core.disguises import DISGUISES
from linkgate.core.wrappers import WRAPPERS

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROWS = HERE / "data" / "catches.jsonl"
PAGE = HERE.parent / "docs" / "what-it-catches.md"
HEAD = """# What it catches, what it does not

Every line is a test. Made from the tables `core/disguises.py` and `core/wrappers.py`, and from
`tests/data/catches.jsonl`, by `python tests/catches.py`.

The kinds: `exact`, the browser would request the listed page; `nested`, the listed link stands inside
another link; `loose`, another URL or a broken-up one that is nearly surely the same page. Without a
policy of your own `exact` and `nested` block, `loose` goes to review. What people post is shown with
escapes for what cannot be seen; (hidden) is a link that the text does not show: a button, an entity.

## What it catches

| class | listed | posted | kind |
|---|---|---|---|
"""
MIDDLE = """
## What it does not

It opens nothing, so it cannot see behind what has to be opened: login walls, pages that redirect, and
[short links](shorteners.md) that nobody resolved. List the short link itself, or resolve it. Some of these are
not links at all, others are other people's pages that a careless filter would block.

| class | listed | posted |
|---|---|---|
"""


def rows() -> list[dict[str, Any]]:
    """All rows: class, listed, text or (hidden) link, and the kind or None."""
    written = [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()]
    return [*written, *map(dict, wrappers()), *disguises()]


@cache
def wrappers() -> tuple[dict[str, Any], ...]:
    """A row for each example of each wrapper."""
    return tuple(
        {"class": wrapper.name, "listed": listed, "text": link, "kind": kind(listed, link)}
        for wrapper in WRAPPERS
        for listed, link in wrapper.examples
    )


@cache
def engine_of(listed: str) -> linkgate.Engine:
    """An engine with one entry."""
    return linkgate.compile_lines([listed]).engine


@cache
def kind(listed: str, link: str) -> str:
    """What a link is, to an engine with one entry."""
    return min(match.kind for match in engine_of(listed).check(link).matches).value


def disguises() -> Iterator[dict[str, Any]]:
    """A row for each example of each disguise; of words for a dot, one each."""
    for disguise in DISGUISES:
        for example in disguise.examples[:: 2 if disguise.name == "bracketed dot words" else 1]:
            listed = "http://bad.example/page"
            yield {"class": disguise.name, "listed": listed, "text": example, "kind": kind(listed, example)}


def shown(text: str) -> str:
    """A table cell: what cannot be seen is escaped, as code."""
    visible = "".join(char if char.isprintable() and char != "\u2028" else f"\\u{ord(char):04x}" for char in text)
    return f"`{visible.replace('|', chr(92) + '|')}`"


def line(row: dict[str, Any]) -> str:
    """One row of a table."""
    posted = shown(row["text"]) if "text" in row else f"(hidden) {shown(row['link'])}"
    cells = [row["class"], shown(row["listed"]), posted, *([row["kind"]] if row["kind"] else [])]
    return f"| {' | '.join(cells)} |\n"


def page() -> str:
    """The whole page."""
    caught = "".join(line(row) for row in rows() if row["kind"])
    missed = "".join(line(row) for row in rows() if not row["kind"])
    return HEAD + caught + MIDDLE + missed


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
