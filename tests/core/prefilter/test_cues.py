from __future__ import annotations

import pytest

from linkgate.core.prefilter.automaton import alike
from linkgate.core.prefilter.cues import HOST, NAME, NUMBER, PATTERNS, REGEXES, SCHEME, needles_of, pattern_cues
from linkgate.core.prefilter.hosts import ListedHosts
from linkgate.core.prefilter.prefilter import Prefilter
from linkgate.core.text.patterns import cues


def test_every_pattern_has_its_bit_in_the_automaton() -> None:
    bits = 0
    for _, bit in pattern_cues():
        bits |= bit
    assert bits == (1 << len(PATTERNS)) - 1
    assert len(REGEXES) == len(PATTERNS)
    assert len({HOST, NUMBER, NAME, SCHEME} | {1 << place for place in range(len(PATTERNS))}) == len(PATTERNS) + 4


@pytest.mark.parametrize("place", range(len(PATTERNS)))
def test_every_cue_of_a_pattern_begins_with_a_needle_of_it(place: int) -> None:
    needles = {needle for needle, bit in pattern_cues() if bit == 1 << place}
    assert needles
    read = map(alike, cues(PATTERNS[place]))
    missing = [cue for cue in read if not any(cue.startswith(needle) for needle in needles)]
    assert not missing


def test_cues_are_cut_for_fewer_ends() -> None:
    whole = {cue[-1] for pattern in PATTERNS for cue in cues(pattern)}
    assert len({needle[-1] for needle, _ in pattern_cues()}) < len(whole) - 5


def test_a_list_without_addresses_looks_for_no_numbers() -> None:
    hosts = ListedHosts.of(["bad.example"])
    assert not any(bits & NUMBER for _, (*_, bits, _, _) in needles_of(hosts, numeric=False))
    assert any(bits & NUMBER for _, (*_, bits, _, _) in needles_of(hosts, numeric=True))


def test_needles_end_in_few_characters() -> None:
    ends = {needle[-1] for needle, _ in needles_of(ListedHosts.of(["bad.example", "192.0.2.7"]), numeric=True)}
    assert len(ends) <= 20  # each of them costs every character of every text


def test_no_two_needles_are_read_alike() -> None:
    hosts = ListedHosts.of([*(f"a{number}.bad{number}.example" for number in range(40)), "192.0.2.7", "host1", "host2"])
    needles = [needle for needle, _ in needles_of(hosts, numeric=True)]
    assert needles == [alike(needle) for needle in needles]
    assert len(needles) == len(set(needles))


def test_hosts_that_differ_in_digits_alone_are_found_and_told_apart() -> None:
    listed = [f"{number}.example" for number in range(10_000, 20_000, 7)]
    prefilter = Prefilter.build(listed)
    assert not prefilter.search("see 10007.example now").clear
    assert prefilter.search("see 10008.example now").clear
    assert prefilter.search("see 110007.example now").clear


def test_many_hosts_with_one_ending_are_told_apart_by_longer_endings() -> None:
    hosts = ListedHosts.of([f"{letter}site.example" for letter in "abcdefghijklmnop"])
    found = {needle: words for needle, (_, _, words, *_) in needles_of(hosts, numeric=False) if words}
    needles = {needle: words for needle, words in found.items() if isinstance(words, str)}
    assert len(needles) == len(found)
    assert all(len(words.split("\n")) <= 8 for words in needles.values())
    assert sum(len(words.split("\n")) for words in needles.values()) == 16


def test_names_without_a_dot_and_schemes() -> None:
    needles = dict(needles_of(ListedHosts.of(["localhost", "t.me"]), numeric=False))
    assert needles["localhost"][3] == NAME
    assert needles["tg:"][3] == SCHEME
