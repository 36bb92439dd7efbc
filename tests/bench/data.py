"""The bench's input: real lists and messages from ../shared."""

from __future__ import annotations

import gzip
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import linkgate

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Case:
    """One list at one size, and how many messages it flags. only: `addresses`, its IP addresses alone."""

    list: str
    files: tuple[str, ...]
    entries: int
    hits: int | None
    posts: int | None = None
    only: str = ""


class Corpus(NamedTuple):
    """Messages, and how many of them a list flags, where that is known."""

    name: str
    texts: Sequence[str]
    hits: int | None


def cases(most: int) -> list[Case]:
    """The rows of cases.toml up to a number of entries."""
    rows = tomllib.loads((HERE / "cases.toml").read_text("utf-8"))["case"]
    every = [Case(**(row | {"files": tuple(row["files"])})) for row in rows]
    return [case for case in every if case.entries <= most]


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@cache
def messages() -> tuple[str, ...]:
    """All chat messages."""
    rows = _read(SHARED / "messages" / "ubuntu_irc_231k.jsonl.gz").splitlines()
    return tuple(json.loads(row)["text"] for row in rows)


@cache
def posts() -> tuple[str, ...]:
    """Every tenth post of the forums: long texts, most with links."""
    rows = _read(SHARED / "messages" / "reddit_224k.jsonl.gz").splitlines()
    return tuple(json.loads(row)["text"] for row in rows[::10])


def lines(case: Case) -> list[str]:
    """The list of a case: every n-th line of its files, so that it has about the number of entries."""
    every: list[str] = []
    for name in case.files:
        every += _read(SHARED / "lists" / name).decode("utf-8", "replace").splitlines()
    if case.only == "addresses":
        every = [line for line in every if line[:1].isdigit() and line.replace(".", "").isdigit()]
    stride = max(1, len(every) // case.entries)
    return every[::stride][: case.entries]


def listed_hosts(of: list[str]) -> set[str]:
    """The hosts of a list, as a plain reader of it would take them."""
    urls = (linkgate.canonicalize(line) for line in of)
    return {url.host for url in urls if url is not None}
