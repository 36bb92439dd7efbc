"""What a worker reads of a plain file by itself is what the parent cut."""

import gzip
from pathlib import Path

import pytest

from linkgate.fronts.inputs import BadRecord, Chunk, Fields, open_inputs
from linkgate.fronts.inputs.chunks import BLOCK, BOM, FileRange

LINE = b'{"text": "see http://bad.example/page"}\n'
MANY = LINE * (2 * BLOCK // len(LINE) + 7)


def chunks(path: Path) -> list[Chunk]:
    [source] = open_inputs([str(path)], form=None, fields=Fields())
    return list(source.chunks())


@pytest.mark.parametrize("content", [MANY, BOM + MANY, MANY.removesuffix(b"\n"), LINE])
def test_the_bytes_are_those_that_were_cut(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(content)
    found = chunks(path)
    assert (len(found) > 2) is (len(content) > BLOCK)
    assert b"".join(chunk.content for chunk in found if isinstance(chunk.content, bytes)) == content.removeprefix(BOM)
    for chunk in found:
        assert chunk.stretch is not None
        assert chunk.stretch.read() == chunk.content


def test_rows_behind_a_header(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(b"id,text\n" + b'1,"one, two"\n' * (2 * BLOCK // 13))
    read = [chunk.stretch.read() for chunk in chunks(path) if chunk.stretch]
    assert read
    assert all(part == chunk.content for part, chunk in zip(read, chunks(path), strict=False))


def test_packed_bytes_travel(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(gzip.compress(LINE))
    assert [chunk.stretch for chunk in chunks(path)] == [None]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = FileRange(str(tmp_path / "posts.jsonl"), 0, 10).read()
    assert gone == BadRecord(None, "cannot be read any more: no such file or directory")
