"""One `[[list]]` of linkgate.toml -> SourceConfig: where a list comes from, how it is read, what it may do.

Credentials never stand in the file: a header or a place in the URL names an environment variable or
a file, read when the list is fetched, and shown nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from linkgate.core.entry import Scope
from linkgate.lists import amounts
from linkgate.lists.canaries import RESERVED, is_reserved
from linkgate.lists.credentials import Credential
from linkgate.lists.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linkgate.lists.toml import Table

KEYS = (
    *("actions", "allow_hosts", "ca_file", "category", "checksum_url", "columns", "credentials", "default_scope"),
    *("delta", "fields", "format", "interval", "kind", "lifts", "max_age", "max_growth", "max_rejected"),
    *("max_shrink", "max_size", "name", "path", "preset", "url"),
)
KINDS = ("allow", "deny", "guard")
ACTIONS = ("block", "log", "review")
MATCHES = ("exact", "loose", "nested")

_CREDENTIAL = ("env", "file", "header", "placeholder", "prefix")
_DELTA = ("columns", "fields", "format", "full_every", "path", "tombstone", "url")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_SECRET_WORDS = frozenset({"key", "apikey", "api_key", "api-key", "auth", "auth_key", "auth-key", "token"})
_SECRETS = _SECRET_WORDS | {"access_token", "password", "passwd", "secret"}
_LITERAL = ("headers", "key", "password", "secret", "token", "username", "value")
_WEB = ("http", "https")
_OWN = ("127.0.0.1", "localhost", "::1")
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a new file of a list may not exceed; `shrink`, `growth` and `rejected` are fractions.

    `interval` and `age` are seconds: how often to ask, and how old the last confirmed file may be.
    """

    shrink: float = _HALF
    growth: float | None = None
    rejected: float = _HALF
    interval: int = 0
    age: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """Where changes to a list are published. `tombstone` is the column that marks what was taken off."""

    url: str | None = field(default=None, repr=False)
    path: Path | None = None
    form: str | None = None
    columns: dict[str, str] | None = None
    tombstone: str | None = None
    full_every: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """One list as it was configured. Its addresses and credentials are not in `repr`."""

    name: str
    url: str | None = field(default=None, repr=False)
    path: Path | None = None
    kind: str = "deny"
    form: str | None = None
    columns: dict[str, str] | None = None
    default_scope: str | None = None
    category: str | None = None
    lifts: bool = False
    actions: dict[str, str] = field(default_factory=dict)
    credentials: tuple[Credential, ...] = ()
    ca_file: Path | None = None
    allow_hosts: tuple[str, ...] = ()
    checksum_url: str | None = field(default=None, repr=False)
    limits: Limits = Limits()
    delta: Delta | None = None


def read_source(table: Table, folder: Path) -> SourceConfig:
    """Read a list's table; relative paths start at `folder`. UsageError."""
    credentials = _credentials(table, folder)
    kind = table.choice("kind", KINDS, "deny")
    columns = _columns(table)
    ca_file = table.text("ca_file")
    url, path = _place(table, folder, credentials)
    return SourceConfig(
        name=_name(table),
        url=url,
        path=path,
        kind=kind or "deny",
        form=_format(table),
        columns=columns,
        default_scope=table.choice("default_scope", tuple(scope.value for scope in Scope)),
        category=table.text("category"),
        lifts=_lifts(table, kind),
        actions=_actions(table),
        credentials=credentials,
        ca_file=folder / ca_file if ca_file else None,
        allow_hosts=table.texts("allow_hosts"),
        checksum_url=_url(table, "checksum_url", credentials),
        limits=_limits(table),
        delta=_delta(table, folder, credentials),
    )


def _name(table: Table) -> str:
    name = table.text("name")
    if name is None:
        raise table.fault(None, "has no name: give it one, by which reports call it")
    if not _NAME.fullmatch(name):
        raise table.fault("name", "must be letters, digits, dots and dashes, at most 64")
    if is_reserved(name):
        raise table.fault("name", f"is taken: {RESERVED}")
    return name


def _place(table: Table, folder: Path, credentials: tuple[Credential, ...]) -> tuple[str | None, Path | None]:
    """Exactly one of url and path."""
    url, path = _url(table, "url", credentials), table.text("path")
    if (url is None) == (path is None):
        raise table.fault("path" if path else None, "needs one of url and path")
    return url, folder / path if path else None


def _url(table: Table, key: str, credentials: tuple[Credential, ...]) -> str | None:
    url = table.text(key)
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        host = user = None
    if not host or parts.scheme not in _WEB:
        raise table.fault(key, "must be a web address, http or https")
    if user is not None or _gives_away(parts.query):
        raise table.fault(key, f"holds credentials: {_CURE}")
    if credentials and parts.scheme != "https" and host not in _OWN:
        raise table.fault(key, "would send credentials in the clear: use https")
    return url


