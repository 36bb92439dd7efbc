"""Real posts against a real list: the same hits whatever the posts lie in, and those of `engine.check`."""

import gzip
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from running import rows, run
from writing import Post, as_csv, as_json_lines, as_parquet, as_telegram_chat

import linkgate.spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Hit = tuple[Any, ...]
ROW = ("id", "start", "end", "entry", "list", "category", "scope", "kind", "steps", "action", "snapshot")
FILES: dict[str, Callable[[list[Post], Path], Path]] = {
    "posts.jsonl": as_json_lines,
    "posts.csv": as_csv,
    "posts.parquet": as_parquet,
    "result.json": as_telegram_chat,
}
FIRST, LAST = 176_000, 180_000
"""The stretch of the posts with the most hits."""


def posts_of(path: Path) -> list[Post]:
    """Some posts; of every third with a link, that is hidden behind the text as well."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found = [json.loads(line) for line in itertools.islice(file, FIRST, LAST)]
    posts = []
    for number, row in enumerate(found):
        links = [link.text for link in linkgate.find_links(row["text"])][:1] if number % 3 == 0 else []
        posts.append(Post(str(int(row["id"], 36)), int(float(row["ts"])), row["text"], tuple(links)))
    return posts


def as_rows(hits: list[dict[str, Any]]) -> list[Hit]:
    """Hits in one order, to be compared."""
    return sorted((tuple(map(str, (hit[name] for name in ROW))) for hit in hits), key=str)


def checked(posts: list[Post], engine: linkgate.Engine) -> list[Hit]:
    """Every message alone."""
    hits = []
    for post in posts:
        verdict = engine.check(post.text, links=post.links)
        more = {"id": post.id, "snapshot": verdict.snapshot}
        both = zip(verdict.matches, verdict.rulings, strict=True)
        hits += [match.as_dict() | more | {"action": ruling.action} for match, ruling in both]
    return as_rows(hits)


def scanned(posts: list[Post], folder: Path) -> dict[str, list[Hit]]:
    """What the command finds in each kind of file."""
    found = {}
    for name, write in FILES.items():
        write(posts, folder / name)
        done = run("scan", name, "--list", "listed", "--max-bad", "0", cwd=folder)
        assert done.returncode == 1, done.stderr
        found[name] = as_rows(rows(done.stdout))
    return found


def sparked(posts: list[Post], spark: "SparkSession", engine: linkgate.Engine) -> list[Hit]:
    schema = "id long, body string, urls array<string>"
    frame = spark.createDataFrame([(int(post.id), post.text, list(post.links)) for post in posts], schema)
    hits = linkgate.spark.scan(frame.repartition(3), text="body", links="urls", id="id", engine=engine)
    return as_rows([row.asDict() for row in hits.collect()])


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
def test_the_same_hits_from_files_an_export_and_spark(shared: Path, tmp_path: Path, spark: "SparkSession") -> None:
    listed = (shared / "data" / "lists" / "reddit_tech_6k.txt").read_text("utf-8").splitlines()
    engine = linkgate.compile_lines(listed, name="tech").engine
    linkgate.save(engine, tmp_path / "listed")
    posts = posts_of(shared / "data" / "messages" / "reddit_224k.jsonl.gz")
    expected = checked(posts, engine)
    assert len(expected) > 100
    assert {hit[ROW.index("kind")] for hit in expected} >= {"exact", "loose"}
    assert {hit[ROW.index("start")] for hit in expected} >= {"None"}
    found = scanned(posts, tmp_path) | {"Spark": sparked(posts, spark, engine)}
    assert len(found) == 5
    assert found == dict.fromkeys(found, expected)
    for one, other in itertools.combinations(found.values(), 2):
        assert one == other
