"""What the endpoints share: the gate, who may ask what, and limits."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.fronts.server.answering import Answer
from linkgate.fronts.server.rates import Rate, SharedRate
from linkgate.fronts.server.wire import BadRequestError, write

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate import Gate, Verdict
    from linkgate.fronts.server.answering import Asked
    from linkgate.fronts.server.tokens import Holder, Tokens
    from linkgate.fronts.server.wire import Message

_DENIED, _FORBIDDEN, _OFF, _TOO_LARGE, _TOO_MANY, _NOT_NOW = 401, 403, 404, 413, 429, 503
_MOST_SURFACES = 64  # callers name them


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes of a body, characters of a text, seconds that a body may take, look-ups a minute of one token."""

    body: int = 2 << 20
    text: int = 100_000
    seconds: float = 10.0
    lookups: int = 60


class Clear:
    """What was answered last where there was no match, by surface: a gate gives the same verdict again and again."""

    def __init__(self) -> None:
        self._last: dict[str | None, tuple[Verdict, Answer]] = {}

    def answer(self, verdict: Verdict) -> Answer:
        """What to answer where there is no match."""
        found = self._last.get(verdict.surface)
        if found is not None and found[0] is verdict:
            return found[1]
        if len(self._last) >= _MOST_SURFACES:
            self._last.clear()
        answer = Answer(write(verdict.as_dict()))
        self._last[verdict.surface] = verdict, answer
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A gate behind a counter. Without tokens only this machine is served, and everyone may check.

    shared: a folder of all workers, where there are several. refused: who asked too often, and has not stopped.
    """

    gate: Gate
    tokens: Tokens | None = None
    lookups: bool = False
    limits: Limits = field(default_factory=Limits)
    rate: Rate | SharedRate = field(default_factory=lambda: Rate(60))
    shared: Path | None = None
    refused: set[str | None] = field(default_factory=set)
    clear: Clear = field(default_factory=Clear)

    def admit(self, asked: Asked, right: str) -> Holder | None:
        """Who asks. Raises BadRequestError: 401 for nobody known, 403 without the right, 404 where it is off."""
        if right == "lookup" and not self.lookups:
            raise BadRequestError("look-ups are off; start it with --lookup", status=_OFF)
        if self.tokens is None:
            return None
        holder = self.tokens.holder(asked.authorization)
        if holder is None:
            sentence = "this token is not known" if asked.authorization else "a bearer token is needed"
            raise BadRequestError(sentence, status=_DENIED, headers=((b"www-authenticate", b"Bearer"),))
        if right not in holder.rights:
            raise BadRequestError(f"this token has not the right {right!r}", status=_FORBIDDEN)
        return holder

    def spend(self, holder: Holder | None) -> None:
        """Count one look-up. Raises BadRequestError where there were too many, or they cannot be counted."""
        try:
            wait = math.ceil(self.rate.wait(holder.name if holder else "", now=time.monotonic()))
        except OSError:
            raise BadRequestError("look-ups cannot be counted now; ask again later", status=_NOT_NOW) from None
        if wait:
            again = ((b"retry-after", b"%d" % wait),)
            raise BadRequestError(f"too many look-ups; ask again in {wait} s", status=_TOO_MANY, headers=again)

    def size(self, message: Message) -> int:
        """The characters of a message. Raises BadRequestError where one of its texts is longer than any message."""
        size = self.fits(message.text)
        return size + sum([self.fits(link) for link in message.links]) if message.links else size

    def fits(self, text: str) -> int:
        """The characters of a text. Raises BadRequestError where it is longer than any message."""
        if len(text) > self.limits.text:
            raise BadRequestError(f"a text is longer than {self.limits.text:,} characters", status=_TOO_LARGE)
        return len(text)
