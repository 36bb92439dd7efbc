"""`scan --media`: lists of records in a field, or as JSON in a cell; the hits are those of `engine.check`."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import linkgate
from files import digest_of_word, flipped
from linkgate.fronts.cli import run

if TYPE_CHECKING:
    from pathlib import Path

MD5, PDQ = digest_of_word("md5", "zebra"), digest_of_word("pdq", "zebra")
LISTS = [linkgate.Source(name=kind, data=each.encode(), type=kind) for kind, each in (("md5", MD5), ("pdq", PDQ))]
ENGINE = linkgate.compile_lists([*LISTS, linkgate.Source(name="links", data=b"http://bad.example/page\n")]).engine
NEAR = {"id": "p", "pdq": flipped(PDQ, 12), "pdq_quality": 80}
ROWS: list[dict[str, Any]] = [
    {"id": "1", "text": "nothing", "media": None},
    {"id": "2", "text": "see http://bad.example/page", "media": [{"md5": MD5.upper()}, NEAR]},
    {"id": "3", "text": "", "media": [{"id": "a", "md5": "0" * 32}, {"id": "b", "md5": MD5}]},
    {"id": "4", "text": "see bad.example/page", "media": []},
    {"id": "5", "text": None, "media": [{"id": "c", "md5": MD5, "sha256": None}]},
    {"id": "6", "text": "see http://bad.example/page", "media": [{"id": "d", "md5": "xyz"}]},
]
HITS = [
    *(("2", None, "exact"), ("2", "0", "exact"), ("2", "p", "near"), ("3", "b", "exact")),
    *(("4", None, "exact"), ("5", "c", "exact"), ("6", None, "exact")),
]


def told(table: pa.Table) -> list[tuple[str, str | None, str]]:
    return [(str(row["id"]), row["media"], row["kind"]) for row in table.to_pylist()]


def _cells() -> list[list[Any]]:
    """The rows as a table has them: of files, a cell of JSON."""
    return [[row["id"], row["text"], None if row["media"] is None else json.dumps(row["media"])] for row in ROWS]


def _file(folder: Path, kind: str) -> Path:
    path = folder / f"posts.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    elif kind == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([["id", "text", "media"], *_cells()])
    elif kind == "tsv":
        lines = [["id", "text", "media"], *_cells()]
        path.write_text("".join("\t".join(cell or "" for cell in line) + "\n" for line in lines))
    elif kind == "db":
        with closing(sqlite3.connect(path)) as base, base:
            base.execute("CREATE TABLE posts (id TEXT PRIMARY KEY, text TEXT, media TEXT)")
            base.executemany("INSERT INTO posts VALUES (?, ?, ?)", _cells())
    elif kind == "parquet":
        parquet.write_table(pa.Table.from_pylist(ROWS), path)
    else:
        with (
            pa.OSFile(str(path), "wb") as sink,
            pa.ipc.new_file(sink, (table := pa.Table.from_pylist(ROWS)).schema) as out,
        ):
            out.write_table(table)
    return path


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "arrow", "csv", "tsv"])
def test_files(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    _require_hits(_file(tmp_path, kind))


@pytest.mark.parametrize("query", ["table=posts", "query=SELECT * FROM posts"])
def test_a_database(tmp_path: Path, query: str) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    pytest.importorskip("sqlalchemy", reason="the extra `database` is not installed")
    _require_hits(f"sqlite:///{_file(tmp_path, 'db')}?{query}")


def _require_hits(path: Path | str) -> None:
    with pytest.warns(UserWarning, match="1 records cannot be read"):
        found = linkgate.scan(path, engine=ENGINE, text="text", media="media", id="id")
    assert told(found) == HITS
    assert [row["distance"] for row in found.to_pylist() if row["kind"] == "near"] == [12]


def test_a_frame() -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    assert told(linkgate.scan(pa.Table.from_pylist(ROWS), engine=ENGINE, media="media", id="id")) == HITS


def test_without_media_the_hits_are_todays(tmp_path: Path) -> None:
    found = linkgate.scan(_file(tmp_path, "jsonl"), engine=ENGINE, text="text", id="id")
    assert told(found) == [hit for hit in HITS if hit[1] is None]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    linkgate.save(ENGINE, tmp_path / "s.snapshot")
    posts, rejects = _file(tmp_path, "jsonl"), tmp_path / "rejects.jsonl"
    arguments = ["scan", str(posts), "--list", str(tmp_path / "s.snapshot"), "--media", "media", "--text", "text"]
    assert run([*arguments, "--show-urls", "--rejects", str(rejects), "--max-bad", "50%"]) == 1
    said = capsys.readouterr()
    hits = [json.loads(line) for line in said.out.splitlines()]
    assert sorted((hit["id"], hit["media"], hit["kind"]) for hit in hits if hit["media"]) == sorted(
        hit for hit in HITS if hit[1]
    )
    assert all(hit["link"] is None for hit in hits if hit["media"])
    assert "media from media" in said.err
    assert [json.loads(line)["reason"] for line in rejects.read_text().splitlines()] == [
        "media: md5 must be 32 hexadecimal digits"
    ]
    assert MD5 not in (said.out + said.err).lower()


def test_a_column_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linkgate.save(ENGINE, tmp_path / "s.snapshot")
    path = _file(tmp_path, "parquet")
    assert run(["scan", str(path), "--list", str(tmp_path / "s.snapshot"), "--media", "files"]) == 2
    assert "no column 'files', which --media names" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", ["hello\n", json.dumps(ROWS, indent=1), "From a@b Sat Jan  3 01:05:34 1996\n\nhi\n"]
)
def test_a_form_without_a_field_of_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    """Files that nobody looked at are not clear."""
    linkgate.save(ENGINE, tmp_path / "s.snapshot")
    (tmp_path / "posts").write_text(content)
    assert run(["scan", str(tmp_path / "posts"), "--list", str(tmp_path / "s.snapshot"), "--media", "media"]) == 2
    assert "--media is read from JSON lines, tables and databases, and this is " in capsys.readouterr().err


def test_a_cell_that_is_no_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linkgate.save(ENGINE, tmp_path / "s.snapshot")
    long = json.dumps([{"id": "n" * 200_000, "md5": MD5}]).replace('"', '""')
    (tmp_path / "posts.csv").write_text(f'text,media\nhttp://bad.example/page,{MD5}\n"a\nb","{long}"\nshort\n')
    rejects = tmp_path / "rejects.jsonl"
    lists = ["--list", str(tmp_path / "s.snapshot"), "--media", "media", "--rejects", str(rejects)]
    assert run(["scan", str(tmp_path / "posts.csv"), *lists, "--max-bad", "50%"]) == 1
    hits = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(hit["place"], hit["kind"]) for hit in hits] == [(2, "exact"), (3, "exact")]
    told = [json.loads(line)["reason"] for line in rejects.read_text().splitlines()]
    assert told == ["media: no records with digests"]


def test_since(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    linkgate.save(ENGINE, tmp_path / "new.snapshot")
    linkgate.save(linkgate.compile_lists(LISTS[:1]).engine, tmp_path / "old.snapshot")
    posts = _file(tmp_path, "jsonl")
    lists = ["--list", str(tmp_path / "new.snapshot"), "--since", str(tmp_path / "old.snapshot")]
    assert run(["scan", str(posts), *lists, "--media", "media", "--text", "text", "--max-bad", "50%"]) == 1
    hits = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(hit["id"], hit["media"]) for hit in hits] == [("2", None), ("2", "p"), ("4", None), ("6", None)]
