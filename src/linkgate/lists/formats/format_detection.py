r"""Which format a file is in, from its name and, where the name does not tell, from its bytes.

>>> sniff(b"url,category\nhttp://bad.example/,malware\n", "feed"), sniff(b"a", "feed.csv")
('csv', 'csv')
>>> sniff(b"! Title: demo\nbad.example\n||worse.example^\n", "x.txt"), sniff(b'{"url": "x"}', "x")
('adblock', 'jsonl')
>>> sniff(b"# demo\n0.0.0.0 bad.example\n", "x.txt"), sniff(b"http://bad.example/a,b\n", "x.txt")
('hosts', 'plain')
>>> sniff(b'{"url": "x"}\n{"url": "y"}\n', "x.json"), sniff(b'[{"url": "x"}]', "x.jsonl"), sniff(b"- url: x\n", "x.yml")
('jsonl', 'json', 'yaml')
>>> sniff(b'{"type": "bundle", "objects": [', "x"), sniff(b"address=/bad.example/\n", "x.conf")
('stix', 'dnsmasq')
"""

from __future__ import annotations

import codecs
import re

import msgspec

from linkgate.lists.formats import delimited_list, dnsmasq, hosts_file, unbound

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".hosts": "hosts",
    ".adblock": "adblock",
    ".ioc": "openioc",
    ".rpz": "rpz",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".zone": "rpz",
}
_JSON = frozenset({"json", "jsonl"})
_HEAD = 64 * 1024
_TAIL = 1024
_ADBLOCK_RULE = re.compile(rb"(?:\A|[\r\n])(?:@@)?\|\|")
_ADBLOCK_HEAD = re.compile(r"\[adblock|! ?(?:title|homepage|checksum)\s*:", re.IGNORECASE)
_RPZ_RECORD = re.compile(r"\S*\s+(?:\d+\s+)?(?:IN\s+)?(?:SOA\s|CNAME\s+(?:\*?\.|rpz-\w+\.)(?:\s|$))", re.IGNORECASE)
# What tells JSON formats apart, looked for in this order in the head of the document.
_JSON_SIGNS = tuple(
    (kind, re.compile(sign))
    for kind, sign in (
        ("misp", r'\A[\[{]\s*"(?:Event|Attribute)"|\A\[?\s*\{\s*"response"|"Event"\s*:\s*\{|"to_ids"\s*:'),
        ("otx", r'"indicators"\s*:\s*\[|"pulse_key"\s*:|"pulse_info"\s*:'),
        ("misp-warninglist", r'"matching_attributes"\s*:\s*\[|"type"\s*:\s*"(?:hostname|cidr|string|substring|regex)"'),
        ("stix", r'"type"\s*:\s*"(?:bundle|indicator)"|"spec_version"\s*:\s*"2\.|\A\{\s*"objects"\s*:'),
        ("phishtank", r'"phish_id"\s*:'),
        ("duckduckgo", r'\A\{(?s:.{0,400}?)"trackers"\s*:\s*\{'),
        ("threatfox", r'"ioc_value"\s*:'),
        ("stopncii", r'"hashRecords"\s*:\s*\[|"hashValue"\s*:(?s:.{0,400}?)"signalType"\s*:'),
        ("threatexchange", r'"raw_indicator"\s*:|"indicator"\s*:\s*\{'),
        ("polkadot", r'\A\{\s*"(?:allow|deny)"\s*:\s*\[|"(?:black|block)list"\s*:\s*\['),
    )
)
_URLHAUS = re.compile(r"^#\s*id,dateadded,url,", re.MULTILINE)
_THREATFOX = re.compile(r'^#\s*"?first_seen_utc"?,\s*"?ioc_id"?,', re.MULTILINE)
_OPENIOC = re.compile(r"<(?:\w+:)?(?:ioc|OpenIOC)\b")
_NCMEC = re.compile(r"<(?:\w+:)?queryResult\b")
_YAML = re.compile(r"---(?:\s|\Z)|%YAML\b|-\s+[\w-]+:(?:\s|\Z)|[\w-]+:\s*\Z")
_YAML_ITEM = re.compile(r"\s*-\s+\S|\s+[\w-]+:(?:\s|\Z)")
_TWEETFEED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,[^,]*,(?:url|domain|ip|md5|sha256),")


