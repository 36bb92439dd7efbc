"""The same messages come out of every form, packed or not, from a file or a pipe."""

import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from gathering import PACK, Row, gathered, read
from running import environment
from writing import FILES, Post, as_eml_folder, as_slack, as_sqlite

from linkgate.fronts.inputs import Fields, decode, open_inputs

SOME = [
    Post("1", 1358788919, "see http://bad.example/page"),
    Post("2", 0, "look & <b> 'here' \"there\"", ("http://bad.example/?a=1&b=2",)),
    Post("3", 1700000000, "caf\u00e9 \U0001f600 \u6f22\u5b57; a,b"),
    Post("40", 1700000001, "From me: x", ("http://one.example/",)),
    Post("5", 1700000002, "{not json} ]}"),
]


def lined(posts: Sequence[Post]) -> list[Post]:
    """For forms that end a message with its line, and mails, which trim the ends of theirs."""
    return [post._replace(text=" ".join(post.text.split())) for post in posts]


def checked(rows: Sequence[Row], posts: Sequence[Post], *, ids: str = "{}") -> None:
    assert [row["text"] for row in rows] == [post.text for post in posts]
    assert [str(row["id"]) for row in rows] == [ids.format(post.id) for post in posts]
    assert [row["time"] and int(row["time"].timestamp()) for row in rows] == [post.time for post in posts]
    assert [tuple(row["links"] or ()) for row in rows] == [post.links for post in posts]


def ids_of(name: str) -> str:
    return "<{}@mail.example>" if name == "mbox" else "{}"


@pytest.mark.parametrize("name", FILES)
def test_every_form_gives_the_same(tmp_path: Path, name: str) -> None:
    path = FILES[name][1](SOME, tmp_path / FILES[name][0])
    rows, bad = read(path)
    assert not bad
    if name == "Telegram account":
        assert [row["id"] for row in rows] == ["5/1", "6/2", "7/3", "7/40", "7/5"]
        rows = [row | {"id": row["id"].split("/")[1]} for row in rows]
    checked(rows, SOME, ids=ids_of(name))
    assert [row["place"] for row in rows] == list(range(2, 7) if name in {"CSV", "TSV"} else range(1, 6))


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("name", FILES)
def test_every_form_packed_gives_the_same(tmp_path: Path, name: str, packing: str) -> None:
    path = FILES[name][1](SOME, tmp_path / FILES[name][0])
    packed = tmp_path / (path.name + packing)
    packed.write_bytes(PACK[packing](path.read_bytes()))
    assert read(packed) == read(path)


PIPED = """
import json, os, sys
import pyarrow as pa
from linkgate.fronts.inputs import decode, open_inputs

pa.array([1])  # loads what its first array loads, once for all
for name, form, path in json.loads(sys.argv[1]):
    with open(path, "rb") as file:
        content = file.read()
    reads, writes = os.pipe()
    if not (child := os.fork()):
        os.close(writes)
        os.dup2(reads, 0)
        source, = open_inputs(["-"], form=form or None)
        assert (source.identity, source.size) == ("", None)
        for chunk in source.chunks():
            batch, bad = decode(chunk, source.plan)
            assert not bad, bad
            for row in batch.to_pylist():
                print(json.dumps([name, ascii((row["text"], row["links"]))]), flush=True)
        os._exit(0)
    os.close(reads)
    with open(writes, "wb") as pipe:
        pipe.write(content)
    assert os.waitpid(child, 0)[1] == 0, name
"""


