"""`--since`: which older engine is meant, and what there is to look for that it lacked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import linkgate
from linkgate.fronts.archive.finder import Finder, Since
from linkgate.fronts.engines import now, open_engines
from linkgate.fronts.key_variable import environment_key
from linkgate.fronts.show import count, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate import Engine, Store


def compared(look: Finder, since: str | None, lists: Sequence[str], *, store: Store | None = None) -> Finder:
    """A look for what an older snapshot did not find; the same look for None. UsageError, SnapshotError, StoreError.

    `since` is a file, a store, or the number or snapshot id of a version of the store that `lists`
    names, or of `store`.
    """
    if since is None:
        return look
    if len(look.engines) > 1:
        raise linkgate.UsageError("--since compares two snapshots: name one store or snapshot with --list")
    older = _older(since, lists, store)
    newer = linkgate.newer(look.engines[0], than=older)
    if newer.whole:
        say(f"--since: all {count(newer.engine.size, 'entry')} are looked for, as {newer.whole}")
    else:
        say(f"--since: {count(newer.engine.size, 'entry')} of {look.engines[0].size:,} may say something new")
    return replace(look, since=Since(older, newer.engine, newer.fresh))


def _older(since: str, lists: Sequence[str], store: Store | None) -> Engine:
    if Path(since).exists():
        return open_engines([since]).parts[0]
    if store is not None:
        return _version(store, since)
    for name in lists:
        if linkgate.is_store(name):
            return _version(linkgate.Store.open(name, key=environment_key()), since)
    raise linkgate.UsageError(f"--since {since}: no such file, and --list names no store that may hold it")


def _version(store: Store, since: str) -> Engine:
    for version in store.versions():
        if since in {str(version.id), version.snapshot}:
            return store.load(version.id).at(now())
    raise linkgate.UsageError(f"--since {since}: {store.path} keeps no such version; see `linkgate lists history`")
