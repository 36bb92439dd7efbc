"""`linkgate.spark.scan` on a real local Spark session gives what `engine.check` gives, message by message."""

from __future__ import annotations

import gzip
import itertools
import json
import operator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import linkgate
from linkgate.fronts.batches import messages_of, scan_batch

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

import linkgate.spark

DATA = Path(__file__).parents[2] / "shared" / "data"
LINES = ["http://bad.example/page", "*.worse.example", "http://192.0.2.7/"]
ENGINE = linkgate.compile_lines(LINES, name="demo").engine
SCHEMA = "number int, body string, urls array<string>, one string"
ROWS: list[tuple[int, str | None, list[str] | None, str | None]] = [
    (7, "see http://BAD.example/./page now", None, None),
    (8, "nothing here", ["https://a.worse.example/"], None),
    (9, None, None, "http://0xC0000207/"),
    (10, "ｈttp://worse。example and bad.example/page", [], "https://bad.example/other"),
    (11, "clear", None, None),
]

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::FutureWarning", "ignore::DeprecationWarning"
)


def rows(hits: Any) -> list[dict[str, Any]]:
    return [row.asDict() for row in hits.collect()]


def test_hits_are_those_of_check(spark: SparkSession) -> None:
    posts = spark.createDataFrame(ROWS, SCHEMA).repartition(3)
    hits = linkgate.spark.scan(posts, text="body", links="urls", id="number", engine=ENGINE)
    expected = []
    for number, text, links, _ in ROWS:
        verdict = ENGINE.check(text or "", links=links or ())
        more = {"number": number, "snapshot": ENGINE.snapshot}
        both = zip(verdict.matches, verdict.rulings, strict=True)
        expected += [match.as_dict() | more | {"action": ruling.action} for match, ruling in both]
    assert len(expected) == 4
    by_place = operator.itemgetter("number", "entry")
    assert sorted(rows(hits), key=by_place) == sorted(expected, key=by_place)
    assert dict(hits.dtypes)["number"] == "int"


def test_a_column_of_single_links(spark: SparkSession) -> None:
    posts = spark.createDataFrame(ROWS, SCHEMA)
    hits = rows(linkgate.spark.scan(posts, text="body", links="one", id="number", engine=ENGINE))
    assert [(row["number"], row["entry"]) for row in hits if row["start"] is None] == [(9, "demo:3")]


def test_the_link_only_when_asked_and_no_address_in_the_plan(spark: SparkSession) -> None:
    posts = spark.createDataFrame([(1, "see http://BAD.example/page now", None, None)], SCHEMA)
    plain = linkgate.spark.scan(posts, text="body", engine=ENGINE)
    assert "link" not in plain.columns
    shown = linkgate.spark.scan(posts, text="body", engine=ENGINE, show_urls=True)
    assert [row["link"] for row in rows(shown)] == ["hxxp://BAD[.]example/page"]
    plan = plain._jdf.queryExecution().toString()
    assert "worse.example" not in plan


def test_a_frame_without_hits_has_the_same_columns(spark: SparkSession) -> None:
    posts = spark.createDataFrame(ROWS[4:], SCHEMA)
    hits = linkgate.spark.scan(posts, text="body", id="number", engine=ENGINE)
    assert hits.collect() == []
    assert hits.columns[:3] == ["number", "start", "end"]


@pytest.mark.parametrize("columns", [{"text": "nope"}, {"text": "number"}, {"text": "body", "links": "number"}])
def test_a_wrong_column_is_told_at_once(spark: SparkSession, columns: dict[str, Any]) -> None:
    posts = spark.createDataFrame(ROWS, SCHEMA)
    with pytest.raises(linkgate.UsageError, match="column"):
        linkgate.spark.scan(posts, engine=ENGINE, **columns)


def test_real_posts(spark: SparkSession) -> None:
    posts, listed = DATA / "messages" / "reddit_224k.jsonl.gz", DATA / "lists" / "reddit_tech_6k.txt"
    if not posts.is_file():
        pytest.skip("no ../shared/data beside the repository")
    engine = linkgate.compile_lines(listed.read_text("utf-8").splitlines(), name="tech").engine
    with gzip.open(posts, "rt", encoding="utf-8") as file:
        messages = [(place, json.loads(line)["text"]) for place, line in enumerate(itertools.islice(file, 20_000), 1)]
    frame = spark.createDataFrame(messages, "place long, text string").repartition(4)
    hits = rows(linkgate.spark.scan(frame, id="place", engine=engine))
    expected = scan_batch(messages_of([text for _, text in messages]), engine).to_pylist()
    keys = ("place", "start", "end", "entry", "kind", "action")
    assert sorted(tuple(hit[key] for key in keys) for hit in hits) == sorted(
        tuple(hit[key] for key in keys) for hit in expected
    )
    assert hits
