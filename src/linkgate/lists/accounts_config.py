r"""What linkgate.toml says of accounts: for how long who posted is kept, whose key makes pseudonyms, what repeats are.

>>> from linkgate.lists.toml import read_toml
>>> text = '[decisions]\n[accounts]\nkeep = "30d"\nkey_env = "K"\nrepeat = { messages = 4, entries = 2 }'
>>> accounts = read_accounts(read_toml(text, name="linkgate.toml"))
>>> accounts.keep_days, accounts.repeat
(30, RepeatRule(messages=4, entries=2, within=86400))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.lists import amounts

if TYPE_CHECKING:
    from linkgate.lists.toml import Document, TomlTable

_DAY = 86400
_MOST_DAYS = 366
_MOST = 1000


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """An account is told of that posted so many messages, with so many different entries, within so many seconds."""

    messages: int = 3
    entries: int = 2
    within: int = _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsConfig:
    """How accounts are kept. key_env: the environment variable with the key that guards the keys of pseudonyms.

    on_repeat: the command, with its arguments, that is told of an account that repeats.
    """

    keep_days: int
    key_env: str
    repeat: RepeatRule | None = None
    on_repeat: tuple[str, ...] = ()


def read_accounts(document: Document) -> AccountsConfig | None:
    """Read `[accounts]`; None where it is not there. UsageError."""
    if "accounts" not in document.values:
        return None
    table = document.table("accounts", ("keep", "key_env", "on_repeat", "repeat"))
    if "decisions" not in document.values:
        raise table.fault(None, "is about decisions, and nothing is recorded: add [decisions]")
    key_env = table.text("key_env")
    if key_env is None:
        raise table.fault(None, "needs key_env: without a key there are no pseudonyms, and nothing else is kept")
    rule = table.table("repeat", ("entries", "messages", "within"))
    on_repeat = table.texts("on_repeat")
    if on_repeat and rule is None:
        raise table.fault("on_repeat", "is told of nothing: add repeat = { messages = 3, entries = 2 }")
    days = _seconds(table, "keep", most=_MOST_DAYS * _DAY)
    if days is None or days % _DAY:
        raise table.fault("keep", 'must be a time in days, as in "30d", a year at most')
    return AccountsConfig(
        keep_days=days // _DAY, key_env=key_env, repeat=None if rule is None else _rule(rule), on_repeat=on_repeat
    )


def _rule(table: TomlTable) -> RepeatRule:
    usual = RepeatRule()
    within = _seconds(table, "within", most=7 * _DAY)
    return RepeatRule(
        _number(table, "messages", usual.messages),
        _number(table, "entries", usual.entries),
        usual.within if within is None else within,
    )


def _number(table: TomlTable, key: str, usual: int) -> int:
    number: int | None = table.get(key, int, "a whole number")
    if number is not None and not 1 <= number <= _MOST:
        raise table.fault(key, "must be 1 or more, a thousand at most")
    return usual if number is None else number


def _seconds(table: TomlTable, key: str, *, most: int) -> int | None:
    text = table.get(key, str, 'a time with its unit, as in "30d"')
    seconds = None if text is None else amounts.seconds(text)
    if text is not None and (seconds is None or not 1 <= seconds <= most):
        raise table.fault(key, 'must be a time with its unit, as in "24h", and no longer than makes sense')
    return seconds
