"""Numbers -> figures: rows for a chart and its table, with links that set the filters of the hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from linkgate.fronts.report import charts
from linkgate.fronts.report.charts import Bar
from linkgate.fronts.report.hit_table import clip
from linkgate.fronts.report.time_bins import minute

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable
    from datetime import datetime

    from markupsafe import Markup

    from linkgate.fronts.report.time_bins import Bins
    from linkgate.fronts.report.totals import Totals

MOST_ROWS = 10
"""Bars of a chart; all that is smaller is one more."""

_WORDS = {
    "list": ("By list", "Which list knew the page."),
    "kind": (
        "By kind",
        "exact: the link opens the listed page. nested: it stands in another link. loose: nearly surely the same page.",
    ),
    "category": ("By category", "What the list says about the page."),
    "file": ("By source file", "Where the messages were read."),
    "scope": ("By scope", "What the list entry covers: one page, a folder, a host, a domain or a brand."),
    "steps": ("By step", "What had to be undone for link and entry to meet; a hit may need several."),
    "entry": ("By list entry", "The entries met most often, by their ids."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart with its words and its numbers. narrow: the same drawing for a phone, where it differs."""

    name: str
    title: str
    text: str
    rows: tuple[Bar, ...]
    drawing: Markup
    narrow: Markup | None = None
    first: str = ""


def breakdowns(totals: Totals) -> list[Figure]:
    """All figures that have something to tell, in the order of the page."""
    counters: dict[str, Counter[str | None]] = {**totals.by, "steps": totals.steps}  # type: ignore[dict-item]  # a step is never None
    told = {name: counter for name, counter in counters.items() if any(value is not None for value in counter)}
    return [_figure(name, told[name], _total(name, totals)) for name in _WORDS if name in told]


def _total(name: str, totals: Totals) -> int:
    return totals.stepped if name == "steps" else totals.hits


def _figure(name: str, counter: Counter[str | None], total: int) -> Figure:
    title, text = _WORDS[name]
    rows = tuple(_rows(name, counter, total))
    return Figure(
        name=name,
        title=title,
        text=text,
        rows=rows,
        drawing=charts.bars(rows, total),
        first=title.removeprefix("By ").capitalize(),
    )


def _rows(name: str, counter: Counter[str | None], total: int) -> Iterable[Bar]:
    ordered = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    most = MOST_ROWS if len(ordered) > MOST_ROWS + 1 else MOST_ROWS + 1  # one more needs no row for others
    for value, hits in ordered[:most]:
        label = clip(value) if value is not None else f"no {name}"
        href = "#" + address({name: label})
        share = charts.share(hits, total)
        yield Bar(label=label, hits=hits, href=href, keep_end=name == "file", share=share)
    if rest := ordered[most:]:
        hits = sum(hits for _, hits in rest)
        yield Bar(label=f"{len(rest):,} others", hits=hits, rest=True, share=charts.share(hits, total))


def address(filters: dict[str, str]) -> str:
    """Filters as the part of an address behind `#`, in which nothing is left of what could end an attribute.

    >>> address({"list": '"><script>'})
    'list=%22%3E%3Cscript%3E'
    """
    return urlencode(filters, quote_via=quote, safe="")


def timeline(bins: Bins, total: int) -> Figure:
    """Hits over time: one drawing for a screen, one for a phone."""
    rows = tuple(
        Bar(label=_moment(each.start, bins.unit), hits=each.hits, share=charts.share(each.hits, total),
            href="#" + address({"from": minute(each.start), "to": minute(each.end)}))
        for each in bins.bins
    )  # fmt: skip
    hrefs = [str(row.href) for row in rows]
    return Figure(
        name="time",
        title="Hits over time",
        text=f"Hits by {bins.unit} of their message, in UTC.",
        rows=rows,
        drawing=charts.over_time(bins, width=charts.WIDE, hrefs=hrefs),
        narrow=charts.over_time(bins, width=charts.NARROW, hrefs=hrefs),
        first=f"{bins.unit.capitalize()} from",
    )


def _moment(start: datetime, unit: str) -> str:
    return minute(start, " ") if unit == "hour" else start.date().isoformat()
