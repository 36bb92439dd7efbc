"""The messages of one chunk -> their hits as bytes, counts, bad records. Workers run this, or the only process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from linkgate.columns.schema import HITS, with_id
from linkgate.fronts.archive.scan_counts import ScanCounts, count_chunk
from linkgate.fronts.show import as_json, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkgate.fronts.archive.encodings import Encoding
    from linkgate.fronts.archive.finder import Finder
    from linkgate.fronts.inputs import BadRecord

TOLD = 10
"""So many bad records are told one by one."""


@dataclass(frozen=True, slots=True)
class Done:
    """One chunk, done: its bytes for each output, what could not be read (all as lines, the first as they are)."""

    encoded: tuple[bytes, ...]
    rejects: bytes
    bad: tuple[BadRecord, ...]
    tally: ScanCounts


@dataclass(frozen=True, slots=True)
class Scanner:
    """All that it takes to do a chunk; can be sent to another process."""

    look: Finder
    encodings: tuple[Encoding, ...]

    def do(self, file: str, messages: pa.RecordBatch, bad: Sequence[BadRecord]) -> Done:
        """Scan and encode the messages of a chunk of a file. Raises nothing for what they hold."""
        hits = with_file(self.look.hits(messages), file)
        return Done(
            encoded=tuple(encoding.encode(hits) for encoding in self.encodings),
            rejects=reject_lines(file, bad),
            bad=tuple(bad[:TOLD]),
            tally=count_chunk(messages, hits, bad),
        )


def with_file(hits: pa.RecordBatch, file: str) -> pa.RecordBatch:
    """The hits with the columns of HITS: their file beside them, and absent columns null."""
    names = pa.array([printable(file)] * hits.num_rows, pa.string())
    columns = {"file": names, **dict(zip(hits.schema.names, hits.columns, strict=True))}
    absent = pa.nulls(hits.num_rows, pa.string())
    schema = with_id(HITS, hits.schema.field("id").type)
    return pa.RecordBatch.from_arrays([columns.get(name, absent) for name in HITS.names], schema=schema)


def reject_lines(file: str, bad: Sequence[BadRecord] | Iterable[BadRecord]) -> bytes:
    """BadRecord records as JSON lines: where each stood and why it could not be read, never what it held."""
    rows = ({"file": printable(file), "place": each.place, "reason": each.reason} for each in bad)
    return "".join(as_json(row) + "\n" for row in rows).encode("ascii")
