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

_MARK = re.compile("TEXT|LINK|BARE")
_PLACES = 64
_WRITTEN = {"TEXT": "see bad.example.com/{} now", "LINK": "http://bad.example.com/{}", "BARE": "bad.nosuchtld/{}"}
ENGINE = linkgate.compile_lines(
    [f"http://bad.{tld}/{number}" for number in range(_PLACES) for tld in ("example.com", "nosuchtld")], name="p"
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
        self.places.append(f"p:{2 * number + 1 + (mark[0] == 'BARE')}")
        return _WRITTEN[mark[0]].format(number)


def missed(path: Path, marks: Marks) -> set[str]:
    """The places without a hit."""
    assert 0 < len(marks.places) <= _PLACES
    return set(marks.places) - set(linkgate.scan(path, engine=ENGINE).column("entry").to_pylist())


def with_bare(value: Any) -> Any:
    """The same with a bare link that stands alone in a field of no known name, of a TLD that no table has."""
    if isinstance(value, list):
        return [with_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: with_bare(item) for key, item in value.items()}
    return (
        found | {"zq": "BARE"}
        if any(isinstance(item, str) and _MARK.search(item) for item in found.values())
        else found
    )


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_bare_link_in_every_object_of_a_document(tmp_path: Path, name: str, indent: int | None) -> None:
    marks, path = Marks(), tmp_path / "export.json"
    path.write_text(json.dumps(marks.fill(with_bare(DOCUMENTS[name])), indent=indent))
    assert not missed(path, marks)


@pytest.mark.parametrize("name", LINES)
def test_a_bare_link_in_every_object_of_json_lines(tmp_path: Path, name: str) -> None:
    marks, path = Marks(), tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(marks.fill(with_bare(row))) + "\n" for row in LINES[name]))
    assert not missed(path, marks)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_what_stands_beside_a_text_is_read_as_text(tmp_path: Path, name: str) -> None:
    rows = [
        {"id": 1, "text": "hi", "zq": "bad.nosuchtld/0", "file": "IMG_1.jpg"},
        {"id": 2, "text": "(bad.nosuchtld/0).", "zq": "(bad[.]nosuchtld/0), and bad.nosuchtld/0", "file": "IMG_2.jpg"},
        {"id": 3, "zq": "bad.nosuchtld/0"},
        {"id": 4, "zq": "IMG_4.jpg"},
        {"id": 5, "text": "", "zq": "bad\u3002nosuchtld/0 in\nlines"},
        {"id": 6, "text": "hi", "zq": "<p>bad.nosuchtld/0<a href='http://bad.nosuchtld/0'>here"},
    ]
    path = tmp_path / name
    path.write_text(json.dumps(rows) if name.endswith("json") else "".join(json.dumps(row) + "\n" for row in rows))
    hits = linkgate.scan(path, engine=ENGINE).to_pylist()
    found = [(hit["id"], hit["start"], hit["end"], hit["link_start"], hit["kind"]) for hit in hits]
    alone = (None, None, None, "exact")
    assert found[:2] == [(1, *alone), (2, 1, 16, 1, "exact")]
    assert {hit[0] for hit in found} == {1, 2, 3, 5, 6}
    assert len(found) == len(set(found))
    assert all(hit[1:4] == (None, None, None) for hit in found if hit != found[1])


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