_CURE = "name the environment variable or file that holds them in `credentials`, and put {name} in their place"


def _gives_away(query: str) -> bool:
    return any(name.lower() in _SECRETS and "{" not in value for name, value in parse_qsl(query))


def _format(table: Table) -> str | None:
    if table.text("format") and table.text("preset"):
        raise table.fault("preset", "stands beside format: name one of them")
    return table.choice("format", FORMATS) or table.choice("preset", FORMATS)


def _columns(table: Table) -> dict[str, str] | None:
    columns, fields = table.mapping("columns"), table.mapping("fields")
    if columns and fields:
        raise table.fault("fields", "stands beside columns: name one of them")
    return columns or fields


def _lifts(table: Table, kind: str | None) -> bool:
    lifts: bool | None = table.get("lifts", bool, "true or false")
    if lifts and kind != "allow":
        raise table.fault("lifts", 'is for lists of kind = "allow"')
    return bool(lifts)


def _actions(table: Table) -> dict[str, str]:
    actions = table.table("actions", MATCHES)
    if actions is None:
        return {}
    return {kind: action for kind in MATCHES if (action := actions.choice(kind, ACTIONS))}


def _limits(table: Table) -> Limits:
    shrink = _measured(table, "max_shrink", amounts.share, 'a percentage, as in "20%"')
    rejected = _measured(table, "max_rejected", amounts.share, 'a percentage, as in "5%"')
    age = _measured(table, "max_age", amounts.seconds, _TIME)
    size = _measured(table, "max_size", amounts.octets, 'a size with its unit, as in "256MB"')
    return Limits(
        shrink=_HALF if shrink is None else shrink,
        growth=_measured(table, "max_growth", amounts.share, 'a percentage, as in "300%"'),
        rejected=_HALF if rejected is None else rejected,
        interval=int(_measured(table, "interval", amounts.seconds, _TIME) or 0),
        age=None if age is None else int(age),
        size=None if size is None else int(size),
    )


_TIME = 'a time with its unit, as in "12h"'


def _measured(table: Table, key: str, read: Callable[[str], float | None], what: str) -> float | None:
    text = table.get(key, str, what)
    if text is None:
        return None
    amount = read(text)
    if amount is None:
        raise table.fault(key, f"must be {what}")
    return amount


def _credentials(table: Table, folder: Path) -> tuple[Credential, ...]:
    found = table.values.get("credentials")
    if isinstance(found, dict):
        one = _known(table, "credentials")
        return (_credential(one, folder),) if one else ()
    for number, value in enumerate(found if isinstance(found, list) else ()):
        _refuse_literals(table, value, number)
    return tuple(_credential(each, folder) for each in table.tables("credentials", _CREDENTIAL))


def _known(table: Table, key: str) -> Table | None:
    _refuse_literals(table, table.values[key], None)
    return table.table(key, _CREDENTIAL)


def _refuse_literals(table: Table, value: object, number: int | None) -> None:
    """Say it before `unknown key` does: this one is a secret that leaked into a file."""
    for key in value if isinstance(value, dict) else ():
        if key in _LITERAL:
            place = (*table.place, "credentials", *(() if number is None else (number,)), key)
            raise table.document.fault(
                place, "would keep a secret in this file: name an environment variable (env) or a file (file)"
            )


def _credential(table: Table, folder: Path) -> Credential:
    header, placeholder = table.text("header"), table.text("placeholder")
    env, file = table.text("env"), table.text("file")
    if (header is None) == (placeholder is None):
        raise table.fault(None, "needs one of header and placeholder")
    if (env is None) == (file is None):
        raise table.fault(None, "needs one of env and file, where the secret is")
    if header and not _HEADER.fullmatch(header):
        raise table.fault("header", "must be the name of a header; its value comes from env or file")
    prefix: str = table.get("prefix", str, 'a word in quotes, as in "Bearer "') or ""
    if prefix.strip() not in {"", "Bearer", "Basic", "Token", "token", "ApiKey"}:
        raise table.fault("prefix", 'must be "Bearer ", "Basic ", "Token " or "ApiKey "')
    return Credential(
        header=header, placeholder=placeholder, prefix=prefix, env=env, file=folder / file if file else None
    )


def _delta(table: Table, folder: Path, credentials: tuple[Credential, ...]) -> Delta | None:
    delta = table.table("delta", _DELTA)
    if delta is None:
        return None
    url, path = _place(delta, folder, credentials)
    full = _measured(delta, "full_every", amounts.seconds, _TIME)
    return Delta(
        url=url,
        path=path,
        form=_format_of(delta),
        columns=_columns(delta),
        tombstone=delta.text("tombstone"),
        full_every=None if full is None else int(full),
    )


def _format_of(table: Table) -> str | None:
    return table.choice("format", FORMATS)
