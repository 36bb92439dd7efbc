"""A wrong argument is a TypeError that names it: never a silent nothing, never a crash inside."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import linkgate
from linkgate.fronts.batches import messages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LISTED = "http://bad.example/page"
ENGINE = linkgate.compile_lines([LISTED], name="demo").engine
NO_TEXTS = (None, 7, b"text", ["text"], object)
NO_LINKS = (LISTED, "", b"", None, 7, [None], [b"x"], (LISTED, 7), iter(()))


@pytest.fixture(params=["engine", "gate", "gate of a policy"])
def check(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., linkgate.Verdict]]:
    if request.param == "engine":
        yield ENGINE.check
        return
    store = linkgate.Store.open(tmp_path / "store", create=True)
    store.publish(ENGINE)
    config = tmp_path / "linkgate.toml"
    config.write_text('[store]\npath = "store"\n')
    gate = linkgate.Gate.open(store.path, watch=None)
    if request.param != "gate":
        gate.close()
        gate = linkgate.Gate.of(config, watch=None)
    with gate:
        yield gate.check


@pytest.mark.parametrize("text", NO_TEXTS, ids=repr)
def test_what_is_no_text(check: Callable[..., linkgate.Verdict], text: Any) -> None:
    with pytest.raises(TypeError, match=r"^text must be str, not "):
        check(text)


@pytest.mark.parametrize("text", ["clear", f"see {LISTED}"])
@pytest.mark.parametrize("links", NO_LINKS, ids=lambda links: f"{type(links).__name__}")
def test_what_is_no_list_of_links(check: Callable[..., linkgate.Verdict], text: str, links: Any) -> None:
    with pytest.raises(TypeError, match=r"^links must be a list of str, "):
        check(text, links=links)


@pytest.mark.parametrize(
    "made", [list, tuple, set, dict.fromkeys, np.array], ids=["list", "tuple", "set", "dict", "array"]
)
def test_every_collection_of_links_is_read(
    check: Callable[..., linkgate.Verdict], made: Callable[[list[str]], Any]
) -> None:
    assert check("see other.example", links=made([LISTED])).flagged


def test_no_error_quotes_what_it_was_given(check: Callable[..., linkgate.Verdict]) -> None:
    for given in ({"links": LISTED}, {"links": [LISTED, None]}, {"links": LISTED.encode()}):
        with pytest.raises(TypeError) as caught:
            check("text", **given)
        assert "example" not in str(caught.value)


@pytest.mark.parametrize("url", NO_TEXTS, ids=repr)
def test_what_is_no_url(url: Any) -> None:
    for ask in (ENGINE.lookup, ENGINE.explain):
        with pytest.raises(TypeError, match=r"^url must be str, not "):
            ask(url)


@pytest.mark.parametrize("lines", [LISTED, LISTED.encode(), None, 7], ids=repr)
def test_what_is_no_list_of_lines(lines: Any) -> None:
    with pytest.raises(TypeError, match=r"^lines must be a list of lines, not "):
        linkgate.compile_lines(lines)


def test_what_is_no_engine_no_policy_and_no_source(tmp_path: Path) -> None:
    wrong: tuple[tuple[Callable[[], Any], str], ...] = (
        (lambda: linkgate.Gate.fixed("store"), r"engine must be a linkgate\.Engine, not str"),  # type: ignore[arg-type]
        (lambda: linkgate.Gate.fixed(ENGINE, policy={}), r"policy must be a linkgate\.Policy, not dict"),  # type: ignore[arg-type]
        (lambda: linkgate.save("store", tmp_path / "x"), r"engine must be a linkgate\.Engine, not str"),  # type: ignore[arg-type]
        (lambda: linkgate.compile_lists("a.txt"), r"sources must be a list of linkgate\.Source, not str"),  # type: ignore[arg-type]
        (lambda: linkgate.compile_lists(["a.txt"]), r"each of sources must be a linkgate\.Source, not str"),  # type: ignore[list-item]
        (lambda: linkgate.find_links(None), "text must be str, not NoneType"),  # type: ignore[arg-type]
    )
    for act, sentence in wrong:
        with pytest.raises(TypeError, match=f"^{sentence}$"):
            act()


def test_what_is_no_batch_and_no_engine() -> None:
    batch = messages_of(["text"])
    with pytest.raises(TypeError, match=r"^messages must be a pyarrow\.RecordBatch, not Table: give each of"):
        linkgate.scan_batch(pa.Table.from_batches([batch]), ENGINE)
    with pytest.raises(TypeError, match=r"^messages must be a pyarrow\.RecordBatch, not list"):
        linkgate.scan_batch(["text"], ENGINE)
    with pytest.raises(TypeError, match=r"^engine must be a linkgate\.Engine, not str"):
        linkgate.scan_batch(batch, "store")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(linkgate.UsageError, match="no column 'text'; there are: id, links"):
        linkgate.scan_batch(batch.select(["id", "links"]), ENGINE)


def test_spark_names_the_argument() -> None:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    spark = importlib.import_module("linkgate.spark")

    class Frame:
        columns: tuple[str, ...] = ()

        def mapInArrow(self) -> None: ...  # noqa: N802  # Spark's name

    for given, sentence in (
        ({"df": "posts", "engine": ENGINE}, "df must be a Spark DataFrame, not str"),
        ({"df": Frame(), "engine": "store"}, "engine must be a linkgate.Engine, not str"),
        ({"df": Frame(), "engine": ENGINE, "links": ["url"]}, "links must be the name of a column, not list"),
        ({"df": Frame(), "engine": ENGINE, "text": None}, "text must be the name of a column, not NoneType"),
    ):
        with pytest.raises(TypeError, match=sentence):
            spark.scan(**given)
