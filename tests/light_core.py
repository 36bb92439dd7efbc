"""What a plain install does, and what it says of the rest: python tests/light_core.py [MODULE,…].

The modules named are not found, as if they were not installed (`test_light_core.py`); in a plain install none is named
(`installs.py`). Everything is run in the current folder; whatever is not as it should be fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

COMMANDS = {
    "--help": 0,
    "scan --help": 0,
    "lists compile listed.txt -o snapshot": 0,
    "check --list snapshot see_http://bad.example/page": 1,
    "check --list listed.txt hello": 0,
    "lookup --list snapshot hxxp://bad[.]example/page --explain": 1,
    "lists add partner listed.txt": 0,
    "lists update": 0,
    "lists status": 0,
    "lists verify": 0,
    "lists history": 0,
    "why http://bad.example/page": 1,
    "policy show": 0,
    "selftest --list snapshot": 0,
}
"""What works without any extra, with the exit code."""
NEEDS_SCAN = ("scan posts.jsonl --list snapshot", "scan posts.jsonl --list snapshot -o hits.csv")


class Refused:
    """A finder that finds none of these packages."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        """As the import system asks for it."""
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def told(command: str) -> tuple[int, list[str]]:
    """Run one command of the command line: its exit code, and what it says on stderr."""
    from linkgate.fronts import cli  # noqa: PLC0415  # when nothing is found any more

    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = cli.run(command.split())
    return code, said.getvalue().splitlines()


def asked(text: str) -> Any:
    """What a sidecar over the store answers to one message."""
    from linkgate.fronts.server.app import build, service_of  # noqa: PLC0415  # as above

    service = service_of({"config": "linkgate.toml", "watch": None})
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps({"text": text}).encode()}

    async def send(part: MutableMapping[str, Any]) -> None:
        parts.append(part.get("body", b""))

    scope = {"type": "http", "method": "POST", "path": "/v1/check", "raw_path": b"/v1/check", "query_string": b""}
    scope |= {"http_version": "1.1", "root_path": "", "headers": [(b"host", b"localhost")]}
    asyncio.run(build(service)(scope, receive, send))
    service.gate.close()
    return json.loads(b"".join(parts))


def main(refused: Sequence[str]) -> None:
    """Refuse what is named, then run everything."""
    sys.meta_path.insert(0, Refused(refused))
    Path("listed.txt").write_text("http://bad.example/page\n*.worse.example\n")
    Path("posts.jsonl").write_text('{"text": "see http://bad.example/page"}\n')
    for command, code in COMMANDS.items():
        found, said = told(command)
        assert found == code, (command, found, said)
    for command in NEEDS_SCAN:
        found, said = told(command)
        assert found == 2, (command, found, said)  # could not tell
        assert [line for line in said if line.endswith("pip install 'linkgate[scan]'")] == said, (command, said)
    if "starlette" not in refused and find_spec("starlette"):
        assert asked("see http://bad.example/page")["flagged"]
        assert not asked("hello")["flagged"]


if __name__ == "__main__":
    main(sys.argv[1].split(",") if sys.argv[1:] else ())
