"""digest matcher: the files of a message -> matches; allow entries lift here, as they do for links in the matcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.core.digests.digest import STRENGTH
from linkgate.core.links.find import Link
from linkgate.core.verdict import Kind, Match

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from linkgate.core.digests.digest_index import DigestIndex, DigestMeeting, Near
    from linkgate.core.digests.media import Media

NO_LINK = Link(None, None, "", "")
"""The link of a match that has none."""


def matches_of(
    media: Iterable[Media],
    index: DigestIndex,
    ended: Container[tuple[str, str]] = frozenset(),
    near: Near | None = None,
) -> Iterator[Match]:
    """All matches of some files, in their order; of one file and entry id the surest.

    ended: what lifts no more. near: what `DigestIndex.near_each` told of them.
    """
    for each in media:
        meetings = list(index.meet(each, near))
        if meetings:
            yield from _best(each.id, _standing(meetings, ended))


def _standing(meetings: list[DigestMeeting], ended: Container[tuple[str, str]]) -> Iterator[DigestMeeting]:
    """The meetings that no allow entry lifts: one lifts what met by a type of digest that says no more than its own.

    An MD5 can be forged to equal that of a harmless file (RFC 6151), so it does not speak for a file whose SHA-256 is
    listed.
    """
    allowed = [each for each in meetings if each.entry.allow and (each.entry.list, each.entry.id) not in ended]
    for meeting in meetings:
        entry, strength = meeting.entry, STRENGTH[meeting.type]
        lifted = any(each.entry.lifts_entry(entry) and STRENGTH[each.type] >= strength for each in allowed)
        if not entry.allow and not lifted:
            yield meeting


def _best(name: str, meetings: Iterable[DigestMeeting]) -> Iterator[Match]:
    found: dict[tuple[str, str], DigestMeeting] = {}
    for meeting in sorted(meetings, key=_order):
        found.setdefault((meeting.entry.list, meeting.entry.id), meeting)
    for meeting in found.values():
        yield Match(
            link=NO_LINK,
            entry=meeting.entry,
            kind=meeting.kind,
            steps=(meeting.type.value,),
            media=name,
            distance=meeting.distance,
        )


def _order(meeting: DigestMeeting) -> tuple[bool, int, int, str, str]:
    """Exact digests first, what says more before what says less, then the nearest picture."""
    near = meeting.kind is Kind.NEAR
    return near, meeting.distance or 0, -STRENGTH[meeting.type], meeting.entry.list, meeting.entry.id
