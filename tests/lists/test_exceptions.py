"""An exception in a publisher's list is about that list; only a list of kind `allow` lifts the entries of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linkgate.lists.compile import Source, compile_lists
from linkgate.lists.snapshot import dump, loads

if TYPE_CHECKING:
    from linkgate.core.engine import Engine

LISTED = Source(name="listed", data=b"bad.example\n*.worse.example\n")
OTHERS = {
    "adblock": b"||other.example^\n@@||bad.example^\n@@||worse.example^\n",
    "rpz": b"$TTL 60\n@ SOA a. b. 1 2 3 4 5\nother.example CNAME .\nbad.example CNAME rpz-passthru.\n"
    b"worse.example CNAME rpz-passthru.\n*.worse.example CNAME rpz-passthru.\n",
    "polkadot": b'{"deny": ["other.example"], "allow": ["bad.example", "worse.example"]}',
    "csv": b"url,allow\nother.example,\nbad.example,yes\n*.worse.example,yes\n",
    "jsonl": b'{"url": "other.example"}\n{"url": "bad.example", "allow": true}\n'
    b'{"url": "*.worse.example", "allow": true}\n',
    "misp-warninglist": b'{"type": "hostname", "list": ["bad.example", ".worse.example"]}',
}


def engine(*sources: Source) -> Engine:
    """Compiled, written and read back: what the flags of an entry say must come through."""
    return loads(dump(compile_lists(sources).engine))


@pytest.mark.parametrize("kind", OTHERS)
def test_an_exception_of_another_list_lifts_nothing(kind: str) -> None:
    found = engine(LISTED, Source(name="other", data=OTHERS[kind], format=kind))
    for link in ("http://bad.example/x", "http://worse.example/", "http://www.worse.example/x"):
        assert found.lookup(link).flagged


@pytest.mark.parametrize("kind", OTHERS)
def test_as_a_list_of_kind_allow_it_lifts(kind: str) -> None:
    found = engine(LISTED, Source(name="other", data=OTHERS[kind], format=kind, allow=True))
    assert not found.lookup("http://bad.example/x").flagged


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("adblock", b"||bad.example^\n@@||good.bad.example^\n"),
        ("rpz", b"$TTL 60\n@ SOA a. b. 1 2 3 4 5\n*.bad.example CNAME .\ngood.bad.example CNAME rpz-passthru.\n"),
        ("csv", b"url,allow\n*.bad.example,\ngood.bad.example,1\n"),
    ],
)
def test_an_exception_lifts_within_its_own_list(kind: str, data: bytes) -> None:
    own = Source(name="own", data=data, format=kind)
    found = engine(own)
    assert not found.lookup("http://good.bad.example/x").flagged
    assert found.lookup("http://x.bad.example/").flagged
    [match] = engine(own, Source(name="second", data=b"good.bad.example\n")).lookup("http://good.bad.example/x").matches
    assert match.entry.list == "second"
