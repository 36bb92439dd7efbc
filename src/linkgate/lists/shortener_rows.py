r"""A list of kind `shorteners` -> the rows of the table that stands in place of our own.

A line is `host[/path]  method  leads  alias-of`, as in `data/shorteners.txt`; a plain list of hosts is one, too.

>>> shortener_rows(b"Sho.example\n# a sister\nS.example head open sho.example\n192.0.2.7\nsho.example maybe\n")
ShortenerRows(rows=('sho.example head open', 's.example head open sho.example'), rejected=(4, 5))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.host import is_address
from linkgate.core.url.shorteners import Shortener
from linkgate.errors import ListError
from linkgate.lists.file_check import refuse_unusable
from linkgate.lists.formats import RejectedLine
from linkgate.lists.formats.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ShortenerRows:
    """Rows as `ShortenerTable` reads them, and the numbers of the lines that are none."""

    rows: tuple[str, ...]
    rejected: tuple[int, ...]


def shortener_rows(data: bytes, *, name: str = "shorteners") -> ShortenerRows:
    """Read a file. Raises ListError where it as a whole cannot be used, or holds no row at all."""
    refuse_unusable(name, data)
    rows: dict[str, str] = {}
    rejected: list[int] = []
    read: list[tuple[int, Shortener]] = []
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            rejected.append(line.line)
            continue
        number, text = line
        text = text.partition("#")[0].strip()
        row = _row(text) if text else None
        if row is not None:
            read.append((number, row))
        elif text:
            rejected.append(number)
    hosts = {row.host: row.alias for _, row in read if not row.path}
    for number, row in read:
        if _is_sound(row, hosts):
            rows.setdefault(row.host + row.path, f"{row.host}{row.path} {row.method} {row.leads} {row.alias}".rstrip())
        else:
            rejected.append(number)
    if not rows:
        raise ListError(f"list {name!r} holds no host; a table of shorteners needs some")
    return ShortenerRows(tuple(rows.values()), tuple(sorted(rejected)))


def joined(tables: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The rows of several tables as one; of two rows for one place the first counts."""
    rows: dict[str, str] = {}
    for row in (row for table in tables for row in table):
        rows.setdefault(row.partition(" ")[0], row)
    return tuple(rows.values())


def _row(text: str) -> Shortener | None:
    try:
        row = Shortener.of(text)
    except ValueError:
        return None
    host, alias = _host(row.host), _host(row.alias) if row.alias else ""
    return None if host is None or alias is None else row._replace(host=host, alias=alias)


def _host(name: str) -> str | None:
    """A host in canonical form; None for what is no name under a domain: the resolver asks these hosts."""
    url = canonicalize(f"http://{name}/")
    named = url is not None and url.port is None and url.path == "/" and url.query is None and "." in url.host
    return url.host if url is not None and named and not is_address(url.host) and url.host[0] != "[" else None


def _is_sound(row: Shortener, hosts: dict[str, str]) -> bool:
    """Whether what a row says of another name can be: a sister of a host that is no sister itself."""
    if not row.alias:
        return True
    if row.path:
        return row.host in hosts and row.alias == (hosts[row.host] or row.host)
    return row.alias != row.host and hosts.get(row.alias) == ""
