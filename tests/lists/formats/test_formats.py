from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from counted_work import calls, is_linear
from hypothesis import given
from hypothesis import strategies as st

from linkgate.errors import ListError
from linkgate.lists.formats import FORMATS, ListItem, RejectedLine, Skipped, sniff

DOCUMENTS = {
    *("duckduckgo", "json", "misp", "misp-warninglist", "openioc", "otx", "phishtank", "polkadot", "stix", "taxii"),
    *("ncmec", "stopncii", "threatexchange", "yaml"),
}
LINES = sorted(set(FORMATS) - DOCUMENTS)
HEADS = {"csv": b"url\n", "tsv": b"url\n", "misp-csv": b"type,value,to_ids\n"}
HEADS["threatexchange-dataset"] = b"signal_type,signal_str,collab,category,tags\n"
GOOD = {
    "dnsmasq": b"address=/bad.example/0.0.0.0\n",
    "hosts": b"0.0.0.0 bad.example\n",
    "jsonl": b'"bad.example"\n',
    "misp-csv": b"url,http://bad.example/,1\n",
    "rpz": b"bad.example CNAME .\n",
    "threatexchange-dataset": b"url,http://bad.example/,c,POSITIVE_CLASS,x\n",
    "threatfox": b'"2026-01-01 00:00:00", "7", "bad.example", "domain", "botnet_cc"\n',
    "tweetfeed": b"2026-01-01 00:00:00,joe,url,http://bad.example/,,x\n",
    "unbound": b"local-zone: bad.example refuse\n",
    "urlhaus": b'"1","2026-01-01","http://bad.example/"\n',
}
ROWS = Path(__file__).resolve().parents[2] / "data" / "lists" / "adblock.jsonl"


