"""The OpenAPI document: what the endpoints take and give. Tests hold it against the running server."""

from __future__ import annotations

from typing import Any

from linkgate import __version__
from linkgate.fronts.server.request_body import MOST_LINKS, MOST_MESSAGES

_STRING = {"type": "string"}
_NULLABLE = {"type": ["string", "null"]}
_NUMBER = {"type": ["integer", "null"]}
_BOOLEAN = {"type": "boolean"}
_WORDS = {
    401: "No bearer token, or none that is known.",
    403: "The token has not the right.",
    404: "Look-ups are off, or there is no such thing on record.",
    408: "The body did not arrive in time.",
    413: "Something is over its limit.",
    429: "Too many look-ups, or links of this token; see Retry-After.",
    503: "What the workers share, or what is kept, cannot be read or written.",
}


def _object(properties: dict[str, Any], *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_MATCH = _object(
    {
        "start": _NUMBER,
        "end": _NUMBER,
        "entry": _STRING,
        "scope": {"enum": ["page", "prefix", "host", "domain", "brand"]},
        "list": _STRING,
        "category": _NULLABLE,
        "kind": {"enum": ["exact", "loose", "nested"]},
        "steps": {"type": "array", "items": _STRING},
    },
    required=("entry", "scope", "list", "kind", "steps"),
)
_VERDICT = _object(
    {
        "flagged": _BOOLEAN,
        "action": {"enum": ["block", "review", "log", None]},
        "snapshot": _STRING,
        "matches": {"type": "array", "items": _MATCH},
    },
    required=("flagged", "action", "snapshot", "matches"),
)
_MESSAGE = _object(
    {
        "text": _STRING,
        "links": {"type": "array", "items": _STRING, "maxItems": MOST_LINKS},
        "id": _NULLABLE,
        "surface": _STRING,
        "account": _NULLABLE,
    }
) | {"additionalProperties": False}
_BATCH = _object(
    {"messages": {"type": "array", "items": _MESSAGE, "maxItems": MOST_MESSAGES}}, required=("messages",)
) | {"additionalProperties": False}
_QUESTION = _object({"url": _STRING, "explain": _BOOLEAN}, required=("url",)) | {"additionalProperties": False}
_CASE = _object({"case": _STRING}, required=("case",)) | {"additionalProperties": False}
_DECISION = _object({"decision": _STRING}, required=("decision",)) | {"additionalProperties": False}
_APPEAL = _object({"decision": _STRING, "reason": _STRING}, required=("decision", "reason")) | {
    "additionalProperties": False
}
_KEPT = (401, 403, 404, 408, 413, 503)
_ERROR = _object({"error": _STRING}, required=("error",))


def _answers(schema: dict[str, Any], *faults: int) -> dict[str, Any]:
    good = {"200": {"description": "The answer.", "content": _json(schema)}}
    bad = {"400": {"description": "The body does not fit.", "content": _json(_ERROR)}}
    return good | bad | {str(status): {"description": _WORDS[status], "content": _json(_ERROR)} for status in faults}


def _operation(summary: str, answers: dict[str, Any], *, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = {"requestBody": {"required": True, "content": _json(body)}} if body else {}
    return {"summary": summary, "responses": answers, "security": [{"bearer": []}], **request}


def _open(summary: str, answers: dict[str, str]) -> dict[str, Any]:
    return {"summary": summary, "responses": {code: {"description": text} for code, text in answers.items()}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "linkgate",
        "version": __version__,
        "description": "Says whether messages link to listed pages. No answer holds a listed address.",
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/v1/check": {
            "post": _operation(
                "Check one message, or a batch.",
                _answers(
                    {
                        "anyOf": [
                            _VERDICT,
                            _object({"results": {"type": "array", "items": _VERDICT}}, required=("results",)),
                        ]
                    },
                    *(401, 403, 408, 413, 429, 503),
                ),
                body={"anyOf": [_MESSAGE, _BATCH]},
            )
        },
        "/v1/lookup": {
            "post": _operation(
                "Look one URL up, as it was pasted. Off unless it was switched on; limited and on record.",
                _answers(_VERDICT, 401, 403, 404, 408, 413, 429, 503),
                body=_QUESTION,
            )
        },
        "/v1/lists": {"get": _operation("The lists that decide, and their age.", _answers(_object({}), 401, 403))},
        "/v1/cases": {"get": _operation("All cases, without their links; on record.", _answers(_object({}), *_KEPT))},
        "/v1/cases/show": {
            "post": _operation("One case, without its links; on record.", _answers(_object({}), *_KEPT), body=_CASE)
        },
        "/v1/decisions/show": {
            "post": _operation("What is on record of one decision.", _answers(_object({}), *_KEPT), body=_DECISION)
        },
        "/v1/decisions/overturn": {
            "post": _operation("Grant an appeal, and tell the platform.", _answers(_object({}), *_KEPT), body=_APPEAL)
        },
        "/livez": {"get": _open("Whether the process answers.", {"200": "It does."})},
        "/readyz": {
            "get": _open("Whether the process can answer; it goes on with stale lists, too.", {"200": "It can."})
        },
        "/healthz": {
            "get": _open(
                "Whether somebody should look at the gate, and why. Not for a load balancer: it goes on deciding.",
                {
                    "200": "Nobody needs to.",
                    "503": "A list is stale, a reload, the policy or the record failed, or an alarm is open.",
                },
            )
        },
        "/metrics": {
            "get": _open(
                "Metrics for Prometheus.",
                {"200": "Text.", **{str(status): _WORDS[status] for status in (401, 403, 503)}},
            )
            | {"security": [{"bearer": []}]}
        },
    },
}
