"""The laws of the design that hold for every list and every message; law 3 stands in test_linear.py.

A *plain* verdict is the judge's alone, without the gate.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from addresses import LINKED, RULES, Address, addresses, canonical, engine_of, entries, entry, page_engine
from linkgate.columns.suspects import Suspects
from linkgate.core.engine import Engine
from linkgate.core.index.entry import Entry, Scope
from linkgate.core.links.find import find_links
from linkgate.core.text.fold import fold
from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.suffixes import Rules
from linkgate.core.verdict import Kind, Match
from spellings import spellings
from strategies import disguised, messages, noise

if TYPE_CHECKING:
    from collections.abc import Sequence

SIMPLE = st.builds(
    Address,
    st.sampled_from(("bad.example", "a-b.test", "sub.bad.example", "192.0.2.7")),
    st.none(),
    st.sampled_from(("/page", "/a/b.html", "/")),
    st.sampled_from((None, "id=7")),
)
GLUE = st.sampled_from(("", " ", "①", "ａ", "٣", "5", "。", "•", "看", "«", "_", "http://"))
MANY = settings(max_examples=3 * settings().max_examples)


def plain(engine: Engine, text: str, links: Sequence[str] = ()) -> tuple[Match, ...]:
    return engine._matcher.message(text, links)


def kinds(engine: Engine, text: str = "", links: Sequence[str] = ()) -> set[Kind]:
    return {match.kind for match in engine.check(text, links=links).matches}


# Law 1: fast = plain.


@MANY
@given(st.data(), addresses(), st.lists(entries(), max_size=3), st.sampled_from(LINKED))
def test_fast_is_plain(data: st.DataObject, address: Address, others: list[Entry], scope: Scope) -> None:
    engine = engine_of([entry(address, scope), *others])
    text = data.draw(messages(address))
    links = data.draw(st.lists(messages(address), max_size=2))
    assert engine.check(text, links=links).matches == plain(engine, text, links)


@MANY
@given(st.data(), SIMPLE | st.just(Address("localhost", None, "/page", None)))
def test_fast_is_plain_on_simple_pages(data: st.DataObject, address: Address) -> None:
    engine = page_engine(address)
    text = data.draw(disguised(data.draw(spellings(address, hidden=data.draw(st.booleans()))), most=3))
    text = data.draw(GLUE) + text + data.draw(GLUE)
    assert engine.check(text).matches == plain(engine, text)
    assert engine.check("", links=[text]).matches == plain(engine, "", [text])


@MANY
@given(st.data(), addresses(), st.lists(entries(), max_size=3), st.sampled_from(LINKED))
def test_a_column_is_message_by_message(
    data: st.DataObject, address: Address, others: list[Entry], scope: Scope
) -> None:
    engine = engine_of([entry(address, scope), *others])
    text = data.draw(messages(address)).encode("utf-8", "replace").decode()
    assume(engine.check(text).matches)
    assert 1 in Suspects(engine.hosts).of(pa.array(["an ordinary message", text, "another one"]))


# Law 2: doing it twice changes nothing.


@given(st.data(), addresses())
def test_canonical_form_is_settled(data: st.DataObject, address: Address) -> None:
    url = canonical(data.draw(spellings(address, hidden=True)))
    assert canonicalize(str(url)) == url
    assert str(canonicalize(str(url))) == str(url)


@given(noise())
def test_canonical_form_of_noise_is_settled(text: str) -> None:
    for link in (text, f"http://bad.example/{text}", f"http://{text}.example/", f"http://bad.example?{text}"):
        if url := canonicalize(link):
            assert canonicalize(str(url)) == url


@given(noise(), st.booleans())
def test_fold_is_settled(text: str, quoted: bool) -> None:  # noqa: FBT001  # hypothesis draws it
    folded = fold(quote(text, errors="replace") if quoted else text)
    assert fold(folded) == folded


# Law 4: the span of a link is the link as written.


@given(st.data(), addresses())
def test_spans_are_true(data: st.DataObject, address: Address) -> None:
    text = data.draw(messages(address))
    for link in find_links(text, tlds=RULES.tlds):
        assert link.start is not None
        assert 0 <= link.start < (link.end or 0) <= len(text)
        assert text[link.start : link.end] == link.text


# Law 5: an entry is found by its own spelling and by every one that a browser opens as the same page.


@given(addresses())
def test_own_spelling_is_exact(address: Address) -> None:
    engine = page_engine(address)
    link = str(address)
    assert Kind.EXACT in kinds(engine, links=[link])
    assert Kind.EXACT in kinds(engine, f"see {link} there")
    assert Kind.EXACT in {match.kind for match in engine.lookup(link).matches}
    assert kinds(engine, f"({link})\n")


@given(entries())
def test_own_spelling_of_every_scope(listed: Entry) -> None:
    url = str(listed.url).replace(listed.url.host, f"{listed.url.host}.co.test", listed.scope is Scope.BRAND)
    link = url if listed.fragment is None else f"{url}#{listed.fragment}"
    engine = engine_of([listed])
    assert Kind.EXACT in kinds(engine, links=[link])
    assert Kind.EXACT in kinds(engine, f"see {link}")


@given(st.data(), addresses())
def test_browser_spelling_is_exact(data: st.DataObject, address: Address) -> None:
    link = data.draw(spellings(address, hidden=True))
    assert kinds(page_engine(address), links=[link]) == {Kind.EXACT}


@given(st.data(), addresses())
def test_browser_spelling_is_found_in_text(data: st.DataObject, address: Address) -> None:
    link = data.draw(spellings(address, hidden=False))
    before, after = data.draw(st.sampled_from((("", ""), ("see ", " there"), ("смотри\n", "\n"), ("看 ", " 看"))))
    assert kinds(page_engine(address), before + link + after)


@given(st.data(), SIMPLE)
def test_disguise_is_seen_through(data: st.DataObject, address: Address) -> None:
    text = data.draw(disguised(str(address)))
    assert kinds(page_engine(address), f"see {text} there"), text


# Law 7: the verdict depends on the message and the snapshot alone.


@given(st.data(), st.lists(st.tuples(addresses(), st.sampled_from(LINKED)), min_size=1, max_size=4))
def test_sections_hold_everything(data: st.DataObject, listed: list[tuple[Address, Scope]]) -> None:
    engine = engine_of([entry(address, scope, number=n) for n, (address, scope) in enumerate(listed)])
    again = Engine.from_sections(engine.sections())
    text = data.draw(messages(listed[0][0]))
    assert again.snapshot == engine.snapshot
    assert again.size == engine.size
    assert again.check(text, links=[text]) == engine.check(text, links=[text])
    assert again.lookup(text) == engine.lookup(text)


@given(st.lists(entries(), max_size=4))
def test_same_entries_make_the_same_snapshot(listed: list[Entry]) -> None:
    assert engine_of(listed).snapshot == engine_of(list(listed)).snapshot


@pytest.mark.parametrize("name", ["suffixes", "private", "tracking", "redirectors", "shorteners"])
def test_every_rule_is_in_the_snapshot(name: str) -> None:
    page = entry(Address("bad.example", path="/page"))
    rules = {"suffixes": (), "private": (), "tracking": (), "redirectors": (), "shorteners": ()}
    row = "x.test get" if name == "shorteners" else "x.test/?y"
    engines = [Engine.build([page], rules=Rules(**changed)) for changed in (rules, rules | {name: (row,)})]
    assert engines[0].snapshot != engines[1].snapshot


# Law 9: no listed address leaves the process.


def secretive(scope: Scope) -> Engine:
    path = "/sEcret" if scope in {Scope.PAGE, Scope.PREFIX} else "/"
    return engine_of([entry(Address("secret-host.example", path=path), scope)])


@pytest.mark.parametrize("scope", LINKED)
def test_no_address_in_any_text(scope: Scope) -> None:
    engine = secretive(scope)
    text = "see http://secret-host.example/sEcret/x and hxxp://SECRET-HOST[.]example/sEcret"
    verdict = engine.check(text, links=["http://secret-host.example/sEcret"])
    assert verdict.matches
    matcher = engine._matcher
    told = [engine, verdict, verdict.matches, matcher, matcher.index, matcher.redirectors, matcher.index.loosener]
    told += [engine._prefilter, engine._listed, *matcher.index.entries(), *find_links(text, tlds={"example"})]
    told += [part for match in verdict.matches for part in (match, match.link, match.entry)]
    shown = [form(thing) for thing in told for form in (repr, str, "{}".format)]
    shown += [json.dumps(verdict.as_dict()), *(json.dumps(match.as_dict()) for match in verdict.matches)]
    assert not [line for line in shown if "secret" in line.lower()]


@pytest.mark.parametrize("name", sorted(secretive(Scope.PAGE).sections()))
def test_no_address_in_the_error_of_a_damaged_section(name: str) -> None:
    sections = secretive(Scope.PAGE).sections()
    for damaged in (
        b"",
        sections[name][:-3],
        b"\xc1" + sections[name],
        sections[name].replace(b"secret", b"\xffecret"),
    ):
        error = raised_by(sections | {name: damaged})
        assert "secret" not in f"{error!r} {error and error.__cause__!r}".lower()


def raised_by(sections: dict[str, bytes]) -> Exception | None:
    try:
        list(Engine.from_sections(sections)._matcher.index.entries())
    except (ValueError, KeyError, IndexError) as error:
        return error
    return None
