r"""Custody: names what of the record was edited, removed, reordered, inserted or cut off, while it is read.

Hash chains name the line and its writer. The seals of closed days tell what the chains cannot: that the end
of a file or all of it is gone, that lines of two writers changed places, that chains were computed anew.
Not told is what was cut off the end of a file that has no seal yet.

>>> import tempfile; from pathlib import Path; from linkgate.decisions.log import DecisionLog
>>> line = b'{"time":"2026-01-31T10:00:00Z","decision":"1","list":"demo","entry":"demo:1","scope":"page",'
>>> line += b'"kind":"exact","action":"block","asked":"block","snapshot":"id","micros":9}'
>>> with tempfile.TemporaryDirectory() as name:
...     log = DecisionLog(Path(name))
...     log.write([line] * 3, day="2026-01-31")
...     whole = verify_decisions(name)
...     path = Path(name, "2026-01-31.jsonl")
...     _ = path.write_bytes(path.read_bytes().replace(b'"block"', b'"log"', 1))
...     changed = verify_decisions(name)
>>> whole.ok, whole.lines, [(each.file, each.line, each.what) for each in changed.alterations]
(True, 3, [('2026-01-31.jsonl', 1, 'edited')])
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.chain import read_link
from linkgate.decisions.chain_reader import ChainReader
from linkgate.decisions.log import day_of, files, lines_of
from linkgate.decisions.merkle import LEAF_BYTES, MerkleTree, leaf
from linkgate.decisions.record import BEGINNING, Decision
from linkgate.decisions.sealed_lines import differences
from linkgate.decisions.seals import FILE, last_seal, leaves_of, read_purges, read_seals
from linkgate.errors import UsageError
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterator, Sequence

    from linkgate.decisions.chain import ChainLink
    from linkgate.decisions.chain_reader import ChainFault
    from linkgate.decisions.seals import Seal

MOST = 1000
"""So many alterations are named; the rest are counted."""

_HASHED = re.compile(rb',"h":"[0-9a-f]{32}".')
_DECISION = msgspec.json.Decoder(Decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """What was done to the record, and where. line: the line, or that in whose place others were removed.

    what: `edited`, `removed`, `reordered`, `inserted`, or for what the seals alone tell, a sentence.
    count: how many lines were removed.
    """

    file: str
    line: int | None
    writer: str | None
    what: str
    count: int = 1

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        who = f", writer {self.writer}" if self.writer else ""
        many = f" {self.count} before it" if self.what == "removed" and self.line else ""
        return f"{where}{who}: {self.what}{many}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyReport:
    """What was found. unchained: lines of a linkgate that had no chains; unsealed: files without a seal."""

    lines: int
    writers: int
    torn: int
    unchained: int
    sealed: int
    unsealed: int
    changed: int
    alterations: tuple[Alteration, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was altered."""
        return not self.changed

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {"ok": self.ok} | told | {"alterations": [each.as_dict() for each in self.alterations]}


