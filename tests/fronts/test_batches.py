"""The one core of every scan gives what `engine.check` gives, message by message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkgate
from addresses import Address, addresses, engine_of, entries, entry
from linkgate.columns.schema import HITS
from linkgate.fronts.batches import messages_of, scan_batch
from strategies import messages, noise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate import Entry

ENGINE = linkgate.compile_lines(["http://bad.example/page", "*.worse.example", "http://192.0.2.7/"], name="demo").engine


def one_by_one(
    engine: linkgate.Engine, texts: Sequence[str | None], links: Sequence[Sequence[str] | None]
) -> list[Any]:
    rows = []
    for place, (text, hidden) in enumerate(zip(texts, links, strict=True), start=1):
        verdict = engine.check(text or "", links=hidden or ())
        for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
            own = {"action": ruling.action, "asked": ruling.asked, "held": ruling.held}
            spans = {"link_start": match.link.start, "link_end": match.link.end}
            rows.append(match.as_dict() | own | spans | {"place": place, "message_action": verdict.action})
    return rows


def in_batches(engine: linkgate.Engine, batch: pa.RecordBatch) -> list[Any]:
    keys = {"place", "start", "end", "entry", "list", "category", "scope", "kind", "steps", "action"}
    keys |= {"asked", "held", "message_action", "link_start", "link_end"}
    return [{key: row[key] for key in keys} for row in scan_batch(batch, engine).to_pylist()]


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@settings(max_examples=2 * settings().max_examples)
@given(st.data(), addresses(), st.lists(entries(), max_size=2))
def test_a_batch_is_its_messages_one_by_one(data: st.DataObject, address: Address, others: list[Entry]) -> None:
    engine = engine_of([entry(address), *others])
    texts = data.draw(st.lists(st.none() | messages(address).map(encodable) | noise().map(encodable), max_size=6))
    hidden = st.none() | st.lists(messages(address).map(encodable), max_size=2)
    links = data.draw(st.lists(hidden, min_size=len(texts), max_size=len(texts)))
    assert in_batches(engine, messages_of(texts, links=links)) == one_by_one(engine, texts, links)


def test_a_slice_of_a_batch() -> None:
    texts = ["http://bad.example/page", "ｈttp://worse。example", "nothing", "http://192.0.2.7/"] * 3
    batch = messages_of(texts)
    places = [row["place"] for row in scan_batch(batch.slice(3, 7), ENGINE).to_pylist()]
    assert places == [4, 5, 6, 8, 9, 10]


def test_a_batch_with_a_text_column_alone_counts_from_one() -> None:
    for kind in (pa.string(), pa.large_string()):
        batch = pa.RecordBatch.from_arrays([pa.array([None, "", "http://bad.example/page"], kind)], names=["text"])
        assert scan_batch(batch, ENGINE).column("place").to_pylist() == [3]


TEXTS = [None, "", "http://bad.example/page", "\u00e9 worse.example"]


@pytest.mark.parametrize(
    "texts",
    [
        pa.array(TEXTS).dictionary_encode(),
        pa.array(TEXTS).cast(pa.string_view()),
        pa.array([text and text.encode() for text in TEXTS], pa.binary()),
        pa.array([text and text.encode() + b"\xff" for text in TEXTS], pa.binary()),
        pa.array(TEXTS, pa.large_string()),
        pa.array([[text] for text in TEXTS]),
    ],
    ids=lambda texts: str(texts.type),
)
def test_columns_of_other_types(texts: pa.Array) -> None:
    columns = {"id": [7, 8, 9, 10], "text": texts, "time": ["2013-01-21", None, "soon", "1358788919"]}
    hits = scan_batch(
        pa.RecordBatch.from_pydict(columns | {"links": [None, "http://bad.example/page", "", None]}), ENGINE
    )
    assert hits.column("place").to_pylist() == [2, 3, 4]
    assert hits.column("id").to_pylist() == [8, 9, 10]
    assert [time and time.year for time in hits.column("time").to_pylist()] == [None, None, 2013]


def test_places_of_another_type_are_kept() -> None:
    columns = {"place": pa.array([30, 40], pa.int32()), "text": [7, 8], "links": [["http://bad.example/page"], None]}
    assert scan_batch(pa.RecordBatch.from_pydict(columns), ENGINE).column("place").to_pylist() == [30]


def test_an_empty_batch_has_the_columns_of_any_other() -> None:
    empty = scan_batch(messages_of([]), ENGINE)
    assert empty.num_rows == 0
    assert empty.schema == HITS.remove(0)
    assert scan_batch(messages_of(["hello", "bad.example/page"]), ENGINE).schema == HITS.remove(0)


def test_the_link_is_shown_only_when_asked_and_defanged() -> None:
    batch = messages_of(["see http://bad.example/page"])
    assert scan_batch(batch, ENGINE).column("link").to_pylist() == [None]
    assert scan_batch(batch, ENGINE, show_urls=True).column("link").to_pylist() == ["hxxp://bad[.]example/page"]


def test_what_stands_beside_a_text_has_no_span_whichever_place_it_has() -> None:
    """Several messages may stand at one place, as elements of XML do on one line."""
    texts = ["see http://bad.example/page", "hi", None, "hi"]
    beside = [None, "bad.example/page", "(bad.example/page), bad.example/page", "nothing"]
    columns = {"place": [7, 7, 8, 9], "text": texts, "beside": pa.array(beside, pa.string())}
    engine = linkgate.compile_lines(["http://bad.example/page"]).engine
    hits = linkgate.scan_batch(pa.RecordBatch.from_pydict(columns), engine)
    found = [tuple(row[name] for name in ("place", "start", "end", "link_start")) for row in hits.to_pylist()]
    assert found == [(7, 4, 27, 4), (7, None, None, None), (8, None, None, None)]
    alone = linkgate.scan_batch(pa.RecordBatch.from_pydict({"text": ["", ""], "beside": beside[:2]}), engine)
    assert alone.column("place").to_pylist() == [2]
