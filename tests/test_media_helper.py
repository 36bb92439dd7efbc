"""`python -m linkgate.media`: digests of files that the test writes and pictures that it draws."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import linkgate
from linkgate.media.__main__ import main
from linkgate.media.file_hashes import file_hashes

if TYPE_CHECKING:
    from pathlib import Path


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one").write_bytes(b"a file of our own")
    before = sorted(tmp_path.rglob("*"))
    assert main([str(tmp_path / "one"), str(tmp_path / "none")]) == 2
    said = capsys.readouterr()
    row = json.loads(said.out)
    assert row["sha256"] == hashlib.sha256(b"a file of our own").hexdigest()
    assert "none cannot be read" in said.err
    assert sorted(tmp_path.rglob("*")) == before
    engine = linkgate.compile_lines([row["md5"]], name="demo", type="md5").engine
    assert engine.check("", media=[linkgate.Media(**row)]).flagged


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--help"], 0)])
def test_the_program(arguments: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "linkgate.media", *arguments], capture_output=True, check=False)
    assert (done.returncode, b"stores nothing" in done.stderr) == (code, True)


def test_a_picture_that_the_test_draws(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="the extra `hashing` is not installed")
    drawing = pytest.importorskip("PIL.ImageDraw", reason="the extra `hashing` is not installed")
    pytest.importorskip("pdqhash", reason="the extra `hashing` is not installed")
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    draw = random.Random(7)  # noqa: S311  # drawn for a test
    picture = image.new("RGB", (256, 256), (40, 90, 160))
    pen = drawing.Draw(picture)
    for _ in range(60):
        x, y, size = draw.randrange(256), draw.randrange(256), draw.randrange(10, 90)
        pen.ellipse((x - size, y - size, x + size, y + size), fill=tuple(draw.randrange(256) for _ in range(3)))
    picture.save(tmp_path / "one.png")
    picture.resize((200, 200)).save(tmp_path / "two.jpg", quality=60)
    picture.rotate(90).save(tmp_path / "other.png")
    one, two, other = (file_hashes(tmp_path / name) for name in ("one.png", "two.jpg", "other.png"))
    engine = linkgate.compile_lines([one["pdq"]], name="demo", type="pdq").engine
    found = [engine.check("", media=[linkgate.Media(id="a", **each)]).matches for each in (one, two, other)]
    assert [len(matches) for matches in found] == [1, 1, 0]
    assert (found[0][0].distance, found[1][0].distance in range(1, 32)) == (0, True)
