"""Canaries are in every engine, name nothing real, and no report, size or id is other for them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from desk import Desk, local

import linkgate
from linkgate.core.index.entry import ADDRESSED, Scope
from linkgate.lists.canaries import ADDRESSES, CANARY_LIST, canaries

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "http://bad.example/page"
EVERY = frozenset({"198.51.100.7", "[2001:db8::1]"})
FOR_DOCUMENTS = ("192.0.2.0/24", "2001:db8::/32")


def test_one_of_every_scope_and_none_that_a_real_page_could_meet() -> None:
    entries = canaries(EVERY)
    assert {entry.scope for entry in entries} == set(ADDRESSED)
    assert [entry.id for entry in entries] == [f"{CANARY_LIST}:{name}" for name in ADDRESSES]
    assert {entry.list for entry in entries} == {CANARY_LIST}
    for entry in entries:
        host = entry.url.host
        if entry.scope is Scope.BRAND:
            assert len(host) > 24
        elif entry.id.endswith(("ipv4", "ipv6")):
            address = ip_address(host.strip("[]"))
            assert any(address in ip_network(network) for network in FOR_DOCUMENTS)
        else:
            assert host.endswith(".example")
            assert "linkgate-canary-" in host


@pytest.mark.parametrize(
    ("listed", "carried"),
    [
        ("bad.example", set()),
        ("http://198.51.100.7/x", {"ipv4"}),
        ("http://[2001:db8::1]/x", {"ipv6"}),
        ("http://0xC6336407/x", {"ipv4"}),
    ],
)
def test_addresses_stand_only_beside_addresses_of_their_kind(listed: str, carried: set[str]) -> None:
    engine = linkgate.compile_lines([listed]).engine
    names = {name.removeprefix(f"{CANARY_LIST}:") for name in engine.canaries}
    assert names == set(ADDRESSES) - {"ipv4", "ipv6"} | carried


def test_no_message_is_searched_for_numbers_because_of_a_canary() -> None:
    engine = linkgate.compile_lines([PAGE]).engine
    assert engine._prefilter.search("[12:30] version 1.2.3.4 of 0xC000024D and 3221226061/2").clear


def test_they_are_found_and_told_apart() -> None:
    engine = linkgate.compile_lines([PAGE], name="demo").engine
    verdict = engine.check(f"see {ADDRESSES['page']} and {PAGE}")
    assert [(match.entry.list, match.entry.id) for match in verdict.matches] == [
        (CANARY_LIST, "linkgate-canary:page"),
        ("demo", "demo:1"),
    ]
    assert verdict.action == "block"


def test_reports_and_sizes_do_not_count_them(tmp_path: Path) -> None:
    compiled = linkgate.compile_lines([PAGE, "*.worse.example"])
    assert (compiled.report.entries, compiled.report.scopes) == (2, {"page": 1, "domain": 1})
    assert [tally.list for tally in compiled.report.lists] == ["list"]
    assert compiled.engine.size == 2
    linkgate.save(compiled.engine, tmp_path / "s")
    again = linkgate.load(tmp_path / "s")
    assert (again.size, again.canaries, again.snapshot) == (2, compiled.engine.canaries, compiled.engine.snapshot)
    assert linkgate.compile_lines([]).engine.size == 0


def test_an_engine_without_canaries_is_read_as_one(tmp_path: Path) -> None:
    bare = linkgate.Engine.build(iter(()), rules=linkgate.packaged_rules())
    linkgate.save(bare, tmp_path / "s")
    assert (linkgate.load(tmp_path / "s").canaries, linkgate.load(tmp_path / "s").snapshot) == ((), bare.snapshot)


def test_a_snapshot_id_depends_on_the_lists_alone() -> None:
    ids = {linkgate.compile_lines(lines).engine.snapshot for lines in ([PAGE], iter([PAGE]), [PAGE, PAGE])}
    assert len(ids) == 1
    assert linkgate.compile_lines(["http://bad.example/other"]).engine.snapshot not in ids


@pytest.mark.parametrize("name", ["linkgate-canary", "Linkgate-Canary"])
def test_no_list_takes_their_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(linkgate.ListError, match="reserved"):
        linkgate.compile_lists([linkgate.Source(name=name, data=PAGE.encode())])
    desk = Desk(tmp_path, f'name = "{name}"\npath = "x"')
    with pytest.raises(linkgate.UsageError, match=r"line 5.* is taken: .* reserved"):
        _ = desk.config


def test_a_store_counts_lists_alone_and_a_diff_names_lists_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, local())
    bare = linkgate.Engine.build(iter(()), rules=linkgate.packaged_rules())
    desk.store.publish(bare)  # as of a linkgate that had no canaries
    desk.put("partner.txt", PAGE.encode())
    desk.update()
    store = desk.store
    assert store.current.entries == 1
    assert [change.list for change in linkgate.diff(store, 1, 2)] == ["partner"]
    assert store.load().canaries == linkgate.compile_lines([PAGE]).engine.canaries


def test_other_canaries_are_other_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A linkgate that has other canaries than the one that compiled the store puts its own in."""
    desk = Desk(tmp_path, local())
    desk.put("partner.txt", PAGE.encode())
    desk.update()
    before = desk.store.manifest().settings
    desk.update()
    assert desk.store.manifest().settings == before
    monkeypatch.setitem(ADDRESSES, "page", "http://linkgate-canary-page.example/other")
    desk.update()
    assert desk.store.manifest().settings != before
