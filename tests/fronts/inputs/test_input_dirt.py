"""What cannot be read is told with its place and reason, never with its content, and what follows is read."""

import json
import os
import random
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from gathering import PACK, as_nobody, read
from pyarrow import ipc, parquet
from writing import FILES, Post

from linkgate.fronts.inputs import BadRecord, decode, open_inputs

HIT = "see http://bad.example/page"
MENDED = "not valid UTF-8 (checked with the wrong bytes replaced)"
NOISE = random.Random(1).randbytes(200_000)  # noqa: S311  # any bytes will do
POSTS = [Post(str(number), number, f"{HIT} {number}") for number in range(1, 4)]

JSON_LINES: list[tuple[bytes, str | None, str | None]] = [
    (rb'{"text": "half an emoji \ud83d"}', "half an emoji \ufffd", None),
    (rb'{"text": "a whole one \ud83d\ude00"}', "a whole one \U0001f600", None),
    (b'{"text": "a", "score": NaN}', "a", None),
    (b'{"text": "caf\xe9"}', "caf\ufffd", MENDED),
    (b'{"text": "a\x00b"}', None, "not a JSON object"),
    (rb'{"text": "a\u0000b"}', "a\x00b", None),
    (b'{"text": null}', "", None),
    (b'{"text": 7}', None, "field 'text' is not text"),
    (b'{"text": ["a", "b"]}', "a\nb", None),
    (b'{"text": "a"', None, "not a JSON object"),
    (b"[" * 100_000, None, "not a JSON object"),
    (b"[]", None, "not a JSON object"),
    (b'{"text": "a", "text": "b"}', "b", None),
    (b'{"text": "a"} {"text": "b"}', None, "not a JSON object"),
]


@pytest.mark.parametrize(("line", "text", "reason"), JSON_LINES)
def test_a_dirty_json_line_among_clean_ones(tmp_path: Path, line: bytes, text: str | None, reason: str | None) -> None:
    path = tmp_path / "posts.jsonl"
    clean = json.dumps({"text": HIT}).encode()
    path.write_bytes(b"\r\n".join([clean, b"", line, clean]))
    rows, bad = read(path)
    assert [row["text"] for row in rows] == [HIT, *([] if text is None else [text]), HIT]
    assert rows[-1]["place"] == 4
    assert bad == ([BadRecord(3, reason)] if reason else [])


def test_ids_that_are_numbers_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    ids = ["7", "8", 9, 10.0, 10.5, True, None, 2**70, [11, 12], {"a": 1}, "", "\ud83d"]
    path.write_text("".join(json.dumps({"text": "a", "id": each}) + "\n" for each in ids))
    rows, bad = read(path)
    assert not bad
    found = ["7", "8", "9", "10", None, None, None, str(2**70), "11", None, "", "\ufffd"]
    assert [row["id"] for row in rows] == found


