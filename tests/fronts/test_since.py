"""What is new: a scan since an older snapshot gives the difference of two full scans, in hits and order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from running import rows, run, sentence

import linkgate
from addresses import LINKED, RULES, Address, addresses, engine_of, entries, entry
from linkgate.core.index.entry import Entry, Scope
from linkgate.core.url.suffixes import Rules
from linkgate.fronts.archive.finder import Finder, Since
from linkgate.fronts.batches import messages_of, scan_batch
from strategies import messages

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate import Engine

    Hit = tuple[Any, ...]

NAMES = ("list", "entry", "place", "start", "end", "scope", "kind")


def full(engine: Engine, texts: list[str], links: list[list[str]]) -> list[Hit]:
    return hits(scan_batch(messages_of(texts, links=links), engine))


def hits(found: Any) -> list[Hit]:
    return [(*(row[name] for name in NAMES), tuple(row["steps"])) for row in found.to_pylist()]


def difference(new: Engine, old: Engine, texts: list[str], links: list[list[str]]) -> list[Hit]:
    """The hits of which the older engine has no like, or not their address, whatever list and entry are called."""
    known = {hit[2:] for hit in full(old, texts, links)}
    listed = {address(each) for each in listed_in(old)}
    addresses_of: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for each in listed_in(new):
        addresses_of[each.list, each.id].add(address(each))
    found = full(new, texts, links)
    return [hit for hit in found if hit[2:] not in known or not addresses_of[hit[0], hit[1]] & listed]


def listed_in(engine: Engine) -> list[Entry]:
    return [each for each in engine._matcher.index.entries() if not each.allow]


def address(each: Entry) -> tuple[Any, ...]:
    return each.scope, each.url, each.fragment


def since(engine: Engine, older: Engine, texts: list[str], links: list[list[str]]) -> list[Hit]:
    found = linkgate.newer(engine, than=older)
    look = Finder((engine,), Since(older, found.engine, found.fresh))
    return hits(look.hits(messages_of(texts, links=links)))


def numbered(given: list[Entry], numbers: list[int], allowed: list[int]) -> list[Entry]:
    """The entries with ids of which some are the same, and some of them allow entries: 1 allows, 2 lifts too."""
    return [
        Entry(id=f"demo:{number}", scope=each.scope, list="demo", url=each.url, allow=bool(allow), lifts=allow > 1)
        for each, number, allow in zip(given, numbers, allowed, strict=True)
    ]


@st.composite
def versions(draw: st.DrawFn, address: Address) -> tuple[list[Entry], list[Entry]]:
    """Two versions of a list: entries that stay, that come, that go; ids that stand for several; allow entries."""
    of_address = st.sampled_from(LINKED).filter(lambda scope: scope is not Scope.BRAND)
    some = draw(st.lists(entries() | of_address.map(lambda scope: entry(address, scope)), min_size=1, max_size=6))
    numbers = [draw(st.integers(0, len(some))) for _ in some]
    allowed = [draw(st.sampled_from((0, 0, 0, 1, 2))) for _ in some]
    every = numbered(some, numbers, allowed)
    sides = [draw(st.sampled_from(((True, True), (True, False), (False, True)))) for _ in every]
    old = [each for each, (before, _) in zip(every, sides, strict=True) if before]
    new = [each for each, (_, after) in zip(every, sides, strict=True) if after]
    return old, new


@given(st.data(), addresses())
def test_since_is_the_difference_of_two_full_scans(data: st.DataObject, address: Address) -> None:
    old, new = map(engine_of, data.draw(versions(address)))
    whole = messages(address).map(lambda text: text.encode("utf-8", "replace").decode())
    texts = data.draw(st.lists(whole, min_size=1, max_size=3))
    links = [data.draw(st.lists(whole, max_size=2)) for _ in texts]
    expected = difference(new, old, texts, links)
    assert since(new, old, texts, links) == expected


KNOWN = replace(RULES, suffixes=(*RULES.suffixes, "me", "dog"))
PATHS = (("/bad", None), ("/bad", "k"), ("/Bad/", None), ("/bad/a/b", None))
HOSTS = ("bad.example", "bad.example", "www.bad.example", "b.bad.example", "t.me", "bad.t.me", "telegram.dog")
CLOSE = [Address(host, path=path, fragment=fragment) for host in HOSTS for path, fragment in PATHS]
ODD = [*(Address(host, path="/bad") for host in ("bad.unknowntail", "bad.example", "b.bad.unknowntail")), *CLOSE[:4]]
WRITTEN = ("%s", "%s", "http://go.test/any?u=%s", "http://bad.unknowntail/?u=%s", "bad.unknowntail?u=%s")


@st.composite
def close_versions(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """Two versions of a list whose entries cover each other."""
    pool = draw(st.sampled_from((CLOSE, CLOSE[:12], ODD)))
    every = draw(st.lists(st.builds(entry, st.sampled_from(pool), st.sampled_from(LINKED)), min_size=1, max_size=4))
    allowed = [draw(st.sampled_from((0, 0, 0, 1, 2))) for _ in every]
    every = numbered(every, [draw(st.integers(0, 3)) for _ in every], allowed)
    some = st.lists(st.sampled_from(every), max_size=3)
    stays = draw(some)
    return stays + draw(some), stays + draw(some)


def written(listed: list[Entry]) -> list[str]:
    """Messages with links to these entries: nested, in pairs, with and without a scheme."""
    pages = dict.fromkeys(str(Address(each.url.host, path=each.url.path, fragment=each.fragment)) for each in listed)
    links = [
        form % page for page in (*pages, "http://bad.other.example/bad", "http://telegram.me/bad") for form in WRITTEN
    ]
    texts = [*links, *(f"{one} {other}" for one, other in pairwise(links)), "?u=".join(pages)]
    return [*texts, *(text.replace("http://", "") for text in texts)]


@given(close_versions())
def test_since_is_the_difference_for_close_addresses(both: tuple[list[Entry], list[Entry]]) -> None:
    old, new = (linkgate.Engine.build(several, rules=KNOWN) for several in both)
    texts = written([*both[0], *both[1]])
    links: list[list[str]] = [[] for _ in texts]
    expected = difference(new, old, texts, links)
    event(f"new: {bool(expected)}, whole: {bool(linkgate.newer(new, than=old).whole)}")
    assert since(new, old, texts, links) == expected


PAGE, OTHER = Address("bad.example", path="/page"), Address("b.bad.example", path="/x")
TEXT = [
    "http://bad.example/page",
    "http://b.bad.example/x http://bad.example/page",
    "bad.unknowntail/page",
    "http://telegram.dog/bad",
]
DOMAIN = entry(Address("bad.example"), Scope.DOMAIN, number=7)


def allow(address: Address, scope: Scope = Scope.PAGE, *, lifts: bool = False) -> Entry:
    [made] = numbered([entry(address, scope)], [99], [1 + lifts])
    return made


CASES: dict[str, tuple[list[Entry], list[Entry], int | None]] = {
    "a new page": ([entry(PAGE)], [entry(PAGE), entry(OTHER, number=1)], 1),
    "nothing new": ([entry(PAGE), DOMAIN], [entry(PAGE), DOMAIN], 0),
    "entries that went": ([entry(PAGE), entry(OTHER, number=1)], [entry(PAGE)], 0),
    "another id": ([entry(PAGE)], [entry(PAGE, number=5)], 0),
    "another id, and one more": ([entry(PAGE)], [entry(OTHER), entry(PAGE, number=1)], 1),
    "another scope": ([entry(PAGE)], [entry(PAGE), entry(PAGE, Scope.HOST)], 2),
    "one id for more": ([entry(PAGE)], [entry(PAGE), entry(OTHER)], 2),
    "one id for less": ([entry(PAGE), entry(OTHER)], [entry(OTHER)], 1),
    "a fragment": ([entry(PAGE)], [entry(replace(PAGE, fragment="k"))], 1),
    "an allow entry went": ([DOMAIN, allow(PAGE)], [DOMAIN], 1),
    "an allow entry came": ([DOMAIN], [DOMAIN, allow(PAGE)], 2),
    "an allow entry lifts": (
        [entry(OTHER), allow(OTHER, Scope.HOST, lifts=True)],
        [entry(OTHER), allow(OTHER, Scope.HOST)],
        2,
    ),
    "an allow entry on another host of Telegram": (
        [entry(Address("dog"), Scope.DOMAIN), allow(Address("t.me", path="/bad"))],
        [entry(Address("dog"), Scope.DOMAIN)],
        1,
    ),
    "an allow entry of elsewhere": ([DOMAIN, allow(Address("a-b.test"))], [DOMAIN], 0),
    "an allow domain": ([entry(OTHER, Scope.HOST), allow(PAGE, Scope.DOMAIN)], [entry(OTHER, Scope.HOST)], 1),
    "a deeper prefix": (
        [entry(PAGE, Scope.PREFIX)],
        [entry(PAGE, Scope.PREFIX), entry(Address("a-b.test", path="/a/b/c"), Scope.PREFIX, number=1)],
        2,
    ),
    "an allow entry under a brand": ([entry(PAGE, Scope.BRAND), allow(PAGE)], [entry(PAGE, Scope.BRAND)], 1),
    "an unknown top-level domain as before": (
        [entry(Address("b.unknowntail"))],
        [entry(Address("b.unknowntail")), entry(PAGE, number=1)],
        1,
    ),
    "another top-level domain": ([entry(PAGE)], [entry(PAGE), entry(Address("b.unknowntail"), number=1)], None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_engine_of_what_is_new_is_small(case: str) -> None:
    before, after, size = CASES[case]
    old, new = engine_of(before), engine_of(after)
    found = linkgate.newer(new, than=old)
    assert (found.engine.size if not found.whole else None) == size
    links: list[list[str]] = [[] for _ in TEXT]
    assert since(new, old, TEXT, links) == difference(new, old, TEXT, links)


def test_other_rules_are_told() -> None:
    old = linkgate.Engine.build([entry(PAGE)], rules=Rules(suffixes=("example",)))
    found = linkgate.newer(engine_of([entry(PAGE)]), than=old)
    assert found.whole is not None
    assert "rules" in found.whole


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of two versions."""
    made = linkgate.Store.open(tmp_path / "store", create=True)
    for lines in (["http://bad.example/page"], ["http://bad.example/page", "*.worse.example"]):
        made.publish(linkgate.compile_lines(lines).engine)
    linkgate.save(made.load(1), tmp_path / "old.snapshot")
    return made.path


