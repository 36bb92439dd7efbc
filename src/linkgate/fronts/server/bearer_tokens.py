"""Who may ask what: bearer tokens from a file, each with its rights.

    # name   rights         SHA-256 of the token, as `linkgate serve --new-token NAME` prints it
    chat     check          9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb822cd15d6c15b0f00a08
    analyst  check,lookup   …
    partner  check          …  links=600

Who may check a link can find out whether it is listed. `links` is how many links a minute the matcher
reads for a token that is given away; its checks are on record as look-ups are.

The file holds no token, only their hashes, and may be read by its owner alone; one that another
user owns, as mounted secrets are, by our group, too. It is read again when
it changes; a faulty one leaves the tokens that were in force, and is told in the log.

>>> tokens = parse("chat check " + digest("secret"), place="tokens")
>>> tokens[digest("secret")]
TokenOwner(name='chat', rights=frozenset({'check'}), links=None)
>>> parse("chat fly 00", place="tokens")
Traceback (most recent call last):
linkgate.errors.UsageError: tokens, line 1: 'fly' is no right: give check, lookup, lists, cases, metrics or resolve
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate import UsageError

if TYPE_CHECKING:
    from pathlib import Path

RIGHTS = ("check", "lookup", "lists", "cases", "metrics", "resolve")
_KNOWN = f"{', '.join(RIGHTS[:-1])} or {RIGHTS[-1]}"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LINKS = re.compile(r"links=([1-9][0-9]{0,8})")
_FIELDS = 3
_OTHERS = 0o077
_STRANGERS = 0o027
"""The same of a file that another user owns, which only the group can let us read: a mounted secret."""
_PAUSE = 1.0
_log = logging.getLogger("linkgate.tokens")
_MOST_GOOD = 1_000


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """Who a token belongs to, what it is good for, and how many links a minute it may have read."""

    name: str
    rights: frozenset[str]
    links: int | None = None


def digest(token: str) -> str:
    """What the file holds of a token. A random one of 32 bytes needs no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token(name: str, rights: str) -> tuple[str, str]:
    """Make a token. Out: the token, to be given away, and the line for the file."""
    token = secrets.token_urlsafe(32)
    line = f"{name} {rights} {digest(token)}"
    parse(line, place="the new token")
    return token, line


def parse(text: str, *, place: str) -> dict[str, TokenOwner]:
    """Read the lines of a file: hash of a token -> its owner. Raises UsageError with the line."""
    found: dict[str, TokenOwner] = {}
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.partition("#")[0].split()
        if not fields:
            continue
        links = _limit(fields.pop(), f"{place}, line {number}") if len(fields) > _FIELDS else None
        if len(fields) != _FIELDS:
            raise UsageError(f"{place}, line {number}: give a name, rights and the SHA-256 of a token")
        name, rights, hashed = fields
        for right in rights.split(","):
            if right not in RIGHTS:
                raise UsageError(f"{place}, line {number}: {right!r} is no right: give {_KNOWN}")
        if not _DIGEST.fullmatch(hashed):
            raise UsageError(f"{place}, line {number}: the third field is no SHA-256 in hexadecimal")
        found[hashed] = TokenOwner(name, frozenset(rights.split(",")), links)
    return found


def _limit(field: str, place: str) -> int:
    found = _LINKS.fullmatch(field)
    if found is None:
        raise UsageError(f"{place}: the fourth field may be links=NUMBER, of a minute, from 1 on")
    return int(found[1])


class TokenFile:
    """The tokens of a file, followed as it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._looked = 0.0
        self._owners: dict[str, TokenOwner] = {}
        self._good: dict[bytes, TokenOwner] = {}
        self.error: str | None = None
        self._read()

    def require_some(self) -> None:
        """UsageError where the file holds no token; while a service runs, that is how all are taken back."""
        if not self._owners:
            raise UsageError(f"{self._path} holds no token: add a line that `linkgate serve --new-token` prints")

    def owner(self, header: bytes) -> TokenOwner | None:
        """Who sends this Authorization header; None for nobody that is known.

        A token is hashed first and found by its hash, so the time that this takes says nothing of it. A
        header that was good is remembered, and found by a hash, too: Python's, with this process's secret.
        """
        self._follow()
        return self._good.get(header) or self._recognize(header)

    def _recognize(self, header: bytes) -> TokenOwner | None:
        owners, good = self._owners, self._good
        scheme, _, token = header.decode("latin-1").partition(" ")
        owner = owners.get(digest(token.strip())) if scheme.lower() == "bearer" else None
        if owner is not None and len(good) < _MOST_GOOD:  # one token has more than one spelling
            good[header] = owner
        return owner

    def _follow(self) -> None:
        now = time.monotonic()
        if now - self._looked < _PAUSE:
            return
        self._looked = now
        try:
            self._read()
            self.error = None
        except UsageError as error:
            if str(error) != self.error:  # once, or a busy service would fill its log
                _log.warning("%s; the tokens that were in force stay", error)
            self.error = str(error)

    def _read(self) -> None:
        try:
            status = self._path.stat()
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return
            text = self._path.read_text("utf-8", errors="replace")
        except OSError as error:
            raise UsageError(f"{self._path}: {(error.strerror or 'cannot be read').lower()}; check the path") from None
        if status.st_mode & (_OTHERS if status.st_uid == os.geteuid() else _STRANGERS):
            raise UsageError(f"{self._path}: others can read it; run `chmod 600` on it")
        self._owners, self._good = parse(text, place=str(self._path)), {}
        self._stamp = stamp
