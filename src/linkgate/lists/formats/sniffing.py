r"""Which format a file is in, from its name and, where the name does not tell, from its bytes.

>>> sniff(b"url,category\nhttp://bad.example/,malware\n", "feed"), sniff(b"a", "feed.csv")
('csv', 'csv')
>>> sniff(b"! Title: demo\nbad.example\n||worse.example^\n", "x.txt"), sniff(b'{"url": "x"}', "x")
('adblock', 'jsonl')
>>> sniff(b"# demo\n0.0.0.0 bad.example\n", "x.txt"), sniff(b"http://bad.example/a,b\n", "x.txt")
('hosts', 'plain')
"""

from __future__ import annotations

import codecs
import re

from linkgate.lists.formats import hosts, table

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".hosts": "hosts",
    ".adblock": "adblock",
}
_HEAD = 64 * 1024
_ADBLOCK_RULE = re.compile(rb"(?:\A|[\r\n])(?:@@)?\|\|")
_ADBLOCK_HEAD = re.compile(r"\[adblock|! ?(?:title|homepage|checksum)\s*:", re.IGNORECASE)


def sniff(data: bytes, name: str) -> str:
    """The format's name, a key of `FORMATS`; `plain` when nothing speaks for another."""
    ending = re.search(r"\.[a-z]+$", name.lower().removesuffix(".gz"))
    if ending and ending[0] in _ENDINGS:
        return _ENDINGS[ending[0]]
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    lines = [line.strip() for line in head.splitlines()[:200] if line.strip()]
    if _ADBLOCK_RULE.search(data) or any(_ADBLOCK_HEAD.match(line) for line in lines[:20]):
        return "adblock"
    rows = [line for line in lines if not line.startswith(("#", "!", ";"))]
    if rows and rows[0].startswith("{") and rows[0].endswith("}"):
        return "jsonl"
    if rows and _mostly_hosts(rows):
        return "hosts"
    return "csv" if rows and table.looks_tabular(rows) else "plain"


def _mostly_hosts(rows: list[str]) -> bool:
    fields = [row.split() for row in rows]
    hits = sum(len(row) > 1 and hosts.TARGET.fullmatch(row[0]) is not None for row in fields)
    return hits * 2 > len(rows)