POSTS = "see http://bad.example/page\nhttp://a.worse.example/ http://bad.example/page\nnothing\n"


@pytest.mark.parametrize("named", ["old.snapshot", "1", "id"])
def test_since_on_the_command_line(store: Path, named: str) -> None:
    first, last = linkgate.Store.open(store).versions()
    since = first.snapshot if named == "id" else named
    done = run("scan", "-", "--list", store, "--since", since, stdin=POSTS.encode(), cwd=store.parent)
    [hit] = rows(done.stdout)
    assert (hit["place"], hit["entry"], hit["snapshot"], done.returncode) == (2, "list:2", last.snapshot, 1)
    assert "1 entry of 2 may say something new" in done.stderr.decode()


def test_since_with_two_processes(store: Path, tmp_path: Path) -> None:
    (tmp_path / "posts.txt").write_text(POSTS)
    scan = ("scan", tmp_path / "posts.txt", "--list", store, "--since", "1", "--show-urls")
    assert run(*scan, "--jobs", "2").stdout == run(*scan).stdout != b""


def test_nothing_new_is_found_nowhere(store: Path) -> None:
    done = run("scan", "-", "--list", store, "--since", "2", stdin=POSTS.encode())
    assert (done.stdout, done.returncode) == (b"", 0)


def test_since_what(store: Path, tmp_path: Path) -> None:
    assert "no such version" in sentence(run("scan", "-", "--list", store, "--since", "7"))
    assert "no such file" in sentence(run("scan", "-", "--list", tmp_path / "old.snapshot", "--since", "7"))
    several = ("--list", store, "--list", tmp_path / "old.snapshot")
    assert "name one store or snapshot" in sentence(run("scan", "-", *several, "--since", "1"))
    (tmp_path / "damaged").write_bytes((tmp_path / "old.snapshot").read_bytes()[:-1])
    assert "cut short" in sentence(run("scan", "-", "--list", store, "--since", tmp_path / "damaged"))
