"""What the endpoints share: the gate, the tokens and their rights, limits, and the rate limit of look-ups."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkgate.fronts.server.asgi import ApiResponse, RequestLimits
from linkgate.fronts.server.check_pool import CheckPool
from linkgate.fronts.server.rate_limit import RateLimit, SharedRateLimit
from linkgate.fronts.server.request_body import BadRequestError, write_json
from linkgate.fronts.server.token_links import TokenLinks, UnknownFields

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate import Gate, Verdict
    from linkgate.fronts.server.asgi import ApiRequest
    from linkgate.fronts.server.bearer_tokens import TokenFile, TokenOwner
    from linkgate.fronts.server.request_body import CheckRequest

_DENIED, _FORBIDDEN, _OFF, _TOO_LARGE, _TOO_MANY, _NOT_NOW = 401, 403, 404, 413, 429, 503
_MOST_SURFACES = 64  # callers name them


class ClearResponses:
    """The last response without a match, by surface: a gate gives the same clear verdict again and again."""

    def __init__(self) -> None:
        self._last: dict[str | None, tuple[Verdict, ApiResponse]] = {}

    def answer(self, verdict: Verdict) -> ApiResponse:
        """What to answer where there is no match."""
        found = self._last.get(verdict.surface)
        if found is not None and found[0] is verdict:
            return found[1]
        if len(self._last) >= _MOST_SURFACES:
            self._last.clear()
        answer = ApiResponse(write_json(verdict.as_dict()))
        self._last[verdict.surface] = verdict, answer
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A gate with its access rules. Without tokens only this machine is served, and everyone may check.

    local: whether only this machine is served, over TCP.
    shared: a folder of all workers, where there are several. refused: who asked too often, and has not stopped.
    """

    gate: Gate
    tokens: TokenFile | None = None
    lookups: bool = False
    limits: RequestLimits = field(default_factory=RequestLimits)
    rate: RateLimit | SharedRateLimit = field(default_factory=lambda: RateLimit(60))
    shared: Path | None = None
    local: bool = False
    refused: set[tuple[str, str | None]] = field(default_factory=set)
    clear: ClearResponses = field(default_factory=ClearResponses)
    pool: CheckPool = field(default_factory=CheckPool)
    links: TokenLinks = field(default_factory=TokenLinks)
    unknown: UnknownFields = field(default_factory=UnknownFields)

    def authorize(self, request: ApiRequest, right: str) -> TokenOwner | None:
        """Who asks. Raises BadRequestError: 401 for nobody known, 403 without the right, 404 where it is off."""
        if right == "lookup" and not self.lookups:
            raise BadRequestError("look-ups are off; start it with --lookup", status=_OFF)
        if self.tokens is None:
            return None
        owner = self.tokens.owner(request.authorization)
        if owner is None:
            sentence = "this token is not known" if request.authorization else "a bearer token is needed"
            raise BadRequestError(sentence, status=_DENIED, headers=((b"www-authenticate", b"Bearer"),))
        if right not in owner.rights:
            raise BadRequestError(f"this token has not the right {right!r}", status=_FORBIDDEN)
        return owner

    def has_right(self, request: ApiRequest, right: str) -> bool:
        """Whether a known token with this right asks."""
        owner = self.tokens.owner(request.authorization) if self.tokens else None
        return owner is not None and right in owner.rights

    def count_lookup(self, owner: TokenOwner | None) -> None:
        """Count one look-up. Raises BadRequestError where there were too many, or they cannot be counted."""
        try:
            wait = math.ceil(self.rate.wait(owner.name if owner else "", now=time.monotonic()))
        except OSError:
            raise BadRequestError("look-ups cannot be counted now; ask again later", status=_NOT_NOW) from None
        if wait:
            again = ((b"retry-after", b"%d" % wait),)
            raise BadRequestError(f"too many look-ups; ask again in {wait} s", status=_TOO_MANY, headers=again)

    def count_links(self, owner: TokenOwner | None, number: int) -> None:
        """Count the links that the matcher read for a token. Raises BadRequestError where it may have no more."""
        if owner is None or not number:
            return
        self.links.add(owner.name, number)
        if owner.links is None:
            return
        name = f"links of {owner.name}"
        try:
            wait = math.ceil(self.rate.wait(name, now=time.monotonic(), number=number, per_minute=owner.links))
        except OSError:
            raise BadRequestError("links cannot be counted now; ask again later", status=_NOT_NOW) from None
        if wait:
            again = ((b"retry-after", b"%d" % wait),)
            raise BadRequestError(f"too many links; ask again in {wait} s", status=_TOO_MANY, headers=again)

    def size(self, message: CheckRequest) -> int:
        """The characters of a message. Raises BadRequestError where one of its texts is longer than any message."""
        size = self.fits(message.text)
        return size + sum([self.fits(link) for link in message.links]) if message.links else size

    def fits(self, text: str) -> int:
        """The characters of a text. Raises BadRequestError where it is longer than any message."""
        if len(text) > self.limits.text:
            raise BadRequestError(f"a text is longer than {self.limits.text:,} characters", status=_TOO_LARGE)
        return len(text)
