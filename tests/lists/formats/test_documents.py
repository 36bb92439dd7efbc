from __future__ import annotations

import json
from typing import Any

import pytest
from counted_work import is_linear
from format_rows import rows, told

from linkgate.errors import ListError
from linkgate.lists.formats import FORMATS, ListItem, RejectedLine, Skipped
from linkgate.lists.formats.pattern import alternatives

DOCUMENTS = ["json", "misp", "misp-warninglist", "phishtank", "polkadot", "stix", "taxii", "threatexchange"]


@pytest.mark.parametrize(
    ("document", "url", "found"),
    [
        ({"deny": ["a.example", "b.example"]}, "deny[]", ["a.example", "b.example"]),
        (["a.example"], "[]", ["a.example"]),
        ({"data": [{"url": "a.example/x"}]}, "data[].url", ["a.example/x"]),
        ({"data": [{"url": "a.example/x"}]}, "$.data[].url", ["a.example/x"]),
        ({"a": {"b": [{"c": ["a.example", "b.example"]}, {"c": []}]}}, "a.b[].c[]", ["a.example", "b.example"]),
        ({"a": {"x": {"url": "a.example"}, "y": {"url": "b.example"}}}, "a[].url", ["a.example", "b.example"]),
        ({"data": []}, "data[].url", []),
        ({"url": "a.example"}, "url", ["a.example"]),
        ([["a.example"], ["b.example"]], "[][]", ["a.example", "b.example"]),
        ({"data": [{"x": 1}, 7, None, {"url": 5}, {"url": ["a"]}]}, "data[].url", [None, None, None, "5", None]),
        ({"data": [{"urls": ["a.example"]}, {"urls": 7}]}, "data[].urls[]", ["a.example", None]),
    ],
)
def test_field_paths(document: object, url: str, found: list[str | None]) -> None:
    items = told("json", document, {"url": url})
    assert items == [[address, None, False] if address else "no address field" for address in found]


def test_fields_beside_and_above_the_address() -> None:
    document = {
        "feed": "f",
        "groups": [
            {"kind": "c1", "rows": [{"u": "a.example", "t": ["x", "y"], "on": False}]},
            {"kind": "c2", "rows": [{"u": "b.example", "ok": True, "until": "2026-01-01"}]},
        ],
    }
    columns = {"url": "groups[].rows[].u", "category": "groups[].kind", "note": "feed", "id": "groups[].rows[].t[]"}
    columns |= {"active": "groups[].rows[].on", "allow": "groups[].rows[].ok", "expires": "groups[].rows[].until"}
    one, two = FORMATS["json"](json.dumps(document).encode(), columns=columns)
    assert one == Skipped(1, "not active")
    assert two == ListItem(line=2, address="b.example", category="c2", note="f", allow=True, expires="2026-01-01")


def test_usual_names_need_no_map() -> None:
    assert told("json", ["a.example"]) == [["a.example", None, False]]
    assert told("json", [{"link": "a.example", "scope": "host", "allow": True}]) == [["a.example", "host", True]]
    assert told("json", []) == []


@pytest.mark.parametrize("columns", [{"url": "a..b"}, {"url": ""}, {"url": "a]["}, {"category": "x"}, {"uri": "x"}])
def test_a_map_that_is_none_is_refused(columns: dict[str, str]) -> None:
    with pytest.raises(ListError):
        told("json", {"a": 1}, columns)


@pytest.mark.parametrize("columns", [{"url": "data[].url"}, {"url": "a.data[]"}, {"url": "x"}, None])
def test_a_document_of_another_shape_is_refused(columns: dict[str, str] | None) -> None:
    with pytest.raises(ListError):
        told("json", {"a": {"b": 1}}, columns)


def test_json_lines_with_paths() -> None:
    text = '{"i": [{"v": "a.example"}, {"v": "b.example"}], "k": {"n": "c"}}\n{"x": 1}\n"c.example"\n'
    found = list(FORMATS["jsonl"](text.encode(), columns={"url": "i[].v", "category": "k.n"}))
    assert [(item.line, item.category) for item in found if isinstance(item, ListItem)] == [
        (1, "c"),
        (1, "c"),
        (3, None),
    ]
    assert found[2] == RejectedLine(2, "no address field")


BROKEN = {
    "cut": b'{"data": [{"url": "http://bad.exa',
    "latin": b'{"deny": ["b\xfccher.example"]}',
    "utf16": '{"deny": []}'.encode("utf-16"),
    "deep array": b"[" * 200_000,
    "deep object": b'{"a":' * 200_000,
    "deep and closed": b"[" * 200_000 + b"]" * 200_000,
    "nul": b'{"deny": [\x00]}',
    "text": b"bad.example\n",
    "number": b"7",
    "null": b"null",
    "string": b'"bad.example"',
    "huge number": b"1" * 100_000,
    "wrong inside": b'{"deny": 7, "data": 7, "list": 7, "objects": 7, "Event": 7, "response": "x", "type": []}',
    "wrong rows": b'[7, null, [], {"url": []}, {"Event": {"Attribute": [7, {"value": {}}]}}]',
    "two": b"{} {}",
}


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_a_broken_document_is_refused_or_rejected(kind: str, broken: str) -> None:
    try:
        found = list(FORMATS[kind](BROKEN[broken]))
    except ListError as error:
        assert "bad.exa" not in str(error)  # noqa: PT017  # either of the two is right
    else:
        assert not [item for item in found if isinstance(item, ListItem)]


