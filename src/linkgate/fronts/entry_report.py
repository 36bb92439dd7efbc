"""What is known of an entry by its id: list, scope, its publisher's name for it, versions, guard, opinions.

No address: an id stands for it (law 9).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import linkgate
from linkgate.fronts.show import instant, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate import Config, Engine, Entry, Policy, Store


def entry_reports(name: str, config: Config, store: Store, *, policy: Policy) -> list[dict[str, Any]]:
    """All that the store knows of an entry, an item for each list that gives it; none for an unknown one.

    name: its id, or LIST:ENTRY where several lists give one id. policy: what would become of a match with it.
    """
    return [_report(*key, config, store) | {"policy": _ruled(*key, policy)} for key in _keys(name, store)]


def entry_facts(entry: Entry, engine: Engine) -> dict[str, Any]:
    """What an engine alone knows of an entry."""
    ends = next((each for each in engine.allowances if (each.list, each.id) == (entry.list, entry.id)), None)
    return {
        "entry": entry.id,
        "list": entry.list,
        "listed": True,
        "allow": entry.allow,
        "scope": entry.scope.value,
        "category": entry.category,
        "ends": instant(ends.ends) if ends and ends.ends is not None else None,
        "reason": ends.reason if ends else None,
    }


def _ruled(name: str, entry: str, policy: Policy) -> dict[str, Any]:
    """What becomes of a match with the entry, by kind."""
    return {kind.value: asdict(policy.rule(name, entry, kind)) for kind in linkgate.Kind}


def _keys(name: str, store: Store) -> list[tuple[str, str]]:
    """The lists of this id: those of the current version, else those of the newest version that had it."""
    among, _, entry = name.partition(":")
    for ids in ({name}, {entry}):
        for keys in _by_version(ids, store):
            found = sorted(key for key in keys if key[1] == name or key[0] == among)
            if found:
                return found
    return []


def _by_version(ids: set[str], store: Store) -> Iterator[set[tuple[str, str]]]:
    """By version, the current one first, the lists that have an entry of these ids, or hold it back."""
    current = store.current.id
    for version in sorted(store.versions(), key=lambda each: (each.id == current, each.id), reverse=True):
        listed = {(each.list, each.id) for each in store.load(version.id).find_entries(ids)}
        yield listed | {(state.name, held.id) for state in version.lists for held in state.quarantine if held.id in ids}


def _report(name: str, entry: str, config: Config, store: Store) -> dict[str, Any]:
    source = next((each for each in config.sources if each.name == name), None)
    publisher = linkgate.publisher_ids(store, source, {entry})[0].get(entry) if source else None
    engine = store.load()
    own = next((each for each in engine.find_entries({entry}) if each.list == name), None)
    held = next((each for each in _quarantine(name, store) if each.id == entry), None)
    said = [each for each in linkgate.OpinionFile.of(config).read() if each.key == (name, entry)]
    return {
        **(entry_facts(own, engine) if own else {"entry": entry, "list": name, "listed": False, "allow": False}),
        **_history(name, entry, store),
        "publisher_id": publisher.id if publisher else None,
        "line": publisher.line if publisher else held.line if held else None,
        "accepted": config.accept.get(entry),
        "opinions": [{"opinion": each.opinion, "by": each.by, "at": each.at, "reason": each.reason} for each in said],
    }


def _quarantine(name: str, store: Store) -> Iterator[Any]:
    """What the guard holds back of a list in the current version."""
    return (held for state in store.current.lists if state.name == name for held in state.quarantine)


def _history(name: str, entry: str, store: Store) -> dict[str, Any]:
    """The kept versions that have it. `held_back`: why the guard keeps it out of the current one."""
    told = linkgate.entry_history(store, name, entry)
    if told is None:  # the guard held it back in an older version alone
        return {}
    return {
        "scope": told.scope,
        "category": told.category,
        "since_version": told.first,
        "since": told.since,
        "last_version": None if told.is_current else told.last,
        "changed_in": list(told.changed),
        "held_back": told.quarantined,
    }


def entry_rows(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A report for people: what is known, by name, and a row for each opinion."""
    for name, value in row.items():
        if name not in {"opinions", "policy"} and value not in (None, False, [], ()):
            yield name, printable(" ".join(map(str, value)) if isinstance(value, list) else str(value))
    for kind, ruling in (row.get("policy") or {}).items() if row.get("listed") and not row["allow"] else ():
        held = f", not {ruling['asked']}: {ruling['held']}" if ruling["held"] else ""
        yield f"if {kind}", f"{ruling['action']}{held}"
    for each in row.get("opinions", ()):
        reason = f": {each['reason']}" if each["reason"] else ""
        yield "opinion", printable(f"{each['opinion']} by {each['by']} at {each['at']}{reason}")
