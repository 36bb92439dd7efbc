"""`linkgate.scan` over whatever data people have: the hits of each are those of `check`, row by row."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

import linkgate

pd = pytest.importorskip("pandas", reason="the extra `spark`, which brings it, is not installed")

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINE = linkgate.compile_lines(["http://bad.example/page", "*.worse.example"], name="demo").engine
BODIES = ["hello", "see bad.example/page", None, "a.worse.example and http://bad.example/page", "x"]
URLS = [[], [], ["https://b.worse.example/"], None, ["http://other.example/"]]
POSTS = pa.table({"post": [7, 8, 9, 10, 11], "body": BODIES, "urls": URLS})
NAMED: dict[str, Any] = {"text": "body", "links": "urls", "id": "post"}


def places(table: pa.Table) -> list[Any]:
    return [tuple(row.values()) for row in table.select(["place", "id", "entry", "start"]).to_pylist()]


WANTED = [(2, 8, "demo:1", 4), (3, 9, "demo:2", None), (4, 10, "demo:2", 0), (4, 10, "demo:1", 20)]


@pytest.mark.parametrize(
    "made",
    [
        lambda posts: posts,
        lambda posts: pa.concat_tables([posts.slice(0, 2), posts.slice(2)]),  # chunked
        lambda posts: posts.to_batches()[0],
        lambda posts: posts.to_reader(max_chunksize=1),
        lambda posts: posts.to_pandas(),
    ],
    ids=["table", "chunked", "batch", "reader", "pandas"],
)
def test_frames(made: Callable[[pa.Table], Any]) -> None:
    assert places(linkgate.scan(made(POSTS), engine=ENGINE, **NAMED)) == WANTED


@pytest.mark.parametrize("library", ["polars", "duckdb"])
def test_other_frames(library: str) -> None:
    module = pytest.importorskip(library)
    frame = module.from_arrow(POSTS)
    assert places(linkgate.scan(frame, engine=ENGINE, **NAMED)) == WANTED
    if library == "polars":
        assert places(linkgate.scan(frame.lazy(), engine=ENGINE, **NAMED)) == WANTED


def test_files_folders_and_globs(tmp_path: Path) -> None:
    parquet.write_table(POSTS, tmp_path / "posts.parquet")
    csv.write_csv(POSTS.select(["post", "body"]), tmp_path / "posts.csv")
    for source in (tmp_path / "posts.parquet", str(tmp_path / "*.parquet")):
        found = linkgate.scan(source, engine=ENGINE, **NAMED)
        assert places(found) == WANTED
        assert set(found.column("file").to_pylist()) == {str(tmp_path / "posts.parquet")}
    assert len(linkgate.scan(tmp_path, engine=ENGINE, text="body", id="post")) == 7
    assert found.schema == linkgate.scan(POSTS.slice(0, 1), engine=ENGINE, **NAMED).schema


def test_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
        client.create_bucket(Bucket="archive")
        sink = pa.BufferOutputStream()
        parquet.write_table(POSTS, sink)
        client.put_object(Bucket="archive", Key="posts/a.parquet", Body=sink.getvalue().to_pybytes())
        options = f"endpoint_override={host}:{port}&scheme=http&region=us-east-1"
        for path in ("archive/posts/a.parquet", "archive/posts"):
            assert places(linkgate.scan(f"s3://{path}?{options}", engine=ENGINE, **NAMED)) == WANTED
        with pytest.raises(linkgate.UsageError, match=r"cannot be read as parquet"):
            linkgate.scan(f"s3://archive/none.parquet?{options}", engine=ENGINE)
    finally:
        server.stop()


def test_a_bucket_of_google(tmp_path: Path) -> None:
    pytest.importorskip("gcp_storage_emulator", reason="no server of Google Cloud Storage here")
    parquet.write_table(POSTS, tmp_path / "posts.parquet")
    script = Path(__file__).with_name("gcs_server.py")
    command = [sys.executable, str(script), "archive", "posts/a.parquet", str(tmp_path / "posts.parquet")]
    env = os.environ | {"NO_PROXY": "127.0.0.1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        options = f"endpoint_override=127.0.0.1:{port}&scheme=http&retry_limit_seconds=5"
        for path in ("archive/posts/a.parquet", "archive/posts"):
            assert places(linkgate.scan(f"gs://anonymous@{path}?{options}", engine=ENGINE, **NAMED)) == WANTED
        with pytest.raises(linkgate.UsageError, match=r"cannot be read as parquet \(FileNotFoundError\)"):
            linkgate.scan(f"gs://anonymous@archive/none.parquet?{options}", engine=ENGINE)
        server.communicate()


def test_what_cannot_be_scanned_is_said(tmp_path: Path) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"text": "bodi"}, "no column 'bodi' for text; there are: post, body, urls"),
        ({}, "no column 'text' for text"),
        ({"text": "body", "links": "url"}, "no column 'url' for links"),
    )
    for given, sentence in wrong:
        with pytest.raises(linkgate.UsageError, match=sentence):
            linkgate.scan(POSTS, engine=ENGINE, **given)
    with pytest.raises(TypeError, match=r"source must be a path, .* not list"):
        linkgate.scan(["text"], engine=ENGINE)
    with pytest.raises(TypeError, match=r"engine must be a linkgate\.Engine, not str"):
        linkgate.scan(POSTS, engine="store")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(TypeError, match="text must be the name of a column, not int"):
        linkgate.scan(POSTS, engine=ENGINE, text=1)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(linkgate.UsageError, match="mixed types"):
        linkgate.scan(pd.DataFrame({"text": ["a", 1, b"x"]}), engine=ENGINE)
    with pytest.raises(linkgate.UsageError, match=r"none\.csv"):
        linkgate.scan(tmp_path / "none.csv", engine=ENGINE)
    (tmp_path / "some.jsonl").write_text('{"text": "see bad.example/page"}\nnot json\n')
    with pytest.warns(UserWarning, match="1 records cannot be read"):
        assert len(linkgate.scan(tmp_path / "some.jsonl", engine=ENGINE, text="text")) == 1


def test_an_engine_travels_by_its_sections() -> None:
    data = pickle.dumps(ENGINE)
    assert pickle.loads(data).snapshot == ENGINE.snapshot  # noqa: S301  # ours
    texts = ["see bad.example/page", "hello"]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert [each.flagged for each in pool.map(ENGINE.check, texts)] == [True, False]


def test_an_engine_travels_with_joblib() -> None:
    joblib = pytest.importorskip("joblib")
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(ENGINE.check)(text) for text in ("see bad.example/page", "hello"))
    assert [(each.flagged, each.snapshot) for each in found] == [(True, ENGINE.snapshot), (False, ENGINE.snapshot)]


def test_policy_and_links() -> None:
    shadow = linkgate.Policy(rules={"demo": linkgate.Rule(shadow=True)})
    found = linkgate.scan(POSTS, engine=ENGINE, policy=shadow, show_urls=True, **NAMED)
    assert set(found.column("action").to_pylist()) == {"log"}
    assert found.column("link").to_pylist()[0] == "bad[.]example/page"
