r"""NCMEC hash sharing, version 2 (XML): entries with their fingerprints, deletions and votes; one answer or several.

A file may hold the pages of one question behind each other. An entry that comes again replaces what it was, and one
that its member deleted is gone. Its id is that of the member and that of the entry. MD5, SHA-1, SHA-256 and PDQ are
read; other fingerprints, such as PhotoDNA, are skipped. Where more members call a fingerprint wrong than right it is
doubted, and the guard holds it back.

>>> data = b'''<queryResult><images><image><member id="42">A</member><id>7</id><classification>A1</classification>
... <fingerprints><md5>d41d8cd98f00b204e9800998ecf8427e</md5><pdna>AA==</pdna></fingerprints></image>
... <deletedImage><member id="43">B</member><id>8</id></deletedImage></images></queryResult>'''
>>> [(item.id, item.type, item.gone) if isinstance(item, ListItem) else item.reason for item in read(data)]
[('42:7', 'md5', False), 'ncmec: another fingerprint', ('43:8', None, True)]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # its usual name

from linkgate.core.digests.digest import type_named
from linkgate.errors import ListError
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOUBTED = "called wrong by members"
_ENTRIES, _DELETED = frozenset({"image", "video"}), frozenset({"deletedimage", "deletedvideo"})
_ROOT = "queryresult"
_DECLARATION = re.compile(rb"<\?xml[^>]*>\s*")
_PAGE = re.compile(rb"(?=<\?xml)|(?=<(?:\w+:)?queryResult\b)")


@dataclass(frozen=True, slots=True)
class _Told:
    """One entry as a page has it last."""

    line: int
    node: ET.Element
    deleted: bool


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of the answers, a fingerprint each; `line` counts entries from 1. ListError for what is no such XML."""
    del columns
    found: dict[tuple[str, str], _Told] = {}
    number = count(1)
    for root in _roots(data):
        for node in root.iter():
            name = _name(node)
            if name in _ENTRIES | _DELETED:
                found[_identity(node)] = _Told(next(number), node, name in _DELETED)
    for (member, entry), told in found.items():
        if not entry:
            yield RejectedLine(told.line, "ncmec: no id")
        elif told.deleted:
            yield ListItem(line=told.line, address="", id=f"{member}:{entry}", gone=True)
        else:
            yield from _fingerprints(told, f"{member}:{entry}")


def _roots(data: bytes) -> Iterator[ET.Element]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ListError("its XML declares a document type, which NCMEC's answers need not; ask the publisher why")
    for page in _pages(data):
        try:
            root = ET.fromstring(page)  # noqa: S314  # without a document type it has no entities
        except (ET.ParseError, LookupError, ValueError):
            raise ListError("it is not XML, or only a part of it; fetch it again and keep the last good one") from None
        if _name(root) != _ROOT:
            raise ListError("it is no answer of NCMEC's hash sharing; one is a queryResult")
        yield root


def _pages(data: bytes) -> Iterator[bytes]:
    """The documents of a file; a declaration belongs to what stands behind it."""
    head = b""
    for part in _PAGE.split(data):
        if _DECLARATION.fullmatch(part):
            head = part
        elif part.strip():
            yield head + part
            head = b""


def _name(node: ET.Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _text(node: ET.Element, name: str) -> str:
    return next(((child.text or "").strip() for child in node if _name(child) == name), "")


def _member(node: ET.Element) -> str:
    return next((child.get("id") or "" for child in node if _name(child) == "member"), "")


def _identity(node: ET.Element) -> tuple[str, str]:
    return _member(node), _text(node, "id")


def _fingerprints(told: _Told, entry_id: str) -> Iterator[ListItem | RejectedLine]:
    node = told.node
    votes = _votes(node)
    held = [digest for part in node if _name(part) == "fingerprints" for digest in part]
    if not held:
        yield RejectedLine(told.line, "ncmec: no fingerprint")
    for digest in held:
        name = _name(digest)
        if type_named(name) is None:
            yield Skipped(told.line, "ncmec: another fingerprint")
            continue
        yield ListItem(
            line=told.line,
            address=(digest.text or "").strip(),
            id=entry_id,
            category=_text(node, "classification") or None,
            added=_text(node, "timestamp") or None,
            type=name,
            quality=digest.get("quality"),
            doubt=DOUBTED if votes.get(name, 0) < 0 else None,
        )


def _votes(node: ET.Element) -> dict[str, int]:
    """By type of fingerprint: how many members call it right, less those that call it wrong."""
    votes: dict[str, int] = {}
    for feedback in (each for part in node if _name(part) == "feedback" for each in part):
        name = (feedback.get("type") or "").lower()
        members = {_voter(each) for each in feedback.iter() if _name(each) == "member"}
        sign = 1 if _name(feedback) == "affirmativefeedback" else -1
        votes[name] = votes.get(name, 0) + sign * len(members)
    return votes


def _voter(node: ET.Element) -> str:
    return node.get("id") or node.text or ""
