"""PrivateDatabase: counts what does not fit into memory, in a file without a name that is gone when it is closed.

>>> database = PrivateDatabase()
>>> database.run("create table seen (name text)")
>>> database.put("insert into seen values (?)", (("a",), ("b",), ("a",)))
>>> list(database.rows("select name, count(*) from seen group by name"))
[('a', 2), ('b', 1)]
>>> database.close()
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from linkgate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Values = tuple[Any, ...]

_CACHE = 64_000
"""Kilobytes that it holds in memory."""
_STEPS = 1_000_000
"""Instructions between two looks at whether somebody pressed Ctrl-C."""
_SETTINGS = f"""
pragma journal_mode = off; pragma synchronous = off; pragma temp_store = file; pragma cache_size = -{_CACHE};
"""


class PrivateDatabase:
    """A database of SQLite. UsageError where there is no room for it, KeyboardInterrupt where somebody stops it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.set_progress_handler(lambda: 0, _STEPS)  # a look at signals: SQLite alone would not stop
        self.run(_SETTINGS)

    def rows(self, query: str, values: Values = ()) -> Iterator[Values]:
        """What a query gives, row by row. UsageError where there is no room."""
        cursor = self._guarded(lambda: self._database.execute(query, values))
        while (row := self._guarded(cursor.fetchone)) is not None:
            yield row

    def run(self, script: str) -> None:
        """Run statements that give nothing. UsageError where there is no room."""
        for statement in script.split(";"):
            self._guarded(lambda text=statement: self._database.execute(text))

    def close(self) -> None:
        """Remove it."""
        self._database.close()

    def insert(self, statement: str, values: Values) -> int:
        """Put one row in; its number."""
        return int(self._guarded(lambda: self._database.execute(statement, values)).lastrowid)

    def put(self, statement: str, rows: Iterable[Values]) -> None:
        """Put rows in."""
        self._guarded(lambda: self._database.executemany(statement, rows))

    def _guarded(self, act: Any) -> Any:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise KeyboardInterrupt from None
            cure = "set SQLITE_TMPDIR to a folder with more room"
            raise UsageError(f"this is counted in a file beside, and that failed ({error}): {cure}") from None
