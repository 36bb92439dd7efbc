"""Deltas with tombstones: a list and its changes give the list as it is now."""

from __future__ import annotations

import json

import pytest

from linkgate.core.index.entry import Scope
from linkgate.errors import ListError
from linkgate.lists.deltas import DeltaPart, Merged, apply

FULL = b"id,address,kind\n1,http://bad.example/one,a\n2,http://bad.example/two,b\n"
COLUMNS = {"id": "id", "url": "address", "category": "kind"}


def rows(merged: Merged) -> list[dict[str, str]]:
    return [json.loads(line) for line in merged.data.splitlines()]


def csv(delta: bytes) -> Merged:
    return apply(DeltaPart(FULL, "csv", COLUMNS), DeltaPart(delta, "csv", COLUMNS, "op"))


def test_rows_come_go_and_change() -> None:
    merged = csv(
        b"op,id,address,kind\nadd,3,http://bad.example/three,c\n"
        b"deleted,1,http://bad.example/one,\nadd,2,http://bad.example/moved,b\n"
    )
    assert (merged.added, merged.removed, merged.unknown, merged.rejected) == (1, 1, 0, 0)
    assert {row["id"]: row["url"] for row in rows(merged)} == {
        "2": "http://bad.example/moved",
        "3": "http://bad.example/three",
    }


def test_a_tombstone_by_id_alone() -> None:
    merged = csv(b"op,id,address,kind\nremove,1,,\nremove,9,,\nadd,,,\n")
    assert [row["id"] for row in rows(merged)] == ["2"]
    assert (merged.removed, merged.unknown, merged.rejected) == (1, 1, 1)


def test_a_tombstone_by_address_in_another_spelling() -> None:
    merged = csv(b"op,id,address,kind\nremove,,HTTP://BAD.example:80/./one,\n")
    assert [row["id"] for row in rows(merged)] == ["2"]


def test_a_tombstone_of_what_was_never_there() -> None:
    assert csv(b"op,id,address,kind\nremove,,http://bad.example/none,\n").unknown == 1


def test_the_same_delta_twice_is_the_same_list() -> None:
    delta = DeltaPart(b"-bad.example/one\n+bad.example/three\n", "plain")
    once = apply(DeltaPart(b"http://bad.example/one\n*.worse.example\n", "plain"), delta)
    twice = apply(DeltaPart(once.data, "jsonl"), delta)
    assert rows(once) == rows(twice)
    assert (twice.added, twice.removed, twice.unknown) == (0, 0, 1)


def test_scope_is_part_of_what_is_taken_off() -> None:
    merged = apply(DeltaPart(b"worse.example\n*.worse.example\n", "plain"), DeltaPart(b"-*.worse.example\n", "plain"))
    assert [row["url"] for row in rows(merged)] == ["worse.example"]


def test_the_default_scope_decides_what_a_bare_host_means() -> None:
    full, delta = DeltaPart(b"*.worse.example\n", "plain"), DeltaPart(b"-worse.example\n", "plain")
    assert apply(full, delta, default=Scope.DOMAIN).removed == 1
    assert apply(full, delta, default=Scope.HOST).removed == 0


def test_an_unknown_format() -> None:
    with pytest.raises(ListError, match="no format"):
        apply(DeltaPart(b"x", "none"), DeltaPart(b"y", "plain"))
