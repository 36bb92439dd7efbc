"""Short links: those that nothing covers are noted, and nothing else changes; sisters are one service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addresses import RULES, Address, entries, entry
from linkgate import Source, compile_lists
from linkgate.columns.batch import hits_in
from linkgate.columns.suspects import Suspects
from linkgate.core.engine import Engine
from linkgate.core.index.entry import Scope
from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.shorteners import ShortenerTable
from strategies import disguised, messages

if TYPE_CHECKING:
    from linkgate.core.index.entry import Entry

ROWS = (
    *("sho.rt.example", "s.test get", "own.example head closed", "sis.example head open sho.rt.example"),
    *("sho.rt.example/preview head open sho.rt.example", "bad.example", "odd.onlyhere"),
)
SHORT = replace(RULES, shorteners=ROWS)
LINKS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        ("", "http://", "https://", "HTTP://u@", "http://www.", "http://other.test/?u=http%3A%2F%2F", "//")
    ),
    st.sampled_from(
        ("sho.rt.example", "S.TEST", "own.example", "sis.example", "bad.example", "odd.onlyhere", "ｓ.test")
    ),
    st.sampled_from(("", ":80", ":8080")),
    st.sampled_from(("", "/", "/3xYz", "/3xYz/", "/preview/3xYz?a=1", "/%33x", "/a.", "/3xYz)", "?x", "/#x")),
)
TEXTS = st.one_of(LINKS, LINKS.flatmap(disguised), st.lists(LINKS, min_size=2, max_size=3).map(", ".join))


def engines(listed: list[Entry]) -> tuple[Engine, Engine]:
    return Engine.build(listed, rules=SHORT), Engine.build(listed, rules=SHORT, opaque=True)


@given(st.data(), st.lists(entries(), max_size=3), TEXTS)
def test_noting_changes_no_match_and_fast_is_plain(data: st.DataObject, listed: list[Entry], text: str) -> None:
    more = data.draw(messages(Address("sho.rt.example", path="/3xYz")))
    listed = [*listed, entry(Address("sis.example", path="/3xYz"), number=9)]
    off, on = engines(listed)
    message = f"{text} {more}"
    found = on.check(message, links=[text])
    assert found.matches == off.check(message, links=[text]).matches
    judged = on._matcher.judged(message, [text])
    assert (found.matches, found.opaque) == (judged.matches, judged.opaque)
    assert not off.check(message, links=[text]).opaque
    texts = pa.array(["", message.encode("utf-8", "replace").decode()])
    assert not on.check(texts[1].as_py()).opaque or 1 in Suspects(on.hosts).of(texts)


@given(TEXTS)
def test_what_is_noted_is_a_short_link_at_its_place(text: str) -> None:
    _, on = engines([entry(Address("else.example"))])
    verdict = on.check(f"see {text} there")
    for link in verdict.opaque:
        page = canonicalize(link.url)
        assert page is not None
        assert SHORT.short.is_short(page)
        assert f"see {text} there"[link.start : link.end] == link.text
    again = Engine.from_sections(on.sections())
    assert (again.snapshot, again.check(text, links=[text])) == (on.snapshot, on.check(text, links=[text]))


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("see http://sho.rt.example/3xYz.", ["http://sho.rt.example/3xYz"]),
        ("(www.sis.example/3xYz)", ["www.sis.example/3xYz"]),
        ("hxxp://s[.]test/a", ["http://s.test/a"]),
        ("http://s.test/a http://s.test/b", ["http://s.test/a", "http://s.test/b"]),
        ("http://o.test/?u=http%3A%2F%2Fs.test%2Fa", ["http://s.test/a"]),
        ("http://own.example/a http://s.test/ http://s.test:8080/a http://x.s.test/a", []),
        ("http://s.test/listed http://s.test/allowed", []),
    ],
)
def test_rows(text: str, noted: list[str]) -> None:
    sources = [
        Source(name="demo", data=b"http://s.test/listed"),
        Source(name="ours", data=b"http://s.test/allowed", allow=True),
    ]
    engine = compile_lists(sources, shorteners=ROWS, opaque=True).engine
    assert [link.url for link in engine.check(text).opaque] == noted
    links = text.split()[-1:]
    assert all(link.start is None for link in engine.check("", links=links).opaque)


def test_off_is_what_it_was() -> None:
    listed = [entry(Address("bad.example", path="/page")), entry(Address("worse.example"), Scope.DOMAIN)]
    plain, off = Engine.build(listed, rules=RULES), Engine.build(listed, rules=SHORT)
    text = "http://bad.example/page http://sho.rt.example/3xYz http://a.worse.example"
    told = [engine.check(text).as_dict() | {"snapshot": ""} for engine in (plain, off)]
    assert told[0] == told[1]
    assert "opaque" not in off.sections()
    assert dict(off.hosts.words()) == dict(plain.hosts.words())


def test_a_column_has_no_hit_of_a_short_link() -> None:
    _, on = engines([entry(Address("bad.example", path="/page"))])
    batch = pa.RecordBatch.from_pydict({"text": ["see http://s.test/a", "see http://bad.example/page"]})
    assert hits_in(batch, on).column("place").to_pylist() == [2]


def test_a_last_label_of_a_shortener_alone_makes_no_link() -> None:
    off, on = engines([entry(Address("bad.example", path="/page"))])
    assert on.opaque == ("onlyhere",)
    assert [len(each._matcher.judged("see odd.onlyhere/x").opaque) for each in (off, on)] == [0, 0]
    assert [link.url for link in on.check("http://odd.onlyhere/x").opaque] == ["http://odd.onlyhere/x"]


def test_the_sum_of_a_listed_short_link_is_that_of_its_service() -> None:
    off, _ = engines([entry(Address("sho.rt.example", path="/3xYz"))])
    steps = {
        "http://sis.example/3xYz": ("shortener-alias",),
        "http://sis.example/preview/3xYz": ("shortener-alias",),
        "http://www.sis.example/3xYz": ("www", "shortener-alias"),
        "http://sho.rt.example/preview/3xYz?utm_x=1": ("shortener-alias", "tracking-parameter"),
        "http://sho.rt.example/preview": None,
        "http://s.test/3xYz": None,
    }
    for link, told in steps.items():
        for verdict in (off.check(f"see {link} there"), off.lookup(link), off.check("", links=[link])):
            assert [match.steps for match in verdict.matches] == ([] if told is None else [told]), link


@pytest.mark.parametrize(
    "row", ["a.example put", "a.example head shut", "a.example/p", "a.example head open b c", "a/p head"]
)
def test_a_bad_row_is_refused_without_a_host(row: str) -> None:
    with pytest.raises(ValueError, match=r"path|row") as error:
        ShortenerTable.of((row,))
    assert "example" not in str(error.value)
