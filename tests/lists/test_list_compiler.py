from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from list_rows import rows, shared

from linkgate.errors import ListError, UsageError
from linkgate.lists.compile import _items, _settings, compile_lines, compile_lists
from linkgate.lists.list_compiler import ListCompiler
from linkgate.lists.popular import popular_hosts
from linkgate.lists.source import Source

if TYPE_CHECKING:
    from linkgate.core.index.entry import Entry
    from linkgate.lists.compile import Compiled
    from linkgate.lists.compile_report import Report

SECRET = b"a secret of the store"


def entries(data: str, *, name: str = "demo", secret: bytes | None = SECRET, **more: Any) -> list[Entry]:
    source = Source(name=name, data=data.encode(), **more)
    return list(ListCompiler(source, _settings(secret=secret, today=None)).entries(_items(source)))


def report(data: str, *, accept: dict[str, str] | None = None, secret: bytes | None = SECRET, **more: Any) -> Report:
    return compile_lists([Source(name="demo", data=data.encode(), **more)], secret=secret, accept=accept).report


def test_keyed_ids_stay_when_lines_move() -> None:
    first = {str(entry.url): entry.id for entry in entries("http://bad.example/x\nworse.example\n")}
    moved = {str(entry.url): entry.id for entry in entries("new.example\nworse.example\n# x\nhttps://bad.example/x\n")}
    assert first.items() < moved.items()


def test_keyed_ids_differ_by_secret_list_scope_fragment_and_allow() -> None:
    data = "url,scope,allow\nbad.example,host,\nbad.example,domain,\nbad.example,page,\nbad.example,host,yes\n"
    data += "bad.example/#/a,,\nbad.example/#/b,,\nbad.example:8080,host,\n"
    made = [("a", SECRET), ("b", SECRET), ("a", b"other" * 40)]
    found = {entry.id for name, secret in made for entry in entries(data, name=name, secret=secret, format="csv")}
    assert len(found) == 21
    assert all(len(entry_id) == 16 for entry_id in found)


def test_the_publishers_id_goes_before_a_keyed_one() -> None:
    [own, leak] = entries("url,id\nbad.example,INC-7\nworse.example,about worse.example\n")
    assert own.id == "INC-7"
    assert len(leak.id) == 16


def test_two_lists_keep_their_provenance() -> None:
    lists = [Source(name=name, data=b"bad.example\n*.bad.example\n") for name in ("one", "two")]
    compiled = compile_lists(lists, secret=SECRET)
    matches = compiled.engine.lookup("http://bad.example/x").matches
    assert {match.entry.list for match in matches} == {"one", "two"}
    assert [(tally.list, tally.entries) for tally in compiled.report.lists] == [("one", 2), ("two", 2)]


@pytest.mark.parametrize(
    ("default", "address", "scope"),
    [
        (None, "bad.example", "host"),
        ("domain", "bad.example", "domain"),
        ("domain", "bad.example:8080", "domain"),
        ("domain", "192.0.2.7", "host"),
        ("domain", "BAD.example", "domain"),
        ("domain", "http://bad.example", "page"),
        ("domain", "bad.example/x", "page"),
        ("domain", "http://bad.example/x/*", "prefix"),
        ("host", "*.bad.example", "domain"),
        ("page", "bad.example", "page"),
        ("prefix", "bad.example", "prefix"),
        ("brand", "badlabel", "brand"),
    ],
)
def test_default_scope_is_for_bare_hosts(default: str | None, address: str, scope: str) -> None:
    [entry] = entries(address, format="plain", default_scope=default)
    assert entry.scope.value == scope


def test_default_scope_gives_way_to_the_field() -> None:
    found = entries("url,scope\nbad.example,host\nworse.example,\n", default_scope="domain")
    assert [entry.scope.value for entry in found] == ["host", "domain"]


def test_default_scope_must_be_one() -> None:
    with pytest.raises(UsageError, match="no scope 'site'; there are page, prefix"):
        report("bad.example", default_scope="site")


