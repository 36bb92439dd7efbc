"""Pseudonyms of accounts: keyed, by epoch, and beyond recall once the epoch's key is destroyed.

    decisions/actor-keys    the random keys of the last two quarters, encrypted with the key of `[accounts]`

A pseudonym is `e107:` (the quarter) and 16 digits of HMAC-SHA-256 with the quarter's key. Without that key nobody can
compute one again, and those of two quarters have nothing in common.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     keys = EpochKeys(Path(name), bytes(32))
...     one, again = (keys.pseudonym("ann", day="2026-01-31") for _ in range(2))
...     later = keys.pseudonym("ann", day="2026-04-01")
...     other = EpochKeys(Path(name), bytes(32)).pseudonym("ann", day="2026-04-02")
>>> one[:5], one == again, later[:5], later == other, one[5:] == later[5:]
('e105:', True, 'e106:', True, False)
"""

from __future__ import annotations

import datetime as dt
import hmac
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from linkgate.decisions.alarms import exclusive_lock
from linkgate.errors import StoreError, UsageError
from linkgate.lists.disk import make_folder, reason, replace_file
from linkgate.lists.vault import VaultError, seal, store_key, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linkgate.lists.config import Config

FILE = "actor-keys"
KEPT = 2
"""Epochs whose keys are kept."""

_LABEL = "actor keys"
_BYTES = 8
_SPELLING = 4


@dataclass(frozen=True, slots=True)
class EpochKey:
    """The key of one epoch, for a scan: all its messages get the pseudonyms of this epoch, however old they are.

    It travels to the workers of a scan and stands in no file; not in `repr`.
    """

    epoch: int
    key: bytes = field(repr=False)

    def pseudonym(self, account: str) -> str:
        """The pseudonym of an account."""
        return f"e{self.epoch}:{_mac(self.key, account, _BYTES)}"

    def spelling(self, link: str) -> str:
        """What tells two spellings of a link apart, and nothing else."""
        return _mac(self.key, f"\0{link}", _SPELLING)


class EpochKeys:
    """The keys of pseudonyms. Threads share it; the first process of a quarter makes its key."""

    def __init__(self, folder: Path, master: bytes) -> None:
        self._path, self._master = folder / FILE, master
        self._keys: dict[int, bytes] = {}

    @classmethod
    def of(cls, config: Config) -> EpochKeys:
        """The keys of a configuration. UsageError where it has no `[accounts]`, or no key."""
        record, accounts = config.policy.record, config.accounts
        if accounts is None or record is None:
            raise UsageError(f"{config.path} has no [accounts]: add the table")
        master = store_key(env=accounts.key_env)
        if master is None:
            raise UsageError(f"{config.path} names no key of [accounts]")
        return cls(record.path, master)

    def on(self, day: str) -> EpochKey:
        """The key of a day. StoreError where it is needed and cannot be kept."""
        epoch = epoch_of(day)
        return EpochKey(epoch, self._keys.get(epoch) or self._key(epoch))

    def pseudonym(self, account: str, *, day: str) -> str:
        """The pseudonym of an account on a day. StoreError."""
        return self.on(day).pseudonym(account)

    def spelling(self, link: str, *, day: str) -> str:
        """What tells two spellings of a link apart, and nothing else."""
        return self.on(day).spelling(link)

    def known(self, account: str) -> tuple[str, ...]:
        """The pseudonyms of an account in all epochs whose keys are kept, the latest first. StoreError."""
        keys = self._read()
        return tuple(EpochKey(epoch, keys[epoch]).pseudonym(account) for epoch in sorted(keys, reverse=True))

    def forget(self, *, before: str) -> None:
        """Destroy the keys of epochs that ended `KEPT` epochs before a day. StoreError."""
        oldest = epoch_of(before) - KEPT + 1
        if any(epoch < oldest for epoch in self._read()):
            self._change(lambda keys: {epoch: key for epoch, key in keys.items() if epoch >= oldest})

    def _key(self, epoch: int) -> bytes:
        """The key of an epoch; made where nobody has made it."""
        keys = self._read()
        if epoch not in keys:
            keys = self._change(lambda found: {epoch: os.urandom(32)} | found)
        self._keys = dict(keys)
        return keys[epoch]

    def _change(self, change: Callable[[dict[int, bytes]], dict[int, bytes]]) -> dict[int, bytes]:
        try:
            make_folder(self._path.parent)
            with exclusive_lock(self._path.with_name(f"{FILE}.lock")):
                keys = change(self._read())
                replace_file(self._path, seal(msgspec.msgpack.encode(keys), self._master, label=_LABEL))
        except OSError as error:
            raise StoreError(f"{self._path}: {reason(error)}.") from None
        self._keys = dict(keys)
        return keys

    def _read(self) -> dict[int, bytes]:
        try:
            data = unseal(self._path.read_bytes(), self._master, label=_LABEL)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{self._path}: {reason(error)}.") from None
        except VaultError as error:
            raise StoreError(f"{self._path}: {error}; check the key of [accounts].") from None
        return msgspec.msgpack.decode(data, type=dict[int, bytes])


def pseudonyms(config: Config, account: str) -> tuple[str, ...]:
    """What the platform's own account is called in the record, the latest epoch first. UsageError, StoreError."""
    return EpochKeys.of(config).known(account)


def scan_key(config: Config) -> EpochKey:
    """The key for the accounts of a scan: that of today. UsageError, StoreError."""
    return EpochKeys.of(config).on(dt.datetime.now(dt.UTC).date().isoformat())


def epoch_of(day: str) -> int:
    """The number of a day's quarter, counted from the year 2000."""
    return (int(day[:4]) - 2000) * 4 + (int(day[5:7]) - 1) // 3 + 1


def _mac(key: bytes, text: str, size: int) -> str:
    return hmac.digest(key, text.encode("utf-8", "backslashreplace"), "sha256")[:size].hex()
