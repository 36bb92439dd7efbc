"""Transports of the self-test: the command line and a running sidecar."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from linkgate import UsageError
from linkgate.fronts import exits
from linkgate.fronts.cli.digest_options import TYPES as DIGEST_TYPES
from linkgate.selftest import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from linkgate.fronts.sidecar_client import SidecarClient
    from linkgate.selftest import Probe

    Ask = Callable[[Sequence[Probe]], Iterator[Answer]]

_BATCH = 50
_SECONDS = 600


def command_line(path: str) -> Ask:
    """Through `linkgate scan`, and the first message of every canary through `linkgate check`, too.

    Both are processes of the installed program, with `--list` as given.
    """

    def ask(messages: Sequence[Probe]) -> Iterator[Answer]:
        return _twice(messages, _scan(path, messages), lambda number: _check(path, messages[number]))

    return ask


def running(sidecar: SidecarClient) -> Ask:
    """Through a sidecar, in batches, and the first message of every canary alone, too."""

    def ask(messages: Sequence[Probe]) -> Iterator[Answer]:
        rows = [{"id": f"linkgate-canary-{number}", **_message(probe)} for number, probe in enumerate(messages)]
        batches = (sidecar.check(rows[start : start + _BATCH]) for start in range(0, len(rows), _BATCH))
        answers = (_answer(verdict) for batch in batches for verdict in batch)
        return _twice(messages, answers, lambda number: _answer(sidecar.check_one(rows[number])))

    return ask


def _twice(messages: Sequence[Probe], answers: Iterator[Answer], alone: Callable[[int], Answer]) -> Iterator[Answer]:
    """The answers; where a message was asked alone as well, what both say: what one of them missed was missed."""
    seen: set[str] = set()
    for number, (probe, answer) in enumerate(zip(messages, answers, strict=True)):
        if probe.canary in seen:
            yield answer
        else:
            seen.add(probe.canary)
            other = alone(number)
            yield Answer(hits=tuple(hit for hit in answer.hits if hit in other.hits), snapshot=answer.snapshot)


def _message(probe: Probe) -> dict[str, Any]:
    files = {} if probe.media is None else {"media": [dict(probe.media)]}
    return {"text": probe.text, "links": [] if probe.link is None else [probe.link], **files}


def _answer(verdict: Mapping[str, Any]) -> Answer:
    try:
        return Answer.of(verdict)
    except (KeyError, TypeError):
        raise UsageError("the answers lack list, entry or kind of a match: is it linkgate of this version?") from None


def _check(path: str, probe: Probe) -> Answer:
    links = [] if probe.link is None else ["--link", probe.link]
    files = [f"--{name}={value}" for name, value in (probe.media or {}).items() if name in DIGEST_TYPES]
    return _answer(json.loads(_run("check", "-", "--json", *links, *files, path=path, stdin=probe.text)))


def _scan(path: str, messages: Sequence[Probe]) -> Iterator[Answer]:
    rows = [{"id": str(number), **_message(probe)} for number, probe in enumerate(messages)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    options = ("--format", "jsonl", "--text", "text", "--links", "links", "--media", "media", "--id", "id")
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    snapshot = None
    for line in _run("scan", "-", *options, path=path, stdin=lines).splitlines():
        hit = json.loads(line)
        found[hit["id"]].append(hit)
        snapshot = hit["snapshot"]
    return (_answer({"matches": found[row["id"]], "snapshot": snapshot}) for row in rows)


def _run(command: str, *arguments: str, path: str, stdin: str) -> str:
    """Run a command to its end. Out: its output, where it could tell; else UsageError."""
    whole = [sys.executable, "-m", "linkgate", command, "--list", path, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # our own program, and every argument is ours
            whole, input=stdin.encode(), capture_output=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"linkgate {command} did not end within {_SECONDS} s") from None
    if done.returncode not in {exits.CLEAR, exits.FLAGGED}:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise UsageError(f"linkgate {command} ended with {done.returncode}: {said[-1].removeprefix('linkgate: ')}")
    return done.stdout.decode()
