"""Hits as JSON lines, CSV and Parquet: the same hits, in columns of one order."""

import json
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv, parquet
from running import rows, run, sentence

import linkgate
from linkgate.columns.schema import HITS
from linkgate.fronts.archive.encodings import Encoding, encoding_of, spooled
from linkgate.fronts.archive.parquet import row_groups

if TYPE_CHECKING:
    import subprocess

ODD = 'comma, "quote"\nline \u202e ü'
POSTS: list[dict[str, Any]] = [
    {"id": ODD, "text": "see http://bad.example/page and www.bad.example/Page/", "ts": "2024-02-29T12:00:00.25Z"},
    {"id": None, "text": "nothing"},
    {"id": 7, "text": "x", "links": ["http://a.worse.example/"], "ts": "2024-03-01T00:00:00Z"},
]
NAMES = ["file", "place", "id", "time", "start", "end", "entry", "list", "category", "scope", "kind", "steps"]
NAMES += ["action", "snapshot", "asked", "held", "message_action", "link_start", "link_end"]
NAMES += ["media", "distance", "actor", "spelling"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    linkgate.save(linkgate.compile_lines(["http://bad.example/page", "*.worse.example"]).engine, tmp_path / "listed")
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, POSTS)))
    return tmp_path


def scan(folder: Path, *options: str, code: int = 1) -> "subprocess.CompletedProcess[bytes]":
    done = run("scan", "posts.jsonl", "--links", "links", "--list", "listed", *options, cwd=folder)
    assert done.returncode == code, done.stderr
    return done


def unpacked(folder: Path, name: str) -> bytes:
    with pa.input_stream(str(folder / name)) as stream:  # unpacks as the name says
        return bytes(stream.read())


def as_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """What a reader of each format sees, with times and steps as JSON lines have them."""
    if "jsonl" in name:
        return rows(unpacked(folder, name))
    found: list[dict[str, Any]] = _read_csv(unpacked(folder, name)) if "csv" in name else _read_parquet(folder / name)
    for row in found:
        row["steps"] = row["steps"].split() if isinstance(row["steps"], str) else row["steps"]
        if isinstance(row["time"], datetime):
            row["time"] = row["time"].isoformat().replace("+00:00", "Z")
    return found


def _read_parquet(path: Path) -> Any:
    return parquet.read_table(path).to_pylist()


def _read_csv(data: bytes) -> Any:
    parsing = csv.ParseOptions(newlines_in_values=True)
    texts = {"time": pa.string(), "category": pa.string()}
    values = csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False, column_types=texts)
    return csv.read_csv(pa.py_buffer(data), parse_options=parsing, convert_options=values).to_pylist()


@pytest.mark.parametrize("urls", [(), ("--show-urls",)], ids=["", "urls"])
def test_the_same_hits_in_every_format(folder: Path, urls: tuple[str, ...]) -> None:
    lines = rows(scan(folder, *urls).stdout)
    assert [hit["kind"] for hit in lines] == ["exact", "loose", "exact"]
    assert [hit["steps"] for hit in lines] == [[], ["www", "path-case", "trailing-slash"], []]
    assert [hit["id"] for hit in lines] == [ODD, ODD, 7]
    assert sorted(lines[0]) == sorted(NAMES + ["link"] * len(urls))
    if urls:
        assert [hit["link"] for hit in lines] == [
            "hxxp://bad[.]example/page",
            "www[.]bad[.]example/Page/",
            "hxxp://a[.]worse[.]example/",
        ]
    for name in ("h.jsonl", "h.csv", "h.parquet", "h.jsonl.gz", "h.csv.gz", "h.jsonl.zst", "h.csv.zst", "h.txt"):
        scan(folder, "-o", name, *urls)
        ids = str if "csv" in name or "parquet" in name else lambda each: each  # of both kinds in one column: text
        assert as_rows(folder, name.replace("h.txt", "h.jsonl")) == [hit | {"id": ids(hit["id"])} for hit in lines]
    assert (folder / "h.txt").read_bytes() == (folder / "h.jsonl").read_bytes()


def test_no_hit_is_an_output_too(folder: Path) -> None:
    (folder / "posts.jsonl").write_text('{"text": "nothing"}')
    for name in ("h.jsonl", "h.csv", "h.parquet", "h.csv.gz"):
        scan(folder, "-o", name, code=0)
    assert (folder / "h.jsonl").read_bytes() == b""
    assert unpacked(folder, "h.csv").decode() == ",".join(NAMES) + "\n" == unpacked(folder, "h.csv.gz").decode()
    found = parquet.read_table(folder / "h.parquet")
    assert (found.num_rows, found.schema.names) == (0, NAMES)
    assert found.schema.field("time").type == pa.timestamp("us", "UTC")


