"""The samples in data/ against their own right answers."""

import html
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from running import DATA, rows, run

POSTS: list[dict[str, Any]] = rows((DATA / "posts.jsonl").read_bytes())
LISTS = ("--list", DATA / "sample.txt", "--list", DATA / "partner.jsonl")
RESERVED = re.compile(r"(?:^|\.)(?:example|test)$|^192\.0\.2\.|^\[2001:0?db8:")


@pytest.fixture(scope="module")
def kinds() -> dict[str, set[str]]:
    """The kinds of the matches of each post."""
    done = run("scan", DATA / "posts.jsonl", "--links", "links", *LISTS)
    assert done.returncode == 1, done.stderr
    found = defaultdict(set)
    for hit in rows(done.stdout):
        found[hit["id"]].add(hit["kind"])
    return found


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post["about"])
def test_post(post: dict[str, Any], kinds: dict[str, set[str]]) -> None:
    assert kinds[post["id"]] == ({post["expect"]} if post["expect"] else set())


def test_every_scope_and_kind_is_shown() -> None:
    done = run("scan", DATA / "posts.jsonl", "--links", "links", *LISTS)
    hits = rows(done.stdout)
    assert {hit["scope"] for hit in hits} == {"page", "prefix", "host", "domain", "brand"}
    assert {hit["kind"] for hit in hits} == {"exact", "loose", "nested"}


def test_ids_are_unique() -> None:
    assert len({post["id"] for post in POSTS}) == len(POSTS)


@pytest.mark.parametrize("name", ["sample.txt", "partner.jsonl", "posts.jsonl", "README.md"])
def test_names_are_reserved(name: str) -> None:
    text = html.unescape((DATA / name).read_text(encoding="utf-8")).replace("[.]", ".")
    hosts = re.findall(r"(?:https?|hxxps?)://(?:[^/@\s\"]*@)?(\[[^\]]+\]|[\w.\-]+)", text)
    hosts = [host for host in hosts if not host.startswith("0")]  # other spellings of an address, tested above
    assert [host for host in hosts if host.isascii() and len(host) > 1 and not RESERVED.search(host.lower())] == []


def test_the_readme_names_every_file() -> None:
    told = (DATA / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in told for path in Path(DATA).iterdir() if path.name != "README.md")


def test_posts_are_plain_utf8() -> None:
    assert json.dumps(POSTS[3], ensure_ascii=False) in (DATA / "posts.jsonl").read_text(encoding="utf-8")
