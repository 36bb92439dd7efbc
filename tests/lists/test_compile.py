from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_rows import shared

from linkgate.errors import ListError
from linkgate.lists.compile import Source, compile_lines, compile_lists

if TYPE_CHECKING:
    from linkgate.lists.compile_report import Report

HTML = b"<!DOCTYPE html>\n<html><body>Please log in</body></html>"


def test_lines_become_entries_with_their_numbers() -> None:
    compiled = compile_lines(["# demo", "http://bad.example/page", "", "*.worse.example", "twitter.com", "x…"])
    report = compiled.report
    assert (report.entries, report.scopes) == (2, {"page": 1, "domain": 1})
    assert [(line.line, line.reason) for line in report.quarantined] == [(5, "popular host")]
    assert [(line.line, line.reason) for line in report.rejected] == [(6, "truncated")]
    assert compiled.engine.size == 2
    [match] = compiled.engine.check("go to http://bad.example/page").matches
    assert (match.entry.id, match.entry.list) == ("list:2", "list")


@pytest.mark.parametrize("bare", ["https://twitter.com", "docs.google.com", "i.imgur.com", "com", "co.uk", "github.io"])
def test_what_would_block_strangers_is_quarantined(bare: str) -> None:
    report = compile_lines([bare]).report
    assert (report.entries, len(report.quarantined)) == (0, 1)


def test_duplicates_of_one_list_are_one_entry_and_of_two_lists_two() -> None:
    one = Source(name="one", data=b"http://bad.example/x\nhttps://bad.example/x\nbad.example/x#/f\n")
    two = Source(name="two", data=b"bad.example/x\n")
    compiled = compile_lists([one, two])
    assert (compiled.report.entries, compiled.report.duplicates) == (3, 1)
    found = compiled.engine.lookup("http://bad.example/x").matches
    assert {match.entry.id for match in found} == {"one:1", "two:1"}


def test_anchors_are_counted_and_no_part_of_the_address() -> None:
    lines = ["bad.example/a#top", "bad.example/b#:~:text=x", "bad.example/#/album/1", "bad.example/c#", "bad.example/d"]
    compiled = compile_lines(lines)
    assert (compiled.report.entries, compiled.report.anchors) == (5, 2)
    assert [compiled.engine.lookup(f"bad.example/{page}").flagged for page in ("a", "b#y", "", "c", "d")] == [
        *(True, True, False, True, True)
    ]


def test_expired_entries_are_left_out_and_counted() -> None:
    data = b'{"url": "bad.example", "expires": "2026-01-31"}\n'
    data += b'{"url": "worse.example", "expires": "2026-02-01T10:00:00Z"}\n'
    source = Source(name="feed.jsonl", data=data)
    report = compile_lists([source], today=dt.date(2026, 2, 1)).report
    assert (report.entries, report.expired) == (1, 1)
    assert compile_lists([source]).report.entries == 2


def test_names_of_one_hosts_line_have_ids_of_their_own() -> None:
    compiled = compile_lists([Source(name="h", data=b"0.0.0.0 bad.example worse.example\n")])
    found = [compiled.engine.lookup(host).matches[0].entry.id for host in ("bad.example/x", "worse.example/x")]
    assert found == ["h:1", "h:1.2"]


def test_category_comes_from_the_item_or_from_the_source() -> None:
    data = b"url,category\nbad.example,malware\nworse.example,\n"
    compiled = compile_lists([Source(name="f.csv", data=data, category="abuse")])
    found = [compiled.engine.lookup(host).matches[0].entry.category for host in ("bad.example/", "worse.example/")]
    assert found == ["malware", "abuse"]


@pytest.mark.parametrize(
    ("data", "cure"),
    [
        (b"", "fetch it again"),
        (b"\xef\xbb\xbf \r\n", "fetch it again"),
        (b"\x1f\x8b\x08\x00", "unpack it first"),
        (b"PK\x03\x04", "unpack it first"),
        (b"\xff\xfeb\x00a\x00d\x00", "save it as UTF-8"),
        (b"bad.example\n\x00\x01", "text file"),
        (bytes(range(128, 256)) * 40, "text file"),
        (HTML, "login"),
        (b'{\n  "block": [\n    "bad.example"\n  ]\n}\n', "url=data"),
        (b'{\n  "deny": [\n    "bad.exa', "fetch it again"),
        (b"a,b\nhttp://bad.example/,http://bad.example/\n", "name it"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_cure(data: bytes, cure: str) -> None:
    kind = "csv" if data.startswith(b"a,b") else None
    with pytest.raises(ListError, match=cure) as caught:
        compile_lists([Source(name="feed", data=data, format=kind)])
    assert "bad.example" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_format_and_column_are_refused() -> None:
    with pytest.raises(ListError, match="there are adblock, csv"):
        compile_lists([Source(name="feed", data=b"bad.example", format="xml")])
    with pytest.raises(ListError, match="no column 'adress'"):
        compile_lists([Source(name="feed.csv", data=b"url\nbad.example", columns={"url": "adress"})])


LINES = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=40),
    st.sampled_from(["bad.example", "http://bad.example/x", "*.com", "label.*", "http://bad.example/*", "#", "com"]),
)


@given(st.lists(LINES, max_size=8))
def test_no_line_raises_and_every_line_is_accounted_for(lines: list[str | bytes]) -> None:
    report = compile_lines(lines).report
    told = report.entries + report.duplicates + len(report.rejected) + len(report.quarantined)
    blank_or_comment = len(lines) - told
    assert 0 <= blank_or_comment <= len(lines)


def test_no_address_is_in_what_leaves_the_process() -> None:
    lines = ["http://secret.example/page", "http://secret.example/x…", "*.com", "secret.example/*/"]
    compiled = compile_lines(lines, name="demo")
    shown = f"{compiled.report!r} {compiled.report.as_dict()} {compiled!r}"
    assert "secret" not in shown
    assert "secret" not in repr(Source(name="demo", data=b"http://secret.example/"))


def compiled_report(name: str) -> Report:
    return compile_lists([Source(name=name, data=shared(f"lists/{name}"))]).report


def test_one_feed_in_three_formats_gives_the_same_hosts() -> None:
    guard, plain = compiled_report("urlhaus_25k.adguard-home.txt"), compiled_report("urlhaus_25k.domains.txt")
    assert guard.entries == plain.entries == 25_765
    assert [line.line for line in guard.quarantined] == [line.line for line in plain.quarantined]
    assert compiled_report("urlhaus_2k.hosts.txt").rejected == ()


def test_dirt_of_a_real_feed_is_reported_by_reason() -> None:
    lines = shared("lists/tweetfeed_409k.txt.gz").splitlines()
    dirty = [line for line in lines if not line.startswith(b"http") or line.endswith((b"*", "…".encode(), b'"'))]
    report = compile_lines(dirty).report
    reasons = Counter(line.reason for line in report.rejected)
    assert set(reasons) <= {
        "truncated",
        "wildcard",
        "not a web address",
        "space inside",
        "no browser would open it",
    }
    assert report.entries > 50
