"""Law 6: an entry never flags a page outside its scope. Boundaries: labels in hosts, segments in paths."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addresses import LINKED, RULES, Address, addresses, canonical, engine_of, entries, entry, paths
from linkgate.core.index.entry import Entry, Scope
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.verdict import Kind

NEAR_HOSTS = ("x{0}", "x-{0}", "x_{0}", "{0}x", "{0}-x.test", "{0}.other.test", "{0}x.test", "a.{0}.other.test")
OTHER_LINKS = (
    *("http://{0}@other.test/", "http://{0}:80@other.test/", "http://x:{0}@other.test/", "http://other.test/{0}/"),
    *("http://other.test/?q={0}", "http://other.test/#{0}", "http://other.test#@{0}/", "http://other.test/@{0}"),
    *("mailto:joe@{0}", "joe@{0}", "<joe@{0}>", "joe@{0}.", "joe@{0}: hi", "joe@{0}, hi"),
    *("joe@{0}?subject=x", "x{0}", "{0}x", "x-{0}", "x_{0}"),
)
# What some clients end early, or Markdown makes of it: for people to look at, never to block.
READINGS = ("http://other.test\\@{0}/", "{0}-x", "{0}.x-y")


def covers(listed: Entry, url: CanonicalUrl) -> bool:
    """The scopes of DESIGN §3 said in the plainest way, on canonical URLs."""
    own = listed.url
    same_site = url.host == own.host and url.port == own.port
    if listed.scope is Scope.PAGE:
        return url == own and listed.fragment in {None, url.fragment}
    if listed.scope is Scope.PREFIX:
        return same_site and url.path.startswith(own.path)
    if listed.scope is Scope.BRAND:
        return (RULES.registrable(url.host) or "").partition(".")[0] == own.host
    port_covered = own.port in {None, url.port}
    is_below = listed.scope is Scope.DOMAIN and url.host.endswith(f".{own.host}")
    return port_covered and (url.host == own.host or is_below)


def blurred(url: CanonicalUrl) -> tuple[str, int | None, str]:
    """What no loose step may change: the host but for `www.` and outer dots, the port, the words of the path."""
    host = url.host.strip(".").removeprefix("www.")
    return host, url.port, "/".join(re.findall(r"[^/]+", unquote(unquote(url.path)).lower()))


def near_addresses(address: Address) -> st.SearchStrategy[Address]:
    """The same page, a neighbour of it, or another page of the same or another host."""
    changes: tuple[st.SearchStrategy[Address], ...] = (
        st.just(address),
        st.sampled_from(NEAR_HOSTS).map(lambda form: replace(address, host=form.format(address.host))),
        st.sampled_from((None, 80, 443, 8080, 8081)).map(lambda port: replace(address, port=port)),
        st.sampled_from(("x", "/x", "/", ".html", "%2F", "/../x")).map(
            lambda more: replace(address, path=address.path + more)
        ),
        st.sampled_from((None, "id=8", "id=7&x=1", "a=2", "ID=7")).map(lambda query: replace(address, query=query)),
        st.sampled_from((None, "/x", "other")).map(lambda fragment: replace(address, fragment=fragment)),
        paths().map(lambda path: replace(address, path=path)),
        addresses(),
    )
    return st.one_of(changes)


@given(st.data(), addresses(), st.sampled_from(LINKED))
def test_exact_is_what_the_scope_covers(data: st.DataObject, address: Address, scope: Scope) -> None:
    listed = entry(address, scope)
    link = str(data.draw(near_addresses(address)))
    matches = engine_of([listed]).check("", links=[link]).matches
    url = canonicalize(link)
    exact = any(match.kind is Kind.EXACT for match in matches)
    assert exact == (url is not None and covers(listed, url)), link


@given(st.data(), addresses(), st.sampled_from((Scope.PAGE, Scope.PREFIX)))
def test_loose_stays_near(data: st.DataObject, address: Address, scope: Scope) -> None:
    listed = entry(address, scope)
    link = str(data.draw(near_addresses(address)))
    for match in engine_of([listed]).check("", links=[link]).matches:
        if match.kind is Kind.LOOSE:
            assert match.steps
            ours, theirs = blurred(listed.url), blurred(canonical(link))
            if scope is Scope.PREFIX:
                assert theirs[:2] == ours[:2]
                assert f"{theirs[2]}/".startswith(f"{ours[2]}/".lstrip("/"))
            elif "index-file" not in match.steps and "." not in theirs[2].split("/") + ours[2].split("/"):
                if ".." in theirs[2]:  # decoding uncovered a segment that leads up
                    continue
                assert theirs == ours


@given(entries(), st.sampled_from(NEAR_HOSTS))
def test_a_near_host_is_another_host(listed: Entry, form: str) -> None:
    if listed.url.host.startswith("["):
        return
    url = canonicalize(f"http://{form.format(listed.url.host)}{listed.url.path}")
    if url is not None and not covers(listed, url):
        assert not engine_of([listed]).check("", links=[str(url)]).matches
        assert not engine_of([listed]).check(f"see {url} there").matches


@pytest.mark.parametrize("form", OTHER_LINKS)
@pytest.mark.parametrize("scope", [Scope.PAGE, Scope.PREFIX, Scope.HOST, Scope.DOMAIN])
def test_a_name_is_no_link_to_it(form: str, scope: Scope) -> None:
    engine = engine_of([entry(Address("bad.example"), scope)])
    assert not engine.check(f"see {form.format('bad.example')} there").matches


@pytest.mark.parametrize("form", READINGS)
@pytest.mark.parametrize("scope", [Scope.PAGE, Scope.PREFIX, Scope.HOST, Scope.DOMAIN])
def test_a_link_to_some_readers_alone_is_never_blocked(form: str, scope: Scope) -> None:
    engine = engine_of([entry(Address("bad.example"), scope)])
    matches = engine.check(f"see {form.format('bad.example')} there").matches
    assert {match.kind for match in matches} <= {Kind.LOOSE}
