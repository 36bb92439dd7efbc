r"""How hits are written: JSON lines, CSV, or the spool that becomes Parquet or a report.

Each chunk of the input gives bytes of its own, and the output is those bytes one after the other:
so workers may encode, and a file cut at the end of a chunk can be gone on with. That holds for .gz
and .zst too, which may consist of several members (RFC 1952 §2.2) or frames (RFC 8878 §3).

>>> encoding_of("hits.csv.gz", show_urls=False)
Encoding(form='csv', packing='gz', show_urls=False)
>>> encoding_of("hits.csv", show_urls=False).head.split(b",")[:4]
[b'file', b'place', b'id', b'time']
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import compute, csv, ipc

from linkgate import UsageError
from linkgate.columns.schema import HITS
from linkgate.fronts.show import as_json
from linkgate.fronts.spreadsheet import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMS = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}
_PACKINGS = {".gz": "gz", ".zst": "zst"}
_OTHERS = {".bz2", ".xz", ".zip", ".xlsx", ".xls", ".arrow", ".feather", ".orc", ".avro", ".tsv", ".html"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """form: jsonl, csv or spool (Arrow IPC streams in a row). packing: gz, zst or None."""

    form: str
    packing: str | None
    show_urls: bool

    @property
    def schema(self) -> pa.Schema:
        """The columns that are written: the link only where it was asked for."""
        return HITS if self.show_urls else HITS.remove(HITS.get_field_index("link"))

    @property
    def head(self) -> bytes:
        """What stands before the first hit."""
        return self._packed((",".join(self.schema.names) + "\n").encode()) if self.form == "csv" else b""

    def encode(self, hits: pa.RecordBatch) -> bytes:
        """The bytes of these hits; none for none."""
        if not hits.num_rows:
            return b""
        return self._packed(_ENCODERS[self.form](hits.select(self.schema.names)))

    def _packed(self, data: bytes) -> bytes:
        if self.packing == "gz":
            return gzip.compress(data, mtime=0)
        if self.packing == "zst":
            return bytes(pa.Codec("zstd").compress(data, asbytes=True))
        return data


def encoding_of(name: str, *, show_urls: bool) -> Encoding:
    """The encoding that a file name asks for; Parquet is its spool. UsageError for what cannot be written."""
    path = PurePath(name.lower())
    packing = _PACKINGS.get(path.suffix)
    suffix = PurePath(path.stem).suffix if packing else path.suffix
    form = _FORMS.get(suffix, "jsonl")
    if suffix in _OTHERS or (packing and form == "parquet"):
        raise UsageError(f"{name}: hits are written as .jsonl or .csv (also .gz or .zst), or as .parquet")
    return Encoding("spool" if form == "parquet" else form, packing, show_urls)


def is_parquet(name: str) -> bool:
    """Whether a file of this name is to be Parquet."""
    return _FORMS.get(PurePath(name.lower()).suffix) == "parquet"


def _jsonl(hits: pa.RecordBatch) -> bytes:
    rows = hits.set_column(hits.schema.get_field_index("time"), "time", iso(hits.column("time"))).to_pylist()
    return "".join(as_json(row) + "\n" for row in rows).encode("ascii")


def _csv(hits: pa.RecordBatch) -> bytes:
    for name, column in (
        ("time", iso(hits.column("time"))),
        ("steps", compute.binary_join(hits.column("steps"), " ")),
    ):
        hits = hits.set_column(hits.schema.get_field_index(name), name, column)
    for number, field in enumerate(hits.schema):
        if pa.types.is_string(field.type):
            hits = hits.set_column(number, field, cells(hits.column(number)))
    sink = pa.BufferOutputStream()
    csv.write_csv(hits, sink, csv.WriteOptions(include_header=False))
    return bytes(sink.getvalue())


def _spool(hits: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, hits.schema) as writer:
        writer.write_batch(hits)
    return bytes(sink.getvalue())


_ENCODERS = {"jsonl": _jsonl, "csv": _csv, "spool": _spool}


def iso(times: pa.Array) -> pa.Array:
    """Times as ISO 8601 in UTC, a fraction only where there is one; for years of any number of digits.

    >>> iso(pa.array([0, 1_500_000], pa.timestamp("us", "UTC"))).to_pylist()
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:01.500000Z']
    """
    texts: list[Any] = times.cast(pa.string()).to_pylist()
    return pa.array([text and text.replace(" ", "T").replace(".000000", "") for text in texts], pa.string())


def spooled(path: str) -> Iterator[pa.RecordBatch]:
    """Read a spool back, batch by batch."""
    with pa.OSFile(path) as file:
        end = file.size()
        while file.tell() < end:
            with ipc.open_stream(file) as stream:
                yield from stream
