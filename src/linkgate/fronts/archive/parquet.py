"""A spool of hits -> a Parquet file, the same bytes however the spool came about."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from linkgate.fronts.archive.append_log import settle
from linkgate.fronts.archive.encodings import spooled
from linkgate.fronts.exits import writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS = 1 << 16
"""Rows of a row group: what is held in memory at a time."""


def write_parquet(spool: str, path: Path, schema: pa.Schema) -> None:
    """Write a file beside the old one, rename it into place, have it on disk. UsageError when there is no room."""
    draft = path.with_name(path.name + ".draft")
    with writing(str(path)):
        try:
            with draft.open("wb") as file:
                with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                    for group in row_groups(spooled(spool), schema):
                        writer.write_table(group)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        settle(path)


def row_groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in groups of one size, but for the last."""
    kept: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        kept.append(batch.cast(schema))
        rows += batch.num_rows
        while rows >= _ROWS:
            table = pa.Table.from_batches(kept, schema)
            yield table.slice(0, _ROWS).combine_chunks()
            kept = table.slice(_ROWS).to_batches()
            rows -= _ROWS
    if rows:
        yield pa.Table.from_batches(kept, schema).combine_chunks()
