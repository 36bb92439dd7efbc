from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linkgate.core.prefilter.hosts import LONGEST, ListedHosts

NAMES = st.lists(st.from_regex(r"[a-z]{1,6}(\.[a-z]{1,6}){1,3}", fullmatch=True), max_size=6)


@given(NAMES)
def test_every_host_has_a_word_and_a_tail(names: list[str]) -> None:
    words = dict(ListedHosts.of(names).words())
    for name in names:
        before, dot, tail = name.removeprefix("www.").rpartition(".")
        assert not dot or tail in words[(before + dot)[::-1][:LONGEST]].split(" ")


@given(NAMES)
def test_sections_hold_everything(names: list[str]) -> None:
    hosts = ListedHosts.of([*names, "192.0.2.7", "[2001:db8::1]", "localhost"])
    again = ListedHosts.from_sections(hosts.sections())
    assert list(again.words()) == list(hosts.words())
    assert (again.names, again.addresses, again.literals) == (hosts.names, hosts.addresses, hosts.literals)


def test_an_international_name_has_both_its_forms() -> None:
    words = dict(ListedHosts.of(["xn--bcher-kva.example"]).words())
    assert ".rehcub" in words
    assert ".avk-rehcb-" in words
