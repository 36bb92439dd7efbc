"""Columns of the types that other programs write: read as what they mean, and at once as row by row."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from gathering import read
from pyarrow import ipc, parquet

TEXTS = ["see http://bad.example/page", None, "x"]
MORNING = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
NUMBER = uuid.UUID("12345678-1234-5678-1234-567812345678")


def as_parquet(table: pa.Table, folder: Path) -> Path:
    parquet.write_table(table, folder / "posts.parquet")
    return folder / "posts.parquet"


def as_arrow(table: pa.Table, folder: Path) -> Path:
    with ipc.new_file(folder / "posts.arrow", table.schema) as writer:
        writer.write_table(table)
    return folder / "posts.arrow"


WRITERS = (as_parquet, as_arrow)
Writer = Callable[[pa.Table, Path], Path]
COLUMNS: dict[str, tuple[pa.Array, list[str | None]]] = {
    "dictionary": (pa.array(["a", None, "b"]).dictionary_encode(), ["a", None, "b"]),
    "large string": (pa.array(["a", None, "b"], pa.large_string()), ["a", None, "b"]),
    "string view": (pa.array(["a", None, "b"], pa.string_view()), ["a", None, "b"]),
    "binary": (pa.array([b"a", None, b"b"]), ["a", None, "b"]),
    "decimal": (pa.array([Decimal(10**22 + 1), None, Decimal(1)], pa.decimal128(38, 0)), [str(10**22 + 1), None, "1"]),
    "decimal with places": (pa.array([Decimal("1234.00"), None, Decimal(1)]), ["1234", None, "1"]),
    "uint64": (pa.array([2**64 - 1, None, 1], pa.uint64()), [str(2**64 - 1), None, "1"]),
    "16 bytes": (pa.array([NUMBER.bytes, None, b"\xff" * 16], pa.binary(16)), [str(NUMBER), None, "f" * 8]),
    "UUID": (pa.array([NUMBER.bytes, None, b"\xff" * 16], pa.uuid()), [str(NUMBER), None, "f" * 8]),
    "date": (pa.array([dt.date(2024, 1, 1), None, dt.date(1, 1, 1)]), ["2024-01-01", None, "0001-01-01"]),
    "time with a zone": (
        pa.array([MORNING, None, MORNING], pa.timestamp("us", "America/New_York")),
        ["2024-01-01T12:00:00+00:00", None, "2024-01-01T12:00:00+00:00"],
    ),
    "nanoseconds": (
        pa.array([1_704_110_400_000_000_001, None, 1], pa.timestamp("ns")),
        ["2024-01-01T12:00:00+00:00", None, "1970-01-01T00:00:00+00:00"],
    ),
}


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", COLUMNS)
def test_an_id_of_any_type(tmp_path: Path, write: Writer, name: str, *, wrong: bool) -> None:
    ids, expected = COLUMNS[name]
    rows, bad = read(write(pa.table({"nr": ids, "text": texts(wrong=wrong)}), tmp_path), id="nr")
    found = [row["id"] and str(row["id"]) for row in rows]
    assert [each and each[: len(want or "")] for each, want in zip(found, expected, strict=True)] == expected
    assert [row["text"][:3] for row in rows] == ["see", "", "\ufffd" if wrong else "x"]
    assert len(bad) == wrong


def texts(*, wrong: bool) -> pa.Array:
    """Texts; of wrong bytes among them, so that rows are read one by one."""
    if not wrong:
        return pa.array(TEXTS)
    raw = pa.array([b"see http://bad.example/page", None, b"\xff"])
    return pa.Array.from_buffers(pa.string(), 3, raw.buffers())


TIMES: dict[str, pa.Array] = {
    "zone": pa.array([MORNING, None, None], pa.timestamp("ms", "America/New_York")),
    "nanoseconds": pa.array([1_704_110_400_000_000_001, None, None], pa.timestamp("ns")),
    "decimal": pa.array([Decimal("1704110400.000000"), None, None], pa.decimal128(20, 6)),
    "dictionary": pa.array(["2024-01-01T13:00:00+01:00", None, None]).dictionary_encode(),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", TIMES)
def test_a_time_of_any_type(tmp_path: Path, name: str, *, wrong: bool) -> None:
    table = pa.table({"text": texts(wrong=wrong), "ts": TIMES[name]})
    rows, _ = read(as_parquet(table, tmp_path))
    assert [row["time"] for row in rows] == [MORNING, None, None]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("wrong", [False, True])
def test_of_two_columns_with_one_name_the_first_is_read(tmp_path: Path, write: Writer, *, wrong: bool) -> None:
    links = pa.array([["http://bad.example/a"], None, []])
    columns: list[Any] = [pa.array([1, 2, 3]), texts(wrong=wrong), links, pa.array(["a", "b", "c"]), links[::-1]]
    table = pa.table(columns, names=["id", "text", "links", "text", "links"])
    rows, _ = read(write(table, tmp_path))
    assert rows[0]["text"] == TEXTS[0]
    assert [row["links"] for row in rows] == [["http://bad.example/a"], None, None]


def test_a_column_may_have_dots_in_its_name(tmp_path: Path) -> None:
    path = as_parquet(pa.table({"id": [1], "post.text": ["hi"]}), tmp_path)
    assert [row["text"] for row in read(path, text="post.text")[0]] == ["hi"]


def test_columns_inside_others_are_told(tmp_path: Path) -> None:
    path = as_parquet(pa.table({"id": [1], "m": [{"b": {"text": "hi", "lang": "en"}}]}), tmp_path)
    assert "(it has: id, m.b.text, m.b.lang)" in read(path)[1][0].reason
    assert [row["text"] for row in read(path, text="m.b.text")[0]] == ["hi"]