def read(kind: str, data: bytes, columns: dict[str, str] | None = None) -> list[tuple[Any, ...]]:
    found = FORMATS[kind](data, columns=columns)
    return [
        (item.line, item.address) if isinstance(item, ListItem) else (item.line, None, item.reason) for item in found
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_and_byte_order_mark(end: bytes) -> None:
    data = b"\xef\xbb\xbf# demo" + end + b"bad.example" + end + end + b"worse.example"
    assert read("plain", data) == [(2, "bad.example"), (4, "worse.example")]


def test_a_comment_needs_white_space_and_a_fragment_does_not() -> None:
    data = b"http://bad.example/#a\nhttp://bad.example/x # why\nhttp://bad.example/y\t#\n"
    assert read("plain", data) == [
        (1, "http://bad.example/#a"),
        (2, "http://bad.example/x"),
        (3, "http://bad.example/y"),
    ]


@pytest.mark.parametrize("kind", LINES)
def test_one_bad_line_costs_one_line(kind: str) -> None:
    good = GOOD.get(kind, b"bad.example\n")
    data = HEADS.get(kind, b"") + good + b"\xff\xfe\n" + b"a" * 70_000 + b"\n" + good
    found = list(FORMATS[kind](data))
    first = 3 if kind in HEADS else 2
    assert RejectedLine(first, "not UTF-8") in found
    assert RejectedLine(first + 1, "line longer than 64 KiB") in found
    assert isinstance(found[-1], ListItem)


@pytest.mark.parametrize("kind", sorted(FORMATS))
@given(data=st.binary(max_size=200))
def test_no_bytes_raise_but_with_the_cure(kind: str, data: bytes) -> None:
    try:
        found = list(FORMATS[kind](data))
    except ListError:
        found = []
    assert all(item.line >= 1 for item in found)
    assert sniff(data, "feed") in FORMATS


@pytest.mark.parametrize("kind", LINES)
def test_a_line_of_any_length_is_one_rejected_line(kind: str) -> None:
    head = HEADS.get(kind, b"url\n")

    def work(length: int) -> None:
        found = [item for item in FORMATS[kind](head + b"a" * length) if item.line == 2]
        assert found == [RejectedLine(2, "line longer than 64 KiB")]

    assert calls(lambda: work(10_000_000)) <= calls(lambda: work(100_000)) * 1.1


@pytest.mark.parametrize(
    "row", [json.loads(line) for line in ROWS.read_text("utf-8").splitlines()], ids=lambda row: row["rule"]
)
def test_adblock_rows(row: dict[str, Any]) -> None:
    found = list(FORMATS["adblock"](row["rule"].encode()))
    if "reason" in row:
        made = RejectedLine if row.get("rejected") else Skipped
        assert found == [made(1, row["reason"])]
    elif "reasons" in row:
        assert [item.reason for item in found if isinstance(item, Skipped)] == row["reasons"]
        assert len(found) == len(row["reasons"])
    elif "address" in row:
        [item] = found
        assert isinstance(item, ListItem)
        assert (item.address, item.scope, item.allow) == (row["address"], row.get("scope"), row.get("allow", False))
    else:
        assert found == []


def test_hosts_files() -> None:
    data = b"127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n0.0.0.0 0.0.0.0\n"
    data += b"0.0.0.0 bad.example # why\n127.0.0.1\tworse.example  worst.example\nbad.example\n:: v6.example\n"
    assert read("hosts", data) == [
        (4, "bad.example"),
        (5, "worse.example"),
        (5, "worst.example"),
        (6, None, "not a hosts line"),
        (7, "v6.example"),
    ]


def test_json_lines_fields_and_map() -> None:
    data = b'{"url": "bad.example", "scope": "domain", "id": 5, "note": "n", "added": "2026", "category": "c"}\n'
    [item] = FORMATS["jsonl"](data)
    assert item == ListItem(line=1, address="bad.example", scope="domain", id="5", note="n", added="2026", category="c")
    [mapped] = FORMATS["jsonl"](b'{"ioc": "bad.example", "kind": "host"}\n', columns={"url": "ioc", "scope": "kind"})
    assert mapped == ListItem(line=1, address="bad.example", scope="host")
    assert read("jsonl", b'[]\n{"x": 1}\n{\n\n"bad.example"\n' + b"[" * 50_000 + b"\n") == [
        (1, None, "not a JSON object"),
        (2, None, "no address field"),
        (3, None, "not JSON"),
        (5, "bad.example"),
        (6, None, "not JSON"),
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_table_with_a_header(sign: str) -> None:
    data = sign.join(["id", "URL", "x"]) + "\n" + sign.join(["7", '"http://bad.example/a"', "y"]) + "\n"
    [item] = FORMATS["csv"](data.encode())
    assert item == ListItem(line=2, address="http://bad.example/a", id="7")


def test_table_by_number_and_by_name() -> None:
    data = b"2026-01-01,joe,http://bad.example/\n2026-01-02,ann,http://worse.example/\n"
    assert read("csv", data, {"url": "2"}) == [(1, "http://bad.example/"), (2, "http://worse.example/")]
    named = b"When,What\n2026-01-01,http://bad.example/\n"
    assert read("csv", named, {"url": "what"}) == [(2, "http://bad.example/")]
    assert read("csv", b"bad.example\nworse.example\n") == [(1, "bad.example"), (2, "worse.example")]


@pytest.mark.parametrize("columns", [None, {"url": "nope"}, {"category": "0"}, {"address": "0"}])
def test_table_without_a_known_address_column_is_refused(columns: dict[str, str] | None) -> None:
    with pytest.raises(ListError):
        list(FORMATS["csv"](b"2026-01-01,joe,x\n", columns=columns))


def test_table_a_quoted_cell_may_hold_lines_and_commas() -> None:
    data = b'url,note\nhttp://bad.example/a,"one,\ntwo ""three"""\nhttp://bad.example/b,x\n'
    assert [(i.line, i.note) for i in FORMATS["csv"](data) if isinstance(i, ListItem)] == [
        (2, 'one,\ntwo "three"'),
        (4, "x"),
    ]


def test_table_a_stray_quote_costs_nothing_else() -> None:
    rows = [f"http://bad.example/{number},x" for number in range(100_000)]
    rows[10] = 'http://bad.example/10,"x'
    rows[20] = '"http://bad.example/20,x'
    data = "\n".join(["url,note", *rows]).encode()
    found = [item for item in FORMATS["csv"](data) if isinstance(item, ListItem)]
    assert len(found) == 100_000
    assert found[10].note == '"x'


def test_table_of_stray_quotes_takes_linear_work() -> None:
    def work(count: int) -> None:
        data = b"url,note\n" + b'http://bad.example/,"x\n\n' * count
        assert sum(1 for _ in FORMATS["csv"](data)) >= count // 2

    assert is_linear(work, 5_000)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "x.tsv", "tsv"),
        (b"", "x.ndjson", "jsonl"),
        (b"", "x.csv.gz", "csv"),
        (b"", "x.txt", "plain"),
        (b"! Title: x\nbad.example\n", "x.txt", "adblock"),
        (b"bad.example\n||worse.example^\n", "x.txt", "adblock"),
        (b"# x\n127.0.0.1 localhost\n0.0.0.0 bad.example\n", "x.txt", "hosts"),
        (b'{"url": "bad.example"}\n', "x.txt", "jsonl"),
        (b"# x\nid,url\n1,bad.example\n", "x.txt", "csv"),
        (b"http://bad.example/a,b\nhttp://bad.example/c,d\n", "x.txt", "plain"),
        (b"192.0.2.7\nbad.example/x\n", "x.txt", "plain"),
        (b'{"Event": {"info": "x", "Attribute": []}}', "x", "misp"),
        (b'[{"Event": {"info": "x"}}]', "x.json", "misp"),
        (b'{"response": [{"Event": {}}]}', "x", "misp"),
        (b'{"name": "x", "type": "hostname", "list": []}', "x", "misp-warninglist"),
        (b'{"list": ["' + b"a" * 70_000 + b'"], "type": "string"}', "x.json", "misp-warninglist"),
        (b'{\n"type": "bundle",\n"objects": []}', "x.json", "stix"),
        (b'{"objects": [], "more": false}', "x", "stix"),
        (b'[{"phish_id": 1, "url": "http://bad.example/"}]', "x", "phishtank"),
        (b'{"data": [{"raw_indicator": "x"}]}', "x.json", "threatexchange"),
        (b"signal_type,signal_str,collab,category,tags\n", "x.csv", "threatexchange-dataset"),
        (b'{\n\t"allow": ["x"], "deny": []}', "x.json", "polkadot"),
        (b'{\n"deny": [\n"bad.example"]}', "x.txt", "polkadot"),
        (b'["bad.example"]', "x", "json"),
        (b"uuid,event_id,category,type,value,comment,to_ids,date\n", "x.csv", "misp-csv"),
        (b"# id,dateadded,url,url_status\n", "x.csv", "urlhaus"),
        (b"2026-01-01 00:00:00,joe,url,http://bad.example/,,x\n", "x.csv", "tweetfeed"),
        (b"address=/bad.example/0.0.0.0\n", "x.conf", "dnsmasq"),
        (b'server:\nlocal-zone: "a.example" refuse\nlocal-zone: "b.example" refuse\n', "x.conf", "unbound"),
        (b"$TTL 60\n@ SOA a. b. 1 2 3 4 5\nbad.example CNAME .\n", "x.txt", "rpz"),
        (b"[2001:db8::1]\n[2001:db8::2]\n", "x.txt", "plain"),
    ],
)
def test_sniff(data: bytes, name: str, kind: str) -> None:
    assert sniff(data, name) == kind
