"""A table or a query of a database, through SQLAlchemy (extra `database`).

    sqlite:///posts.db?table=posts
    postgresql+psycopg://reader@db.internal/forum?table=public.posts
    mysql+pymysql://reader@db.internal/forum?query=SELECT id, body FROM posts WHERE year = 2024

The rest of the URL is SQLAlchemy's own; a password is best left to the driver's file or environment.
Neither user, password, query nor the database's own error text is ever shown. A table is read in the
order of its primary key, so that a killed run can be resumed; for a query, order it yourself. A server that
refuses, or breaks off, stops the scan, which can be gone on with: its rows are not lost, only away.

Why SQLAlchemy and not DuckDB: posts lie in the database of the platform, which is PostgreSQL, MySQL, SQL
Server, Oracle; SQLAlchemy speaks to each by its own driver and streams with a cursor on the server.
DuckDB reaches three of these by extensions that it downloads when they are first used, which a scan must
not do, and its strength, reading files, is pyarrow's here.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from linkgate.fronts.inputs import database_errors, guessing
from linkgate.fronts.inputs.arrow_columns import batch_of
from linkgate.fronts.inputs.broken_input import BrokenInput, Unavailable
from linkgate.fronts.inputs.chunks import Cut, Fields, Paths, Plan, Rows
from linkgate.fronts.inputs.database_url import shown
from linkgate.fronts.inputs.field_names import NUMBER, OTHER, TEXT, TIME
from linkgate.fronts.inputs.messages import EMPTY, Builder, Decoded, decoded
from linkgate.fronts.inputs.rows import cell_links, id_value, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection

    from linkgate.fronts.inputs.chunks import Mark

_ROWS = 4096
_FEW = 100


class Database:
    """One table or query. `plan` and `remark` are there once the first rows are."""

    def __init__(self, name: str, fields: Fields) -> None:
        self.plan: Plan | None = None
        self.remark: str | None = None
        self._fields = fields
        self._shown = shown(name)
        try:
            url = sa.make_url(name)
            self._table, self._query = (_one(url, key) for key in ("table", "query"))
            self._url = url.difference_update_query(["table", "query"])
            self._engine = sa.create_engine(self._url, hide_parameters=True, poolclass=sa.NullPool)
        except ImportError as error:
            raise BrokenInput(database_errors.missing(error)) from None
        except (SQLAlchemyError, ValueError):
            raise BrokenInput("no URL of a database; write it as sqlite:///posts.db?table=posts") from None
        if self._engine.dialect.is_async:
            raise BrokenInput("its driver is an asynchronous one; name another, as in postgresql+psycopg://")

    def cuts(self, *, skip: int, mark: Mark | None) -> Iterator[Cut]:
        """Read it in batches of rows, with a cursor on the server where there is a server.

        With the mark of batch `skip`, the database passes over what was read, and that is empty here:
        so nothing is missed where rows have been deleted since.
        """
        if (self._table is None) == (self._query is None):
            raise BrokenInput("which table? end its URL in ?table=NAME, or in ?query=SELECT...")
        self._require_file()
        try:
            with self._connected() as connection:
                yield from self._read(connection, skip, mark)
        except SQLAlchemyError as error:
            if getattr(error, "connection_invalidated", False):
                raise Unavailable(f"{self._shown}: {database_errors.reason(error)}") from None
            raise BrokenInput(database_errors.reason(error)) from None
        finally:
            self._engine.dispose()

    def _connected(self) -> Connection:
        try:
            return self._engine.connect().execution_options(stream_results=True, yield_per=_ROWS)
        except ImportError as error:
            raise BrokenInput(database_errors.missing(error)) from None
        except SQLAlchemyError as error:
            if self._engine.dialect.name == "sqlite":
                raise BrokenInput(database_errors.reason(error)) from None
            raise Unavailable(f"{self._shown}: {database_errors.reason(error)}") from None

    def _read(self, connection: Connection, skip: int, mark: Mark | None) -> Iterator[Cut]:
        key: list[int] = []
        if self._table:
            statement, key = self._select(connection, mark)
            result = connection.execute(statement)
            if mark and key:
                yield from repeat(Cut(Rows([]), _ROWS), skip)
        else:
            result = connection.execution_options(no_parameters=True).exec_driver_sql(self._query or "")
        with _let_go(connection, result.cursor):
            for rows in result.partitions(_ROWS):
                batch = [tuple(row) for row in rows]
                if self.plan is None:
                    self._plan(_seen_in_rows(tuple(result.keys()), batch), tuple(result.keys()))
                yield Cut(Rows(batch), len(batch), mark=tuple(batch[-1][at] for at in key) or None)

    def _require_file(self) -> None:
        """SQLite would make an empty database of a path that is not there."""
        path = self._url.database
        if (
            self._url.get_backend_name() == "sqlite"
            and path
            and not path.startswith("file:")
            and not Path(path).exists()
        ):
            raise BrokenInput("cannot be read: no such file or directory; check the path")

    def _select(self, connection: Connection, mark: Mark | None) -> tuple[sa.Select[Any], list[int]]:
        """What to ask for, and which of its columns make a mark."""
        schema, _, name = (self._table or "").rpartition(".")
        inspector = sa.inspect(connection)
        if not inspector.has_table(name, schema or None):
            raise BrokenInput("no such table; check its name in the URL")
        columns = {column["name"]: column["type"] for column in inspector.get_columns(name, schema or None)}
        key = inspector.get_pk_constraint(name, schema or None)["constrained_columns"]
        form = "a database" if key else "a database (a table without a primary key: --resume may miss rows of it)"
        paths = self._plan({(column,): (_kind(kind), False) for column, kind in columns.items()}, (), form)
        marked = key if all(isinstance(columns[column], sa.Integer) for column in key) else []
        wanted = list(dict.fromkeys((*paths.columns(), *marked)))
        self.plan = Plan(form="database", paths=paths, columns=tuple(wanted))
        table = sa.table(name, *map(sa.column, columns), schema=schema or None)
        statement = sa.select(*(table.c[column] for column in wanted)).order_by(*(table.c[column] for column in key))
        if mark and marked:
            statement = statement.where(_behind([table.c[column] for column in marked], mark))
        return statement, [wanted.index(column) for column in marked]

    def _plan(self, seen: guessing.Seen, columns: tuple[str, ...], form: str = "a database") -> Paths:
        paths = guessing.table_paths(seen, self._fields)
        self.plan = Plan(form="database", paths=paths, columns=columns)
        self.remark = guessing.remark(form, paths, self._fields, seen)
        return paths


def _behind(key: list[sa.ColumnClause[Any]], mark: Mark) -> sa.ColumnElement[bool]:
    """The rows behind a mark, in words that every database knows."""
    ways = (
        sa.and_(*(column == value for column, value in zip(key[:at], mark, strict=False)), key[at] > mark[at])
        for at in range(len(key))
    )
    return sa.or_(*ways)


@contextmanager
def _let_go(connection: Connection, cursor: Any) -> Iterator[None]:
    """A result that is not read to its end goes with its connection, without a word to the server.

    PyMySQL would read all that is left of it first, and of a lost connection fail to, aloud on stderr.
    """
    left: Any = getattr(cursor, "_result", None)
    try:
        yield
    except BaseException:
        if left is not None:
            left.unbuffered_active = False
        connection.invalidate()
        raise


logging.getLogger("sqlalchemy").addHandler(
    logging.NullHandler()
)  # else it writes tracebacks to stderr, with a driver's text


def _one(url: URL, key: str) -> str | None:
    value = url.query.get(key)
    return value if isinstance(value, str) and value else None


def _kind(kind: sa.types.TypeEngine[Any]) -> str:
    if isinstance(kind, sa.Integer | sa.Numeric):
        return NUMBER
    if isinstance(kind, sa.DateTime | sa.Date):
        return TIME
    return OTHER if isinstance(kind, sa.Boolean | sa.LargeBinary | sa.Time) else TEXT


def _seen_in_rows(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> guessing.Seen:
    found = guessing.seen_in(dict(zip(columns, row, strict=True)) for row in rows[:200])
    return {(column,): found.get((column,), (TEXT, False)) for column in columns}


def decode(content: Rows, first: int, plan: Plan) -> Decoded:
    """Rows to messages: column by column, or where a column is of several kinds, row by row."""
    if not content.rows:
        return EMPTY, []
    try:
        arrays = [_array([row[at] for row in content.rows]) for at in range(len(plan.columns))]
        places = pa.array(np.arange(first, first + len(content.rows)))
        batch = pa.RecordBatch.from_arrays(arrays, names=list(plan.columns))
        return batch_of(batch, plan.paths, places=places, cells=True), []
    except (pa.ArrowException, TypeError, ValueError, OverflowError):  # UnicodeError is a ValueError
        return plain(content, first, plan)


def _array(values: list[object]) -> pa.Array:
    if any(isinstance(value, UUID) for value in values[:_FEW]):
        return pa.array([str(value) if isinstance(value, UUID) else value for value in values], pa.string())
    return pa.array(values, pa.string() if not any(value is not None for value in values) else None)


def plain(content: Rows, first: int, plan: Plan) -> Decoded:
    """Read row by row: the slow way, which says what the right answer is. Bytes of a driver are read as UTF-8."""
    build, paths = Builder(), plan.paths
    for place, row in enumerate(content.rows, first):
        record, valid = dict(zip(plan.columns, row, strict=True)), True
        for path in (paths.text, *paths.more):
            if isinstance(text := record[path[0]], bytes | memoryview):
                record[path[0]], fine = decoded(bytes(text))
                valid = valid and fine
        for path in paths.links:
            if isinstance(links := record[path[0]], str):
                record[path[0]] = list(cell_links(links))
        if paths.id and record[paths.id[0]] is not None:
            record[paths.id[0]] = id_value(record[paths.id[0]])
        build.add(place, message(record, paths), valid=valid)
    return build.finish()