class Custody:
    """Reads the files of a span of days and checks them on the way; `close` tells the rest.

    keep_from: days before it were removed by a purge as configured. public: the key that seals and notes
    of purges must be signed with; None checks no signature. kept_seal: the hash of a seal that was kept elsewhere.
    """

    def __init__(  # noqa: PLR0913  # the span, and what is known from elsewhere
        self,
        folder: Path,
        *,
        first: str = "",
        last: str = "9",
        keep_from: str = "",
        public: bytes | None = None,
        kept_seal: str | None = None,
    ) -> None:
        self._folder, self._first, self._last = folder, first, last
        self.lines = self.torn = self.unchained = self.sealed = self.unsealed = self.changed = 0
        self.alterations: list[Alteration] = []
        seals, faults = read_seals(folder, public=public)
        for number, sentence in faults:
            self._found(FILE, number, None, sentence)
        self._missing_seals(seals, public, kept_seal)
        notes = read_purges(folder, public=public if seals else None)
        self._gone_before = max([keep_from, *(note.before for note in notes)])
        self._seals = {seal.file: seal for seal in seals if first <= seal.day <= last}
        there = {path.name for path in self.files()}  # a day that may be purged can still be there
        before = [
            seal for seal in seals if seal.day < first or (seal.day < self._gone_before and seal.file not in there)
        ]
        known = {writer: state for seal in before for writer, state in seal.writers.items()}
        open_start = bool(first) or any(not seals or note.before <= seals[0].day for note in notes)
        self._chains = ChainReader(known, open_start=open_start)
        self._chained = False

    def _missing_seals(self, seals: Sequence[Seal], public: bytes | None, kept_seal: str | None) -> None:
        """Tell of seals that were there: somebody kept the hash of one, leaves are left of one, or a key is."""
        if kept_seal is not None and kept_seal not in {last_seal(self._folder), *(seal.previous for seal in seals)}:
            self._found(FILE, None, None, "the seal that was kept elsewhere is not there any more")
        sealed = {seal.file for seal in seals}
        there = self.files()
        gone = [path.name for path in there if path.name not in sealed and leaves_of(path).exists()]
        for name in gone:
            self._found(name, None, None, "its seal was removed")
        if public is not None and not seals and not gone and len({day_of(path) for path in there}) > 1:
            self._found(FILE, None, None, "there is no seal: they were removed, or nobody has sealed yet")

    def files(self) -> list[Path]:
        """The files of the span."""
        return files(self._folder, first=self._first, last=self._last)

    def read(self, path: Path) -> Iterator[bytes]:
        """The lines of a file, each one checked before it is given out."""
        name = path.name
        tree = MerkleTree() if name in self._seals else None
        start = BEGINNING + day_of(path).encode()
        for number, line in enumerate(lines_of(path), 1):
            text = line.rstrip(b"\n")
            if tree is not None:
                tree.add(leaf(text))
            if (link := read_link(text)) and text.find(BEGINNING, 1) < 0:
                self.lines += 1
                self._follow(link, name, number)
                if not text.startswith(start) and text.startswith(BEGINNING):
                    self._found(name, number, link.writer, "of another day than its file")
            elif text:
                self._inspect(text, name, number)
            yield line
        if tree is None:
            self.unsealed += 1
        else:
            self._compare(path, self._seals[name], tree)

    def close(self) -> CustodyReport:
        """Tell what is missing, and sum up."""
        for fault in self._chains.rest():
            self._told(fault)
        there = {path.name for path in self.files()}
        for name, seal in self._seals.items():
            if name not in there and seal.day >= self._gone_before:
                self._found(name, None, None, f"removed, with {seal.lines} lines")
        order = sorted(self.alterations, key=lambda each: (each.file, each.line or 0))
        counts = {name: getattr(self, name) for name in ("lines", "torn", "unchained", "sealed", "unsealed", "changed")}
        return CustodyReport(**counts, writers=self._chains.writers, alterations=tuple(order))

    def _found(self, file: str, line: int | None, writer: str | None, what: str, *, count: int = 1) -> None:
        self.changed += 1
        if len(self.alterations) < MOST:
            self.alterations.append(Alteration(file=file, line=line, writer=writer, what=what, count=count))

    def _told(self, fault: ChainFault) -> None:
        self._found(fault.file, fault.line, fault.writer, fault.what, count=fault.count)

    def _inspect(self, text: bytes, file: str, number: int) -> None:
        """Check a line that is not one whole line of a chain: torn, without a chain, or damaged."""
        *torn, last = _pieces(text)
        for piece in torn:
            self._judge(piece, file, number, whole=False)
        self._judge(last, file, number, whole=True)

    def _judge(self, piece: bytes, file: str, number: int, *, whole: bool) -> None:
        """whole: it ends with its line; what stands before another piece can only be torn."""
        link = read_link(piece)
        if whole and link:
            self.lines += 1
            self._follow(link, file, number)
        elif whole and _is_decision(piece):
            self.lines += 1
            self.unchained += 1
            if self._chained:
                self._found(file, number, None, "inserted")
        elif _is_torn(piece):
            self.torn += 1
        else:
            self._found(file, number, None, "edited")

    def _follow(self, link: ChainLink, file: str, number: int) -> None:
        self._chained = True
        for fault in self._chains.follow(link, file=file, line=number):
            self._told(fault)

    def _compare(self, path: Path, seal: Seal, tree: MerkleTree) -> None:
        """Check a whole file against its seal; where it differs, its leaves tell the lines."""
        self.sealed += 1
        if (tree.size, tree.root().hex()) == (seal.lines, seal.root):
            return
        for name, (number, digest) in seal.writers.items():
            if missing := self._chains.skip_to(name, number, digest):
                self._found(path.name, tree.size + 1, name, "removed", count=missing)
        named = {each.line for each in self.alterations if each.file == path.name}
        named |= {fault.line for fault in self._chains.rest() if fault.file == path.name}
        told = _told_by_leaves(path, seal)
        for line, what, number in told:
            if line not in named:
                self._found(path.name, line, None, what, count=number)
        if not told and not named:
            self._found(path.name, None, None, "not as it was sealed")


def _pieces(text: bytes) -> list[bytes]:
    """A line, cut before each beginning of a record: what a killed writer left half has no end of line."""
    starts = [0]
    while (found := text.find(BEGINNING, starts[-1] + 1)) > 0:
        starts.append(found)
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _is_decision(text: bytes) -> bool:
    with suppress(msgspec.DecodeError, RecursionError):
        return bool(_DECISION.decode(text))
    return False


def _is_torn(piece: bytes) -> bool:
    """Whether it is a proper beginning of a line, as a killed writer leaves it."""
    return BEGINNING.startswith(piece[: len(BEGINNING)]) and not piece.endswith(b"}") and not _HASHED.search(piece)


def _told_by_leaves(path: Path, seal: Seal) -> list[tuple[int, str, int]]:
    """The lines that differ; nothing where the leaves are not those of the seal."""
    with suppress(FileNotFoundError):
        data = leaves_of(path).read_bytes()
        sealed = [data[start : start + LEAF_BYTES] for start in range(0, len(data), LEAF_BYTES)]
        tree = MerkleTree()
        for each in sealed:
            tree.add(each)
        if tree.root().hex() == seal.root:
            return differences(sealed, [leaf(line.rstrip(b"\n")) for line in lines_of(path)])
    return []


def verify_decisions(
    folder: str | os.PathLike[str],
    *,
    keep_from: dt.date | None = None,
    public: bytes | None = None,
    kept_seal: str | None = None,
) -> CustodyReport:
    """Read the whole record and say what was altered. UsageError where it cannot be read.

    keep_from: a purge removes the days before it. public: the public key of the seals. kept_seal: the hash of a seal,
    as `seal` told it and somebody kept it elsewhere: one that is not there any more was removed.
    """
    try:
        before = keep_from.isoformat() if keep_from else ""
        custody = Custody(Path(folder), keep_from=before, public=public, kept_seal=kept_seal)
        for path in custody.files():
            for _ in custody.read(path):
                pass
        return custody.close()
    except OSError as error:
        raise UsageError(f"{folder}: the decisions cannot be read: {reason(error)}") from None
