"""CaseStore: the folder of cases, each an encrypted file; whoever looks at one is written down first.

    cases/c0123456789ab.case     AES-256-GCM, as the files of an encrypted store
    cases/access/2026-01-31.jsonl    who did what with which case: a chained log, as the decisions are

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     store = CaseStore(Path(name), bytes(32))
...     case = store.open([{"decision": "d1", "time": "2026-01-31T10:00:00Z"}], by="ann", reason="report", until=None)
...     _ = store.read(case.id, by="bob", act="show")
...     [(row["by"], row["act"], row["case"] == case.id) for row in store.accesses()], store.ids() == [case.id]
([('ann', 'open', True), ('bob', 'show', True)], True)
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from typing import TYPE_CHECKING, Any, Self

import msgspec

from linkgate.decisions.alarms import exclusive_lock
from linkgate.decisions.capture import Inbox
from linkgate.decisions.case import WITHOUT_END, Case, CaseEvent
from linkgate.decisions.file_digests import digests_of
from linkgate.decisions.log import DecisionLog, files, lines_of
from linkgate.errors import StoreError, UsageError
from linkgate.lists.disk import make_folder, reason, replace_file
from linkgate.lists.manifest import stamp
from linkgate.lists.vault import VaultError, seal, store_key, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from linkgate.lists.config import Config

ACCESS = "access"
_SUFFIX = ".case"
_ID = re.compile(r"c[0-9a-f]{12}", re.ASCII)
_LABEL = "case "


class CaseStore:
    """Cases in a folder. Each method that opens a case logs who did so, and does nothing where it cannot."""

    def __init__(self, folder: Path, key: bytes, *, whole: bool = False) -> None:
        self.folder, self._key = folder, key
        self.inbox = Inbox(folder, key, whole=whole)
        self._log = DecisionLog(folder / ACCESS, fsync="always")

    @classmethod
    def of(cls, config: Config) -> Self:
        """The cases of a configuration. UsageError where it has none, or no key."""
        cases = config.cases
        if cases is None:
            raise UsageError(f"{config.path} has no [cases]: add the table")
        env, file = (cases.key_env, None) if cases.key_env else (config.key_env, config.key_file)
        key = store_key(env=env, file=file)
        if key is None:
            raise UsageError(f"{config.path} names no key, and cases are encrypted: set key_env in [cases]")
        return cls(cases.path, key, whole=cases.capture == "message")

    def ids(self) -> list[str]:
        """The ids of all cases, in order. UsageError."""
        try:
            make_folder(self.folder)
            return sorted(path.stem for path in self.folder.glob(f"*{_SUFFIX}") if _ID.fullmatch(path.stem))
        except OSError as error:
            raise UsageError(f"{self.folder}: {reason(error)}") from None

    def open(  # noqa: PLR0913  # what a case holds
        self,
        decisions: Iterable[dict[str, Any]],
        *,
        by: str,
        reason: str,
        until: str | None,
        reviews: Mapping[str, str] | None = None,
        actors: Mapping[str, str] | None = None,
        media: Iterable[Mapping[str, str]] = (),
    ) -> Case:
        """Open a case about decisions, with what was captured of them. UsageError for digests that are none."""
        rows = tuple(decisions)
        captured = {row["decision"]: self.inbox.get(row["decision"], day=str(row["time"])[:10]) for row in rows}
        at = stamp(dt.datetime.now(dt.UTC))
        made = Case(
            id=f"c{os.urandom(6).hex()}",
            opened=at,
            by=by,
            reason=reason,
            held_until=until or WITHOUT_END,
            decisions=rows,
            captures={name: capture for name, capture in captured.items() if capture},
            reviews=dict(reviews or {}),
            actors=dict(actors or {}),
            media=tuple(map(digests_of, media)),
        ).changed(CaseEvent(what="opened", at=at, by=by, reason=reason))
        self._access(made.id, by=by, act="open")
        self._write(made)
        return made

    def read(self, name: str, *, by: str, act: str) -> Case:
        """A case, for somebody who looks at it. UsageError where there is none, StoreError where it cannot be read."""
        self._access(self._known(name), by=by, act=act)
        return self._read(name)

    def all(self, *, by: str, act: str) -> list[Case]:
        """All cases, for somebody who looks over them."""
        return [self.read(name, by=by, act=act) for name in self.ids()]

    def change(self, name: str, event: CaseEvent) -> Case:
        """Do something with a case: hold, release or export it."""
        self._access(self._known(name), by=event.by, act=event.what)
        with exclusive_lock(self.folder / f"{ACCESS}.lock"):
            case = self._read(name).changed(event)
            self._write(case)
        return case

    def remove(self, names: Iterable[str], *, by: str, today: str) -> None:
        """Remove cases, none of them where one is held: UsageError, which names it."""
        found = [self.read(name, by=by, act="remove") for name in names]
        for case in found:
            if case.is_held(today):
                until = "it is released" if case.is_open_ended else f"the end of {case.held_until}"
                cure = f"release it first (`linkgate cases release {case.id}`)"
                raise UsageError(f"case {case.id} is held until {until}, and nothing was removed: {cure}")
        for case in found:
            self._path(case.id).unlink(missing_ok=True)

    def accesses(self) -> list[dict[str, Any]]:
        """Who did what, in order."""
        found = files(self.folder / ACCESS)
        return [json.loads(line) for path in found for line in lines_of(path) if line.endswith(b"}\n")]

    def _access(self, name: str, *, by: str, act: str) -> None:
        at = stamp(dt.datetime.now(dt.UTC))
        failed = self._log.failed.total
        row = {"time": at, "by": by, "act": act, "case": name}
        self._log.write([json.dumps(row, separators=(",", ":")).encode()], day=at[:10])
        if self._log.failed.total > failed:
            raise StoreError(f"{self.folder / ACCESS}: what is done with a case cannot be logged, so it is not done.")

    def _known(self, name: str) -> str:
        if not _ID.fullmatch(name) or not self._path(name).exists():
            raise UsageError("there is no such case: `linkgate cases list` tells them")
        return name

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"

    def _read(self, name: str) -> Case:
        path = self._path(name)
        try:
            data = unseal(path.read_bytes(), self._key, label=_LABEL + name)
            return msgspec.json.decode(data, type=Case)
        except OSError as error:
            raise StoreError(f"{path}: {reason(error)}.") from None
        except (VaultError, msgspec.DecodeError) as error:
            why = error if isinstance(error, VaultError) else "it is damaged"
            raise StoreError(f"{path}: {why}; check the key of the cases.") from None

    def _write(self, case: Case) -> None:
        try:
            make_folder(self.folder)
            replace_file(self._path(case.id), seal(msgspec.json.encode(case), self._key, label=_LABEL + case.id))
        except OSError as error:
            raise StoreError(f"{self._path(case.id)}: {reason(error)}.") from None
