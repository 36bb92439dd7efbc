"""Removes the decisions of days that are over, whole files at a time, and writes down that it did.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     _ = Path(name, "2026-01-30.jsonl").write_bytes(b"{}"), Path(name, "2026-01-31.jsonl").write_bytes(b"{}")
...     purge_decisions(Path(name), before="2026-01-31"), sorted(path.name for path in Path(name).iterdir())
(Purged(files=1, octets=2), ['2026-01-31.jsonl', 'purges.jsonl'])
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.decisions.log import day_of, files
from linkgate.decisions.seals import leaves_of, note_purge

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed: files, and their bytes."""

    files: int
    octets: int


def purge_decisions(folder: Path, *, before: str, key: bytes | None = None) -> Purged:
    """Remove the files of the days before a day (ISO 8601). OSError, after all others, where one cannot be removed.

    key: the private key of the seals. With it the note of what was removed is signed, so that
    `verify_decisions` takes it for a purge though the days are younger than the configuration keeps them.
    """
    count = octets = 0
    fault: OSError | None = None
    for path in files(folder):
        if day_of(path) < before:
            try:
                size = path.stat().st_size
                path.unlink()
                leaves_of(path).unlink(missing_ok=True)
            except FileNotFoundError:  # another process purges, too
                continue
            except OSError as error:
                fault = fault or error
            else:
                count, octets = count + 1, octets + size
    if count:
        with suppress(OSError):  # a full disk is what a purge is for; without the note `verify` names the days
            note_purge(folder, before=before, files=count, key=key)
    if fault is not None:
        raise fault
    return Purged(count, octets)