def test_quarantined_entries_are_accepted_by_name_or_id_with_a_reason() -> None:
    data = "github.io\n*.github.io\nhttps://bit.ly/\nbad.example\n"
    [host, domain, door] = report(data).quarantined
    accept = {"GitHub.io": "ticket 7", domain.id: "ticket 8"}
    found = report(data, accept=accept)
    assert [(line.line, line.reason) for line in found.accepted] == [(1, "shared host"), (2, "shared host")]
    assert (found.entries, found.quarantined) == (3, (door,))
    assert report(data, accept={"github.io": "x"}).quarantined == (domain, door)
    assert report(data, accept={"https://bit.ly": "x"}).quarantined == (host, domain)
    assert "github" not in str(found.as_dict())
    with pytest.raises(UsageError, match="reason") as caught:
        report(data, accept={"github.io": " "})
    assert "github" not in str(caught.value)


def test_page_entries_of_held_back_hosts_pass() -> None:
    assert report("drive.google.com\nhttps://drive.google.com/file/d/x/view\n").entries == 1


def test_a_path_that_normalising_eats_is_held_back() -> None:
    found = report(
        "http://bad.example/a/..\nbad.example/x/%2e%2e/*\nhttp://bad.example/./\nhttp://bad.example/a/../b\n"
    )
    assert [(line.line, line.reason) for line in found.quarantined] == [
        (n, "shorter than it was written") for n in (1, 2)
    ]
    assert found.entries == 2


def test_allow_entries_are_counted_apart_and_lift_narrowly() -> None:
    listed = Source(name="listed", data=b"*.bad.example\nhttp://bad.example/x\n")
    allowed = Source(name="ours", data=b"bad.example\n", allow=True)
    compiled = compile_lists([listed, allowed], secret=SECRET)
    assert (compiled.report.entries, compiled.report.allowed, compiled.report.scopes) == (
        3,
        1,
        {"page": 1, "domain": 1},
    )
    assert not compiled.engine.lookup("http://bad.example/other").flagged
    assert compiled.engine.lookup("http://bad.example/x").flagged
    assert compiled.engine.lookup("http://www.bad.example/other").flagged


def test_allow_entries_that_say_so_lift_pages() -> None:
    listed = Source(name="listed", data=b"http://bad.example/x\n")
    allowed = Source(name="ours", data=b"bad.example\n", allow=True, lifts=True)
    assert not compile_lists([listed, allowed]).engine.lookup("http://bad.example/x").flagged


def test_allow_entries_may_name_popular_hosts_and_no_suffix() -> None:
    found = report("twitter.com\ngithub.io\n*.github.io\n*.com\nabc.*\n*.twitter.com\n", allow=True)
    assert [line.line for line in found.quarantined] == [3, 4, 5]
    assert found.allowed == 3


def allowing(data: str, **options: Any) -> Compiled:
    source = Source(name="ours", data=("url,scope,expires,note\n" + data).encode(), allow=True, format="csv")
    return compile_lists([source], **options)


def test_an_allow_entry_may_expire() -> None:
    found = allowing("bad.example,host,1767225599,\ngood.example,host,,\n", today=dt.date(2026, 1, 1)).report
    assert (found.allowed, found.expired) == (1, 1)


@pytest.mark.parametrize("end", ["never", "31/01/2026", "2026-13-01", "2026-02-30", "soon", "0", "12:00"])
def test_an_allow_entry_whose_end_cannot_be_read_is_rejected(end: str) -> None:
    found = allowing(f"bad.example,host,{end},\ngood.example,host,,\n").report
    assert (found.allowed, found.expired, len(found.rejected)) == (1, 0, 1)
    assert (found.rejected[0].line, found.rejected[0].reason) == (2, "its end is no date")


def test_a_listed_entry_whose_end_cannot_be_read_stays() -> None:
    assert report("url,expires\nbad.example,soon\n", format="csv").entries == 1


@pytest.mark.parametrize(
    ("end", "ends"),
    [
        ("2026-01-31", 1769904000),
        ("20260131", 1769904000),
        ("2026-01-31T10:00:00Z", 1769853600),
        ("2026-01-31T10:00:00+02:00", 1769846400),
        ("2026-01-31 10:00:00", 1769853600),
        ("1769853600", 1769853600),
        ("1769853600000", 1769853600),
        ("9999-12-31", 253402300800),
    ],
)
def test_ends_as_publishers_write_them(end: str, ends: int) -> None:
    assert [each.ends for each in allowing(f"bad.example,host,{end},x\n").engine.allowances] == [ends]


