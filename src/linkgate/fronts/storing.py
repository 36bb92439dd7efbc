"""The commands of `linkgate lists` that work on a store. They print list names, counts and entry ids."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.show import count, print_json, printable, say
from linkgate.fronts.store_rows import change_rows, history_rows, outcome_row, status_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate import Config, Store, Update

_WEB = ("http:", "https:")


def add(*, name: str, address: str, config: str, as_json: bool, **given: str | None) -> int:
    """Name a list in the configuration."""
    where = "url" if address.lower().startswith(_WEB) else "path"
    if where == "path" and Path(config).parent != Path():  # paths in a configuration start at its own folder
        address = str(Path(address).absolute())
    options = {("format" if key == "form" else key): value for key, value in given.items() if value is not None}
    linkgate.add_list(config, {"name": name, where: address, **options})
    return _print({"list": name, "config": config}, [f"{config}: list {name} added"], as_json=as_json)


def update(*, names: tuple[str, ...], force: bool, config: str, as_json: bool) -> int:
    """Update the store, made if it is not there."""
    found = linkgate.load_config(config)
    found.named(names)
    if not found.sources:
        raise linkgate.UsageError(f"{config} names no list: add one with `linkgate lists add NAME URL`")
    return _told(linkgate.update(found, found.open_store(create=True), only=names, force=force), as_json=as_json)


def _told(done: Update, *, as_json: bool) -> int:
    """Good news on stdout, what needs attention on stderr: a timer may mail that."""
    good = [outcome_row(outcome) for outcome in done.outcomes if outcome.ok]
    if done.version is not None:
        new = "new version" if done.published else "version"
        good.append(
            f"{new} {done.version.id}: {count(done.version.entries, 'entry')}, snapshot {done.version.snapshot}"
        )
    _print(done.as_dict(), good, as_json=as_json)
    for outcome in done.outcomes:
        if not outcome.ok:
            say(f"list {outcome_row(outcome)}")
    for remark in done.remarks:
        say(remark)
    if done.version is None:
        say("nothing was published: no list could be used")
    return exits.CLEAR if done.ok else exits.UNSURE


def status(*, config: str, as_json: bool) -> int:
    """Show how the store stands."""
    found, store = _open(config)
    told = linkgate.status(found, store)
    _print(told.as_dict(), status_rows(told), as_json=as_json)
    return exits.CLEAR if told.ok else exits.UNSURE


def history(*, config: str, as_json: bool) -> int:
    """Show the versions."""
    _, store = _open(config)
    manifest = store.manifest()
    rows = [
        {
            "version": version.id,
            "current": version.id == manifest.current,
            "created": version.created,
            "snapshot": version.snapshot,
            "entries": version.entries,
            "lists": {state.name: state.entries for state in version.lists},
        }
        for version in manifest.versions
    ]
    return _print({"versions": rows}, history_rows(rows), as_json=as_json)


def diff(*, before: int, after: int, config: str, as_json: bool) -> int:
    """Show what changed between two versions."""
    _, store = _open(config)
    changes = linkgate.diff(store, before, after)
    told = [{"list": each.list, "added": list(each.added), "removed": list(each.removed)} for each in changes]
    return _print({"before": before, "after": after, "lists": told}, change_rows(changes), as_json=as_json)


def rollback(*, version: int, config: str, as_json: bool) -> int:
    """Go to another version."""
    _, store = _open(config)
    now = store.rollback(version)
    told = {"version": now.id, "snapshot": now.snapshot, "entries": now.entries}
    return _print(told, [f"version {now.id} is current: {count(now.entries, 'entry')}"], as_json=as_json)


def verify(*, config: str, as_json: bool) -> int:
    """Check every file."""
    _, store = _open(config)
    findings = linkgate.verify(store)
    told = [{"place": finding.place, "problem": finding.problem} for finding in findings]
    versions = count(len(store.versions()), "version")
    _print({"ok": not findings, "findings": told}, [] if findings else [f"all is well: {versions}"], as_json=as_json)
    for finding in findings:
        say(f"{store.path}: {finding.place}: {finding.problem}")
    return exits.UNSURE if findings else exits.CLEAR


def accept(*, names: tuple[str, ...], reason: str | None, config: str, as_json: bool) -> int:
    """Take held files, or note quarantined entries as accepted."""
    found, store = _open(config)
    known = {source.name for source in found.sources}
    lists = tuple(name for name in names if name in known)
    entries = [name for name in names if name not in known]
    _check_quarantined(store, entries)
    if entries and not reason:
        raise linkgate.UsageError("an entry is accepted with a --reason: who decided, and why")
    for entry in entries:
        found = linkgate.add_acceptance(config, entry, reason or "")
    if lists:
        return _told(linkgate.accept(found, store, lists), as_json=as_json)
    row = f"{count(len(entries), 'entry')} noted in {config}; in use after `linkgate lists update`"
    return _print({"accepted": entries}, [row], as_json=as_json)


def _check_quarantined(store: Store, entries: Iterable[str]) -> None:
    """Only ids that were reported: a slip would accept what nobody has seen. It may be an address: not repeated."""
    version = store.manifest().version(None)
    held = {entry.id for state in (version.lists if version else ()) for entry in state.quarantine}
    if not held.issuperset(entries):
        raise linkgate.UsageError("no list of this name, no quarantined entry of this id: see `linkgate lists status`")


def _open(config: str) -> tuple[Config, Store]:
    found = linkgate.load_config(config)
    return found, found.open_store()


def _print(told: dict[str, Any], rows: Iterable[str], *, as_json: bool) -> int:
    if as_json:
        print_json(told)
    else:
        for row in rows:
            click.echo(printable(row))
    return exits.CLEAR
