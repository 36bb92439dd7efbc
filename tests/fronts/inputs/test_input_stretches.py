"""What a worker reads of a plain file by itself is what the parent cut."""

import gzip
from pathlib import Path

import pytest

from linkgate.fronts.inputs import Bad, Fields, Piece, open_inputs
from linkgate.fronts.inputs.records import BLOCK, BOM, Stretch

LINE = b'{"text": "see http://bad.example/page"}\n'
MANY = LINE * (2 * BLOCK // len(LINE) + 7)


def pieces(path: Path) -> list[Piece]:
    [source] = open_inputs([str(path)], form=None, fields=Fields())
    return list(source.pieces())


@pytest.mark.parametrize("content", [MANY, BOM + MANY, MANY.removesuffix(b"\n"), LINE])
def test_the_bytes_are_those_that_were_cut(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(content)
    found = pieces(path)
    assert (len(found) > 2) is (len(content) > BLOCK)
    assert b"".join(piece.content for piece in found if isinstance(piece.content, bytes)) == content.removeprefix(BOM)
    for piece in found:
        assert piece.stretch is not None
        assert piece.stretch.read() == piece.content


def test_rows_behind_a_header(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(b"id,text\n" + b'1,"one, two"\n' * (2 * BLOCK // 13))
    read = [piece.stretch.read() for piece in pieces(path) if piece.stretch]
    assert read
    assert all(part == piece.content for part, piece in zip(read, pieces(path), strict=False))


def test_packed_bytes_travel(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(gzip.compress(LINE))
    assert [piece.stretch for piece in pieces(path)] == [None]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = Stretch(str(tmp_path / "posts.jsonl"), 0, 10).read()
    assert gone == Bad(None, "cannot be read any more: no such file or directory")
