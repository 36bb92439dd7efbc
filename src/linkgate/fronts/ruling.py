"""The commands of `linkgate policy`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.show import count, print_json, printable, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate import Alarm, Config, Policy


def show(*, config: str, as_json: bool) -> int:
    """Show the policy as the current version and the configuration have it."""
    found = linkgate.load_config(config)
    version = found.open_store().manifest().version(None)
    policy = linkgate.policy_of(found, version.lists if version else ())
    told = {"surfaces": dict(policy.surfaces), "lists": {name: _rule(policy, name) for name in policy.rules}}
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join(_rows(told)))
    return exits.CLEAR


def _rule(policy: Policy, name: str) -> dict[str, Any]:
    rule = policy.rules[name]
    return {
        **{kind.value: policy.asks(name, kind) for kind in linkgate.Kind},
        "shadow": rule.shadow,
        "share": rule.share,
    }


def _rows(told: dict[str, Any]) -> Iterator[str]:
    for name, rule in told["lists"].items():
        actions = ", ".join(f"{kind.value} {rule[kind.value]}" for kind in linkgate.Kind)
        shadow = "; in shadow: reports only" if rule["shadow"] else ""
        share = f"; on {rule['share']:.4g} of all messages" if rule["share"] < 1 else ""
        yield f"{name}: {actions}{shadow}{share}"
    for name, on in told["surfaces"].items():
        yield f"surface {name}: {'on' if on else 'off, not scanned'}"
    yield "surfaces not named here: on"


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