def sniff(data: bytes, name: str) -> str:
    """The format's name, a key of `FORMATS`; `plain` when nothing speaks for another."""
    ending = re.search(r"\.[a-z]+$", name.lower().removesuffix(".gz"))
    named = _ENDINGS.get(ending[0]) if ending else None
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    tail = data[_HEAD:][-_TAIL:].decode("utf-8", "replace")  # where some publishers say what it was
    if named in _JSON or (named is None and _looks_json(data, head)):
        return "jsonl" if _are_lines(head, named) else _json(head + tail)
    if named is not None:
        return _csv(head) or named if named == "csv" else named
    if head.lstrip().startswith("<") and _OPENIOC.search(head):
        return "openioc"
    if head.lstrip().startswith("<") and _NCMEC.search(head):
        return "ncmec"
    lines = [line.strip() for line in head.splitlines()[:200] if line.strip()]
    if _ADBLOCK_RULE.search(data) or any(_ADBLOCK_HEAD.match(line) for line in lines[:20]):
        return "adblock"
    rows = [line for line in lines if not line.startswith(("#", "!", ";"))]
    kind = _csv(head) or _lines(rows)
    texts = [line for line in head.splitlines()[:200] if line.strip() and not line.lstrip().startswith("#")]
    return "yaml" if kind in {"plain", "csv"} and _looks_yaml(texts) else kind


def _looks_yaml(rows: list[str]) -> bool:
    """Whether a text begins as YAML does, and goes on so: a mapping or a list of them, one key a line.

    >>> _looks_yaml(["- url: x", "  id: 1"]), _looks_yaml(["list:", "  - x"]), _looks_yaml(["bad.example", "- x"])
    (True, True, False)
    """
    begun = bool(rows) and _YAML.match(rows[0].rstrip()) is not None and rows[0].strip() != "server:"  # unbound's
    return begun and (len(rows) == 1 or any(map(_YAML_ITEM.match, rows[1:])))


def _are_lines(head: str, named: str | None) -> bool:
    """Whether JSON is one value a line, whatever the file is called: its first line is whole, and another one follows.

    One whole line alone is what its name says.
    """
    lines = [line for line in head.splitlines() if line.strip()]
    if not lines or not _is_whole(lines[0]):
        return named == "jsonl" and not head.lstrip().startswith("[")
    return len(lines) > 1 or (named == "jsonl" and not lines[0].lstrip().startswith("["))


def _is_whole(line: str) -> bool:
    try:
        msgspec.json.decode(line.strip())
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False
    return True


def _lines(rows: list[str]) -> str:
    """The format of a text of lines, told by what most of them look like; comments are left out."""
    if not rows:
        return "plain"
    if rows[0].startswith("{") and rows[0].endswith("}"):
        return "jsonl"
    if any(_RPZ_RECORD.match(row) for row in rows):
        return "rpz"
    for kind, sign in (("hosts", _is_hosts), ("dnsmasq", dnsmasq.RULE.fullmatch), ("unbound", unbound.ZONE.match)):
        if sum(bool(sign(row)) for row in rows) * 2 > len(rows):
            return kind
    return "csv" if delimited_list.looks_tabular(rows) else "plain"


def _looks_json(data: bytes, head: str) -> bool:
    """Whether a file is one JSON document: it begins like one and its first line is no whole object.

    >>> _looks_json(b'[{"url": "x"}]', '[{"url": "x"}]'), _looks_json(b'{"url": "x"}', '{"url": "x"}')
    (True, False)
    """
    start = head.lstrip()
    if not re.match(r'\[\s*(?:["{\]]|\Z)|\{\s*(?:"|\Z)', start):
        return False
    first = start.partition("\n")[0].rstrip()
    whole_line = first.startswith("{") and first.endswith("}")
    return not whole_line or (data.count(b"\n") <= 1 and _json(head) != "json")


def _json(head: str) -> str:
    text = head.lstrip()
    return next((kind for kind, sign in _JSON_SIGNS if sign.search(text)), "json")


def _csv(head: str) -> str | None:
    """A publisher's CSV that is known by its header or its first row."""
    if _URLHAUS.search(head):
        return "urlhaus"
    if _THREATFOX.search(head):
        return "threatfox"
    if _TWEETFEED.match(head):
        return "tweetfeed"
    first = next((line for line in head.splitlines() if line.strip()), "").replace('"', "").lower()
    names = set(first.split(","))
    if {"phish_id", "url"} <= names:
        return "phishtank"
    if {"signal_type", "signal_str"} <= names:
        return "threatexchange-dataset"
    return "misp-csv" if {"type", "value", "to_ids"} <= names else None


def _is_hosts(row: str) -> bool:
    fields = row.split()
    return len(fields) > 1 and hosts_file.TARGET.fullmatch(fields[0]) is not None
