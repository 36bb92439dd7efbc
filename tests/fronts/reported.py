"""Hits for reports: made up, the same each time, and such as somebody hostile would have made."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from linkgate.columns.schema import HITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAY = 86_400_000_000
START = 1_704_067_200_000_000  # 2024-01-01, microseconds
HOSTILE = (
    "</script><script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    '"><svg onload=pwned=1>',
    "' autofocus onfocus=pwned=1 '",
    "<!--<script>",
    "]]>&lt;b&gt;&amp;",
    "{{ 7*7 }}{% raw %}",
    "=HYPERLINK(1)",
    "a\x00b\x1b[2J\r\nc",
    "\u202egnp.exe\u2066",
    "مرحبا שלום",
    "\u2028\u2029\ufeff\uffff",
    "javascript:pwned=1",
    "x" * 5_000,
    "%s%n{0}${1}#a=b&c=d",
    "Z͑ͫ̓a̴͔l͙g̈o̎",
)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._in: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        self._in = tag if tag in self.raw else None
        if self._in:
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # the name is the parser's
        self._in = None

    def handle_data(self, data: str) -> None:
        if self._in:
            self.raw[self._in][-1] += data

    def value(self, tag: str, name: str) -> list[str | None]:
        return [value for each, key, value in self.attributes if (each, key) == (tag, name)]


def hit(**given: Any) -> dict[str, Any]:
    """One hit, as HITS has it."""
    usual = {"file": "posts.jsonl", "place": 1, "id": "1", "entry": "demo:1", "list": "demo", "scope": "page"}
    return (
        dict.fromkeys(HITS.names) | usual | {"kind": "exact", "steps": [], "action": "block", "snapshot": "s"} | given
    )


def batch(rows: Iterable[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema=HITS)


def hostile_hits() -> list[pa.RecordBatch]:
    """Each hostile text in each column that takes text, a link among them."""
    names = ("file", "id", "entry", "list", "category", "scope", "kind")
    rows = [hit(**dict.fromkeys(names, text), place=n, link=text, steps=[text]) for n, text in enumerate(HOSTILE)]
    return [batch(rows)]


def many(number: int, *, size: int = 10_000) -> Iterator[pa.RecordBatch]:
    """So many hits of two years, three lists, two hundred files; every ninth to review, every ninetieth to log."""
    for first in range(0, number, size):
        yield batch(_one(n) for n in range(first, min(first + size, number)))


def _one(n: int) -> dict[str, Any]:
    action = "log" if n % 90 == 5 else "review" if n % 9 == 5 else "block"
    return hit(
        file=f"exports/2024/{n % 200:03}.jsonl",
        place=n // 200 + 1,
        id=f"m{n}",
        time=START + n * 104_729 * 1_000_003 % (730 * DAY),
        start=n % 50,
        end=n % 50 + 20,
        entry=f"feed:{n * n % 977}",
        list=("feed", "hotline", "programme")[n % 7 % 3],
        category=(None, "phishing", "csam-host", "malware")[n % 4],
        scope=("page", "host", "domain", "prefix", "brand")[n % 11 % 5],
        kind="loose" if action == "review" else ("exact", "nested")[n % 5 == 0],
        steps=["www", "path-case"][: n % 3] if action == "review" else [],
        action=action,
    )


def run_of(number: int, **command: str) -> dict[str, Any]:
    """What the command line tells about a scan."""
    summary = {"messages": 50 * number, "bad_records": 3, "unreadable_files": 0, "messages_per_second": 250_000}
    return {
        "command": {"jobs": "2", "output": "hits.parquet", **command},
        "files": [f"exports/2024/{n:03}.jsonl" for n in range(200)],
        "snapshot": "605c46ab9946c1fe",
        "lists": ["lists/store"],
        "began": "2025-02-03T04:05:06+00:00",
        "seconds": 75.2,
        "summary": summary,
    }
