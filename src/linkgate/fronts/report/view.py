"""What a report says, in words and figures; how it looks is the template's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linkgate import __version__
from linkgate.fronts.report.charts import share
from linkgate.fronts.report.figures import Figure, breakdowns, timeline
from linkgate.fronts.report.hit_table import clip
from linkgate.fronts.report.totals import ACTIONS
from linkgate.fronts.show import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkgate.fronts.report.totals import Totals

    Run = Mapping[str, Any]

MOST_NAMES = 100
"""Names of files and lists that are shown; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One headline number."""

    name: str
    number: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """All that the template shows; every text in it is escaped there."""

    title: str
    verdict: str
    byline: str
    tiles: tuple[Tile, ...]
    size: str
    warnings: tuple[str, ...]
    actions: tuple[str, ...]
    timeline: Figure | None
    time_remarks: tuple[str, ...]
    figures: tuple[Figure, ...]
    hits: int
    kept: str
    show_urls: bool
    facts: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    lists: tuple[str, ...]
    files: tuple[str, ...]


def view(totals: Totals, run: Run, *, kept: int, show_urls: bool) -> ReportView:
    """Put a scan into words. kept: how many hits the table holds."""
    seen = run.get("summary", {})
    bins = totals.times.bins()
    return ReportView(
        title=f"Scan report: {count(totals.flagged, 'message')} flagged",
        verdict=_verdict(totals, seen.get("messages")),
        byline=" · ".join(_byline(run)),
        tiles=tuple(_tiles(totals, seen)),
        size=_size(_tiles(totals, seen)),
        warnings=tuple(_warnings(seen)),
        actions=tuple(action for action in ACTIONS if totals.messages[action]),
        timeline=timeline(bins, totals.hits) if bins.bins else None,
        time_remarks=tuple(_time_remarks(totals.times.unknown, bins.outside)),
        figures=tuple(breakdowns(totals)),
        hits=totals.hits,
        kept=_kept(kept, totals.hits),
        show_urls=show_urls,
        facts=tuple(_facts(run, seen)),
        parameters=tuple((f"--{clip(name).replace('_', '-')}", clip(str(value))) for name, value in _asked(run)),
        lists=_names(run.get("lists", ())),
        files=_names(run.get("files", ())),
    )


def _verdict(totals: Totals, messages: int | None) -> str:
    if not totals.messages:
        return "No message links to a listed page"
    flagged = totals.messages.total()
    of = f"of {messages:,} messages " if messages else ("message " if flagged == 1 else "messages ")
    return f"{flagged:,} {of}{'links' if flagged == 1 else 'link'} to a listed page"


def _byline(run: Run) -> Iterator[str]:
    if run.get("began"):
        yield f"Scanned {_moment(str(run['began']))}"
    if run.get("seconds") is not None:
        yield f"took {_duration(float(run['seconds']))}"
    if run.get("files"):
        yield count(len(run["files"]), "input")
    if run.get("snapshot"):
        yield f"snapshot {clip(str(run['snapshot']), 40)}"


def _tiles(totals: Totals, seen: Run) -> Iterator[Tile]:
    messages = seen.get("messages")
    if messages is not None:
        yield Tile(name="Messages", number=f"{messages:,}", note="scanned")
    flagged = share(totals.flagged, messages) + " of messages" if messages else "messages"
    yield Tile(name="Flagged", number=f"{totals.flagged:,}", note=flagged, tone="flagged")
    for name, note in (("block", "to block"), ("review", "to be looked at"), ("log", "only noted")):
        if name != "log" or totals.messages[name]:
            yield Tile(name=name.capitalize(), number=f"{totals.messages[name]:,}", note=note, tone=name)
    yield Tile(name="Hits", number=f"{totals.hits:,}", note=count(len(totals.by["entry"]), "list entry"))
    if seen:
        bad = seen.get("bad_records", 0)
        yield Tile(name="Bad records", number=f"{bad:,}", note="could not be read", tone="review" if bad else "")


def _size(tiles: Iterable[Tile]) -> str:
    """All numbers of the headline are set in the size in which the longest fits."""
    longest = max(len(tile.number) for tile in tiles)
    return next((name for most, name in _SIZES if longest <= most), "longest")


_SIZES = ((7, "short"), (9, "long"), (13, "longer"))


def _warnings(seen: Run) -> Iterator[str]:
    if files := seen.get("unreadable_files"):
        yield f"{count(files, 'file')} could not be read to the end: what follows there is not in these numbers."


def _time_remarks(unknown: int, outside: int) -> Iterator[str]:
    if unknown:
        yield f"{count(unknown, 'hit')} without a time {_are(unknown)} not shown."
    if outside:
        yield f"{count(outside, 'hit')} long before or after all others {_are(outside)} not shown."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _kept(kept: int, hits: int) -> str:
    if kept == hits:
        return f"All {count(hits, 'hit')}, the heaviest action first." if hits > 1 else "The only hit."
    left = hits - kept
    return (
        f"{kept:,} of {hits:,} hits: the first of each action, the heaviest action first. "
        f"{left:,} more are in the output of the scan only."
    )


def _facts(run: Run, seen: Run) -> Iterator[tuple[str, str]]:
    yield "linkgate", clip(str(run.get("version", __version__)))
    if run.get("snapshot"):
        yield "Snapshot", clip(str(run["snapshot"]))
    for name, title in (("began", "Began"), ("ended", "Ended")):
        if run.get(name):
            yield title, _moment(str(run[name]))
    if run.get("seconds") is not None:
        yield "Time taken", _duration(float(run["seconds"]))
    if rate := seen.get("messages_per_second"):
        yield "Rate", f"{rate:,} messages a second"
    for remark in _first(dict.fromkeys(run.get("read_as", ()))):
        yield "Read as", remark


def _asked(run: Run) -> Iterator[tuple[str, Any]]:
    yield from sorted(run.get("command", {}).items())


def _names(names: Any) -> tuple[str, ...]:
    return _first(names, most=MOST_NAMES)


def _first(texts: Any, *, most: int = 5) -> tuple[str, ...]:
    """So many, and how many more there are."""
    texts = list(texts)
    shown = tuple(clip(str(text)) for text in texts[:most])
    left = len(texts) - len(shown)
    return (*shown, f"and {left:,} more") if left else shown


def _moment(text: str) -> str:
    """A time as people read it, in UTC; as it was given where it is none.

    >>> _moment("2024-05-17T10:30:00+02:00"), _moment("once")
    ('2024-05-17 08:30 UTC', 'once')
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return clip(text)
    shift = moment.utcoffset() or timedelta()
    return f"{moment.replace(tzinfo=None) - shift:%Y-%m-%d %H:%M} UTC"


def _duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> _duration(0.04), _duration(75), _duration(7322)
    ('0.0 s', '1 min 15 s', '2 h 2 min')
    """
    if seconds < 60:  # noqa: PLR2004  # a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60} min"  # noqa: PLR2004  # an hour
