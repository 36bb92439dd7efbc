"""Charts as inline SVG, drawn by Vega-Lite when the report is written: no script, no network, sharp on paper.

What the library gives is read again and only known elements and attributes are passed on. Colours are
CSS variables, so that one drawing serves light and dark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import vl_convert
from markupsafe import Markup

from linkgate.fronts.report.time_bins import minute
from linkgate.fronts.report.totals import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkgate.fronts.report.time_bins import Bin, Bins

    Json = dict[str, Any]

WIDE = 1120
NARROW = 320
"""Pixels of a chart over the whole page, and of one that fits a card or a phone."""
_ROW = 38
_TALL = 220
_LETTER = 7
"""About the width of a letter: the fonts of the reader are not known here."""

_VERSION = "6.4"
_TAGS = {"svg", "g", "path", "text", "line", "a"}
_SAFE = re.compile(r"(?!on)[a-z-]+")  # no handler
_DROPPED = {"style", "width", "height", "version", "class", "pointer-events"}
_CONFIG: Json = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {"aria": False, "labelColor": "var(--muted)", "labelFontSize": 12, "title": None, "domain": False},
    "padding": {"left": 0, "right": 0, "top": 4, "bottom": 2},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar. href: the filter that shows its hits. keep_end: cut it at the front. rest: all others, no bar."""

    label: str
    hits: int
    href: str | None = None
    keep_end: bool = False
    rest: bool = False
    share: str = ""


def bars(rows: Sequence[Bar], total: int) -> Markup:
    """Horizontal bars, each under its label, its number at the right; a bar with an address leads there."""
    width = NARROW
    values = [_bar(number, row, total) for number, row in enumerate(rows)]
    spec = {
        "data": {"values": values},
        "width": width,
        "height": {"step": _ROW},
        "encoding": {"y": {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0}}},
        "layer": [
            _text("label", x=0, align="left", colour="var(--ink)"),
            _text("number", x=width, align="right", colour="var(--muted)"),
            {
                "mark": {"type": "bar", "color": "var(--accent)", **_SHAPE},
                "encoding": {
                    "x": {
                        "field": "hits",
                        "type": "quantitative",
                        "axis": None,
                        "stack": None,
                        "scale": {"nice": False},
                    },
                    "href": {"field": "href"},
                    "description": {"field": "told"},
                },
            },
        ],
    }
    return _drawn(spec)


_SHAPE: Json = {"height": 8, "cornerRadius": 3, "yOffset": 9}


def _bar(number: int, row: Bar, total: int) -> Json:
    told = f"{row.label}: {row.hits:,} ({share(row.hits, total)})"
    count = f"{row.hits:,} · {share(row.hits, total)}"
    room = NARROW // _LETTER - len(count) - 2
    label = row.label if len(row.label) <= room else _cut(row.label, room, keep_end=row.keep_end)
    return {
        "row": number,
        "label": label,
        "number": count,
        "hits": None if row.rest else row.hits,
        "href": row.href,
        "told": told,
    }


def _cut(label: str, room: int, *, keep_end: bool) -> str:
    return "…" + label[1 - room :] if keep_end else label[: room - 1] + "…"


def _text(field: str, *, x: int, align: str, colour: str) -> Json:
    mark = {"type": "text", "align": align, "baseline": "middle", "color": colour, "fontSize": 13, "yOffset": -6}
    return {"mark": mark | {"aria": False}, "encoding": {"x": {"value": x}, "text": {"field": field}}}


def share(part: int, total: int) -> str:
    """A share in words: few are never none, nor nearly all all.

    >>> share(1, 3), share(1, 5000), share(4999, 5000), share(0, 0), share(7, 7)
    ('33 %', '<0.1 %', '>99.9 %', '0 %', '100 %')
    """
    if not part or part == total:
        return "100 %" if part else "0 %"
    percent = 100 * part / total
    if percent < 0.1:  # noqa: PLR2004  # the last digit that is shown
        return "<0.1 %"
    if percent > 99.9:  # noqa: PLR2004  # as above
        return ">99.9 %"
    return f"{percent:.0f} %" if 10 <= percent <= 99 else f"{percent:.1f} %"  # noqa: PLR2004  # two digits that count


def over_time(bins: Bins, *, width: int, hrefs: Sequence[str]) -> Markup:
    """Upright bars by time, the heaviest action below."""
    values = [value for each, href in zip(bins.bins, hrefs, strict=True) for value in _stacked(each, bins.unit, href)]
    utc = {"type": "utc"}
    across = {"labelOverlap": "greedy", "tickCount": width // 90, "ticks": False, "labelPadding": 8, "grid": False}
    up = {"gridColor": "var(--grid)", "ticks": False, "tickCount": 4, "format": ",d", "tickMinStep": 1}
    spec = {
        "data": {"values": values},
        "width": width,
        "height": _TALL,
        "autosize": {"type": "fit", "contains": "padding"},
        "mark": "bar",
        "encoding": {
            "x": {"field": "start", "type": "temporal", "scale": utc, "axis": across},
            "x2": {"field": "end"},
            "y": {"field": "from", "type": "quantitative", "axis": up, "scale": {"nice": True}},
            "y2": {"field": "to"},
            "color": {
                "field": "action",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": ACTIONS, "range": [f"var(--{action})" for action in ACTIONS]},
            },
            "href": {"field": "href"},
            "description": {"field": "told"},
        },
    }
    return _drawn(spec)


def _stacked(each: Bin, unit: str, href: str) -> Iterator[Json]:
    gap = (each.end - each.start) * 0.06
    below = 0
    for action in ACTIONS:
        if number := each.actions[action]:
            yield {
                "start": f"{each.start.isoformat()}Z",
                "end": f"{(each.end - gap).isoformat()}Z",
                "from": below,
                "to": below + number,
                "action": action,
                "href": f"{href}&action={action}",
                "told": f"{unit} from {minute(each.start, ' ')}, {action}: {number:,}",
            }
            below += number


def _drawn(spec: Json) -> Markup:
    # no address is allowed: whatever a spec held, nothing would be fetched
    svg = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, vl_version=_VERSION, allowed_base_urls=[])
    root = ET.fromstring(svg)  # noqa: S314  # written just now by the library, without DTD
    _clean(root)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704  # every text and attribute in it was just escaped


def _clean(element: ET.Element) -> None:
    """Keep what a drawing needs; names lose their namespace, which HTML does not write."""
    element.tag = _local(element.tag)
    given = {_local(name): value for name, value in element.attrib.items()}
    if "href" in given:
        given["href"] = "#" + given["href"].partition("#")[2]  # the library makes addresses absolute
    element.attrib.clear()
    for name, value in given.items():
        if name == "viewBox" or (_SAFE.fullmatch(name) and name not in _DROPPED) or re.fullmatch(r"[xyd][12]?", name):
            element.set(name, value)
    if element.tag == "svg":
        element.set("role", "group")
        element.set("preserveAspectRatio", "xMinYMin meet")
    for child in list(element):
        _clean(child)
        if child.tag not in _TAGS or child.get("d") in {"", "M0,0h0v0h0Z"}:
            element.remove(child)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
