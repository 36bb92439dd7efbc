"""Parquet files, Arrow IPC files and streams: pyarrow reads the columns that are needed, a few megabytes at a time.

The parent reads, as a column is unpacked far faster than it is scanned; a worker turns columns into
messages. A Parquet file of one giant row group is read page by page. Arrow's own unit is the record
batch: in an unpacked file it is mapped, from a pipe or a packed file it must fit into memory.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import ipc, parquet

from linkgate.fronts.inputs.arrow_columns import as_python, batch_of
from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import BLOCK, BadRecord, Cut, Plan
from linkgate.fronts.inputs.messages import Builder, Decoded, joined
from linkgate.fronts.inputs.rows import message
from linkgate.fronts.inputs.utf8_columns import is_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.streams import ByteSource

_ROWS = 1 << 16
"""Rows of a chunk at most: repeated texts take next to no bytes in a file, so their size there says little."""
_LEAST = 64
_BUFFER = 1 << 20
_FEW = 64
_SKIPPED = BadRecord(None, "")
_STEP = 1 << 20

_ERRORS = (pa.ArrowException, OSError, ValueError)


class ParquetTable:
    """An open Parquet file; `share` of it (0 to 1) has been read. Raises BrokenInput where it cannot be."""

    def __init__(self, source: ByteSource, path: str | None) -> None:
        self.share = 0.0
        self._bytes: Any = None
        try:
            self._bytes = open(path, "rb") if path and not source.packing else _spooled(source)  # noqa: PTH123, SIM115
            # Not buffered ahead: of a giant row group that would hold all of a column.
            self._file = parquet.ParquetFile(self._bytes, pre_buffer=False, buffer_size=_BUFFER)
            self.schema: pa.Schema = self._file.schema_arrow
        except _ERRORS as error:
            self.close()
            raise _broken(error, "Parquet") from None

    def cuts(self, columns: list[str], *, skip: int) -> Iterator[Cut]:
        """Cut into batches of these columns; of the first `skip`, whole row groups are not read."""
        done, total = 0, max(1, self._file.metadata.num_rows)
        try:
            for number in range(self._file.num_row_groups):
                rows, step = self._file.metadata.row_group(number).num_rows, self._step(number, columns)
                chunks = -(-rows // step)
                if chunks <= skip:
                    skip -= chunks
                    yield from (Cut(_SKIPPED, min(step, rows - start)) for start in range(0, rows, step))
                else:
                    skip = 0
                    for cut in self._group(number, columns, step):
                        done += cut.places
                        self.share = done / total
                        yield cut
                    continue
                done += rows
        except _ERRORS as error:
            raise _broken(error, "Parquet") from None

    def close(self) -> None:
        """Close the file, with the temporary one if there is one."""
        if self._bytes:
            self._bytes.close()

    def _group(self, number: int, columns: list[str], step: int) -> Iterator[Cut]:
        for batch in self._file.iter_batches(step, row_groups=[number], columns=columns, use_threads=False):
            yield Cut(batch, batch.num_rows)

    def _step(self, number: int, columns: list[str]) -> int:
        group = self._file.metadata.row_group(number)
        chunks = (group.column(at) for at in range(group.num_columns))
        size = sum(each.total_uncompressed_size for each in chunks if each.path_in_schema.split(".")[0] in columns)
        return _rows_for(group.num_rows, size)


class ArrowTable:
    """An open Arrow file or stream, as ParquetTable is; an Arrow file is a stream behind eight bytes."""

    def __init__(self, source: ByteSource, path: str | None) -> None:
        self.share = 0.0
        file = source.peek(len(_ARROW)) == _ARROW
        try:
            mapped = path is not None and source.packing is None
            self._stream: Any = pa.memory_map(path) if mapped else pa.PythonFile(_Reading(source), mode="r")
            self._size = self._stream.size() if mapped else 0
            self._stream.read(len(_ARROW) if file else 0)
            self._reader = ipc.open_stream(self._stream)
            self.schema: pa.Schema = self._reader.schema
        except _ERRORS as error:
            raise _broken(error, "Arrow") from None

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def cuts(self, columns: list[str], *, skip: int) -> Iterator[Cut]:
        """Cut into batches of these columns; those that are skipped are read all the same."""
        del skip
        try:
            for whole in self._reader:
                self.share = self._stream.tell() / self._size if self._size else 0.0
                batch = _without_views(whole.select([whole.schema.get_all_field_indices(name)[0] for name in columns]))
                step = _rows_for(batch.num_rows, batch.nbytes)
                for start in range(0, batch.num_rows, step):
                    # Taken, not sliced: a slice travels to a worker with all that it is a slice of.
                    part = batch.slice(start, step)
                    yield Cut(part.take(pa.array(np.arange(part.num_rows))), part.num_rows)
        except _ERRORS as error:
            raise _broken(error, "Arrow") from None


def _without_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Arrow takes nothing from a column of views."""
    views = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    for at, field in enumerate(batch.schema):
        if field.type in views:
            kind = views[field.type]
            batch = batch.set_column(at, field.with_type(kind), batch.column(at).cast(kind))
    return batch


_ARROW = b"ARROW1\x00\x00"


class _Reading:
    """A ByteSource as pyarrow wants a file."""

    closed = False

    def __init__(self, source: ByteSource) -> None:
        self.read = source.read

    def close(self) -> None:
        """The source belongs to who opened it."""

    @staticmethod
    def readable() -> bool:
        return True


def _rows_for(rows: int, size: int) -> int:
    """Rows that make about a block, when so many have so many bytes."""
    return min(_ROWS, max(_LEAST, BLOCK * rows // max(1, size)))


def _spooled(source: ByteSource) -> Any:
    """Parquet is read from its end, so a pipe or packed file is unpacked into a file without a name first."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # it ends with the process, however that ends
    while content := source.read(_STEP):
        file.write(content)
    file.seek(0)
    return file


def _broken(error: Exception, what: str) -> BrokenInput:
    """A break as a sentence of ours: pyarrow's may quote what it read."""
    if isinstance(error, OSError) and error.errno is not None:
        return BrokenInput(
            f"cannot be read: {(error.strerror or 'reading failed').lower()}; what stood before was read"
        )
    if isinstance(error, MemoryError):
        return BrokenInput("a record batch that is larger than the memory; write it anew in smaller ones, or unpacked")
    return BrokenInput(f"not a sound {what} file; what stood before was read; copy or write it again")


def decode(batch: pa.RecordBatch, first: int, plan: Plan) -> Decoded:
    """Columns to messages: at once, or where a text is no UTF-8 or of several parts, halved, at last row by row."""
    try:
        found = batch_of(batch, plan.paths, places=pa.array(np.arange(first, first + batch.num_rows)))
        if is_utf8(found):
            return found, []
    except (pa.ArrowException, UnicodeDecodeError):
        pass
    if batch.num_rows <= _FEW:
        return plain(batch, first, plan)
    half = batch.num_rows // 2
    halves = ((batch.slice(0, half), first), (batch.slice(half), first + half))
    return joined(decode(part, start, plan) for part, start in halves)


def plain(batch: pa.RecordBatch, first: int, plan: Plan) -> Decoded:
    """Read row by row, as `decode` does at last: the slow way, which says what the right answer is."""
    build = Builder()
    for place, (row, valid) in enumerate(as_python(batch), first):
        build.add(place, message(row, plan.paths), valid=valid)
    return build.finish()
