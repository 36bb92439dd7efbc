"""`linkgate scan`: options in, hits out, a summary on stderr, an exit code."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits, report
from linkgate.fronts.archive.finder import Finder
from linkgate.fronts.archive.outputs import Wanted
from linkgate.fronts.archive.scan_counts import ScanCounts
from linkgate.fronts.archive.since_comparison import compared
from linkgate.fronts.archive.workers import workers
from linkgate.fronts.configured import open_asked
from linkgate.fronts.inputs import Fields, open_inputs
from linkgate.fronts.scan import Job, scan, too_many
from linkgate.fronts.show import as_json as to_json
from linkgate.fronts.show import count, say
from linkgate.fronts.sinks import refuse_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from linkgate.fronts.inputs import Input

_FIELDS = "name the fields with --text and --links, or the format with --format"
_NAMED = 100
"""So many files are compared one by one when a scan goes on; of more, only all together."""


def run(*, as_json: bool, fail_on: str, **options: Any) -> int:
    """Scan as the options of `linkgate scan` say."""
    tally = ScanCounts()
    read_as: dict[str, str] = {}
    with workers(options["jobs"]) as pool:
        job = _job(as_json=as_json, **options)
        if as_json:
            job = replace(job, remark=read_as.__setitem__)
        try:
            scan(job, pool, tally)
        except KeyboardInterrupt:
            _summarize(tally, read_as if as_json else None)
            kept = "go on with --resume" if job.wanted.resumable else "the hits found so far are kept"
            say(f"interrupted; {kept}")
            return exits.INTERRUPTED
    _summarize(tally, read_as if as_json else None)
    if options["account"] and tally.messages and not tally.accounts:
        say(f"exit code 2, as no message had an account in the field {options['account']!r}")
        return exits.UNSURE
    return _code(tally, fail_on=fail_on, most_bad=job.most_bad)


def _job(*, files: tuple[str, ...], lists: tuple[str, ...], as_json: bool, **options: Any) -> Job:
    wanted = Wanted(
        output=options["output"],
        rejects=options["rejects"],
        report=options["report"],
        lines=as_json,
        show_urls=options["show_urls"],
    )
    if options["resume"] and not wanted.resumable:
        raise linkgate.UsageError("--resume needs a file to go on with: name the same -o FILE as before")
    if "-" in files and sys.stdin is None:
        raise linkgate.UsageError("standard input is closed: name a file, or pipe something into it")
    for name in wanted.files():
        refuse_input(name, files)
    fields = Fields(**{name: options[name] for name in ("text", "links", "id", "time", "media", "account")})
    ours = {realpath(name) for name in wanted.files()}  # in a folder that is scanned, they are not messages
    every = open_inputs(files, form=options["form"], fields=fields)
    inputs = [each for each in every if each.path is None or realpath(each.path) not in ours]
    for note in filter(None, (each.note for each in inputs)):
        say(note)
    opened = open_asked(lists, options["config"], options["surface"])
    if opened.is_off:
        raise linkgate.UsageError(f"{options['config']} has the surface {opened.surface} off, so nothing is read")
    lists = lists if opened.store is None else (str(opened.store.path),)
    names = _pseudonyms(options) if options["account"] else None
    look = Finder(opened.engines.parts, show_urls=options["show_urls"], policy=opened.policy, pseudonyms=names)
    look = compared(look, options["since"], lists, store=opened.store)
    return Job(
        inputs=inputs,
        look=look,
        wanted=wanted,
        parameters=_parameters(inputs, look, options),
        resume=options["resume"],
        most_bad=options["max_bad"],
        report=_reporter(options["report"], inputs, look, lists, options) if options["report"] else None,
    )


_OPTIONS = ("text", "links", "id", "time", "media", "account", "form", "show_urls", "report")
_CONFIG = "linkgate.toml"


def _pseudonyms(options: dict[str, Any]) -> linkgate.EpochKey:
    """The key for accounts. UsageError where there is none: the id of an account is never written."""
    path = options["config"] or (_CONFIG if Path(_CONFIG).exists() else None)
    if path is None:
        raise linkgate.UsageError(
            "--account writes pseudonyms, and their key is named in [accounts]: give --config FILE"
        )
    return linkgate.scan_key(linkgate.load_config(path))


def _parameters(inputs: Sequence[Input], look: Finder, options: dict[str, Any]) -> dict[str, str]:
    """All that the output depends on, by the words in which a change of it is told."""
    since = look.since.older.snapshot if look.since else ""
    told = {
        "the version of linkgate": linkgate.__version__,
        "the snapshot of the lists": look.snapshot,
        "the snapshot of --since": since,
        **{f"--{name}": str(options[name]) for name in _OPTIONS},
        "the quarter of the pseudonyms": str(look.pseudonyms and look.pseudonyms.epoch),
        "--rejects": str(options["rejects"]),
        "the policy of --config": str(look.policy),
    }
    told = {name.replace("_", "-").replace("--form", "--format"): value for name, value in told.items()}
    if len(inputs) <= _NAMED:
        return told | {f"the file {each.name}": _identity(each) for each in inputs}
    return told | {"one of the files": _hashed("\0".join(f"{each.name}\0{_identity(each)}" for each in inputs))}


def _identity(each: Input) -> str:
    """Of a database, a hash of its URL without a password, which may change: what is shown of it leaves out more."""
    return _hashed(_PASSWORD.sub(r"\1@", each.database)) if each.database else each.identity


_PASSWORD = re.compile(r"(://[^/?#:@]*):[^/?#]*@")


def _hashed(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _reporter(
    path: str, inputs: Sequence[Input], look: Finder, lists: Sequence[str], options: dict[str, Any]
) -> Callable[[Iterator[pa.RecordBatch], ScanCounts], None]:
    """What writes the report when all hits are there; UsageError now, not then, where it could not."""
    report.require_report(path)
    began = datetime.now(UTC)
    asked = {name: value for name, value in options.items() if value not in {None, False, ()} and name != "report"}
    asked["max_bad"] = f"{options['max_bad'] * 100:.3g} %"

    def write(hits: Iterator[pa.RecordBatch], tally: ScanCounts) -> None:
        seen = tally.as_dict()
        parameters = {
            "command": {name: str(value) for name, value in asked.items()},
            "files": [each.name for each in inputs],
            "read_as": [each.remark for each in inputs if each.remark],
            "snapshot": look.snapshot,
            "lists": list(lists),
            "version": linkgate.__version__,
            "began": began.isoformat(timespec="seconds"),
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": seen["seconds"],
            "summary": seen,
        }
        with exits.writing(path):
            report.write_report(path, hits, parameters)

    return write


def _summarize(tally: ScanCounts, read_as: dict[str, str] | None) -> None:
    if read_as is not None:
        click.echo(to_json(tally.as_dict() | {"read_as": read_as}), file=sys.stderr)
    else:
        say(summary(tally.as_dict()))


def summary(seen: dict[str, Any]) -> str:
    """Tell a tally in one sentence.

    >>> tally = ScanCounts(messages=1200, records=1201, bad=1, seconds=0.5)
    >>> summary(tally.as_dict())
    '1,200 messages in 0.5 s (2,400 a second); 0 flagged; 1 bad record'
    """
    parts = [f"{count(seen['messages'], 'message')} in {seen['seconds']} s"]
    if seen["messages_per_second"]:
        parts[0] += f" ({seen['messages_per_second']:,} a second)"
    parts.append(f"{seen['flagged']:,} flagged{_counts('actions', seen)}")
    parts += [f"{name}{_counts(name, seen)}" for name in ("kinds", "lists") if seen[name]]
    parts += [count(seen["bad_records"], "bad record")] if seen["bad_records"] else []
    parts += [f"{count(seen['empty_records'], 'record')} without text or link"] if seen["empty_records"] else []
    parts += [count(seen["unreadable_files"], "unreadable file")] if seen["unreadable_files"] else []
    return "; ".join(parts)


def _counts(name: str, seen: dict[str, Any]) -> str:
    pairs = sorted(seen[name].items(), key=lambda pair: -pair[1])
    return f" ({', '.join(f'{key} {number:,}' for key, number in pairs)})" if pairs else ""


def _code(tally: ScanCounts, *, fail_on: str, most_bad: float) -> int:
    if tally.broken:
        say("exit code 2, as not all of the input could be read")
        return exits.UNSURE
    if tally.share_bad > most_bad:
        say(f"exit code 2, as {too_many(tally, most_bad)}")
        return exits.UNSURE
    if tally.nothing_read:
        say(f"exit code 2, as no record held text or link; {_FIELDS}")
        return exits.UNSURE
    return exits.FLAGGED if fail_on != "never" and tally.met(fail_on) else exits.CLEAR
