"""What people here think of entries of the lists: a file in the store's folder, and the entries that it demotes.

    store/opinions.jsonl    {entry, list, opinion, by, at, reason, decision}, one a line, nothing ever removed

An entry that was called wrong often enough asks for review at most, until somebody confirms it or its
publisher sends it anew. A process that is killed leaves half a line at most, which is passed over.

>>> from linkgate.lists.feedback_config import WrongRule
>>> said = [Opinion(entry="demo:1", list="demo", opinion="wrong", by=name, at="") for name in ("ann", "ann", "bob")]
>>> disputed(said[:2], WrongRule(2, 2)), disputed(said, WrongRule(2, 2))
(frozenset(), frozenset({('demo', 'demo:1')}))
>>> disputed([*said, Opinion(entry="demo:1", list="demo", opinion="confirmed", by="eve", at="")], WrongRule(2, 2))
frozenset()
"""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import msgspec

from linkgate.decisions.alarms import file_stamp
from linkgate.errors import StoreError
from linkgate.lists.diff import sent_anew
from linkgate.lists.disk import make_folder, reason
from linkgate.lists.manifest import stamp

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from pathlib import Path

    from linkgate.lists.config import Config
    from linkgate.lists.feedback_config import WrongRule
    from linkgate.lists.store import Store
    from linkgate.lists.surge import Key

FILE = "opinions.jsonl"
OPINIONS = ("confirmed", "wrong", "disputed", "resent")


class Opinion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody said of an entry, or of one decision that it made.

    opinion: `confirmed`, `wrong` or `disputed`; `resent`: its publisher sent it anew. decision: where it
    is about one decision; an entry is confirmed as a whole only by an opinion without one.
    """

    entry: str
    list: str
    opinion: str
    by: str
    at: str
    reason: str = ""
    decision: str | None = None

    @property
    def key(self) -> Key:
        """The list and the entry."""
        return self.list, self.entry


@dataclass(frozen=True, slots=True)
class OpinionFile:
    """The file. StoreError where it cannot be read or written."""

    path: Path

    @classmethod
    def of(cls, config: Config) -> Self:
        """The opinions of a configuration."""
        return cls(config.store / FILE)

    def stamp(self) -> Hashable:
        """What changes with the file; None while there is none. Never raises."""
        return file_stamp(self.path)

    def read(self) -> tuple[Opinion, ...]:
        """All of them, in order."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}.") from None
        found = []
        for line in lines:
            try:
                found.append(msgspec.json.decode(line, type=Opinion))
            except msgspec.DecodeError:
                continue
        return tuple(found)

    def add(self, opinions: Iterable[Opinion]) -> None:
        """Add some."""
        data = b"".join(b"\n" + msgspec.json.encode(each) for each in opinions)
        if not data:
            return
        try:
            make_folder(self.path.parent)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, data + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}.") from None


def disputed(opinions: Iterable[Opinion], rule: WrongRule) -> frozenset[Key]:
    """The entries that ask for less: called wrong often enough, by enough people, since they were last confirmed."""
    wrong: dict[Key, set[tuple[str, str | None]]] = defaultdict(set)
    for each in opinions:
        if each.opinion in {"wrong", "disputed"}:
            wrong[each.key].add((each.by, each.decision))
        elif each.decision is None:
            wrong.pop(each.key, None)
    return frozenset(
        key for key, said in wrong.items() if len(said) >= rule.after and len({by for by, _ in said}) >= rule.by
    )


def disputed_entries(config: Config) -> frozenset[Key]:
    """The entries that ask for less in a configuration; none where `[feedback]` says nothing of it. StoreError."""
    return frozenset() if config.wrong is None else disputed(OpinionFile.of(config).read(), config.wrong)


def note_sent_anew(config: Config, store: Store, before: int, after: int) -> None:
    """Write down which disputed entries their publisher sent anew between two versions: they are not disputed any more.

    StoreError, SnapshotError.
    """
    keys = disputed_entries(config)
    named = {(name, entry) for name, entry in keys if entry is not None}
    if not named:
        return
    at = stamp(dt.datetime.now(dt.UTC))
    anew = sorted(sent_anew(store, before, after, named))
    OpinionFile.of(config).add(
        Opinion(entry=entry, list=name, opinion="resent", by="publisher", at=at) for name, entry in anew
    )
