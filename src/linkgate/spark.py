"""Scan a Spark DataFrame: `linkgate.spark.scan`. Needs the extra `spark`.

The engine goes to every executor once, as a broadcast, and is built once in each of its Python
workers; texts go through it as Arrow record batches, by the same core as `linkgate scan`.

    from pyspark.sql import SparkSession
    import linkgate.spark

    spark = SparkSession.builder.getOrCreate()
    posts = spark.read.parquet("s3a://archive/posts/")
    hits = linkgate.spark.scan(posts, text="body", links="urls", id="post_id", engine=linkgate.load("store"))
    hits.write.parquet("s3a://archive/hits/")
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.extras import of_extra

with of_extra("spark"):
    import pyarrow as pa
    from pyarrow import compute

    from linkgate.columns.schema import HITS
    from linkgate.fronts.batches import scan_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyspark.sql import DataFrame

_ENGINES: dict[str, linkgate.Engine] = {}
"""The engine of this Python worker, by its snapshot id; a worker does many tasks one after the other."""

_COLUMNS = ("start", "end", "entry", "list", "category", "scope", "kind", "steps", "action", "snapshot")


def scan(  # noqa: PLR0913  # the columns of a message, by keyword
    df: DataFrame,
    *,
    text: str = "text",
    links: str | None = None,
    id: str | None = None,  # noqa: A002  # the word for it
    engine: linkgate.Engine,
    show_urls: bool = False,
) -> DataFrame:
    """Find the links to listed pages in a DataFrame of messages.

    In: the names of the columns with the text, with the links that it does not show (an array of
    strings, or one string), and with the id. Out: a DataFrame with a row for each hit: the id, as
    its column had it, span, entry, list, category, scope, kind, steps, action, and the id of the
    snapshot; with `show_urls` also the link, defanged. Raises UsageError where a column is absent
    or of another type, TypeError where an argument is. Nothing is computed before Spark is asked for rows.
    """
    _require_arguments(df, engine, {"text": text, "links": links, "id": id})
    _check(df, {"text": text, "links": links, "id": id})
    shipped = _ship(df, (engine.snapshot, engine.sections()))
    wanted = [name for name in (text, links, id) if name is not None]
    return df.select(*wanted).mapInArrow(
        _scanner(shipped, text=text, links=links, id=id, show_urls=show_urls),
        _schema(df, id, show_urls=show_urls),
    )


@dataclass(frozen=True, slots=True)
class _Carried:
    """What stands for a broadcast where there are none: it travels with each task."""

    value: tuple[str, dict[str, bytes]] = field(repr=False)


def _ship(df: DataFrame, value: tuple[str, dict[str, bytes]]) -> Any:
    try:
        context = df.sparkSession.sparkContext
    except Exception:  # noqa: BLE001  # Spark Connect has none, and says so with an error of its own
        return _Carried(value)
    return context.broadcast(value)


def _require_arguments(df: object, engine: object, columns: dict[str, object]) -> None:
    if not hasattr(df, "mapInArrow"):  # classic Spark and Spark Connect have no class in common
        raise TypeError(f"df must be a Spark DataFrame, not {type(df).__name__}")
    if not isinstance(engine, linkgate.Engine):
        raise TypeError(f"engine must be a linkgate.Engine, not {type(engine).__name__}: give linkgate.load(path)")
    for name, column in columns.items():
        if not isinstance(column, str) and (column is not None or name == "text"):
            raise TypeError(f"{name} must be the name of a column, not {type(column).__name__}")


def _check(df: DataFrame, columns: dict[str, str | None]) -> None:
    types = {"text": ("string",), "links": ("array<string>", "string"), "id": ()}
    for role, name in columns.items():
        if name is None:
            continue
        if name not in df.columns:
            raise linkgate.UsageError(f"no column {name!r} for {role}; there are {', '.join(df.columns)}")
        found = df.schema[name].dataType.simpleString()
        if types[role] and found not in types[role]:
            raise linkgate.UsageError(f"column {name!r} for {role} is {found}; it must be {' or '.join(types[role])}")


def _schema(df: DataFrame, id_column: str | None, *, show_urls: bool) -> Any:
    from pyspark.sql.pandas.types import from_arrow_type  # noqa: PLC0415  # only a driver has need of it
    from pyspark.sql.types import StructField, StructType  # noqa: PLC0415

    fields = [df.schema[id_column]] if id_column is not None else []
    names = (*_COLUMNS, "link") if show_urls else _COLUMNS
    return StructType(fields + [StructField(name, from_arrow_type(HITS.field(name).type)) for name in names])


def _scanner(
    shipped: Any,
    *,
    text: str,
    links: str | None,
    id: str | None,  # noqa: A002  # as in scan
    show_urls: bool,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def scanned(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        engine = _engine(shipped.value)
        for batch in batches:
            columns = {"text": batch.column(text)} | ({"links": _as_lists(batch.column(links))} if links else {})
            hits = scan_batch(pa.RecordBatch.from_pydict(columns), engine, show_urls=show_urls)
            names = (*_COLUMNS, "link") if show_urls else _COLUMNS
            found = {name: hits.column(name) for name in names}
            if id is not None:
                found = {id: batch.column(id).take(compute.subtract(hits.column("place"), 1))} | found
            yield pa.RecordBatch.from_pydict(found)

    return scanned


def _as_lists(column: pa.Array) -> pa.Array:
    """A column of single links as a column of lists."""
    if not pa.types.is_string(column.type):
        return column
    return pa.array([None if link is None else [link] for link in column.to_pylist()], pa.list_(pa.string()))


def _engine(shipped: tuple[str, dict[str, bytes]]) -> linkgate.Engine:
    snapshot, sections = shipped
    if snapshot not in _ENGINES:
        _ENGINES.clear()  # an older list's engine has no use any more
        _ENGINES[snapshot] = linkgate.Engine.from_sections(sections)
    return _ENGINES[snapshot]