def attribute(kind: str, value: str, **more: object) -> dict[str, object]:
    return {"type": kind, "value": value, "to_ids": True} | more


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("url", "http://bad.example/x", ["http://bad.example/x", "page", False]),
        ("uri", "bad.example/x", ["bad.example/x", "page", False]),
        ("domain", "bad.example", ["bad.example", "domain", False]),
        ("hostname", "www.bad.example", ["www.bad.example", "host", False]),
        ("ip-dst", "192.0.2.7", ["192.0.2.7", "host", False]),
        ("ip-dst", "2001:db8::1", ["[2001:db8::1]", "host", False]),
        ("ip-dst", "192.0.2.0/24", "misp: value"),
        ("ip-dst|port", "192.0.2.7|8080", ["192.0.2.7:8080", "host", False]),
        ("domain|ip", "bad.example|192.0.2.7", ["bad.example", "domain", False]),
        ("hostname|port", "bad.example|8080", ["bad.example:8080", "host", False]),
        ("hostname|port", "bad.example", "misp: value"),
        ("link", "http://good.example/report", "misp: no web address"),
        ("ip-src", "192.0.2.7", "misp: no web address"),
        ("sha512", "d41d8cd98f00b204e9800998ecf8427e", "misp: no web address"),
    ],
)
def test_misp_types(kind: str, value: str, found: object) -> None:
    event = {"Event": {"info": "x", "Attribute": [attribute(kind, value)]}}
    assert told("misp", event) == [found]
    assert told("misp-csv", f'uuid,type,value,to_ids\n7,{kind},"{value}",1\n') == [found]


def test_misp_shapes_of_an_answer() -> None:
    one, two = attribute("domain", "a.example"), attribute("domain", "b.example")
    event = {"Attribute": [one], "Object": [{"name": "url", "Attribute": [two]}], "ShadowAttribute": [one]}
    found = [["a.example", "domain", False], ["b.example", "domain", False]]
    for answer in (
        {"Event": event},
        [{"Event": event}],
        {"response": [{"Event": event}]},
        {"response": {"Event": event}},
    ):
        assert told("misp", answer) == found
    assert told("misp", {"response": {"Attribute": [one, two]}}) == found


def test_misp_marks_are_honoured() -> None:
    off = [attribute("domain", "a.example", to_ids=mark) for mark in (False, "0", 0, None)]
    assert told("misp", {"Event": {"Attribute": off}}) == ["misp: not for detection"] * 4
    on = [attribute("domain", "a.example", to_ids=mark) for mark in (True, "1", 1)]
    assert told("misp", {"Event": {"Attribute": on}}) == [["a.example", "domain", False]] * 3
    gone = attribute("domain", "a.example", deleted=True)
    assert told("misp", {"Event": {"Attribute": [gone], "Object": [{"deleted": True, "Attribute": on}]}}) == [
        "misp: deleted"
    ]


def test_misp_manifest_is_refused_with_the_cure() -> None:
    with pytest.raises(ListError, match="event files"):
        told("misp", {"5a1b": {"info": "x", "Orgc": {}}})


def test_misp_csv_needs_its_marks() -> None:
    with pytest.raises(ListError, match="to_ids"):
        told("misp-csv", "uuid,type,value\n7,url,http://bad.example/\n")


def test_warninglist_types() -> None:
    def listed(kind: str, *values: object) -> list[Any]:
        return told("misp-warninglist", {"name": "x", "type": kind, "list": values})

    assert listed("string", "good.example", "http://good.example/x") == [
        ["good.example", None, True],
        ["http://good.example/x", None, True],
    ]
    assert listed("hostname", ".dyn.example") == [["*.dyn.example", "domain", True]]
    assert listed("cidr", "192.0.2.7/32", "192.0.2.0/24", "2001:db8::1") == [
        ["192.0.2.7", None, True],
        "warninglist: a network, no host",
        ["[2001:db8::1]", None, True],
    ]
    assert listed("regex", "/good/") == ["warninglist: a pattern, no address"]
    assert listed("string", 7) == ["warninglist: not text"]


@pytest.mark.parametrize("row", rows("patterns"), ids=lambda row: row["pattern"])
def test_patterns(row: dict[str, Any]) -> None:
    found = alternatives(row["pattern"])
    assert (found if isinstance(found, str) else [list(pair) for pair in found]) == row.get("reason", row.get("found"))


@pytest.mark.parametrize(
    "piece", ["(", "[", ")", "'", "[url:value IN (", "a:b", "url:value='a' OR ", "(url:value IN ('a'))"]
)
def test_patterns_take_linear_work(piece: str) -> None:
    assert is_linear(lambda count: alternatives(piece * count), 25_000)


