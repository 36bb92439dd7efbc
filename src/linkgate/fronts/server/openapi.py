"""The OpenAPI document: what the endpoints take and give. Tests hold it against the running server."""

from __future__ import annotations

from typing import Any

from linkgate import __version__
from linkgate.fronts.server.openapi_schemas import SCHEMAS, reference

_WORDS = {
    401: "No bearer token, or none that is known.",
    403: "The token has not the right.",
    404: "Look-ups are off, or there is no such thing on record.",
    408: "The body did not arrive in time.",
    413: "Something is over its limit.",
    429: "Too many look-ups, or links of this token; see Retry-After.",
    503: "What the workers share, or what is kept, cannot be read or written.",
}


_KEPT = (401, 403, 404, 408, 413, 503)


def _json(name: str, example: Any = None) -> dict[str, Any]:
    return {"application/json": {"schema": reference(name)} | ({"example": example} if example is not None else {})}


def _answers(name: str, *faults: int) -> dict[str, Any]:
    good = {"200": {"description": "The answer.", "content": _json(name)}}
    bad = {"400": {"description": "The body does not fit.", "content": _json("Error")}}
    return good | bad | {str(status): {"description": _WORDS[status], "content": _json("Error")} for status in faults}


def _operation(
    name: str, summary: str, answers: dict[str, Any], *, body: str | None = None, example: Any = None
) -> dict[str, Any]:
    request = {"requestBody": {"required": True, "content": _json(body, example)}} if body else {}
    return {
        "operationId": name,
        "summary": summary,
        "responses": answers,
        "security": [{"bearer": []}, {}],
        **request,
    }


def _open(name: str, summary: str, schema: str, answers: dict[str, str]) -> dict[str, Any]:
    responses = {code: {"description": text, "content": _json(schema)} for code, text in answers.items()}
    return {"operationId": name, "summary": summary, "responses": responses}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "linkgate",
        "version": __version__,
        "description": "Says whether messages link to listed pages. No answer holds a listed address.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}, "schemas": SCHEMAS},
    "paths": {
        "/v1/check": {
            "post": _operation(
                "check",
                "Check one message, or a batch. A field that is not known is ignored, and counted.",
                _answers("CheckResult", 401, 403, 408, 413, 429, 503),
                body="CheckRequest",
                example={"text": "good morning", "links": [], "id": "7", "surface": "public"},
            )
        },
        "/v1/recheck": {
            "post": _operation(
                "recheck",
                "Judge where the short links of a message lead, as `linkgate resolve` told it.",
                _answers("Verdict", 401, 403, 408, 413, 429, 503),
                body="Recheck",
                example={
                    "id": "7",
                    "targets": [
                        {
                            "link": "http://sho.example/3xYz",
                            "start": 4,
                            "end": 27,
                            "state": "redirects",
                            "hops": ["http://other.example/"],
                        }
                    ],
                },
            )
        },
        "/v1/lookup": {
            "post": _operation(
                "lookup",
                "Look one URL up, as it was pasted. Off unless it was switched on; limited and on record.",
                _answers("LookupResult", 401, 403, 404, 408, 413, 429, 503),
                body="Lookup",
                example={"url": "hxxp://bad[.]example/page", "explain": True},
            )
        },
        "/v1/why": {
            "post": _operation(
                "why",
                "Why: the decision on record, the entry, or what a URL meets and nearly meets. Counted as a look-up.",
                _answers("WhyResult", 401, 403, 404, 408, 413, 429, 503),
                body="Why",
                example={"asked": "partner:7"},
            )
        },
        "/v1/lists": {"get": _operation("lists", "The lists that decide, and their age.", _answers("Lists", 401, 403))},
        "/v1/cases": {
            "get": _operation("cases", "All cases, without their links; on record.", _answers("Cases", *_KEPT))
        },
        "/v1/cases/show": {
            "post": _operation(
                "showCase",
                "One case, without its links; on record.",
                _answers("CaseReport", *_KEPT),
                body="CaseId",
                example={"case": "7"},
            )
        },
        "/v1/decisions/show": {
            "post": _operation(
                "showDecision",
                "What is on record of one decision.",
                _answers("DecisionReport", *_KEPT),
                body="DecisionId",
                example={"decision": "d00c0ffee"},
            )
        },
        "/v1/decisions/overturn": {
            "post": _operation(
                "overturn",
                "Grant an appeal, and tell the platform.",
                _answers("Overturned", *_KEPT),
                body="Appeal",
                example={"decision": "d00c0ffee", "reason": "a news page"},
            )
        },
        "/livez": {"get": _open("livez", "Whether the process answers.", "Alive", {"200": "It does."})},
        "/readyz": {
            "get": _open(
                "readyz",
                "Whether the process can answer; it goes on with stale lists, too.",
                "Ready",
                {"200": "It can."},
            )
        },
        "/healthz": {
            "get": _open(
                "healthz",
                "Whether somebody should look at the gate, and why. Not for a load balancer: it goes on deciding.",
                "Health",
                {
                    "200": "Nobody needs to.",
                    "503": "A list is stale, a reload, the policy or the record failed, or an alarm is open.",
                },
            )
        },
        "/metrics": {
            "get": {
                "operationId": "metrics",
                "summary": "Metrics for Prometheus.",
                "security": [{"bearer": []}, {}],
                "responses": {
                    "200": {"description": "Text.", "content": {"text/plain": {"schema": {"type": "string"}}}},
                    **{
                        code: each
                        for code, each in _answers("Error", 401, 403, 503).items()
                        if code not in {"200", "400"}
                    },
                },
            }
        },
    },
}
