"""Retention: removes, once an hour, what a gate may keep no longer: old decisions, captures, pseudonyms and keys."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from linkgate.decisions.actor_log import purge_actors
from linkgate.decisions.capture import purge_captures
from linkgate.decisions.pseudonyms import EpochKeys
from linkgate.decisions.purge import purge_decisions
from linkgate.errors import LinkgateError
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from linkgate.lists.config import Config

_EVERY = 3600.0


class Retention:
    """What the configuration says of ages, applied. `error` is why something could not be removed."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.error: str | None = None
        self._done = -_EVERY

    def apply(self) -> None:
        """Remove what is over its age, where an hour has gone by. Never raises."""
        if time.monotonic() - self._done < _EVERY:
            return
        self._done = time.monotonic()
        try:
            self._remove()
            self.error = None
        except OSError as error:
            self.error = f"decisions that are over their age cannot be removed: {reason(error)}"
        except LinkgateError as error:
            self.error = f"what is over its age cannot be removed: {error}"

    def _remove(self) -> None:
        record, cases, accounts = self.config.policy.record, self.config.cases, self.config.accounts
        if record is not None and accounts is not None:
            purge_actors(record.path, before=days_ago(accounts.keep_days))
            EpochKeys.of(self.config).forget(before=days_ago(0))
        if cases is not None:
            purge_captures(cases.path, before=days_ago(cases.capture_days))
        if record is not None and record.keep is not None and record.path.is_dir():
            purge_decisions(record.path, before=days_ago(record.keep))


def days_ago(days: int) -> str:
    """The day so many days before today, in UTC."""
    return (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=days)).isoformat()
