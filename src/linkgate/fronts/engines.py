"""`--list`: list files, snapshots and stores, told apart by their first bytes, as one thing that can be asked.

List files are compiled together; a snapshot keeps its own engine, whose answers it must give.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import linkgate
from linkgate.fronts.key_variable import key_for
from linkgate.fronts.show import count, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from linkgate import Compiled, Engine, Explanation, Match, Media, Verdict

_PROBE = 16


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine or several; with several, a verdict holds the matches of all.

    `partial`: a list is mostly unreadable, so what it does not flag cannot be called clear.
    """

    parts: tuple[Engine, ...]
    partial: bool = False

    def check(self, text: str, *, links: Sequence[str] = (), media: Sequence[Media] = ()) -> Verdict:
        """Ask about a message. Never raises."""
        if len(self.parts) == 1:
            return self.parts[0].check(text, links=links, media=media)
        return _merged([engine.check(text, links=links, media=media) for engine in self.parts])

    def explain(self, url: str) -> Explanation:
        """Ask about one URL, and how it was read. Never raises."""
        told = [engine.explain(url) for engine in self.parts]
        allowed = tuple(allowance for explanation in told for allowance in explanation.allowed)
        return replace(told[0], verdict=_merged([explanation.verdict for explanation in told]), allowed=allowed)


def _merged(verdicts: Sequence[Verdict]) -> Verdict:
    if len(verdicts) == 1:
        return verdicts[0]
    found = [match for verdict in verdicts for match in verdict.matches]
    found.sort(key=_place)
    taken = {(match.link.start, match.link.token) for match in found if match.media is None}
    opaque = dict.fromkeys(link for verdict in verdicts for link in verdict.opaque)
    return linkgate.Verdict(
        snapshot="+".join(v.snapshot for v in verdicts),
        matches=tuple(found),
        opaque=tuple(link for link in opaque if (link.start, link.token) not in taken),
    )


def _place(match: Match) -> tuple[bool, int]:
    """Hidden links first, then those of the text, then files."""
    return match.media is not None, -1 if match.link.start is None else match.link.start


def open_engines(names: Iterable[str], *, partial: bool = False) -> Engines:
    """Load and compile what `--list` names; says on stderr what of it is not in use.

    `partial`: whether a list that is mostly unreadable may be asked for what it holds.
    Raises ListError, SnapshotError or UsageError when one of them cannot be used at all.
    """
    paths = list(dict.fromkeys(names))
    if not paths:
        raise linkgate.UsageError("no list: name one with --list FILE, or set LINKGATE_LIST")
    snapshots = [path for path in paths if is_compiled(path)]
    lists = [path for path in paths if path not in snapshots]
    engines = [linkgate.load(path, key=key_for(path)) for path in snapshots]
    fault = None
    if lists:
        compiled = _compiled(lists)
        compiled.engine.ready()
        engines.append(compiled.engine.at(now()))
        fault = next(chain(compiled.report.faults(), compiled.report.idle()), None)
    if fault is not None:
        if not partial:
            raise linkgate.ListError(f"{fault}; {_MEND}")
        say(f"{fault}, so nothing is called clear; {_MEND}")
    return Engines(tuple(engines), partial=fault is not None)


def is_compiled(path: str) -> bool:
    """Whether a path is a store or a snapshot, and no list file. OSError."""
    if Path(path).is_dir():
        return True  # a store, which says itself if it is none
    with Path(path).open("rb") as file:
        return linkgate.is_snapshot(file.read(_PROBE))


def _compiled(paths: list[str]) -> Compiled:
    compiled = linkgate.compile_lists(sources(paths), today=today())
    report = compiled.report
    if not report.entries:
        raise linkgate.ListError(f"{', '.join(paths)}: not one line can be used; {_ASK}")
    # A list without effect may stand beside one that has some, and that one may flag.
    if fault := next(chain(report.faults(rejected=1), () if report.listed else report.idle()), None):
        raise linkgate.ListError(f"{fault}; {_ASK}")
    for refused, word in ((report.rejected, "rejected"), (report.quarantined, "quarantined")):
        for name, lines in Counter(line.list for line in refused).items():
            say(f"list {name}: {count(lines, 'line')} {word}, so not in use; {_ASK}")
    return compiled


_ASK = "`linkgate lists compile` says which and why"
_MEND = "`linkgate lists compile` takes its format, and what is right of it with --max-rejected"


def sources(  # noqa: PLR0913  # what a source is
    paths: Iterable[str],
    *,
    form: str | None = None,
    columns: dict[str, str] | None = None,
    category: str | None = None,
    kind: str | None = None,
    allow: bool = False,
) -> list[linkgate.Source]:
    """Read list files whole, unzipping .gz; each list is called by its file's name.

    `kind`: the type of the digests that they hold; `allow`: what they name is not flagged, whichever list names it too.
    """
    return [
        linkgate.Source(
            name=Path(path).name.removesuffix(".gz"),
            data=_bytes(path),
            format=form,
            columns=columns,
            category=category,
            type=kind,
            allow=allow,
        )
        for path in paths
    ]


def _bytes(path: str) -> bytes:
    data = Path(path).read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        damage = linkgate.ListError(f"{path}: the .gz is damaged or cut short; fetch it again")
    raise damage


def today() -> date:
    """Return the day in UTC, after which entries expire."""
    return datetime.now(UTC).date()


def now() -> float:
    """Return the moment, in seconds since 1970, as of which allow entries that have ended lift nothing."""
    return datetime.now(UTC).timestamp()
