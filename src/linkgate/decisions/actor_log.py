"""Which account's pseudonym belongs to which decision: files of their own, so that they can be removed alone.

    decisions/2026-01-31.actors.jsonl    {"decision", "actor", "spelling"}, one a line, appended by several processes

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     log = ActorLog(Path(name))
...     log.write([Actor(decision="d1", actor="e1:ab", spelling="00")], day="2026-01-31")
...     list(actors_of(Path(name), day="2026-01-31")), purge_actors(Path(name), before="2026-02-01")
([Actor(decision='d1', actor='e1:ab', spelling='00')], 1)
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from linkgate.decisions.log import lines_of
from linkgate.lists.disk import make_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.(?:actors|repeats)\.jsonl", re.ASCII)


class Actor(msgspec.Struct, frozen=True):
    """Who made a decision necessary, by pseudonym, and how the link was spelled, by a keyed hash."""

    decision: str
    actor: str
    spelling: str


class ActorLog:
    """Appends to the file of a day. Threads and processes share it: a message's lines are one write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, actors: Sequence[Actor], *, day: str) -> None:
        """Append. OSError."""
        make_folder(self._folder)
        append(_path(self._folder, day), b"".join(msgspec.json.encode(each) + b"\n" for each in actors))


def append(path: Path, data: bytes) -> None:
    """Append whole lines to a file of mode 0600, which is made where it is not there. OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def actors_of(folder: Path, *, day: str) -> Iterator[Actor]:
    """The lines of a day; what a killed process left half is passed over. OSError."""
    decoder = msgspec.json.Decoder(Actor)
    for line in lines_of(_path(folder, day)):
        with suppress(msgspec.DecodeError):
            yield decoder.decode(line)


def find_actors(folder: Path, decisions: Collection[str], *, days: Collection[str]) -> dict[str, str]:
    """The pseudonyms of some decisions of some days. OSError."""
    found = (each for day in days for each in actors_of(folder, day=day))
    return {each.decision: each.actor for each in found if each.decision in decisions}


def purge_actors(folder: Path, *, before: str) -> int:
    """Remove the files of the days before a day, those of repeats too; how many there were. OSError."""
    if not folder.is_dir():
        return 0
    old = [path for path in folder.iterdir() if (name := _NAME.fullmatch(path.name)) and name[1] < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _path(folder: Path, day: str) -> Path:
    return folder / f"{day}.actors.jsonl"
