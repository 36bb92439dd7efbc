from __future__ import annotations

import json
from typing import Any

import pytest
from list_rows import rows, shared

from linkgate.lists.address import to_entry
from linkgate.lists.formats import ListItem
from linkgate.lists.guard import Guard
from linkgate.lists.packaged_rules import packaged_rules
from linkgate.lists.packaged_tables import table

GUARD = Guard(packaged_rules())


def objection(address: str) -> str | None:
    entry = to_entry(ListItem(line=1, address=address), list_name="demo")
    assert not isinstance(entry, str), entry
    return GUARD.objection(entry)


@pytest.mark.parametrize("row", rows("guard"), ids=lambda row: row["address"])
def test_rows(row: dict[str, Any]) -> None:
    assert objection(row["address"]) == row.get("reason")


@pytest.mark.parametrize("name", ["popular", "shorteners", "link_in_bio", "dynamic_dns"])
def test_tables_hold_hosts_in_canonical_form(name: str) -> None:
    for host in (row.split()[0].partition("/")[0] for row in table(name)):
        entry = to_entry(ListItem(line=1, address=f"http://{host}/", scope="host"), list_name="demo")
        assert not isinstance(entry, str), host
        assert entry.url.host == host
        assert objection(f"http://{host}/*"), host


def test_shared_paths_stand_in_loosest_form() -> None:
    for door in table("shared_paths"):
        assert objection(f"https://{door}") == "shared path", door
        assert objection(f"https://{door}/*") == "shared path", door


def test_cover_of_the_hosts_that_people_use_most() -> None:
    hosts = json.loads(shared("guard/misp_cloudflare-top20k.json"))["list"]
    held = sum(objection(f"http://{host.lower()}/*") is not None for host in hosts)
    assert held > 1400


def test_cover_of_second_level_suffixes() -> None:
    hosts = json.loads(shared("guard/misp_second-level-tlds.json"))["list"]
    held = sum(objection(f"http://{host.lower()}/*") is not None for host in hosts)
    assert held / len(hosts) > 0.75
