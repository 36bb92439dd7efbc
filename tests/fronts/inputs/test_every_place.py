"""A listed page at every place of every export that is claimed, shown or hidden: each is a hit."""

import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from export_places import BLUESKY_POST, BLUESKY_PROFILE, DOCUMENTS, LINES, PAGES, TWITTER
from pyarrow import parquet
from repositories import repository

import linkgate

_MARK = re.compile("TEXT|LINK")
_PLACES = 64
ENGINE = linkgate.compile_lines(
    [f"http://bad.example.com/place/{number}" for number in range(_PLACES)], name="p"
).engine


class Marks:
    """Puts a page of its own at each mark."""

    def __init__(self) -> None:
        self._numbers = count()
        self.places: list[str] = []

    def fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return _MARK.sub(self._page, value) if isinstance(value, str) else value

    def _page(self, mark: re.Match[str]) -> str:
        number = next(self._numbers)
        self.places.append(f"p:{number + 1}")
        return (
            f"see bad.example.com/place/{number} now" if mark[0] == "TEXT" else f"http://bad.example.com/place/{number}"
        )


def missed(path: Path, marks: Marks) -> set[str]:
    """The places without a hit."""
    assert 0 < len(marks.places) <= _PLACES
    return set(marks.places) - set(linkgate.scan(path, engine=ENGINE).column("entry").to_pylist())


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_place_of_a_document(tmp_path: Path, name: str, indent: int | None) -> None:
    marks, path = Marks(), tmp_path / "export.json"
    path.write_text(json.dumps(marks.fill(DOCUMENTS[name]), indent=indent))
    assert not missed(path, marks)


@pytest.mark.parametrize("name", TWITTER)
def test_every_place_of_a_twitter_archive(tmp_path: Path, name: str) -> None:
    marks, path = Marks(), tmp_path / f"{name}.js"
    path.write_text(f"window.YTD.{name}.part0 = {json.dumps(marks.fill(TWITTER[name]), indent=2)}")
    assert not missed(path, marks)


@pytest.mark.parametrize("name", LINES)
def test_every_place_of_json_lines(tmp_path: Path, name: str) -> None:
    marks, path = Marks(), tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(marks.fill(row)) + "\n" for row in LINES[name]))
    assert not missed(path, marks)


@pytest.mark.parametrize("name", PAGES)
def test_every_place_of_a_text(tmp_path: Path, name: str) -> None:
    marks, path = Marks(), tmp_path / name
    path.write_text(marks.fill(PAGES[name]))
    assert not missed(path, marks)


def test_every_place_of_a_bluesky_repository(tmp_path: Path) -> None:
    marks, path = Marks(), tmp_path / "repo.car"
    records = {"app.bsky.feed.post/3k": BLUESKY_POST, "app.bsky.actor.profile/self": BLUESKY_PROFILE}
    path.write_bytes(repository(marks.fill(records)))
    assert not missed(path, marks)


WRITERS: dict[str, Callable[[pa.Table, Path], object]] = {
    "a.parquet": parquet.write_table,
    "a.arrow": lambda table, path: pa.ipc.new_file(path, table.schema).write_table(table),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_place_of_a_table(tmp_path: Path, name: str) -> None:
    marks, path = Marks(), tmp_path / name
    columns = {"id": [1], "title": ["TEXT"], "text": ["TEXT"], "url": ["LINK"], "entities": [[{"url": "LINK"}]]}
    WRITERS[name](pa.table(marks.fill(columns)), path)
    assert not missed(path, marks)
