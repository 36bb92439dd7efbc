from __future__ import annotations

import datetime as dt

import pytest

from linkgate.errors import UsageError
from linkgate.lists.compile import Compiled, Source, compile_lines, compile_lists
from linkgate.lists.popular import popular_hosts

SECRET = b"a secret of the store"


def compiled(*lines: str, accept: dict[str, str] | None = None, **more: object) -> Compiled:
    source = Source(name="demo", data="\n".join(lines).encode(), format="plain", **more)  # type: ignore[arg-type]
    return compile_lists([source], secret=SECRET, accept=accept)


def ids(found: Compiled, *links: str) -> list[str]:
    return [match.entry.id for link in links for match in found.engine.lookup(link).matches]


def test_keyed_ids_stay_when_lines_move() -> None:
    first = compiled("http://bad.example/x", "worse.example")
    second = compiled("new.example", "worse.example", "# note", "https://bad.example/x")
    links = ("http://bad.example/x", "http://worse.example/y")
    assert ids(first, *links) == ids(second, *links)
    assert len(set(ids(first, *links))) == 2


def test_keyed_ids_differ_by_secret_list_scope_fragment_and_allow() -> None:
    data = b"url,scope,allow\nbad.example,host,\nbad.example,domain,\nbad.example,page,\nbad.example,host,yes\n"
    data += b"bad.example/#a,,\nbad.example/#b,,\n"
    found = set()
    for name, secret in (("a", SECRET), ("b", SECRET), ("a", b"other" * 40)):
        result = compile_lists([Source(name=name, data=data, format="csv")], secret=secret)
        assert result.report.entries == 6
        found |= {entry.id for entry in all_entries(result)}
    assert len(found) == 18
    assert all(len(entry_id) == 16 for entry_id in found)


def all_entries(found: Compiled) -> list[object]:
    from linkgate.lists.formats import FORMATS  # noqa: F401, PLC0415

    return list(found.engine._judge._index.entries)  # type: ignore[attr-defined]
