"""What linkgate is measured against, each as an engineer would write it in an afternoon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ahocorasick
from adblock import Engine as Adblock
from adblock import FilterSet
from linkify_it import LinkifyIt
from urlextract import URLExtract

import linkgate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Check = Callable[[str], bool]

_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def bare_pass(hosts: Iterable[str]) -> Check:
    """Lower-casing and one pass of pyahocorasick over the listed hosts, up to the first hit: no judging."""
    automaton = ahocorasick.Automaton()
    for host in hosts:
        automaton.add_word(host, 1)
    automaton.make_automaton()
    iterate = automaton.iter

    def check(text: str) -> bool:
        return next(iterate(text.lower()), None) is not None

    return check


def _listed(lines: list[str]) -> set[str]:
    return {str(url) for url in map(linkgate.canonicalize, lines) if url is not None}


def linkify(lines: list[str]) -> Check:
    """linkify-it-py finds the links, a set of canonical URLs says which are listed."""
    listed, finder = _listed(lines), LinkifyIt()

    def check(text: str) -> bool:
        matches: list[Any] = finder.match(text) or []
        return any(str(linkgate.canonicalize(match.url)) in listed for match in matches)

    return check


def urlextract(lines: list[str]) -> Check:
    """URLExtract finds the links, a set of canonical URLs says which are listed."""
    listed, finder = _listed(lines), URLExtract()

    def check(text: str) -> bool:
        return any(str(linkgate.canonicalize(str(url))) in listed for url in finder.gen_urls(text))

    return check


def adblock(hosts: Iterable[str]) -> Check:
    """Brave's engine, asked for each URL of a message; finding the URLs is not counted as its work."""
    rules = FilterSet()
    rules.add_filters([f"||{host}^" for host in hosts])
    engine = Adblock(rules)

    def check(url: str) -> bool:
        return bool(engine.check_network_urls(url, "https://chat.test/", "other").matched)

    return check


def urls_of(texts: Iterable[str]) -> list[str]:
    """The plain URLs of texts, for `adblock`."""
    return [url for text in texts for url in _URL.findall(text)]
