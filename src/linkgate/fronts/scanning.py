"""`linkgate scan`: options in, hits out, a summary on stderr, an exit code."""

from __future__ import annotations

import sys
from typing import Any

import click

from linkgate.fronts import exits
from linkgate.fronts.engines import Engines, open_engines
from linkgate.fronts.progress import Progress
from linkgate.fronts.records import Fields
from linkgate.fronts.scan import Job, Tally, scan
from linkgate.fronts.show import as_json as to_json
from linkgate.fronts.show import count, say
from linkgate.fronts.sinks import open_sink


def run(*, lists: tuple[str, ...], output: str | None, as_json: bool, **options: Any) -> int:
    """Scan as the options of `linkgate scan` say."""
    fields = Fields(text=options["text"], links=options["links"], id=options["id_field"])
    job = Job(files=options["files"], form=options["form"], fields=fields, show_urls=options["show_urls"])
    engines = open_engines(lists)
    tally = Tally()
    stopped = False
    try:
        _run(job, engines, tally, output=output, as_json=as_json)
    except KeyboardInterrupt:
        stopped = True
    _summarize(tally, as_json=as_json)
    if stopped:
        say("interrupted; the hits found so far are kept")
        return exits.INTERRUPTED
    return _code(tally)


def _run(job: Job, engines: Engines, tally: Tally, *, output: str | None, as_json: bool) -> None:
    with open_sink(output, lines=as_json, inputs=job.files) as sink, Progress(tally) as progress:
        for hit in scan(job, engines, tally=tally, tick=progress):
            sink(hit)


def _summarize(tally: Tally, *, as_json: bool) -> None:
    if as_json:
        click.echo(to_json(tally.as_dict()), file=sys.stderr)
    else:
        say(summary(tally.as_dict()))


def summary(seen: dict[str, Any]) -> str:
    """Tell a tally in one sentence.

    >>> tally = Tally(messages=1200, bad=1)
    >>> summary(tally.as_dict() | {"seconds": 0.5, "messages_per_second": 2400})
    '1,200 messages in 0.5 s (2,400 a second); 0 flagged; 1 bad record'
    """
    parts = [f"{count(seen['messages'], 'message')} in {seen['seconds']} s"]
    if seen["messages_per_second"]:
        parts[0] += f" ({seen['messages_per_second']:,} a second)"
    parts.append(f"{seen['flagged']:,} flagged{_counts('actions', seen)}")
    parts += [f"{name}{_counts(name, seen)}" for name in ("kinds", "lists") if seen[name]]
    parts += [count(seen["bad_records"], "bad record")] if seen["bad_records"] else []
    parts += [count(seen["unreadable_files"], "unreadable file")] if seen["unreadable_files"] else []
    return "; ".join(parts)


def _counts(name: str, seen: dict[str, Any]) -> str:
    pairs = sorted(seen[name].items(), key=lambda pair: -pair[1])
    return f" ({', '.join(f'{key} {number:,}' for key, number in pairs)})" if pairs else ""


def _code(tally: Tally) -> int:
    if tally.bad or tally.broken:
        say("exit code 2, as not all of the input could be read")
        return exits.UNSURE
    return exits.FLAGGED if tally.flagged else exits.CLEAR
