"""`linkgate selftest`: canaries in every spelling go through an installed path, a certificate comes out."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.key_variable import environment_key
from linkgate.fronts.show import count, printable, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.selftest import Certificate, ProbeOutcome, Trial

CODES = "Exit codes: 0 all caught, 1 something slipped or a control was flagged, 2 could not run."
LIBRARY, CLI = "library", "cli"

_SHOWN = 20
"""Wrong outcomes that are told on the terminal; the certificate has all."""


@click.command("selftest", epilog=CODES)
@click.option(
    "--list",
    "path",
    metavar="FILE",
    type=options.PATH,
    envvar="LINKGATE_LIST",
    show_envvar=True,
    help="The store, snapshot or list file in use; for a sidecar only to tell about its lists.",
)
@click.option(
    "--via",
    default=LIBRARY,
    show_default=True,
    metavar="library|cli|URL",
    help="What to send the messages through; URL is a running sidecar: http://HOST:PORT or unix:/PATH.",
)
@click.option("-o", "--output", metavar="FILE", type=options.NEW, help="Write the certificate there, as JSON.")
@click.option("--page", metavar="FILE", type=options.NEW, help="Write it there as a web page, to read and to send.")
@click.option("--token-file", metavar="FILE", type=options.PATH, help="Where the sidecar's token stands.")
@click.option(
    "--token-env", metavar="NAME", default="LINKGATE_TOKEN", show_default=True, help="Or the variable that holds it."
)
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    path: str | None,
    via: str,
    output: str | None,
    page: str | None,
    token_file: str | None,
    token_env: str,
    as_json: bool,
) -> int:
    """Test an installed gate: it shall catch every spelling of a listed link, and no near miss.

    Every store and snapshot carries canaries, entries under names that are reserved for tests. Each is
    sent in every class of spellings, with near misses that must stay clear. The certificate says what
    was tried, what was caught as what, and by which versions.
    """
    from linkgate.fronts.sinks import refuse_input  # noqa: PLC0415  # --help must not wait for the engine
    from linkgate.selftest import to_html  # noqa: PLC0415  # as above

    for written in filter(None, (output, page)):
        refuse_input(written, filter(None, (path, token_file)))
    if output and output == page:
        raise linkgate.UsageError(f"{output}: -o and --page name one file; the page needs another")
    certificate = _test(path, via, token_file=token_file, token_env=token_env)
    for name, text in ((output, certificate.to_json), (page, lambda: to_html(certificate))):
        if name:
            with exits.writing(name, whole=True):
                Path(name).write_text(text(), encoding="utf-8")
    _tell(certificate, as_json=as_json)
    return exits.CLEAR if certificate.passed else exits.FLAGGED


def _test(path: str | None, via: str, *, token_file: str | None, token_env: str) -> Certificate:
    from linkgate.selftest import Certificate  # noqa: PLC0415  # as above

    if via in {LIBRARY, CLI}:
        trial, lists = _on_list(path, via)
    elif ":" in via:
        trial, lists = _on_sidecar(via, path, token_file=token_file, token_env=token_env)
    else:
        raise linkgate.UsageError("--via takes library, cli, or the URL of a sidecar, as in http://127.0.0.1:8080")
    via = "command line" if via == CLI else via
    return Certificate(trial=trial, date=datetime.now(UTC), via=via, lists=tuple(lists))


def _on_list(path: str | None, via: str) -> tuple[Trial, list[dict[str, Any]]]:
    """Test the library, or the commands, on one list."""
    from linkgate.fronts.engines import open_engines  # noqa: PLC0415  # as above
    from linkgate.fronts.transports import command_line  # noqa: PLC0415  # as above
    from linkgate.selftest import one_by_one, run  # noqa: PLC0415  # as above

    if not path:
        raise linkgate.UsageError("no list: name the store or snapshot in use with --list, or set LINKGATE_LIST")
    if os.pathsep in path and not Path(path).exists():
        raise linkgate.UsageError("LINKGATE_LIST names several lists, and a certificate is about one: use --list")
    engine = open_engines([path]).parts[0]
    ask = command_line(path) if via == CLI else one_by_one(engine.check)
    return run(ask, carried=engine.canaries), lists_of(path)


def _on_sidecar(
    via: str, path: str | None, *, token_file: str | None, token_env: str
) -> tuple[Trial, list[dict[str, Any]]]:
    """Test a running sidecar, with what `path` tells of the lists where it says nothing itself."""
    from linkgate.fronts.engines import open_engines  # noqa: PLC0415  # as above
    from linkgate.fronts.sidecar_client import SidecarClient, read_token  # noqa: PLC0415  # as above
    from linkgate.fronts.transports import running  # noqa: PLC0415  # as above
    from linkgate.selftest import run  # noqa: PLC0415  # as above

    sidecar = SidecarClient(via, read_token(env=token_env, file=token_file))
    carried = None
    if path:
        engine, decides = open_engines([path]).parts[0], sidecar.check_one({"text": ""}).get("snapshot")
        if engine.snapshot == decides:
            carried = engine.canaries
        else:
            say(f"the sidecar decides by snapshot {decides}, not by {engine.snapshot} of {path}")
    lists = [_told(each) for each in sidecar.lists()]
    return run(running(sidecar), carried=carried), lists or (lists_of(path) if carried and path else [])


_FIELDS = ("name", "list", "kind", "entries", "changed", "checked", "age", "stale")


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """What the certificate repeats of a list as a sidecar tells it: plain fields that are known to hold no address."""
    return {name: row[name] for name in _FIELDS if isinstance(row.get(name), str | int | float)}


def lists_of(path: str) -> list[dict[str, Any]]:
    """The lists of a store with their dates; none for a file, which does not tell."""
    if not linkgate.is_store(path):
        return []
    return [
        {
            "name": state.name,
            "kind": state.kind,
            "entries": state.entries,
            "changed": state.origin.changed,
            "checked": state.origin.checked,
        }
        for state in linkgate.Store.open(path, key=environment_key()).current.lists
    ]


def _tell(certificate: Certificate, *, as_json: bool) -> None:
    if as_json:
        click.echo(certificate.to_json(), nl=False)
        return
    counts = certificate.counts()
    word = "passed" if certificate.passed else "FAILED"
    click.echo(
        f"selftest {word}: {counts['caught']:,} of {count(counts['tried'], 'spelling')} in {counts['classes']} classes "
        f"caught, {counts['controls_clear']:,} of {count(counts['controls'], 'control')} clear "
        f"(via {certificate.via}, snapshot {', '.join(certificate.trial.snapshots) or 'not told'})"
    )
    for name in certificate.trial.absent:
        click.echo(f"  not tried: {name}, as the lists name nothing of its kind")
    _wrong("slipped", certificate.slipped)
    _wrong("flagged, and no canary", certificate.flagged)


def _wrong(word: str, outcomes: Iterable[ProbeOutcome]) -> None:
    every = list(outcomes)
    for each in every[:_SHOWN]:
        click.echo(printable(f"  {word}: {each.probe.spelling}, canary {each.probe.canary}"))
    if len(every) > _SHOWN:
        click.echo(f"  … and {len(every) - _SHOWN:,} more")