@pytest.mark.parametrize("name", ["hits.xlsx", "hits.parquet.gz", "hits.jsonl.bz2", "hits.arrow"])
def test_what_cannot_be_written(folder: Path, name: str) -> None:
    told = sentence(scan(folder, "-o", name, code=2))
    assert told == f"linkgate: {name}: hits are written as .jsonl or .csv (also .gz or .zst), or as .parquet"
    assert not (folder / name).exists()


def test_the_output_is_never_an_input(folder: Path) -> None:
    before = (folder / "posts.jsonl").read_bytes()
    for option in ("-o", "--rejects", "--report"):
        assert "is also read; write to another file" in sentence(scan(folder, option, "posts.jsonl", code=2))
    assert (folder / "posts.jsonl").read_bytes() == before


@pytest.mark.parametrize("output", ["hits.csv", "hits.parquet", None])
def test_a_report_of_the_hits(folder: Path, output: str | None) -> None:
    pytest.importorskip("vl_convert", reason="a report needs the extra `report`")
    scan(folder, "--report", "report.html", *(("-o", output) if output else ()))
    page = (folder / "report.html").read_text()
    assert "posts.jsonl" in page
    assert "list:1" in page
    assert not [word for word in ("bad.example", "worse.example") if word in page]
    left = {path.name for path in folder.iterdir()} - {"posts.jsonl", "listed", "report.html", output}
    assert not left


def test_a_spool_is_never_left(folder: Path) -> None:
    (folder / "posts.jsonl").unlink()
    (folder / "posts.jsonl").mkdir()
    scan(folder, "--report", "report.html", code=2)
    assert not (folder / "report.html.spool").exists()
    told = scan(folder, "--report", "none/report.html", code=2).stderr.decode().splitlines()[-1]
    assert told == "linkgate: none/report.html: its folder is missing or not to be written into"


HITS_OF_ANY = st.lists(
    st.fixed_dictionaries(
        {
            "file": st.just("f"),
            "place": st.integers(1, 2**62),
            "id": st.none() | st.text(max_size=9),
            "start": st.none() | st.integers(0, 2**40),
            "steps": st.lists(st.sampled_from(("www", "path-case"))),
            "link": st.none() | st.text(max_size=9),
        }
    ),
    max_size=30,
)


@given(HITS_OF_ANY, st.integers(1, 30), st.integers(1, 9))
def test_parquet_does_not_depend_on_the_pieces(found: list[dict[str, Any]], size: int, group: int) -> None:
    batch = pa.RecordBatch.from_pylist(found, schema=HITS)
    chunks = [batch.slice(start, size) for start in range(0, len(found), size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("linkgate.fronts.archive.parquet._ROWS", group)
        tables = list(row_groups(iter(chunks), HITS))
    assert [table.num_rows for table in tables[:-1]] == [group] * (len(tables) - 1)
    assert [row for table in tables for row in table.to_pylist()] == batch.to_pylist()
    assert all(len(column.chunks) <= 1 for table in tables for column in table.columns)


@given(HITS_OF_ANY, st.integers(1, 30))
def test_a_spool_is_read_back(tmp_path_factory: pytest.TempPathFactory, found: list[dict[str, Any]], size: int) -> None:
    batch = pa.RecordBatch.from_pylist(found, schema=HITS)
    path = tmp_path_factory.mktemp("spool") / "hits.spool"
    encoding = Encoding("spool", None, show_urls=True)
    path.write_bytes(b"".join(encoding.encode(batch.slice(start, size)) for start in range(0, len(found), size)))
    assert [row for each in spooled(str(path)) for row in each.to_pylist()] == batch.to_pylist()


@given(st.lists(HITS_OF_ANY, max_size=3), st.sampled_from(("gz", "zst", None)), st.sampled_from(("jsonl", "csv")))
def test_pieces_make_one_file(parts: list[list[dict[str, Any]]], packing: str | None, form: str) -> None:
    encoding, plain = (Encoding(form, each, show_urls=True) for each in (packing, None))
    batches = [pa.RecordBatch.from_pylist(part, schema=HITS) for part in parts]
    packed = encoding.head + b"".join(map(encoding.encode, batches))
    whole = plain.head + b"".join(map(plain.encode, batches))
    assert whole == plain.head + plain.encode(pa.RecordBatch.from_pylist(list(chain(*parts)), schema=HITS))
    if packing and packed:
        with pa.input_stream(pa.py_buffer(packed), compression={"gz": "gzip", "zst": "zstd"}[packing]) as stream:
            assert stream.read() == whole
    if form == "jsonl":
        assert whole.isascii()
        assert len(whole.splitlines()) == sum(map(len, parts))


def test_names_of_outputs() -> None:
    for name, form in (
        ("H.CSV", "csv"),
        ("a.parquet", "spool"),
        ("a.pq", "spool"),
        ("a", "jsonl"),
        ("a.csv.d/b", "jsonl"),
    ):
        assert encoding_of(name, show_urls=False).form == form
