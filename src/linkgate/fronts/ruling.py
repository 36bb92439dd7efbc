"""The commands of `linkgate policy`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.engines import now
from linkgate.fronts.show import allowed_row, count, print_json, printable, say, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkgate import Alarm, Allowance, Config, Policy, Store

_SHOWN = 20
"""Allow entries that people are shown."""


def show(*, config: str, as_json: bool) -> int:
    """Show the policy as the current version and the configuration have it."""
    found = linkgate.load_config(config)
    store = found.open_store()
    version = store.manifest().version(None)
    policy = linkgate.policy_of(found, version.lists if version else ())
    allowances = _allowances(store) if version else ()
    told = {
        "surfaces": dict(policy.surfaces),
        "lists": {source.name: _rule(policy, source) for source in found.sources},
        "surge": _limits(found.policy.surge),
        "allowed": None if allowances is None else [allowed_row(each) for each in allowances],
    }
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join((*_rows(told), *_allowed(allowances or ()))))
    return exits.UNSURE if allowances is None else exits.CLEAR


def _allowances(store: Store) -> tuple[Allowance, ...] | None:
    """What the current version allows; None where it cannot be read, which is told: the rest does not need it."""
    try:
        return store.load().allowances
    except linkgate.LinkgateError as error:
        say(str(error))
        return None


def _rule(policy: Policy, source: Any) -> dict[str, Any]:
    """What is done about a list's matches; there are none of an allow or guard list."""
    if source.kind != "deny":
        return {"kind": source.kind}
    rule = policy.rules[source.name]
    actions = {kind.value: policy.asks(source.name, kind) for kind in linkgate.Kind}
    own = {} if source.surge is None else {"surge": _limits(source.surge)}
    return {"kind": source.kind, **actions, "shadow": rule.shadow, "share": rule.share, **own}


def _limits(surge: Any) -> dict[str, Any]:
    return {name: getattr(surge, name) for name in ("list_per_minute", "entry_per_minute", "times_usual", "least")}


def _rows(told: dict[str, Any]) -> Iterator[str]:
    for name, rule in told["lists"].items():
        yield f"{name}: {_spoken(rule)}"
    yield f"surge, for lists without limits of their own: {_spoken_limits(told['surge'])}"
    for name, on in told["surfaces"].items():
        yield f"surface {name}: {'on' if on else 'off, not scanned'}"
    if told["surfaces"]:
        yield "public and private, where they are not named here: on"
        yield "any other surface: on, and counted as unknown"
    else:
        yield "surfaces: all on"


def _allowed(allowances: Sequence[Allowance]) -> Iterator[str]:
    """The allow entries that have a reason or an end: those that end first, first."""
    coming = sorted(allowances, key=lambda each: (each.ends is None, each.ends))
    for each in coming[:_SHOWN]:
        over = " (over)" if each.ends is not None and each.ends <= now() else ""
        yield printable(f"allowed, entry {each.id} of {each.list}: {terms(each)}{over}")
    if len(coming) > _SHOWN:
        yield f"allowed, and {count(len(coming) - _SHOWN, 'entry')} more with a reason or an end: see --json"


def _spoken(rule: dict[str, Any]) -> str:
    if rule["kind"] != "deny":
        return f"of kind {rule['kind']}, so it has no matches"
    actions = ", ".join(f"{kind.value} {rule[kind.value]}" for kind in linkgate.Kind)
    shadow = "; in shadow: reports only" if rule["shadow"] else ""
    share = f"; on {rule['share'] * 100:.6g} % of all messages" if rule["share"] < 1 else ""
    own = f"; surge: {_spoken_limits(rule['surge'])}" if "surge" in rule else ""
    return f"{actions}{shadow}{share}{own}"


def _spoken_limits(limits: dict[str, Any]) -> str:
    """The most that may be flagged in a minute, before the action falls to review."""
    a_list, entry, times = (limits[name] for name in ("list_per_minute", "entry_per_minute", "times_usual"))
    said = [
        a_list and f"{a_list:,} a minute for a list",
        entry and f"{entry:,} a minute for an entry",
        times and f"{times:g} times the usual, if above {limits['least']:,} a minute",
    ]
    return ", ".join(filter(None, said)) or "no limit"


def alarms(*, every: bool, config: str, as_json: bool) -> int:
    """Show the alarms; attention is needed while one is open."""
    found = [alarm for alarm in linkgate.Alarms.of(linkgate.load_config(config)).read() if every or alarm.is_open]
    if as_json:
        print_json({"alarms": [alarm.as_dict() for alarm in found]})
    else:
        click.echo("\n".join(map(_row, found)) or "no alarm is open")
    return exits.UNSURE if any(alarm.is_open for alarm in found) else exits.CLEAR


def _row(alarm: Alarm) -> str:
    state = "open" if alarm.is_open else f"confirmed {alarm.confirmed}"
    return printable(f"{_name(alarm)}: {alarm.rate:,} in a minute, may {alarm.limit:,.0f}; since {alarm.at}, {state}")


def _name(alarm: Alarm) -> str:
    return alarm.list if alarm.entry is None else f"{alarm.list}:{alarm.entry}"


def confirm(*, names: tuple[str, ...], config: str, as_json: bool) -> int:
    """Confirm alarms. What has none is told, without its name: it may be anything."""
    found = linkgate.load_config(config)
    file, at = linkgate.Alarms.of(found), _now()
    confirmed = [name for name in names if _confirmed(found, name, at=at)]
    left = [alarm for alarm in file.read() if alarm.is_open]
    if as_json:
        print_json({"confirmed": confirmed, "open": [alarm.as_dict() for alarm in left]})
    elif confirmed:
        click.echo(f"{count(len(confirmed), 'alarm')} confirmed; {len(left):,} open")
    if len(confirmed) < len(names):
        say("no open alarm of this name: see `linkgate policy alarms`")
        return exits.UNSURE
    return exits.CLEAR


def _confirmed(config: Config, name: str, *, at: str) -> bool:
    name, colon, entry = name.partition(":")
    return linkgate.Alarms.of(config).confirm(name, entry if colon else None, at=at)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
