"""The tasks of docs/tasks.md: each is two clicks from the README, under a heading where its answer stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
README = (REPO / "README.md").read_text("utf-8")
ROW = re.compile(
    r"^\| (?P<task>[^|]+) \| \[(?P<name>[^]]+)\]\((?P<page>[\w/-]+\.md)#(?P<anchor>[\w-]+)\) \| `(?P<word>[^`]+)` \|$"
)
ROWS = [found for line in (REPO / "docs" / "tasks.md").read_text("utf-8").splitlines() if (found := ROW.match(line))]


WORDS = (
    *("blocked", "why", "half its lines", "shadow", "second list", "roll a list back", "Kubernetes"),
    *("upgrade", "token", "encrypt", "alert rules", "metrics", "S3", "Spark", "Telegram", "appeal", "publisher"),
    "leaves the machine",
)
"""What people look for who are new here."""


def anchor(heading: str) -> str:
    """What MkDocs makes of a heading."""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def sections(page: Path) -> dict[str, str]:
    """The text under each heading, by anchor; `#` lines of code are none."""
    text = re.sub(
        r"^```.*?^```$",
        lambda code: code[0].replace("\n#", "\n "),
        page.read_text("utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    parts = re.split(r"^#{1,4} (.+)$", text, flags=re.MULTILINE)
    return {anchor(name): part for name, part in zip(parts[1::2], parts[2::2], strict=True)}


def test_there_are_tasks_and_the_readme_leads_to_them() -> None:
    assert len(ROWS) >= 10
    table = (REPO / "docs" / "tasks.md").read_text("utf-8").count("\n| ") - 1  # its head
    assert len(ROWS) == table
    assert "](docs/tasks.md)" in README
    assert len(README.splitlines()) <= 180


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["task"].replace(" ", "-"))
def test_a_task_is_two_clicks_away(row: re.Match[str]) -> None:
    found = sections(REPO / "docs" / row["page"])
    assert row["anchor"] == anchor(row["name"])
    assert row["word"] in found[row["anchor"]]


@pytest.mark.parametrize("word", WORDS)
def test_the_words_of_a_newcomer_are_among_the_tasks(word: str) -> None:
    assert any(word in row["task"] for row in ROWS)


def test_every_page_is_two_clicks_from_the_readme() -> None:
    link = re.compile(r"\]\(((?!https?:)[^)#]+\.md)(?:#[^)]*)?\)")
    first = {(REPO / name).resolve() for name in link.findall(README)}
    second = {(page.parent / name).resolve() for page in first for name in link.findall(page.read_text("utf-8"))}
    pages = {page.resolve() for page in (REPO / "docs").rglob("*.md")} - {(REPO / "docs" / "index.md").resolve()}
    assert pages - first - second == set()
