"""The recipes for clusters in docs/archive.md, run as they stand there but for where the posts lie."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import linkgate

README = Path(__file__).parents[1] / "docs" / "archive.md"
POSTS = [
    ("a", "see http://bad.example/page", None),
    ("b", "nothing", ["http://other.example/", "https://x.worse.example/"]),
    ("c", None, []),
    ("d", "bad.example/page and http://bad.example/page", None),
]


def recipe(word: str) -> str:
    """The one indented block of code that holds a word."""
    groups = itertools.groupby(
        README.read_text("utf-8").splitlines(), key=lambda line: not line or line.startswith("    ")
    )
    blocks = [textwrap.dedent("\n".join(lines)) for indented, lines in groups if indented]
    (found,) = [block for block in blocks if word in block]
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    linkgate.save(linkgate.compile_lines(["http://bad.example/page", "*.worse.example"]).engine, tmp_path / "store")
    ids, texts, links = zip(*POSTS, strict=True)
    columns = {"post_id": ids, "body": texts, "urls": pa.array(links, pa.list_(pa.string())), "year": [2024] * 4}
    (tmp_path / "posts").mkdir()
    for number in range(2):
        part = pa.table(columns).slice(2 * number, 2)
        parquet.write_table(part, tmp_path / "posts" / f"{number}.parquet")
    return tmp_path


def ran(code: str, folder: Path) -> list[tuple[str, int | None, str]]:
    """What a recipe writes: message, start, action."""
    local = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "RAY_AUTH_MODE": "disabled"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=300,
        env=os.environ | local,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    rows = parquet.read_table(folder / "hits").to_pylist()
    return sorted((row.get("post_id") or row["id"], row["start"], row["action"]) for row in rows)


HITS = [("a", 4, "block"), ("b", None, "block"), ("d", 0, "block"), ("d", 21, "block")]


@pytest.mark.skipif(not find_spec("pyspark") or not shutil.which("java"), reason="needs the extra `spark`, and Java")
def test_spark(archive: Path) -> None:
    code = recipe("SparkSession.builder").replace("s3a://archive/", f"file://{archive}/")
    assert ran(code, archive) == HITS


@pytest.mark.skipif(not find_spec("ray"), reason="needs Ray: pip install 'ray[data]'")
def test_ray(archive: Path) -> None:
    code = recipe("map_batches").replace("s3://archive/", f"{archive}/")
    assert ran(code, archive) == HITS
