"""`linkgate policy show`: what is done about matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.engines import now
from linkgate.fronts.show import allowed_row, count, print_json, printable, say, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkgate import Allowance, Policy, Store


_SHOWN = 20
"""Allow entries that people are shown."""


@click.command("show", epilog=options.STORE_CODES)
@options.config
@options.as_json
def command(*, config: str, as_json: bool) -> int:
    """Show the action of each list and kind, what is in shadow, which surfaces are off, and what of short links."""
    found = linkgate.load_config(config)
    store = found.open_store()
    version = store.manifest().version(None)
    policy = linkgate.policy_of(found, version.lists if version else (), disputed=linkgate.disputed_entries(found))
    allowances = _allowances(store) if version else ()
    told = {
        "surfaces": dict(policy.surfaces),
        "lists": {source.name: _rule(policy, source) for source in found.sources},
        "surge": _limits(found.policy.surge),
        "shorteners": _of_short_links(found.shorteners),
        "resolve": _resolve(found.resolve),
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


def _of_short_links(shorteners: Any) -> dict[str, Any] | None:
    """What is done about short links that no entry covers; None where they are not looked at."""
    return {"action": shorteners.action, "surfaces": dict(shorteners.surfaces)} if shorteners.report else None


def _limits(surge: Any) -> dict[str, Any]:
    return {name: getattr(surge, name) for name in ("list_per_minute", "entry_per_minute", "times_usual", "least")}


def _resolve(settings: Any) -> dict[str, Any] | None:
    """How short links are followed; who is told of late decisions has addresses that stay in the file."""
    if settings is None:
        return None
    shown = {name: getattr(settings, name) for name in ("mode", "contact", "on_failure")}
    if settings.mode == "hold":
        return shown | {"budget_seconds": settings.budget, "on_timeout": settings.on_timeout}
    return shown | {"on_late": bool(settings.on_late), "webhook": settings.webhook is not None}


def _rows(told: dict[str, Any]) -> Iterator[str]:
    for name, rule in told["lists"].items():
        yield f"{name}: {_spoken(rule)}"
    yield f"surge, for lists without limits of their own: {_spoken_limits(told['surge'])}"
    if (short := told["shorteners"]) is not None:
        others = "".join(f", on {name} {action or 'counted'}" for name, action in short["surfaces"].items())
        yield f"short links that no entry covers: {short['action'] or 'counted'}{others}"
        yield f"where short links lead: {_spoken_resolve(told['resolve'])}"
    for name, on in told["surfaces"].items():
        yield f"surface {name}: {'on' if on else 'off, not scanned'}"
    if told["surfaces"]:
        yield "public and private, where they are not named here: on"
        yield "any other surface: on, and counted as unknown"
    else:
        yield "surfaces: all on"


def _spoken_resolve(told: dict[str, Any] | None) -> str:
    if told is None:
        return "nobody asks"
    left = f"a link of which nothing is told: {told['on_failure']}"
    if told["mode"] == "hold":
        seconds, late = told["budget_seconds"], told["on_timeout"]
        return f"a message waits for {seconds:g} s at most, and then: {late}; {left}"
    hooks = [name for name in ("on_late", "webhook") if told[name]]
    return f"asked after a message is published; told of what is listed: {' and '.join(hooks) or 'nobody'}; {left}"


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
