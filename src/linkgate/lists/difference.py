"""Two engines -> an engine of what may be new: only the entries that the older one lacked.

A scan with it is quick, because its gate is small. Its answer is a candidate: what the newer engine
says and the older one did not is found by asking both about the few messages that it flags. It never
misses one. What is the same is told by scope and canonical address: a list that is renamed, or whose lines moved, has
nothing new in it. An answer may change without a new entry; so it also holds

- every entry whose id stands for addresses that no id stood for together: of one id, only the surest match is told;
- every entry that covers what an allow entry covers that came, went or changed, and all digests where one is of a file;
- all digests, when in how many bits a picture may differ has changed;
- all prefix entries, when the depth to which paths are read has changed;

and all allow entries. Where the rules differ, or the top-level domains that make a bare host a link,
any answer may differ: then it is the whole newer engine, and says why.

>>> from linkgate.lists.compile import compile_lines
>>> old = compile_lines(["http://bad.example/page"]).engine
>>> found = newer(compile_lines(["http://bad.example/page", "*.worse.example"]).engine, than=old)
>>> found.engine.size, found.whole
(1, None)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkgate.core.engine import Engine
from linkgate.core.index.entry import Scope
from linkgate.core.url import mega, telegram
from linkgate.core.url.gateways import home
from linkgate.core.url.host import ipv4_inside, without_www

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linkgate.core.index.entry import Entry
    from linkgate.core.index.index import Index
    from linkgate.core.url.suffixes import Rules


_OTHER_LINKS = "the lists name other top-level domains than before, so that other words are links"


@dataclass(frozen=True, slots=True)
class Newer:
    """What may be new: the engine to look with, and, where it is the whole newer engine, the reason.

    fresh: list and id of the entries whose addresses the older engine lacked: any match of theirs is new.
    """

    engine: Engine
    whole: str | None = None
    fresh: frozenset[tuple[str, str]] = frozenset()


def newer(engine: Engine, *, than: Engine) -> Newer:
    """Compare two engines, entry by entry: scope and address.

    Out: an engine that flags every message of which `engine` says anything that `than` did not say:
    a span, scope, kind or steps, or an address. It may flag others. Takes about 5 µs an entry.
    """
    index = _index(engine)
    reason = _differing_world(engine, than)
    fresh = _fresh(engine.entries(), than.entries())
    if reason:
        return Newer(engine, reason, fresh)
    affected = _Affected(engine, than)
    entries = (entry for entry in engine.entries() if entry.allow or affected.holds(entry))
    part = Engine.build(
        entries,
        rules=_knowing(index.rules, _tlds(engine)),
        allowances=lambda: engine.allowances,
        distances=lambda: _distances(engine),
    )
    part = part if engine.ended is None else part.at(engine.ended)
    return Newer(part, None, fresh) if _tlds(part) == _tlds(engine) else Newer(engine, _OTHER_LINKS, fresh)


def _index(engine: Engine) -> Index:
    return engine._matcher.index  # noqa: SLF001  # the one reader of entries besides the engine itself


def _tlds(engine: Engine) -> frozenset[str]:
    """The labels that make a bare host a link."""
    return _index(engine).rules.tlds | engine.hosts.tlds()  # as above


def _differing_world(engine: Engine, than: Engine) -> str | None:
    if _index(engine).rules != _index(than).rules:
        return "the rules of linkgate (public suffixes, tracking parameters, redirectors) have changed since"
    if _tlds(engine) != _tlds(than):
        return _OTHER_LINKS
    return None


def _distances(engine: Engine) -> Mapping[str, int]:
    """In how many bits a picture may differ, by list, where a list says it."""
    return {} if engine.digests is None else engine.digests.distances


def _knowing(rules: Rules, tlds: frozenset[str]) -> Rules:
    """The rules, with every top-level domain that makes a bare host a link in the whole engine too.

    A rule of one label changes no registrable domain: one label is the default (the list's rule `*`).
    """
    return replace(rules, suffixes=(*rules.suffixes, *sorted(tlds - rules.tlds)))


class _Affected:
    """Which listed entries may give an answer that the older engine did not give."""

    def __init__(self, engine: Engine, than: Engine) -> None:
        index, older = _index(engine), _index(than)
        separate = {each.list for several in (engine, than) for each in several.entries() if each.allow}
        known = set(_sums(than.entries(), separate).values())
        self._changed = {key for key, total in _sums(engine.entries(), separate).items() if total not in known}
        self._pictures = _distances(engine) != _distances(than)
        self._prefixes = index.depth != older.depth
        changed = _allowed(engine) ^ _allowed(than)
        self._files = any(scope is Scope.FILE for scope, _, _ in changed)
        self._any_allow = bool(changed)
        self._hosts = {name for _, host, _ in changed for name in _names(host)}
        self._above = {parent for name in self._hosts for parent in _parents(name)}
        self._domains = {name for scope, host, _ in changed if scope is Scope.DOMAIN for name in _names(host)}
        self._all = any(scope is Scope.BRAND for scope, _, _ in changed)

    def holds(self, entry: Entry) -> bool:
        """True for a listed entry whose matches may be new."""
        if entry.allow:
            return False
        if entry.digest is not None and (self._files or self._pictures):
            return True
        if hash((entry.list, entry.id)) in self._changed or (self._prefixes and entry.scope is Scope.PREFIX):
            return True
        return self._any_allow and entry.digest is None and self._meets_allowed(entry)

    def _meets_allowed(self, entry: Entry) -> bool:
        """Whether some page may be covered by this entry and by a changed allow entry."""
        if self._all or entry.scope is Scope.BRAND:
            return True
        names = _names(home(entry.url.host, entry.url.path))
        if names & self._hosts or (entry.scope is Scope.DOMAIN and names & self._above):
            return True
        return any(parent in self._domains for name in names for parent in _parents(name))


def _sums(entries: Iterable[Entry], separate: set[str]) -> dict[int, int]:
    """For each list and id, what stands for the addresses that it stands for, equal for equal ones.

    Hashes instead of the entries, as there may be millions: one in 10^12 such comparisons errs. An entry of a list
    with exceptions (`separate`) is the same in that list only, as they lift nothing elsewhere.
    """
    sums: dict[int, int] = defaultdict(int)
    for entry in entries:
        if not entry.allow:
            home = entry.list if entry.list in separate else ""
            sums[hash((entry.list, entry.id))] += hash((home, _address(entry)))
    return sums


def _address(entry: Entry) -> int:
    digest = None if entry.digest is None else (entry.digest.type.value, entry.digest.octets)
    return hash((entry.scope.value, entry.url, entry.fragment, digest))


def _fresh(entries: Iterable[Entry], older: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    """The ids of which no address was listed before."""
    known = {_address(entry) for entry in older if not entry.allow}
    fresh, seen = set[tuple[str, str]](), set[tuple[str, str]]()
    for entry in entries:
        if not entry.allow:
            (seen if _address(entry) in known else fresh).add((entry.list, entry.id))
    return frozenset(fresh - seen)


def _allowed(engine: Engine) -> set[tuple[Scope, str, object]]:
    """What an engine allows; what has ended in it is as good as gone."""
    ended = engine._matcher.ended  # noqa: SLF001  # as above
    return {
        (
            entry.scope,
            home(entry.url.host, entry.url.path),
            (entry.url, entry.fragment, entry.digest, entry.lifts, entry.everywhere or entry.list),
        )
        for entry in engine.entries()
        if entry.allow and (entry.list, entry.id) not in ended
    }


def _names(host: str) -> set[str]:
    """The hosts under which pages of this host are met, `www.` or not; Telegram's are one, and MEGA's."""
    if telegram.is_telegram(host):
        return {host, *telegram.HOSTS}
    if mega.is_mega(host):
        return {host, *mega.HOSTS}
    return {ipv4_inside(host) or without_www(host.strip("."))}


def _parents(host: str) -> Iterator[str]:
    """A host and all domains above it.

    >>> list(_parents("a.bad.example"))
    ['a.bad.example', 'bad.example', 'example']
    """
    while host:
        yield host
        host = host.partition(".")[2]
