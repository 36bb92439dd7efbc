"""AccountLog: what a gate keeps of who posted: a pseudonym beside each decision, and an early warning of repeats."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from linkgate.decisions.actor_log import Actor, ActorLog, append
from linkgate.decisions.command_hook import run_command
from linkgate.decisions.pseudonyms import EpochKeys
from linkgate.decisions.repeats import RepeatWindow
from linkgate.errors import LinkgateError
from linkgate.lists.canaries import CANARY_LIST
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate.core.verdict import Verdict
    from linkgate.lists.config import Config

_MOST_WAITING = 100_000
_LONGEST_ID = 512
COUNTED = frozenset({"exact", "nested"})
"""Kinds that say something of an account without a person's look."""


class AccountLog:
    """The accounts of one gate. `error` is why a pseudonym could not be kept, or a repeat not be told."""

    def __init__(self, config: Config) -> None:
        accounts, record = config.accounts, config.policy.record
        if accounts is None or record is None:
            raise ValueError("a gate keeps accounts only where they are configured")
        self._folder = record.path
        self._keys = EpochKeys.of(config)
        self._log = ActorLog(record.path)
        self._window = RepeatWindow(accounts.repeat) if accounts.repeat else None
        self._hook = accounts.on_repeat
        self._waiting: deque[tuple[float, str, str, str, tuple[str, str]]] = deque(maxlen=_MOST_WAITING)
        self.error: str | None = None

    def record(self, account: object, verdict: Verdict, names: Sequence[str], *, day: str) -> None:
        """Keep who posted a message with matches. Never raises."""
        try:
            told = account if isinstance(account, str) else str(account)
            actor = self._keys.pseudonym(told, day=day)
            rows = [
                Actor(name, actor, self._keys.spelling(match.written, day=day))
                for match, name in zip(verdict.matches, names, strict=True)
                if match.entry.list != CANARY_LIST
            ]
            self._log.write(rows, day=day)
        except OSError as error:
            self.error = f"accounts cannot be kept: {reason(error)}"
        except LinkgateError as error:
            self.error = f"accounts cannot be kept: {error}"
        except Exception as error:  # noqa: BLE001  # `str` of what a caller gave may do anything
            self.error = f"accounts cannot be kept: {type(error).__name__}"
        else:
            self.error = None
            self._note(actor, verdict, names, day)

    def _note(self, actor: str, verdict: Verdict, names: Sequence[str], day: str) -> None:
        """Leave what counts for the thread that looks for repeats."""
        if self._window is None:
            return
        now, message = time.monotonic(), (verdict.message or names[0])[:_LONGEST_ID]
        for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
            entry = match.entry
            if match.kind.value in COUNTED and entry.list != CANARY_LIST and ruling.held not in {"shadow", "disputed"}:
                self._waiting.append((now, day, actor, message, (entry.list, entry.id)))

    def upkeep(self) -> None:
        """Count what was left, and tell of repeats. For one thread; never raises."""
        while self._window is not None and self._waiting:
            now, day, actor, message, entry = self._waiting.popleft()
            repeat = self._window.add(actor, message=message, entry=entry, now=now, day=day)
            if repeat is None:
                continue
            try:
                row = {"day": day} | msgspec.to_builtins(repeat)
                line = msgspec.json.encode(row)
                append(self._folder / f"{day}.repeats.jsonl", line + b"\n")
            except OSError as error:
                self.error = f"a repeat cannot be told: {reason(error)}"
                continue
            if self._hook and (fault := run_command(self._hook, line)):
                self.error = f"on_repeat: {fault}"
