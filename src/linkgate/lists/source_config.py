"""One `[[list]]` of linkgate.toml -> SourceConfig: where a list comes from, how it is read, what it may do.

Credentials never stand in the file: a header or a place in the URL names an environment variable or
a file, read when the list is fetched, and shown nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from linkgate.core.digests.digest import DigestType
from linkgate.core.index.entry import ADDRESSED
from linkgate.core.verdict import Kind
from linkgate.lists.canaries import RESERVED, is_reserved
from linkgate.lists.credentials import Credential
from linkgate.lists.formats import FORMATS
from linkgate.lists.limits import LIMIT_KEYS, Limits, duration, read_limits
from linkgate.lists.policy_config import read_share, read_surge
from linkgate.lists.signature import KeyFormatError, PublicKey, parse_public_key

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.lists.surge import Surge
    from linkgate.lists.toml import TomlTable

KEYS = (
    *("actions", "allow_hosts", "ca_file", "category", "checksum_url", "columns", "credentials", "default_scope"),
    *("delta", "distance", "fields", "format", "kind", "lifts", "name", "path", "preset", "public_key"),
    *("shadow", "share", "share_hits", "signature_url", "surge", "type", "url", *LIMIT_KEYS),
)
KINDS = ("allow", "deny", "guard", "shorteners")
TABLES_OF_HOSTS = frozenset({"guard", "shorteners"})
"""Kinds of lists that take the place of a table of ours, and list nothing."""
ACTIONS = ("block", "log", "review")
MATCHES = tuple(sorted(Kind))
_FARTHEST = 64  # of 256 bits; two pictures that have nothing in common differ in half of them

_CREDENTIAL = ("env", "file", "header", "placeholder", "prefix")
_DELTA = ("columns", "fields", "format", "full_every", "path", "tombstone", "url")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_SECRET_WORDS = frozenset({"key", "apikey", "api_key", "api-key", "auth", "auth_key", "auth-key", "token"})
_SECRETS = _SECRET_WORDS | {"access_token", "password", "passwd", "secret"}
_LITERAL = ("headers", "key", "password", "secret", "token", "username", "value")
_WEB = ("http", "https")
_OWN = ("127.0.0.1", "localhost", "::1")


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
    """One list as it was configured. Its addresses and credentials are not in `repr`.

    `type` is that of the digests that the list holds, `distance` in how many bits a picture may differ from its PDQ
    values. `actions`, `shadow`, `share` and `surge` are its part of the policy (linkgate.decisions.policy).
    share_hits: its publisher may be told how often its entries matched.
    """

    name: str
    url: str | None = field(default=None, repr=False)
    path: Path | None = None
    kind: str = "deny"
    form: str | None = None
    columns: dict[str, str] | None = None
    default_scope: str | None = None
    category: str | None = None
    lifts: bool = False
    type: str | None = None
    distance: int | None = None
    actions: dict[str, str] = field(default_factory=dict)
    shadow: bool = False
    share: float = 1.0
    share_hits: bool = False
    surge: Surge | None = None
    credentials: tuple[Credential, ...] = ()
    ca_file: Path | None = None
    allow_hosts: tuple[str, ...] = ()
    checksum_url: str | None = field(default=None, repr=False)
    signature_url: str | None = field(default=None, repr=False)
    public_key: PublicKey | None = None
    limits: Limits = field(default_factory=Limits)
    delta: Delta | None = None


def read_source(table: TomlTable, folder: Path) -> SourceConfig:
    """Read a list's table; relative paths start at `folder`. UsageError."""
    credentials = read_credentials(table, folder)
    kind = table.choice("kind", KINDS, "deny")
    columns = _columns(table)
    ca_file = table.text("ca_file")
    url, path = _place(table, folder, credentials)
    source = SourceConfig(
        name=_name(table),
        url=url,
        path=path,
        kind=kind or "deny",
        form=_format(table, kind),
        columns=columns,
        default_scope=table.choice("default_scope", tuple(scope.value for scope in ADDRESSED)),
        category=table.text("category"),
        lifts=_lifts(table, kind),
        type=table.choice("type", tuple(DigestType)),
        distance=_distance(table, kind),
        actions=_actions(table),
        shadow=bool(table.get("shadow", bool, "true or false")),
        share=read_share(table),
        share_hits=bool(table.get("share_hits", bool, "true or false")),
        surge=read_surge(table),
        credentials=credentials,
        ca_file=folder / ca_file if ca_file else None,
        allow_hosts=table.texts("allow_hosts"),
        checksum_url=web_address(table, "checksum_url", credentials),
        limits=read_limits(table),
        delta=_delta(table, folder, credentials),
    )
    return _signed(table, source)


