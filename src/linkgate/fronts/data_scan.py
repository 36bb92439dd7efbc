"""`linkgate.scan`: the hits of whatever holds messages, as one Arrow table.

>>> import pyarrow as pa, linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"], name="demo").engine
>>> posts = pa.table({"post": [7, 8], "body": ["hello", "see bad.example/page"]})
>>> scan(posts, engine=engine, text="body", id="post").select(["place", "id", "entry"]).to_pylist()
[{'place': 2, 'id': 8, 'entry': 'demo:1'}]
"""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import linkgate
from linkgate.columns.schema import HITS, alike, id_type, with_id
from linkgate.fronts.archive.finder import Finder
from linkgate.fronts.archive.worker import with_file
from linkgate.fronts.inputs import Fields, open_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate import Engine, Policy

_BUCKET = re.compile(r"(?:s3|gs|gcs|abfss?|hdfs)://", re.IGNORECASE)
_FORMATS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "ipc",
    ".feather": "ipc",
    ".csv": "csv",
    ".jsonl": "json",
}
_ROLES = ("text", "links", "media", "id", "time")


def scan(  # noqa: PLR0913  # the columns of a message, by keyword
    source: Any,
    *,
    engine: Engine,
    text: str | None = None,
    links: str | None = None,
    media: str | None = None,
    id: str | None = None,  # noqa: A002  # the word for it
    time: str | None = None,
    show_urls: bool = False,
    policy: Policy | None = None,
) -> pa.Table:
    """Find the links to listed pages, and give a row for each: the columns of a scan's hits.

    source: the path of a file or folder, a glob, `s3://…` or `gs://…` (Parquet, Arrow, CSV, JSON lines, by
    pyarrow's file systems), or what speaks Arrow: a pandas or polars frame, an Arrow table, batch or reader,
    a DuckDB relation. text, links, media, id, time: the columns; of a file what is not named is guessed, of a frame
    the text is `text`. show_urls: a hit holds its link, defanged. policy: rules on hits by the id.

    Raises TypeError for another source or engine, UsageError for a column that is not there, a path without a
    file, and a file that cannot be read. Records that cannot be read are counted in a warning.
    """
    if not isinstance(engine, linkgate.Engine):
        raise TypeError(f"engine must be a linkgate.Engine, not {type(engine).__name__}: give linkgate.load(path)")
    columns = dict(zip(_ROLES, (text, links, media, id, time), strict=True))
    for role, name in columns.items():
        if name is not None and not isinstance(name, str):
            raise TypeError(f"{role} must be the name of a column, not {type(name).__name__}")
    finder = Finder((engine,), show_urls=show_urls, policy=policy)
    if isinstance(source, str | os.PathLike) and not _BUCKET.match(os.fspath(source)):
        found = _of_files(os.fspath(source), columns, finder)
    else:
        found = _of_batches(_reader(source), columns, finder)
    hits = list(found)
    kind = id_type(hits)
    return pa.Table.from_batches(alike(hits, kind), schema=with_id(HITS, kind))


def _of_files(name: str, columns: dict[str, str | None], finder: Finder) -> Iterator[pa.RecordBatch]:
    """The hits of local files, read as `linkgate scan` reads them."""
    from linkgate.fronts.inputs import decode  # noqa: PLC0415  # which frames have no need of

    named = columns["links"]
    fields = Fields(
        text=columns["text"],
        links=() if named is None else (named,),
        media=columns["media"],
        id=columns["id"],
        time=columns["time"],
    )
    bad = 0
    for each in open_inputs([name], fields=fields):
        for chunk in each.chunks():
            messages, refused = decode(chunk, each.plan)
            broken = next((one for one in refused if one.place is None), None)
            if broken is not None:
                raise linkgate.UsageError(f"{each.name}: {broken.reason}")
            bad += sum(not one.empty for one in refused)
            yield with_file(finder.hits(messages), each.name)
    if bad:
        warnings.warn(f"{name}: {bad:,} records cannot be read, and are not scanned", stacklevel=4)


def _of_batches(
    reader: pa.RecordBatchReader, columns: dict[str, str | None], finder: Finder
) -> Iterator[pa.RecordBatch]:
    """The hits of a stream of batches; places count from 1 in all of it."""
    names = {role: name for role, name in (columns | {"text": columns["text"] or "text"}).items() if name is not None}
    there = reader.schema.names
    for role, name in names.items():
        if there.count(name) != 1:
            raise linkgate.UsageError(f"no column {name!r} for {role}; there are: {', '.join(there) or 'none'}")
    place = 1
    for batch in reader:
        found = {role: _plain(batch.column(name)) for role, name in names.items()}
        places = pa.array(range(place, place + batch.num_rows), pa.int64())
        place += batch.num_rows
        if batch.num_rows:
            yield with_file(finder.hits(pa.RecordBatch.from_pydict({"place": places, **found})), "")


def _plain(column: pa.Array) -> pa.Array:
    """A column of views, as polars has them, as one of plain strings, or of lists of these."""
    kind = column.type
    if pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        inner = kind.value_type
        if pa.types.is_string_view(inner) or pa.types.is_large_string(inner):
            return column.cast(pa.list_(pa.string()))
    return column


def _reader(source: Any) -> pa.RecordBatchReader:
    """What speaks Arrow as a reader. TypeError for what does not, UsageError for a bucket that cannot be read."""
    if isinstance(source, str | os.PathLike):
        return _bucket(os.fspath(source))
    source = source.collect() if hasattr(source, "collect") and hasattr(source, "lazy") else source  # polars, lazy
    if not hasattr(source, "__arrow_c_stream__"):
        source = pa.Table.from_batches([source]) if isinstance(source, pa.RecordBatch) else source
    if not hasattr(source, "__arrow_c_stream__"):
        kinds = "a path, or a pandas or polars frame, an Arrow table or reader, or a DuckDB relation"
        raise TypeError(f"source must be {kinds}, not {type(source).__name__}")
    try:
        return pa.RecordBatchReader.from_stream(source)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        raise linkgate.UsageError("the frame has a column of mixed types: leave it out, or make it one type") from None


def _bucket(uri: str) -> pa.RecordBatchReader:
    from pyarrow import dataset  # noqa: PLC0415  # loads the file systems

    form = _FORMATS.get(Path(uri).suffix.lower(), "parquet")
    try:
        return dataset.dataset(uri, format=form).scanner().to_reader()
    except (OSError, pa.ArrowException, ImportError) as error:
        kind = type(error).__name__
        raise linkgate.UsageError(f"{uri.partition('?')[0]}: it cannot be read as {form} ({kind})") from None