def test_a_bad_time_is_no_bad_record(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    times = [
        0,
        "soon",
        None,
        1e300,
        "2013-02-30",
        "1970-01-01T00:00:00Z",
        [0],
        {},
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "0",
    ]
    path.write_text("".join(json.dumps({"text": "a", "time": each}) + "\n" for each in times))
    rows, bad = read(path)
    assert not bad
    known = [row["time"] is not None and row["time"].timestamp() == 0 for row in rows]
    assert known == [True, False, False, False, False, True, True, False, True, True]


def test_a_table_with_dirt(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(
        b'\xef\xbb\xbfid,text\r\n1,"a\r\n""b"""\r\n2\r\n3,caf\xe9\r\n4,x\x00y,more\r\n\r\n5,"never closed\r\n6,z'
    )
    rows, bad = read(path)
    assert [(row["place"], row["id"], row["text"]) for row in rows] == [
        (2, "1", 'a\r\n"b"'),
        (5, "3", "caf\ufffd"),
        (6, "4", "x\x00y"),
        (9, "6", "z"),
    ]
    assert [told.place for told in bad] == [4, 5, 8]
    assert [told.reason.split(" ")[0] for told in bad] == ["fewer", "not", "a"]


def test_a_quote_in_tsv_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "posts.tsv"
    path.write_text('id\ttext\n1\t"open\n2\tclosed"\n3\t"a"b\n')
    rows, bad = read(path)
    assert not bad
    assert [row["text"] for row in rows] == ['"open', 'closed"', '"a"b']


@pytest.mark.parametrize("name", ["posts.csv", "posts.tsv", "posts.parquet"])
def test_a_table_without_a_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        parquet.write_table(pa.table({"a": ["x"], "n": [1]}), path)
    else:
        path.write_text("secret http://bad.example/\tb\n1\t2\n")
    _, (bad,) = read(path)
    assert bad.place is None
    assert "--text" in bad.reason
    assert "secret" not in bad.reason
    _, (bad,) = read(path, text="none")
    assert "'none'" in bad.reason


def test_a_text_column_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    parquet.write_table(pa.table({"text": [1, 2]}), path)
    assert read(path, text="text")[1] == [BadRecord(None, "column 'text' is not text; name another with --text")]


def test_text_that_is_no_utf8_in_parquet(tmp_path: Path) -> None:
    raw = pa.array([b"ok", b"caf\xe9", None], pa.binary())
    lying = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    path = tmp_path / "posts.parquet"
    parquet.write_table(pa.table({"text": lying}), path)
    rows, bad = read(path)
    assert [row["text"] for row in rows] == ["ok", "caf\ufffd", ""]
    assert bad == [BadRecord(2, MENDED)]


@pytest.mark.parametrize("packing", PACK)
def test_a_packed_file_that_breaks_off(tmp_path: Path, packing: str) -> None:
    lines = [f"{HIT} {random.Random(number).random()}" for number in range(20_000)]  # noqa: S311  # as above
    path = tmp_path / ("posts.txt" + packing)
    path.write_bytes(PACK[packing]("\n".join(lines).encode())[:-5000])
    rows, bad = read(path)
    assert 5_000 < len(rows) < 20_000
    assert [row["text"] for row in rows] == lines[: len(rows)]
    assert bad == [
        BadRecord(None, f"the {packing} breaks off in the middle; what stood before was read; copy it again")
    ]


@pytest.mark.parametrize("packing", PACK)
def test_a_packed_file_that_is_damaged(tmp_path: Path, packing: str) -> None:
    path = tmp_path / ("posts.txt" + packing)
    content = bytearray(PACK[packing]("\n".join([HIT] * 99).encode() + NOISE.hex().encode()))
    middle = len(content) // 2
    content[middle : middle + 300] = bytes(300)
    content[4:12] = b"\xff" * 8 if packing == ".zst" else content[4:12]  # which has no checksum here
    path.write_bytes(content)
    _, bad = read(path)
    assert [(told.place, "damaged" in told.reason or "breaks off" in told.reason) for told in bad] == [(None, True)]


@pytest.mark.parametrize("name", FILES)
def test_half_a_file(tmp_path: Path, name: str) -> None:
    """A copy that was cut short: nothing raised, and nothing said that is not so."""
    posts = [Post(str(number), number, f"text {number}") for number in range(1, 500)]
    path = FILES[name][1](posts, tmp_path / FILES[name][0])
    whole = path.read_bytes()
    for length in (1, 9, len(whole) // 3, len(whole) - 20):
        path.write_bytes(whole[:length])
        rows, bad = read(path)
        assert {row["text"] for row in rows[:-1]} <= {post.text for post in posts}
        assert len(bad) <= 1
    assert len(rows) > 490 or name in {"Parquet", "Arrow stream"}


@pytest.mark.parametrize(
    "name", ["posts.jsonl", "posts.json", "posts.csv", "posts.tsv", "posts.txt", "posts", "result.json"]
)
def test_a_binary_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(NOISE)
    assert read(path) == (
        [],
        [BadRecord(None, "looks like a binary file, not like messages; check that it is the right one")],
    )


@pytest.mark.parametrize("name", ["posts.parquet", "posts.arrow", "posts.arrows"])
@pytest.mark.parametrize(
    "content", [NOISE, b"PAR1", b"ARROW1\x00\x00", b"\xff\xff\xff\xff" + struct.pack("<i", 2**31 - 1), b"PAR1PAR1"]
)
def test_a_table_that_is_none(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    rows, bad = read(path)
    assert not rows
    assert [told.place for told in bad] == [None]
    assert "not a sound" in bad[0].reason


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04" + NOISE, "ZIP"),
        ("text,id\na,1".encode("utf-32"), "UTF-32"),
        (b"SQLite format 3\x00" + NOISE, "?table="),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    _, (bad,) = read(path)
    assert bad.place is None
    assert told in bad.reason


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.mbox", "a.eml", "a", "a.jsonl.gz"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    assert read(path) == ([], [])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == (
        [],
        [BadRecord(None, "cannot be read: no such file or directory; check the path")],
    )


def test_a_file_that_is_forbidden(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_text(HIT)
    path.chmod(0)
    with as_nobody():
        found = read(path)
    assert found[1] == [BadRecord(None, "cannot be read: permission denied; ask for the right to read it")]


def test_a_fifo_is_read_once_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    content = json.dumps({"text": HIT}).encode() + b"\n"
    writer = threading.Thread(target=path.write_bytes, args=(content * 3,))
    writer.start()
    (source,) = open_inputs([str(path)])
    assert (source.size, source.identity) == (None, "")
    rows = [row for chunk in source.chunks() for row in decode(chunk, source.plan)[0].to_pylist()]
    writer.join()
    assert [row["text"] for row in rows] == [HIT] * 3


EXPORTS: dict[str, Callable[[str], bytes]] = {
    "telegram": lambda item: (
        b'{"name": "c", "type": "private_group", "messages": [' + item.encode("utf-8", "surrogateescape")
    ),
    "discord": lambda item: b'{"guild": {}, "channel": {}, "messages": [' + item.encode("utf-8", "surrogateescape"),
    "slack": lambda item: b"[" + item.encode("utf-8", "surrogateescape"),
}


@pytest.mark.parametrize("form", EXPORTS)
def test_a_dirty_message_in_an_export(tmp_path: Path, form: str) -> None:
    field = "content" if form == "discord" else "text"
    found = [
        rf'{{"{field}": "half \ud83d"}}',
        f'{{"{field}": "caf\udce9", "x": NaN}}',
        f'{{"{field}": 7}}',
        "7",
        f'{{"{field}": nope}}',
    ]
    path = tmp_path / "result.json"
    path.write_bytes(EXPORTS[form](", ".join([*found, f'{{"{field}": "last"}}']) + "]"))
    rows, bad = read(path, form=form)
    assert [(row["place"], row["text"]) for row in rows] == [(1, "half \ufffd"), (2, "caf\ufffd"), (6, "last")]
    assert [told.place for told in bad] == [2, 3, 4, 5, *([] if form == "slack" else [None])]


def test_deep_and_long_items_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    deep = '{"a":' * 30 + "1" + "}" * 30
    hopeless = "[" * 50_000 + "]" * 50_000
    path.write_text(f'[{{"text": "one"}}, {deep}, {hopeless}, {{"text": "two"}}] trailing')
    rows, bad = read(path)
    assert [(row["place"], row["text"]) for row in rows] == [(1, "one"), (4, "two")]
    assert [told.place for told in bad] == [2, 3]


def test_a_record_above_the_limit(tmp_path: Path) -> None:
    long = "x" * (17 << 20)
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join([json.dumps({"text": HIT}), json.dumps({"text": long}), json.dumps({"text": HIT})]))
    rows, bad = read(path)
    assert [row["place"] for row in rows] == [1, 3]
    assert bad == [BadRecord(2, "longer than 16 MiB")]
    path = tmp_path / "posts.mbox"
    mail = "From a Thu Jan  1 00:00:00 2015\nSubject: s\n\n"
    path.write_text(f"{mail}{HIT}\n\n{mail}{HIT}\n{long}\n\n{mail}{HIT}")
    rows, bad = read(path)
    assert [(row["place"], HIT in row["text"]) for row in rows] == [(1, True), (2, True), (3, True)]
    assert bad == [BadRecord(2, "longer than 16 MiB (its beginning was checked)")]


def test_an_arrow_stream_that_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "posts.arrows"
    with ipc.new_stream(path, pa.schema([("text", pa.string())])) as writer:
        for number in range(5):
            writer.write_batch(pa.record_batch({"text": [f"{number}"] * 1000}))
    path.write_bytes(path.read_bytes()[:-2000])
    rows, bad = read(path)
    assert len(rows) == 4000
    assert bad == [BadRecord(None, "not a sound Arrow file; what stood before was read; copy or write it again")]