def indicator(number: int, pattern: str, **more: object) -> dict[str, object]:
    return {"type": "indicator", "id": f"indicator--{number}", "pattern": pattern, "pattern_type": "stix"} | more


def test_stix_indicators() -> None:
    url = "[url:value = 'http://bad.example/x']"
    objects = [
        indicator(1, url, valid_from="2026-01-01T00:00:00Z", valid_until="2026-02-01T00:00:00Z", labels=["phishing"]),
        indicator(2, url, revoked=True),
        indicator(3, url, indicator_types=["benign"]),
        indicator(4, "rule x {}", pattern_type="yara"),
        indicator(5, "[file:size = 5]"),
        indicator(6, "[url:value LIKE 'x%']"),
        indicator(7, "[ipv4-addr:value = '192.0.2.0/24' OR ipv4-addr:value = '192.0.2.7/32']"),
        indicator(8, "[ipv6-addr:value = '2001:db8::1']"),
        {"type": "identity", "id": "identity--1", "name": "x"},
        {"type": "domain-name", "id": "domain-name--1", "value": "good.example"},
        {"type": "indicator", "id": "indicator--9"},
    ]
    found = list(FORMATS["stix"](json.dumps({"type": "bundle", "objects": objects}).encode()))
    assert found[0] == ListItem(
        line=1,
        address="http://bad.example/x",
        scope="page",
        id="indicator--1",
        category="phishing",
        added="2026-01-01T00:00:00Z",
        expires="2026-02-01T00:00:00Z",
    )
    assert [item.address if isinstance(item, ListItem) else item.reason for item in found[1:]] == [
        "stix: revoked",
        "stix: benign",
        "stix: another pattern language",
        "stix: no web address",
        "stix: comparison",
        "stix: a network, no host",
        "192.0.2.7",
        "[2001:db8::1]",
        "stix: observable",
        "stix: not a pattern",
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_stix_the_latest_version_of_an_object_counts(order: int) -> None:
    old = indicator(1, "[url:value = 'http://bad.example/x']", modified="2026-01-01T00:00:00Z")
    new = indicator(1, "[url:value = 'http://bad.example/x']", modified="2026-01-01T00:00:00.001Z", revoked=True)
    assert sorted(told("stix", {"objects": [old, new][::order]})) == [
        "stix: replaced by a later version",
        "stix: revoked",
    ]


def test_stix_envelopes_one_after_another() -> None:
    one, two = ({"objects": [indicator(n, f"[domain-name:value = '{n}.example']")]} for n in (1, 2))
    text = f"{json.dumps(one)}\n\n{json.dumps({})}{json.dumps(two)}\n"
    assert told("taxii", text) == [["1.example", "host", False], ["2.example", "host", False]]
    with pytest.raises(ListError):
        told("taxii", text + '{"objects": [')


def test_stix_equality_is_never_read_as_a_pattern() -> None:
    assert told("stix", indicator(1, "[url:value = 'http://bad.example/*']")) == [
        ["http://bad.example/*", "page", False]
    ]


def test_presets() -> None:
    descriptor = {"id": "7", "type": "URI", "status": "MALICIOUS", "expired_on": 1769853600}
    texts = descriptor | {"raw_indicator": "http://bad.example/"}
    objects = descriptor | {"indicator": {"indicator": "bad.example", "type": "DOMAIN", "id": "8"}}
    harmless = texts | {"status": "NON_MALICIOUS"}
    other = texts | {"type": "HASH_TMK"}
    assert told("threatexchange", {"data": [texts, harmless, other]}) == [
        ["http://bad.example/", None, False],
        "not active",
        "no web address",
    ]
    [item] = FORMATS["threatexchange"](json.dumps({"data": [objects], "paging": {}}).encode())
    assert item == ListItem(line=1, address="bad.example", scope="host", id="7", expires="1769853600")
    assert told("threatexchange", {"data": []}) == []
    phish = [{"phish_id": 1, "url": "http://bad.example/", "verified": verified} for verified in ("yes", "no")]
    assert told("phishtank", phish) == [["http://bad.example/", None, False], "not active"]
    assert told("openphish", "http://bad.example/x\n") == [["http://bad.example/x", None, False]]
    tweets = "2026-01-01 00:00:00,joe,{},#spam,https://x.example/1\n"
    assert told(
        "tweetfeed", "".join(map(tweets.format, ("url,http://bad.example/", "md5,d41d", "domain,bad.example")))
    ) == [
        ["http://bad.example/", None, False],
        "no web address",
        ["bad.example", "host", False],
    ]


def test_tab_separated() -> None:
    assert told("tsv", "url\tnote\nhttp://bad.example/a,b\tx,y\n") == [["http://bad.example/a,b", None, False]]
    cells = "url\tactive\tallow\texpires\na.example\trevoked\t\t\nb.example\t1\tyes\t2026-01-01\n"
    assert told("tsv", cells, {"url": "url", "active": "active", "allow": "allow"}) == [
        "not active",
        ["b.example", None, True],
    ]
