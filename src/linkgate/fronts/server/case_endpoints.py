"""The endpoints of those who answer appeals and keep cases: a right of its own, and always a token.

Each look at a case is written down under the token's name, as `linkgate cases` does. No answer holds a link.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import linkgate
from linkgate.fronts.server.asgi import ApiResponse
from linkgate.fronts.server.request_body import (
    BadRequestError,
    CaseRequest,
    DecisionRequest,
    OverturnRequest,
    read_as,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkgate import Config
    from linkgate.fronts.server.asgi import ApiRequest
    from linkgate.fronts.server.service import Service

    Act = Callable[[Config, str], dict[str, Any]]
    _Asked = TypeVar("_Asked", CaseRequest, DecisionRequest, OverturnRequest)

_RIGHT = "cases"
_FORBIDDEN, _NOT_FOUND, _NOT_NOW = 403, 404, 503

audit = logging.getLogger("linkgate.cases")


def cases(service: Service, request: ApiRequest) -> Awaitable[ApiResponse]:
    """All cases."""
    return _answered(service, request, "cases listed", _all)


def case(service: Service, request: ApiRequest) -> Awaitable[ApiResponse]:
    """One case, without its links."""
    asked = _read(service, request, CaseRequest)
    return _answered(service, request, "case shown", lambda config, who: _one(config, asked.case, who))


def decision(service: Service, request: ApiRequest) -> Awaitable[ApiResponse]:
    """What is on record of one decision."""
    asked = _read(service, request, DecisionRequest)
    return _answered(
        service, request, "decision shown", lambda config, _who: linkgate.shown_decision(config, asked.decision)
    )


def overturn(service: Service, request: ApiRequest) -> Awaitable[ApiResponse]:
    """Grant an appeal, and tell the platform."""
    asked = _read(service, request, OverturnRequest)
    if not asked.reason.strip():
        raise BadRequestError("an appeal is granted for a reason: give one")
    return _answered(service, request, "decision overturned", lambda config, who: _overturned(config, asked, who))


def _read(service: Service, request: ApiRequest, kind: type[_Asked]) -> _Asked:
    """The body, read after the right was seen."""
    _who(service, request)
    return read_as(request.body, kind)


def _who(service: Service, request: ApiRequest) -> str:
    """The name of who asks. Raises BadRequestError where there are no tokens, too: somebody must be written down."""
    owner = service.authorize(request, _RIGHT)
    if owner is None:
        raise BadRequestError("cases and decisions need tokens: start it with --tokens", status=_FORBIDDEN)
    return owner.name


def _answered(service: Service, request: ApiRequest, what: str, act: Act) -> Awaitable[ApiResponse]:
    """Do something in a thread, and put on record who did what."""
    who, config = _who(service, request), service.gate.config

    def answer() -> ApiResponse:
        if config is None:
            raise BadRequestError("this gate has no configuration, so it keeps no record", status=_NOT_FOUND)
        try:
            told = act(config, who)
        except linkgate.UsageError as error:
            raise BadRequestError(str(error), status=_NOT_FOUND) from None
        except linkgate.LinkgateError:
            raise BadRequestError("what is kept cannot be read or written now", status=_NOT_NOW) from None
        audit.info("%s", what, extra={"fields": {"who": who}})
        return ApiResponse(write_json(told))

    return service.pool.run(answer)


def _all(config: Config, who: str) -> dict[str, Any]:
    found = linkgate.CaseStore.of(config).all(by=who, act="list")
    keys = ("id", "opened", "by", "reason", "held_until")
    return {"cases": [{key: getattr(each, key) for key in keys} | {"decisions": len(each.decisions)} for each in found]}


def _one(config: Config, name: str, who: str) -> dict[str, Any]:
    return linkgate.CaseStore.of(config).read(name, by=who, act="show").summary()


def _overturned(config: Config, asked: OverturnRequest, who: str) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    review = linkgate.overturn(config, asked.decision, reason=asked.reason, by=who, at=at)
    fault = linkgate.tell_platform(config, asked.decision, review)
    told = bool(config.policy.record and config.policy.record.on_overturn and fault is None)
    return {"decision": asked.decision, "overturned": True, "platform_told": told}
