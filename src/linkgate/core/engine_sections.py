"""engine sections: everything that can change an answer, as named bytes, and the id that they give."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkgate.core.allowance import Allowance
    from linkgate.core.digests.digest_index import DigestIndex
    from linkgate.core.index.index import Index
    from linkgate.core.prefilter.hosts import ListedHosts

    _Strings = tuple[str, ...]


def sections_of(
    index: Index,
    listed: ListedHosts,
    canaries: _Strings,
    terms: tuple[Allowance, ...],
    digests: DigestIndex | None,
) -> dict[str, bytes]:
    """The sections of an engine; those of digests, canaries and allowances only where there are any."""
    rules = index.rules
    lists = (rules.suffixes, rules.private, rules.tracking, rules.redirectors)
    sections = {**index.sections(), **listed.sections(), "rules": msgspec.msgpack.encode(lists)}
    sections |= {} if digests is None else digests.sections()
    more = {"canaries": canaries, "allowances": terms}
    return sections | {name: msgspec.msgpack.encode(told) for name, told in more.items() if told}


def identity_of(sections: Mapping[str, bytes | memoryview]) -> str:
    """The id of a snapshot: the first 64 bits of the SHA-256 of its sections, in hex."""
    digest = hashlib.sha256()
    for name in sorted(sections):
        digest.update(f"{name}:{len(sections[name])}:".encode())
        digest.update(sections[name])
    return digest.hexdigest()[:16]