def _name(table: TomlTable) -> str:
    name = table.text("name")
    if name is None:
        raise table.fault(None, "has no name: give it one, by which reports call it")
    if not _NAME.fullmatch(name):
        raise table.fault("name", "must be letters, digits, dots and dashes, at most 64")
    if is_reserved(name):
        raise table.fault("name", f"is taken: {RESERVED}")
    return name


def _place(table: TomlTable, folder: Path, credentials: tuple[Credential, ...]) -> tuple[str | None, Path | None]:
    """Exactly one of url and path."""
    url, path = web_address(table, "url", credentials), table.text("path")
    if (url is None) == (path is None):
        raise table.fault("path" if path else None, "needs one of url and path")
    return url, folder / path if path else None


def web_address(table: TomlTable, key: str, credentials: tuple[Credential, ...]) -> str | None:
    """The web address under a key; UsageError where it is none, or would show or send a secret in the clear."""
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


def _format(table: TomlTable, kind: str | None) -> str | None:
    for key in ("columns", "fields", "format", "preset"):
        if kind == "shorteners" and key in table.values:
            raise table.fault(key, 'has no effect with kind = "shorteners": its lines are `host method leads alias-of`')
    if table.text("format") and table.text("preset"):
        raise table.fault("preset", "stands beside format: name one of them")
    return table.choice("format", FORMATS) or table.choice("preset", FORMATS)


def _columns(table: TomlTable) -> dict[str, str] | None:
    columns, fields = table.mapping("columns"), table.mapping("fields")
    if columns and fields:
        raise table.fault("fields", "stands beside columns: name one of them")
    return columns or fields


def _lifts(table: TomlTable, kind: str | None) -> bool:
    lifts: bool | None = table.get("lifts", bool, "true or false")
    if lifts and kind != "allow":
        raise table.fault("lifts", 'is for lists of kind = "allow"')
    return bool(lifts)


def _distance(table: TomlTable, kind: str | None) -> int | None:
    bits: int | None = table.get("distance", int, "a number of bits")
    if bits is not None and (isinstance(bits, bool) or not 0 <= bits <= _FARTHEST):
        raise table.fault("distance", f"must be a number of bits from 0 to {_FARTHEST}")
    if bits is not None and kind in {"allow", "guard"}:
        raise table.fault(
            "distance", 'is for lists of kind = "deny": another list names a picture, and none that is near'
        )
    return bits


def _actions(table: TomlTable) -> dict[str, str]:
    actions = table.table("actions", MATCHES)
    if actions is None:
        return {}
    return {kind: action for kind in MATCHES if (action := actions.choice(kind, ACTIONS))}


def _signed(table: TomlTable, source: SourceConfig) -> SourceConfig:
    """Add the signature, where the whole file that is read has one."""
    url, key = web_address(table, "signature_url", source.credentials), table.text("public_key")
    if (url is None) != (key is None):
        raise table.fault("public_key" if key else "signature_url", "needs signature_url and public_key, both")
    if key is None:
        return source
    if source.url is None or source.delta or source.form == "taxii":
        raise table.fault("signature_url", "is for a list behind a url that comes whole: no path, delta or taxii")
    try:
        return replace(source, signature_url=url, public_key=parse_public_key(key))
    except KeyFormatError as error:
        raise table.fault("public_key", str(error)) from None


def read_credentials(table: TomlTable, folder: Path) -> tuple[Credential, ...]:
    """The `credentials` of a table, one or several; UsageError where a secret stands there as it is."""
    found = table.values.get("credentials")
    if isinstance(found, dict):
        one = _known(table, "credentials")
        return (_credential(one, folder),) if one else ()
    for number, value in enumerate(found if isinstance(found, list) else ()):
        _refuse_literals(table, value, number)
    return tuple(_credential(each, folder) for each in table.tables("credentials", _CREDENTIAL))


def _known(table: TomlTable, key: str) -> TomlTable | None:
    _refuse_literals(table, table.values[key], None)
    return table.table(key, _CREDENTIAL)


def _refuse_literals(table: TomlTable, value: object, number: int | None) -> None:
    """Say it before `unknown key` does: this one is a secret that leaked into a file."""
    for key in value if isinstance(value, dict) else ():
        if key in _LITERAL:
            place = (*table.place, "credentials", *(() if number is None else (number,)), key)
            raise table.document.fault(
                place, "would keep a secret in this file: name an environment variable (env) or a file (file)"
            )


def _credential(table: TomlTable, folder: Path) -> Credential:
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


def _delta(table: TomlTable, folder: Path, credentials: tuple[Credential, ...]) -> Delta | None:
    delta = table.table("delta", _DELTA)
    if delta is None:
        return None
    url, path = _place(delta, folder, credentials)
    return Delta(
        url=url,
        path=path,
        form=_format_of(delta),
        columns=_columns(delta),
        tombstone=delta.text("tombstone"),
        full_every=duration(delta, "full_every"),
    )


def _format_of(table: TomlTable) -> str | None:
    return table.choice("format", FORMATS)
