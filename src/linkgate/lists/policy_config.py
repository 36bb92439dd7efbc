r"""What linkgate.toml says of policy: `[surfaces]`, `[surge]`, `[decisions]`, and in a list `shadow`, `share`, `surge`.

>>> from pathlib import Path
>>> from linkgate.lists.toml import read_toml
>>> document = read_toml("[surfaces]\nprivate = false\n[surge]\nlist_per_minute = 600", name="linkgate.toml")
>>> settings = read_settings(document, Path("etc"))
>>> dict(settings.surfaces), settings.surge.list_per_minute, settings.record
({'private': False}, 600, None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from linkgate.lists import amounts
from linkgate.lists.surge import Surge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from linkgate.lists.toml import Document, TomlTable

TABLES = ("decisions", "surfaces", "surge")
"""The tables of linkgate.toml that are read here."""

SYNCS = ("always", "interval", "never")
_SURGE = ("entry_per_minute", "least", "list_per_minute", "times_usual")
_RECORD = ("fsync", "keep", "max_size", "on_overturn", "path", "seal_key_env", "text")
_SURFACE = re.compile(r"[a-z][a-z0-9_-]{0,31}", re.ASCII)
_DAY = 86400
_LEAST_SIZE = 1000
_MOST_DAYS = 36_500
_MOST = 1_000_000_000
_MOST_TIMES = 1_000_000
_Amount = TypeVar("_Amount", int, float)
_TIME = 'a time with its unit, as in "24h"'


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConfig:
    """How decisions are recorded.

    path: the folder. fsync: `always` (before a check returns), `interval` (once a second), `never`
    (when the system likes). size: bytes after which another file is begun. keep: days until a file is
    removed, None never. text: whether the text of a message, its first 40,000 characters, stands in
    its record. seal_key_env: the environment variable with the private key of the seals.
    on_overturn: the command, with its arguments, that tells the platform of an overturned decision.
    """

    path: Path
    fsync: str = "interval"
    size: int = 64_000_000
    keep: int | None = 90
    text: bool = False
    seal_key_env: str | None = None
    on_overturn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyConfig:
    """What is said for all lists.

    confirmed: seconds for which a confirmed alarm is not raised again. alarms: the file that holds
    the alarms, None for the one in the store's folder.
    """

    surfaces: Mapping[str, bool] = field(default_factory=dict)
    surge: Surge = field(default_factory=Surge)
    confirmed: int = _DAY
    alarms: Path | None = None
    record: RecordConfig | None = None


def read_settings(document: Document, folder: Path) -> PolicyConfig:
    """Read the tables; relative paths start at `folder`. UsageError."""
    surge = document.table("surge", (*_SURGE, "alarms", "confirmed_for"))
    confirmed = _measured(surge, "confirmed_for", amounts.seconds, _TIME)
    if confirmed is not None and confirmed > _MOST_DAYS * _DAY:
        raise surge.fault("confirmed_for", "must be a hundred years or less")
    alarms = surge.text("alarms")
    return PolicyConfig(
        surfaces=_surfaces(document),
        surge=_surge(surge),
        confirmed=_DAY if confirmed is None else confirmed,
        alarms=folder / alarms if alarms else None,
        record=_record(document, folder),
    )


def read_share(table: TomlTable) -> float:
    """The share of all messages that a list acts on; all where nothing is said."""
    what = 'a percentage from 0% to 100%, as in "10%"'
    share = _measured(table, "share", amounts.share, what)
    if share is not None and share > 1:
        raise table.fault("share", f"must be {what}")
    return 1.0 if share is None else share


def read_surge(table: TomlTable) -> Surge | None:
    """A list's own limits, which stand for those of all lists; None where it has none."""
    found = table.table("surge", _SURGE)
    return None if found is None else _surge(found)


def _surge(table: TomlTable) -> Surge:
    times: float | None = table.get("times_usual", (int, float), "a number, as in 20")
    if times is not None and (isinstance(times, bool) or not 1 < times <= _MOST_TIMES):
        raise table.fault("times_usual", "must be a number above 1, a million at most")
    least = _many(table, "least")
    return Surge(
        list_per_minute=_many(table, "list_per_minute"),
        entry_per_minute=_many(table, "entry_per_minute"),
        times_usual=times,
        least=Surge().least if least is None else least,
    )


def _many(table: TomlTable, key: str) -> int | None:
    number: int | None = table.get(key, int, "a whole number")
    if number is not None and not 1 <= number <= _MOST:
        raise table.fault(key, "must be 1 or more, a billion at most")
    return number


def _surfaces(document: Document) -> dict[str, bool]:
    found = document.values.get("surfaces", {})
    if not isinstance(found, dict):
        raise document.fault(("surfaces",), "must be a table, as in private = false")
    for name, switch in found.items():
        if not _SURFACE.fullmatch(name):
            raise document.fault(("surfaces", name), "must be small letters, digits and dashes, at most 32")
        if not isinstance(switch, bool):
            raise document.fault(("surfaces", name), "must be true or false")
    return found


def _record(document: Document, folder: Path) -> RecordConfig | None:
    if "decisions" not in document.values:
        return None
    table = document.table("decisions", _RECORD)
    usual = RecordConfig(path=folder / (table.text("path") or "decisions"))
    size = _measured(table, "max_size", amounts.octets, 'a size with its unit, as in "64MB"')
    if size is not None and size < _LEAST_SIZE:
        raise table.fault("max_size", "must be 1KB or more")
    text: bool | None = table.get("text", bool, "true or false")
    return RecordConfig(
        path=usual.path,
        fsync=table.choice("fsync", SYNCS) or usual.fsync,
        size=usual.size if size is None else size,
        keep=_keep(table, usual.keep),
        text=bool(text),
        seal_key_env=table.text("seal_key_env"),
        on_overturn=table.texts("on_overturn"),
    )


def _keep(table: TomlTable, usual: int | None) -> int | None:
    """Days; `forever` is None."""
    if table.values.get("keep") == "forever":
        return None
    seconds = _measured(table, "keep", amounts.seconds, 'a time in days, as in "90d", or "forever"')
    if seconds is not None and (seconds < _DAY or seconds % _DAY):
        raise table.fault("keep", "must be one day or several: records are removed by the day")
    if seconds is not None and seconds > _MOST_DAYS * _DAY:
        raise table.fault("keep", 'must be a hundred years or less, or "forever"')
    return usual if seconds is None else seconds // _DAY


def _measured(table: TomlTable, key: str, read: Callable[[str], _Amount | None], what: str) -> _Amount | None:
    text = table.get(key, str, what)
    amount = None if text is None else read(text)
    if text is not None and amount is None:
        raise table.fault(key, f"must be {what}")
    return amount