def test_the_reason_is_kept_and_names_no_address() -> None:
    note = "case 7: see https://bad.example/x or bad[.]example by A. Reviewer"
    [found] = allowing(f"bad.example,host,,{note}\ngood.example,host,,\n").engine.allowances
    assert found.reason == "case 7: see … or … by A. Reviewer"
    assert (found.id, found.list, found.ends) == ("ours:2", "ours", None)


def test_an_address_is_allowed_as_long_as_one_of_its_lines_says() -> None:
    lines = [
        "bad.example,host,2026-01-31,first",
        "bad.example,host,2026-03-31,longer",
        "bad.example,host,2026-02-28,no",
    ]
    [found] = allowing("\n".join(lines)).engine.allowances
    assert (found.reason, found.ends) == ("longer", 1775001600)
    [found] = allowing("\n".join([*lines, "bad.example,host,,for ever"])).engine.allowances
    assert (found.reason, found.ends) == ("for ever", None)
    assert allowing("bad.example,host,,\nbad.example,host,2026-01-31,\n").engine.allowances == ()


def test_popular_hosts_of_a_file_stand_in_for_our_table() -> None:
    warninglist = b'{"name": "x", "type": "string", "list": ["good.example"]}'
    source = Source(name="demo", data=b"good.example\nwww.good.example\n*.example\nthreads.net\n")
    found = compile_lists([source], popular=popular_hosts(warninglist)).report
    assert [(line.line, line.reason) for line in found.quarantined] == [
        (1, "popular host"),
        (2, "popular host"),
        (3, "public suffix"),
    ]
    with pytest.raises(ListError, match="holds no host"):
        popular_hosts(b"http://good.example/x\n")


def test_popular_hosts_of_misp() -> None:
    hosts = popular_hosts(shared("guard/misp_cloudflare-top20k.json"), name="top.json")
    assert len(hosts) > 19_000
    found = compile_lists([Source(name="demo", data=b"zynga.com\nbad.example\n")], popular=hosts).report
    assert (found.entries, len(found.quarantined)) == (1, 1)


def test_skipped_lines_are_no_rejected_lines() -> None:
    found = report("||bad.example^\n##.ad\n@@||good.example^\n-banner-\ntwo words\n", format="adblock")
    assert found.skipped == {"adblock: cosmetic rule": 1, "adblock: not an address": 1}
    assert found.reasons["rejected"] == {"adblock: not a rule": 1}
    [tally] = found.lists
    assert (tally.entries, tally.allowed, tally.rejected, tally.skipped) == (2, 1, 1, 2)


def test_a_bare_top_level_domain_has_an_id_that_says_nothing() -> None:
    [line] = report("com\n").quarantined
    assert (line.reason, len(line.id)) == ("public suffix", 16)
    assert compile_lines(["com"]).report.quarantined[0].id == "list:1"


@pytest.mark.parametrize("row", rows("pages_on_suffixes"), ids=lambda row: row["address"])
def test_a_page_on_a_bare_public_suffix_is_rejected(row: dict[str, Any]) -> None:
    found = report(f"{row['address']}\n")
    reasons = ["a page on a bare public suffix"] if row.get("rejected") else []
    assert [line.reason for line in found.rejected] == reasons
    assert found.entries == (not row.get("rejected"))


def test_a_rule_of_a_filter_list_for_a_suffix_is_no_page() -> None:
    found = compile_lists([Source(name="x", data=b"||pages.dev/x/\n||someone.pages.dev/x/\n||github.io/a^\n")]).report
    assert (found.entries, [line.line for line in found.rejected]) == (1, [1, 3])


def test_a_bare_suffix_keeps_its_publishers_id() -> None:
    data = b"url,id\ncom,INC-7\nco.uk,INC-8\n"
    found = compile_lists([Source(name="x", data=data, format="csv")], secret=b"s" * 32).report
    assert [line.id for line in found.quarantined] == ["INC-7", "INC-8"]


@pytest.mark.parametrize("kind", ["hosts", "plain"])
def test_a_default_scope_is_for_every_format_whose_spelling_says_none(kind: str) -> None:
    data = {"hosts": b"0.0.0.0 bad.example\n", "plain": b"bad.example\n"}[kind]
    found = compile_lists([Source(name="x", data=data, format=kind, default_scope="domain")])
    assert found.report.scopes == {"domain": 1}
    assert found.engine.lookup("http://www.bad.example/").flagged
