"""No silent nothing (law 12): an archive that gives no message never ends in 0, and a sentence says the cure."""

import bz2
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc, parquet

from linkgate.fronts import cli

CURE = re.compile(r"\b(?:check|download|name|convert|copy|save|write|unpack)\b|--max-bad")
LINK = "http://bad.example/page"


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return data.getvalue()


def table(columns: dict[str, object], write: Callable[[pa.Table, io.BytesIO], object]) -> bytes:
    data = io.BytesIO()
    write(pa.table(columns), data)
    return data.getvalue()


def arrow(found: pa.Table, data: io.BytesIO) -> None:
    with ipc.new_file(data, found.schema) as writer:
        writer.write_table(found)


NOTHING: dict[str, tuple[str, bytes]] = {
    "an empty list": ("a.json", b"[]"),
    "an empty object": ("a.json", b"{}"),
    "white space": ("a.json", b" \n \n"),
    "a number": ("a.json", b"7\n"),
    "a text": ("a.json", b'"' + LINK.encode() + b'"'),
    "a list of texts": ("a.json", json.dumps([LINK, LINK]).encode()),
    "a list of lists": ("a.json", json.dumps([[LINK], [LINK]]).encode()),
    "an empty list of messages": ("a.json", b'{"name": "c", "messages": []}'),
    "an empty Telegram export": ("result.json", b'{"name": "c", "type": "private_group", "id": 1, "messages": []}'),
    "records of numbers": ("a.json", json.dumps([{"a": 1}, {"a": 2}]).encode()),
    "records of numbers, pretty": ("a.json", json.dumps({"rows": [{"a": 1}, {"a": 2}]}, indent=1).encode()),
    "JSON that is none": ("a.json", b"{'text': 'x'}"),
    "JSON that breaks off": ("a.json", b'{"messages": ['),
    "a script without data": ("tweets.js", b"window.YTD.tweets.part0 = []"),
    "a page of a login": ("a.json", b"<!doctype html><title>Log in</title>"),
    "blank JSON lines": ("a.jsonl", b"\n\n\n"),
    "JSON lines without a text": ("a.jsonl", b'{"a": 1}\n{"a": 2}\n'),
    "JSON lines of empty texts": ("a.jsonl", b'{"text": ""}\n{"text": null}\n'),
    "JSON lines of lists": ("a.jsonl", b"[1]\n[2]\n"),
    "JSON lines that are none": ("a.jsonl", b"hello\nworld\n"),
    "JSON lines of numbers": ("a.jsonl", b'{"text": 1}\n{"text": 2}\n'),
    "a header alone": ("a.csv", b"id,text\n"),
    "a table without a text": ("a.csv", b"id,number\n1,2\n"),
    "a table of empty texts": ("a.csv", b"id,text\n1,\n2,\n"),
    "a table of blank lines": ("a.csv", b"\n\n\n"),
    "a table that is one open quote": ("a.csv", b'id,text\n1,"x\n'),
    "a short table": ("a.tsv", b"id\ttext\n1\n2\n"),
    "a text of white space": ("a.txt", b" \n\t\n\r\n"),
    "a binary file": ("a.txt", bytes(range(256)) * 9),
    "UTF-32": ("a.txt", "text\n".encode("utf-32")),
    "a Parquet file of no rows": ("a.parquet", table({"text": pa.array([], pa.string())}, parquet.write_table)),
    "a Parquet file without a text": ("a.parquet", table({"n": [1]}, parquet.write_table)),
    "a Parquet file of empty texts": ("a.parquet", table({"text": ["", None]}, parquet.write_table)),
    "a repository without a block": ("a.car", b"\x11\xa2eroots\x80gversion\x01"),
    "a repository that breaks off": ("a.car", b"\x11\xa2eroots\x80gversion\x01\xff\xff"),
    "a repository of version 2": ("a.car", b"\x0a\xa1gversion\x02" + bytes(40)),
    "half a Parquet file": ("a.parquet", table({"text": ["x"]}, parquet.write_table)[:50]),
    "an Arrow file of no rows": ("a.arrow", table({"text": pa.array([], pa.string())}, arrow)),
    "SQLite by its file": ("a.db", b"SQLite format 3\x00" + bytes(100)),
    "an Avro file": ("a.avro", b"Obj\x01" + bytes(100)),
    "a packed nothing": ("a.jsonl.gz", gzip.compress(b"\n")),
    "a packed empty list": ("a.json.bz2", bz2.compress(b"[]")),
    "half a packed file": ("a.jsonl.gz", gzip.compress(b'{"text": "x"}\n' * 99)[:20]),
    "an empty ZIP": ("a.zip", zipped()),
    "a ZIP of pictures": ("a.zip", zipped(a_png=b"x")),
    "a ZIP of empty lists": ("a.zip", zipped(a_json=b"[]", b_json=b"[]")),
    "a ZIP of records without texts": ("a.zip", zipped(a_json=b'[{"a": 1}]')),
    "half a ZIP": ("a.zip", zipped(a_json=b"[]")[:40]),
    "a workbook": ("a.xlsx", zipped(xl__workbook_xml=b"x")),
    "XML of elements": ("a.xml", b"<?xml version='1.0'?><a><b>x</b></a>"),
    "XML of no rows": ("Posts.xml", b"<?xml version='1.0'?>\n<posts>\n</posts>\n"),
    "XML without texts": ("a.xml", b"<?xml version='1.0'?>\n<a>\n<row Id='1' Score='2'/>\n</a>\n"),
    "an empty page": ("a.html", b"<html><body></body></html>"),
    "an empty mbox": ("a.mbox", b"\n\n"),
    "a mail of nothing": ("a.eml", b"\n\n"),
}


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.txt"
    path.write_text(f"{LINK}\n")
    return path


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_read_is_never_clear(
    name: str, tmp_path: Path, listed: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, content = NOTHING[name]
    path = tmp_path / file
    path.write_bytes(content)
    code = cli.run(["scan", str(path), "--list", str(listed), "--fail-on", "never"])
    told = capfd.readouterr().err.splitlines()
    assert code == 2
    assert all(line.startswith("linkgate: ") for line in told)
    assert any(CURE.search(line) for line in told if "(guessed" not in line), told
    assert "bad.example" not in "".join(told)


@pytest.mark.parametrize(
    "name", ["none.jsonl", "none*.jsonl", "folder", "sqlite:///none.db?table=x", "https://x.example/a"]
)
def test_what_is_not_there_is_never_clear(
    name: str, tmp_path: Path, listed: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert cli.run(["scan", name, "--list", str(listed)]) == 2
    assert "linkgate: " in capfd.readouterr().err


def test_a_folder_of_which_some_files_hold_nothing_is_read(
    tmp_path: Path, listed: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_text("[]")
    (folder / "b.json").write_text(json.dumps([{"text": "hi"}]))
    assert cli.run(["scan", str(folder), "--list", str(listed)]) == 0
    assert "a.json: no record was found in it" in capfd.readouterr().err


def test_a_share_of_records_without_text_or_link_is_told(
    tmp_path: Path, listed: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "hi"}\n{"a": 1}\n{"a": 2}\n')
    assert cli.run(["scan", str(path), "--list", str(listed)]) == 0
    assert "2 records without text or link" in capfd.readouterr().err