@pytest.fixture(scope="module")
def piped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is read of every form, packed or not, on stdin: each in a process of its own, forked from one."""
    folder, asked = tmp_path_factory.mktemp("piped"), []
    for name, (file, write) in FILES.items():
        path = write(SOME, folder / file)
        packed = path.with_name(f"{path.name}.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        form = name.lower() if name in {"CSV", "TSV"} else ""
        asked += [(name, form, str(path)), (f"{name}.gz", form, str(packed))]
    command = [sys.executable, "-c", PIPED, json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, list[str]] = {name: [] for name, *_ in asked}
    for line in done.stdout.splitlines():
        name, row = json.loads(line)
        found[name].append(row)
    return found


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize("name", FILES)
def test_every_form_through_a_pipe_gives_the_same(
    tmp_path: Path, piped: dict[str, list[str]], name: str, packing: str
) -> None:
    path = FILES[name][1](SOME, tmp_path / FILES[name][0])
    assert piped[name + packing] == [ascii((row["text"], row["links"])) for row in read(path)[0]]


def test_a_slack_export(tmp_path: Path) -> None:
    rows, bad = read(as_slack(SOME, tmp_path / "export"))
    assert not bad
    checked([row | {"id": post.id} for row, post in zip(rows, SOME, strict=True)], SOME)
    assert [row["id"] for row in rows] == [f"{post.time}.000000" for post in SOME]
    assert [row["place"] for row in rows] == [1, 2, 1, 2, 1]


def test_mails_one_a_file(tmp_path: Path) -> None:
    rows, bad = read(as_eml_folder(SOME, tmp_path / "mails"))
    assert not bad
    checked(rows, SOME, ids="<{}@mail.example>")


@pytest.mark.parametrize("name", ["mail", "mail.txt", "1472.0"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mail_is_told_by_its_headers(tmp_path: Path, name: str, end: str) -> None:
    lines = [
        *("Return-Path: <a@b.example>", "Received: from c.example by d.example", "\twith SMTP; now", "X-Odd:"),
        *("Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "From: a@b.example", ""),
        base64.b64encode(b"<p>look <a href='http://bad.example/page'>here</a>").decode(),
    ]
    (tmp_path / name).write_text(end.join(lines), newline="")
    rows, bad = read(tmp_path / name)
    assert not bad
    assert [row["links"] for row in rows] == [["http://bad.example/page"]]


def test_notes_with_a_colon_are_no_mail(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("From: Ann\nTo: Bob\n\nFrom: Bob\nReceived: nothing\n")
    rows, _ = read(tmp_path / "notes.txt")
    assert [row["text"] for row in rows] == ["From: Ann", "To: Bob", "From: Bob", "Received: nothing"]


def test_a_table_of_a_database(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    rows, bad = read(as_sqlite(SOME, tmp_path / "posts.db"))
    assert not bad
    checked(rows, sorted(SOME, key=lambda post: int(post.id)))


def test_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_text("\ufeffone\r\n\n  \n two \nthree", newline="")
    rows, bad = read(path)
    assert not bad
    assert [(row["place"], row["text"]) for row in rows] == [(1, "one"), (4, " two "), (5, "three")]


@pytest.fixture(scope="session")
def real(shared: Path) -> list[Post]:
    """Real posts, with links taken for hidden ones now and then."""
    posts = []
    with gzip.open(shared / "data" / "messages" / "reddit_224k.jsonl.gz", "rt") as lines:
        for number, line in zip(range(4000), lines, strict=False):
            row: dict[str, Any] = json.loads(line)
            links = ("http://hidden.example/" + row["id"],) if number % 7 == 0 else ()
            posts.append(Post(str(number + 1), int(float(row["ts"])), row["text"], links))
    return posts


@pytest.mark.parametrize("name", FILES)
def test_real_posts_are_the_same_in_every_form(tmp_path: Path, real: list[Post], name: str) -> None:
    posts = lined(real) if name in {"TSV", "mbox"} else real
    path = FILES[name][1](posts, tmp_path / FILES[name][0])
    rows, bad = read(path)
    assert not bad
    checked([row | {"id": str(row["id"]).split("/")[-1]} for row in rows], posts, ids=ids_of(name))


def test_real_posts_are_the_same_in_slack(tmp_path: Path, real: list[Post]) -> None:
    rows, bad = read(as_slack(real, tmp_path / "export"))
    assert not bad
    checked([row | {"id": post.id} for row, post in zip(rows, real, strict=True)], real)


def test_real_posts_are_the_same_in_a_database(tmp_path: Path, real: list[Post]) -> None:
    pytest.importorskip("sqlalchemy")
    rows, bad = read(as_sqlite(real, tmp_path / "posts.db"))
    assert not bad
    checked(rows, real)


@pytest.mark.parametrize("name", FILES)
def test_what_was_done_before_is_passed_over(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from linkgate.fronts.inputs import arrow_files, cutting, documents  # noqa: PLC0415  # patched here

    small = 2000
    for cut in (cutting.cut_lines, cutting.cut_records, cutting.cut_mails, documents.cut_items):
        monkeypatch.setitem(cut.__kwdefaults__ or {}, "block", small)
    monkeypatch.setattr(arrow_files, "_ROWS", 100)
    posts = [Post(str(number), number, f"text {number} " + "x" * (number % 50)) for number in range(1, 1000)]
    path = FILES[name][1](posts, tmp_path / FILES[name][0])
    (whole,) = open_inputs([str(path)])
    chunks = list(whole.chunks())
    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    assert len(chunks) > 5
    assert chunks[-1].offset <= (whole.size or 0)
    found = [decode(chunk, whole.plan)[0].to_pylist() for chunk in chunks]
    for skip in (1, 5, len(chunks)):
        (again,) = open_inputs([str(path)])
        rest = list(again.chunks(skip=skip))
        assert [(chunk.number, chunk.first) for chunk in rest] == [
            (chunk.number, chunk.first) for chunk in chunks[skip:]
        ]
        assert [decode(chunk, again.plan)[0].to_pylist() for chunk in rest] == found[skip:]


def test_fields_are_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    row = {"a.b": "dot", "a": {"b": "nested"}, "text": "guess", "k": [{"u": "http://x.example/"}, {"u": ["y"]}], "t": 5}
    path.write_text(json.dumps(row))
    (found,), _ = read(path, text="a.b", links=("k.u",), id="t", time="t")
    assert (found["text"], found["links"], found["id"]) == ("dot", ["http://x.example/", "y"], 5)
    path.write_text(json.dumps({"a": {"b": "nested"}, "text": "guess"}))
    (found,), _ = read(path, text="a.b")
    assert found["text"] == "nested"


def test_an_input_is_opened_no_sooner_than_it_must(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_text("one")
    (source,) = open_inputs([str(path)], fields=Fields())
    assert source.plan is None
    path.write_text("two")
    assert gathered(source)[0][0]["text"] == "two"
    assert source.remark == "plain text, each line a message"
