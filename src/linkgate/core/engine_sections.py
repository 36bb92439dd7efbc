"""What of an engine goes into a snapshot: named bytes, everything that can change an answer (law 7), and their id."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from linkgate.core.allowance import Allowance
from linkgate.core.digests.digest_index import NAMES, DigestIndex
from linkgate.core.prefilter.hosts import ListedHosts
from linkgate.core.url.suffixes import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkgate.core.index.index import Index

    Sections = Mapping[str, bytes | memoryview]

_Strings = tuple[str, ...]
_RULES = ("suffixes", "private", "tracking", "redirectors", "shorteners")
_NONE = msgspec.msgpack.encode(())


class Noted(NamedTuple):
    """What an engine knows beside its tables; `opaque` as `Engine.opaque`."""

    canaries: _Strings
    allowances: tuple[Allowance, ...]
    opaque: _Strings | None
    digests: DigestIndex | None = None


def sections_of(index: Index, listed: ListedHosts, noted: Noted) -> dict[str, bytes]:
    """The named bytes of an engine."""
    lists = tuple(getattr(index.rules, name) for name in _RULES)
    sections = {**index.sections(), **listed.sections(), "rules": msgspec.msgpack.encode(lists)}
    more = {"canaries": noted.canaries, "allowances": noted.allowances}
    sections |= {name: msgspec.msgpack.encode(told) for name, told in more.items() if told}
    sections |= {} if noted.digests is None else noted.digests.sections()
    return sections if noted.opaque is None else sections | {"opaque": msgspec.msgpack.encode(noted.opaque)}


def rules_in(sections: Sections) -> Rules:
    """The rules that were put there. Raises ValueError or KeyError where they do not fit."""
    lists = msgspec.msgpack.decode(sections["rules"], type=tuple[_Strings, _Strings, _Strings, _Strings, _Strings])
    return Rules(**dict(zip(_RULES, lists, strict=True)))


def noted_in(sections: Sections) -> Noted:
    """What was noted beside the tables. Errors as above."""
    return Noted(
        msgspec.msgpack.decode(sections.get("canaries", _NONE), type=_Strings),
        msgspec.msgpack.decode(sections.get("allowances", _NONE), type=tuple[Allowance, ...]),
        msgspec.msgpack.decode(sections["opaque"], type=_Strings) if "opaque" in sections else None,
        DigestIndex.from_sections(sections) if NAMES in sections else None,
    )


def foreign_labels(hosts: Iterable[str], rules: Rules) -> _Strings:
    """The last labels that hosts of shorteners have, and neither a listed host nor the world: they make no link."""
    found = ListedHosts.of(rules.short.open_hosts).tlds() - rules.tlds
    return tuple(sorted(found - ListedHosts.of(hosts).tlds())) if found else ()


def identity(sections: Sections) -> str:
    """The id of a snapshot: the first 64 bits of the SHA-256 of its sections, in hex."""
    digest = hashlib.sha256()
    for name in sorted(sections):
        digest.update(f"{name}:{len(sections[name])}:".encode())
        digest.update(sections[name])
    return digest.hexdigest()[:16]
