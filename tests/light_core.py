"""linkgate as a plain install has it: run by `test_light_core.py` in a process that finds no package of an extra.

Prints one line of JSON for each command: the words, its exit code, its last line on stderr.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

COMMANDS = (
    "--help",
    "scan --help",
    "lists compile listed.txt -o snapshot",
    "check --list snapshot see_http://bad.example/page",
    "check --list listed.txt hello",
    "lookup --list snapshot hxxp://bad[.]example/page --explain",
    "lists add partner listed.txt",
    "lists update",
    "lists status",
    "lists verify",
    "lists history",
    "why http://bad.example/page",
    "policy show",
    "selftest --list snapshot",
    "scan posts.jsonl --list snapshot",
    "scan posts.jsonl --list snapshot --report hits.html",
)


class Refused:
    """A finder that finds none of these packages, as if they were not installed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        """As the import system asks for it."""
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def told(words: Sequence[str]) -> tuple[int, str]:
    """Run one command of the command line: its exit code, and the last line that it says."""
    from linkgate.fronts import cli  # noqa: PLC0415  # when nothing is found any more

    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = cli.run(words)
    return code, (said.getvalue().splitlines() or [""])[-1]


def asked(text: str) -> bytes:
    """What a sidecar over the store answers to one message."""
    from linkgate.fronts.server.app import build, service_of  # noqa: PLC0415  # as above

    service = service_of({"config": "linkgate.toml", "watch": None})
    told: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps({"text": text}).encode()}

    async def send(part: MutableMapping[str, Any]) -> None:
        told.append(part.get("body", b""))

    scope = {"type": "http", "method": "POST", "path": "/v1/check", "raw_path": b"/v1/check", "query_string": b""}
    scope |= {"http_version": "1.1", "root_path": "", "headers": [(b"host", b"localhost")]}
    asyncio.run(build(service)(scope, receive, send))
    service.gate.close()
    return b"".join(told)


def main(names: Sequence[str], folder: Path) -> None:
    """Refuse what is named, then run everything."""
    sys.meta_path.insert(0, Refused(names))
    assert not set(names) & set(sys.modules)
    (folder / "listed.txt").write_text("http://bad.example/page\n*.worse.example\n")
    (folder / "posts.jsonl").write_text('{"text": "see http://bad.example/page"}\n')
    for command in COMMANDS:
        words = command.split()
        code, last = told(words)
        sys.stdout.write(json.dumps([command, code, last]) + "\n")
    if "starlette" not in names:
        sys.stdout.write(
            json.dumps(["sidecar", json.loads(asked("see http://bad.example/page"))["flagged"], ""]) + "\n"
        )


if __name__ == "__main__":
    main(sys.argv[1].split(","), Path.cwd())
