"""Captures: what a message linked to, encrypted, kept for some days in case somebody opens a case.

    cases/inbox/2026-01-31/d0123456789abcdef    one file a decision, which only the key of the cases opens

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     inbox = Inbox(Path(name), bytes(32), whole=False)
...     inbox.put("d1", day="2026-01-31", link="http://bad.example/page", start=4, end=27, text="see it")
...     found = inbox.get("d1", day="2026-01-31"), inbox.get("d2", day="2026-01-31")
...     found, purge_captures(Path(name), before="2026-02-01"), inbox.get("d1", day="2026-01-31")
((Capture(decision='d1', start=4, end=27), None), 1, None)
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

from linkgate.errors import StoreError
from linkgate.lists.disk import make_folder, reason, replace_file
from linkgate.lists.vault import VaultError, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

INBOX = "inbox"
_LABEL = "capture "
_LONGEST = 40_000


class Capture(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was captured of a decision: where its link stood and how it was written; the text where that is asked for.

    media: the digests of each file beside the message, hexadecimal, by algorithm.

    Its link and text are as bad as a listed address, so `repr` shows neither (law 9).
    """

    decision: str
    link: str
    start: int | None = None
    end: int | None = None
    text: str | None = None
    media: tuple[dict[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Capture(decision={self.decision!r}, start={self.start}, end={self.end})"


class Inbox:
    """The captures in a folder of cases. whole: keep the text of the message, too."""

    def __init__(self, cases: Path, key: bytes, *, whole: bool) -> None:
        self.folder, self._key, self._whole = cases / INBOX, key, whole

    def put(  # noqa: PLR0913  # what a capture holds
        self,
        decision: str,
        *,
        day: str,
        link: str,
        start: int | None,
        end: int | None,
        text: str,
        media: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """Keep what a decision was about. OSError."""
        kept = _sound(text) if self._whole else None
        files = tuple(map(dict, media))
        capture = Capture(decision=decision, link=_sound(link), start=start, end=end, text=kept, media=files)
        make_folder(self.folder / day)
        sealed = seal(msgspec.json.encode(capture), self._key, label=_LABEL + decision)
        replace_file(self.folder / day / decision, sealed)

    def get(self, decision: str, *, day: str) -> Capture | None:
        """What was kept of a decision; None where nothing was, or it is gone. StoreError."""
        path = self.folder / day / decision
        try:
            data = unseal(path.read_bytes(), self._key, label=_LABEL + decision)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{path}: {reason(error)}.") from None
        except VaultError as error:
            raise StoreError(f"{path}: {error}; check the key of the cases.") from None
        return msgspec.json.decode(data, type=Capture)


def purge_captures(cases: Path, *, before: str) -> int:
    """Remove the captures of the days before a day from the folder of cases; how many days there were. OSError."""
    inbox = cases / INBOX
    if not inbox.is_dir():
        return 0
    old = [path for path in inbox.iterdir() if path.name < before]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def _sound(text: str) -> str:
    """What JSON can hold: half of a surrogate pair is spelled out."""
    return text[:_LONGEST].encode("utf-8", "backslashreplace").decode()
