"""The hits that the table of a report shows: the heaviest first, each kind of action in the order of the scan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyarrow import compute

from linkgate.fronts.archive.encodings import iso
from linkgate.fronts.report.totals import ACTIONS
from linkgate.fronts.show import defang, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    Hit = dict[str, Any]

_LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
LONGEST = 160
"""Characters of a value that are shown: what a poster's platform calls an id may be a novel."""
_TEXTS = ("action", "kind", "steps", "entry", "list", "category", "scope", "id", "file", "time")
_NUMBERS = ("place", "start", "end")


def clip(text: str, longest: int = LONGEST) -> str:
    r"""Text that cannot steer a page or a terminal, cut where it is long; defanged where it holds a link, as ids may.

    >>> clip("a\u202eb"), clip("x" * 9, 4), clip("http://bad.example/7")
    ('a\\u202eb', 'xxx…', 'hxxp://bad[.]example/7')
    """
    start = text[: longest + 1]
    shown = defang(start) if _LINK.search(start) else printable(start)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


@dataclass(slots=True)
class HitTable:
    """At most `limit` hits for each action."""

    limit: int
    show_urls: bool
    _hits: dict[str, list[Hit]] = field(default_factory=lambda: {action: [] for action in ACTIONS})

    def add(self, hits: pa.RecordBatch) -> None:
        """Keep what there is room for."""
        for action, kept in self._hits.items():
            room = self.limit - len(kept)
            if room > 0 and hits.num_rows:
                some = hits.filter(compute.equal(hits.column("action"), action)).slice(0, room)
                kept.extend(self._readable(some))

    def _readable(self, hits: pa.RecordBatch) -> Iterator[Hit]:
        times = hits.schema.get_field_index("time")
        for row in hits.set_column(times, "time", iso(hits.column("time"))).to_pylist():
            hit = {name: row[name] for name in _NUMBERS}
            hit |= {name: clip(str(row[name])) if row[name] is not None else "" for name in _TEXTS if name != "steps"}
            hit["steps"] = clip(", ".join(row["steps"] or ()))
            link = defang(row["link"]) if self.show_urls and row.get("link") else ""
            yield hit | {"link": clip(link, 2 * LONGEST)}

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: rows of numbers; those of text columns point into `words`."""
        words: dict[str, int] = {"": 0}
        texts = (*_TEXTS, "link") if self.show_urls else _TEXTS
        rows = [
            [words.setdefault(hit[name], len(words)) for name in texts] + [hit[name] for name in _NUMBERS]
            for hit in self.hits()
        ]
        return {"texts": texts, "numbers": _NUMBERS, "words": list(words), "rows": rows}

    def hits(self) -> list[Hit]:
        """The hits to show, at most `limit`; lighter actions get a fifth each, where they have so many.

        Without it a large scan would show nothing of what waits for a person.
        """
        room = self.limit
        chosen: list[Hit] = []
        for number, action in enumerate(ACTIONS):
            owed = sum(min(len(self._hits[lighter]), self.limit // 5) for lighter in ACTIONS[number + 1 :])
            chosen += self._hits[action][: room - owed]
            room = self.limit - len(chosen)
        return chosen
