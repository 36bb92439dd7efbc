"""What is known of an entry by its id: list, scope, its publisher's name for it, versions, guard, opinions.

No address: an id stands for it (law 9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.fronts.show import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate import Config, Engine, Entry, Store


def entry_reports(name: str, config: Config, store: Store) -> list[dict[str, Any]]:
    """All that the store knows of an id, an item for each list that gives it; none for an unknown one."""
    engine = store.load()
    found = [_report(entry, config, store, engine) for entry in engine.find_entries({name})]
    return found or list(_quarantined(name, store)) or list(_former(name, store))


def _report(entry: Entry, config: Config, store: Store, engine: Engine) -> dict[str, Any]:
    source = next((each for each in config.sources if each.name == entry.list), None)
    publisher = linkgate.publisher_ids(store, source, {entry.id})[0].get(entry.id) if source else None
    ends = next((each for each in engine.allowances if (each.list, each.id) == (entry.list, entry.id)), None)
    said = [
        each for each in linkgate.OpinionFile.of(config).read() if (each.list, each.entry) == (entry.list, entry.id)
    ]
    return {
        "entry": entry.id,
        "list": entry.list,
        "listed": True,
        "scope": entry.scope.value,
        "category": entry.category,
        "allow": entry.allow,
        "publisher_id": publisher.id if publisher else None,
        "line": publisher.line if publisher else None,
        "since_version": _since(entry.id, store),
        "ends": instant(ends.ends) if ends and ends.ends is not None else None,
        "reason": ends.reason if ends else None,
        "accepted": config.accept.get(entry.id),
        "opinions": [{"opinion": each.opinion, "by": each.by, "at": each.at, "reason": each.reason} for each in said],
    }


def _since(name: str, store: Store) -> int:
    """The oldest kept version from which on the entry is listed without a gap."""
    since = store.current.id
    for version in reversed(store.versions()):
        if version.id < since:
            if not store.load(version.id).find_entries({name}):
                break
            since = version.id
    return since


def _quarantined(name: str, store: Store) -> Iterator[dict[str, Any]]:
    for state in store.current.lists:
        for held in state.quarantine:
            if held.id == name:
                yield {"entry": name, "list": state.name, "listed": False, "line": held.line, "held_back": held.reason}


def _former(name: str, store: Store) -> Iterator[dict[str, Any]]:
    """An entry of an older version that is kept: the last one that had it."""
    for version in reversed(store.versions()):
        for entry in store.load(version.id).find_entries({name}):
            yield {"entry": name, "list": entry.list, "listed": False, "last_version": version.id}
            return
