"""The id of a hit has the type that the record's had, in every output, and SQL takes the columns by their names."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from running import run

import linkgate

B = "see http://bad.example/page"
ENGINE = linkgate.compile_lines(["http://bad.example/page"], name="l").engine
KINDS: dict[str, tuple[list[Any], pa.DataType]] = {
    "numbers": ([7, 2**62, None], pa.int64()),
    "text": (["7", "a", None], pa.string()),
    "both": ([7, "a", None], pa.string()),
    "too large": ([7, 2**64, None], pa.string()),
    "numbers as floats": ([7.0, 8.0, None], pa.int64()),
}


def wanted(ids: list[Any], kind: pa.DataType) -> list[Any]:
    return [value if value is None else int(value) if kind == pa.int64() else str(value) for value in ids]


def as_lines(ids: list[Any], path: Path) -> None:
    path.write_text("".join(json.dumps({"id": value, "text": B}) + "\n" for value in ids))


def as_document(ids: list[Any], path: Path) -> None:
    path.write_text(json.dumps([{"id": value, "text": B} for value in ids], indent=1))


@pytest.mark.parametrize("write", [as_lines, as_document])
@pytest.mark.parametrize("name", KINDS)
def test_ids_of_json(tmp_path: Path, name: str, write: Callable[[list[Any], Path], None]) -> None:
    ids, kind = KINDS[name]
    write(ids, tmp_path / "posts.json")
    hits = linkgate.scan(tmp_path / "posts.json", engine=ENGINE)
    assert hits.schema.field("id").type == kind
    assert hits.column("id").to_pylist() == wanted(ids, kind)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([7, 8], pa.int32()), pa.int64()),
        (pa.array([7, 8], pa.uint64()), pa.int64()),
        (pa.array([7, None], pa.float64()), pa.int64()),
        (pa.array(["7", "8"]), pa.string()),
        (pa.array([None, None], pa.int64()), pa.int64()),
    ],
    ids=str,
)
def test_ids_of_tables(tmp_path: Path, column: pa.Array, kind: pa.DataType) -> None:
    table = pa.table({"id": column, "text": [B, B]})
    parquet.write_table(table, tmp_path / "posts.parquet")
    for source in (tmp_path / "posts.parquet", table):
        hits = linkgate.scan(source, engine=ENGINE, text="text", id="id")
        assert (hits.schema.field("id").type, hits.column("id").to_pylist()) == (kind, column.to_pylist())


def test_ids_of_a_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "posts.db") as database:
        database.execute("create table posts (id integer primary key, text text)")
        database.execute("insert into posts values (7, ?)", (B,))
    hits = linkgate.scan(f"sqlite:///{tmp_path}/posts.db?table=posts", engine=ENGINE)
    assert hits.column("id").to_pylist() == [7]


@pytest.mark.parametrize(("second", "kind"), [(8, pa.int64()), ("b", pa.string())])
def test_ids_in_every_output(tmp_path: Path, second: Any, kind: pa.DataType) -> None:
    (tmp_path / "list.txt").write_text("http://bad.example/page\n")
    as_lines([7], tmp_path / "one.jsonl")
    as_lines([second], tmp_path / "two.jsonl")
    names = ["one.jsonl", "two.jsonl", "--list", "list.txt", "-o"]
    for output in ("hits.jsonl", "hits.parquet", "hits.csv"):
        assert run("scan", *names, output, cwd=tmp_path).returncode == 1
    assert [json.loads(line)["id"] for line in (tmp_path / "hits.jsonl").read_text().splitlines()] == [7, second]
    table = parquet.read_table(tmp_path / "hits.parquet")
    assert (table.schema.field("id").type, table.column("id").to_pylist()) == (kind, wanted([7, second], kind))
    lines = (tmp_path / "hits.csv").read_text().splitlines()[1:]
    assert [line.split(",")[2].strip('"') for line in lines] == ["7", str(second)]


def test_sql_takes_every_column_but_two_by_its_name(tmp_path: Path) -> None:
    as_lines([7], tmp_path / "posts.jsonl")
    hits = linkgate.scan(tmp_path / "posts.jsonl", engine=ENGINE)
    names = [name for name in hits.column_names if name not in {"start", "end"}]
    assert {"link_start", "link_end"} <= set(names)
    duckdb = pytest.importorskip("duckdb")
    query = f"select {', '.join(names)} from hits where link_start = 4"  # noqa: S608  # names of ours
    (row,) = duckdb.sql(query).fetchall()
    assert row[names.index("id")] == 7
    with sqlite3.connect(":memory:") as database:
        database.execute(f"create table hits ({', '.join(names)})")
