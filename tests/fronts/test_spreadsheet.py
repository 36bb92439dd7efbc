"""No CSV that linkgate writes holds a cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkgate.columns.schema import HITS
from linkgate.fronts.archive.encodings import encoding_of
from linkgate.fronts.spreadsheet import cell, cells

STARTS = [*"=+-@", *map(chr, range(32)), "\x7f"]


@pytest.mark.parametrize("start", STARTS, ids=repr)
def test_a_cell_that_would_run_is_quoted(start: str) -> None:
    for text in (f"{start}cmd", start, f'{start}HYPERLINK("http://other.example")'):
        assert cell(text) == f"'{text}"


@given(
    st.lists(
        st.none()
        | st.text(st.characters(exclude_categories=["Cs"]))
        | st.sampled_from(["-1", "+1.5", "=1", "-1e", "\n-1"])
    )
)
def test_a_column_is_its_cells(texts: list[str | None]) -> None:
    found = cells(pa.array(texts, pa.string())).to_pylist()
    assert found == [None if text is None else cell(text) for text in texts]


def test_hits_as_csv() -> None:
    row = {name: "=1+1" for name in HITS.names if pa.types.is_string(HITS.field(name).type)}
    hits = pa.RecordBatch.from_pylist([row | {"id": "-1001234567890", "steps": ["www"]}], schema=HITS)
    written = encoding_of("hits.csv", show_urls=True)
    [told] = csv.DictReader(io.StringIO((written.head + written.encode(hits)).decode()))
    assert told["id"] == "-1001234567890"
    assert {told[name] for name in row if name != "id"} == {"'=1+1"}
