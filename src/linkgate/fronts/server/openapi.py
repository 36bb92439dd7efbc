"""The OpenAPI document: what the endpoints take and give. Tests hold it against the running server."""

from __future__ import annotations

from typing import Any

from linkgate import GateProblem, __version__
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


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _array(name: str, *, most: int | None = None) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)} | ({"maxItems": most} if most else {})


def _json(name: str, example: Any = None) -> dict[str, Any]:
    return {"application/json": {"schema": _ref(name)} | ({"example": example} if example is not None else {})}


_TEXTS = {"type": "array", "items": _STRING}
_ACTION = {"enum": ["block", "review", "log"]}
_MATCH = _object(
    {
        "start": _NUMBER | {"description": "Where the link begins, in the unit of `offsets`; null for a hidden link."},
        "end": _NUMBER,
        "entry": _STRING | {"description": "The id of the list entry; never its address."},
        "scope": {"enum": ["page", "prefix", "host", "domain", "brand"]},
        "list": _STRING,
        "category": _NULLABLE,
        "kind": {"enum": ["exact", "loose", "nested"]},
        "steps": _TEXTS | {"description": "What had to be undone for link and entry to meet."},
        "action": _ACTION | {"description": "What counts; with `asked` and `held` only under a policy."},
        "asked": _ACTION | {"description": "What the list asks for."},
        "held": _NULLABLE | {"description": "Why less is done than was asked for; null where it is not."},
    },
    required=("entry", "scope", "list", "kind", "steps"),
)
_VERDICT: dict[str, Any] = {
    "flagged": _BOOLEAN | {"description": "Whether the action is block or review."},
    "action": {"enum": ["block", "review", "log", None]},
    "snapshot": _STRING | {"description": "The id of what decided."},
    "surface": _NULLABLE | {"description": "Under a policy: where the message stands."},
    "scanned": _BOOLEAN | {"description": "Under a policy: false where nobody looked, as the surface is off."},
    "matches": _array("Match"),
    "opaque": _array("OpaqueLink") | {"description": "Short links that no entry covers, where the lists note them."},
}
_NEEDED = ("flagged", "action", "snapshot", "matches")
_STEPS = {"steps": _array("Step") | {"description": "With `explain`: the forms of the URL, defanged."}}
_KEPT = (401, 403, 404, 408, 413, 503)
SCHEMAS: dict[str, Any] = {
    "Message": _object(
        {
            "text": _STRING,
            "links": _TEXTS | {"maxItems": MOST_LINKS, "description": "Links that the text does not show."},
            "id": _NULLABLE | {"description": "For the record, and for lists with a share; given back in a batch."},
            "surface": _STRING | {"description": "Where the message stands: public if absent."},
            "account": _NULLABLE | {"description": "Who posted it; kept by pseudonym, where that is configured."},
            "posted": _NULLABLE | {"description": "When, as ISO 8601 with its time zone; for the record."},
            "offsets": {"enum": ["code-points", "utf-16", "bytes"], "description": "The unit of start and end."},
        }
    ),
    "Batch": _object({"messages": _array("Message", most=MOST_MESSAGES)}, required=("messages",)),
    "CheckRequest": {"anyOf": [_ref("Message"), _ref("Batch")]},
    "Match": _MATCH,
    "OpaqueLink": _object({"start": _NUMBER, "end": _NUMBER}, required=("start", "end")),
    "Verdict": _object(
        {"id": _NULLABLE | {"description": "In a batch: that of the message."}, **_VERDICT}, required=_NEEDED
    ),
    "BatchResult": _object({"results": _array("Verdict")}, required=("results",)),
    "CheckResult": {"anyOf": [_ref("Verdict"), _ref("BatchResult")]},
    "Step": _object({"step": _STRING, "url": _STRING}, required=("step", "url")),
    "Lookup": _object({"url": _STRING, "explain": _BOOLEAN}, required=("url",)),
    "LookupResult": _object(
        _VERDICT | {"readable": _BOOLEAN | {"description": "Whether a browser would open it."}} | _STEPS,
        required=(*_NEEDED, "readable"),
    ),
    "Why": _object(
        {"asked": _STRING | {"description": "The id of a message, a decision or an entry, or a URL."}},
        required=("asked",),
    ),
    "WhyResult": _object(
        {
            "decisions": {"type": "array", "items": {"type": "object"}},
            "entries": {"type": "array", "items": {"type": "object"}},
            "url": {"type": ["object", "null"]},
        },
        required=("decisions", "entries", "url"),
    ),
    "List": _object(
        {
            "name": _STRING,
            "kind": _STRING,
            "category": _NULLABLE,
            "entries": {"type": "integer"},
            "confirmed": _STRING | {"description": "When its publisher last confirmed it (ISO 8601, UTC)."},
            "age": {"type": "integer", "description": "Seconds since then."},
            "stale": _BOOLEAN,
        },
        required=("name", "kind", "entries", "confirmed", "age", "stale"),
    ),
    "Lists": _object(
        {
            "snapshot": _STRING,
            "version": _NUMBER,
            "entries": {"type": "integer"},
            "age": {"type": "number", "description": "Seconds since it was published."},
            "lists": _array("List"),
        },
        required=("snapshot", "entries", "age", "lists"),
    ),
    "Problem": _object(
        {
            "kind": {"enum": list(GateProblem.KINDS)},
            "list": _NULLABLE,
            "sentence": _STRING | {"description": "With the right `lists`."},
        },
        required=("kind", "list"),
    ),
    "Health": _object({"ok": _BOOLEAN, "snapshot": _STRING, "problems": _array("Problem")}, required=("ok",)),
    "Case": _object({"case": _STRING}, required=("case",)),
    "DecisionId": _object({"decision": _STRING}, required=("decision",)),
    "Appeal": _object({"decision": _STRING, "reason": _STRING}, required=("decision", "reason")),
    "Record": _object({}),
    "Error": _object({"error": _STRING}, required=("error",)),
}


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


def _open(name: str, summary: str, answers: dict[str, str]) -> dict[str, Any]:
    content = {"content": _json("Health")} if name != "metrics" else {}
    responses = {code: {"description": text, **content} for code, text in answers.items()}
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
            "get": _operation("cases", "All cases, without their links; on record.", _answers("Record", *_KEPT))
        },
        "/v1/cases/show": {
            "post": _operation(
                "showCase", "One case, without its links; on record.", _answers("Record", *_KEPT), body="Case"
            )
        },
        "/v1/decisions/show": {
            "post": _operation(
                "showDecision", "What is on record of one decision.", _answers("Record", *_KEPT), body="DecisionId"
            )
        },
        "/v1/decisions/overturn": {
            "post": _operation(
                "overturn", "Grant an appeal, and tell the platform.", _answers("Record", *_KEPT), body="Appeal"
            )
        },
        "/livez": {"get": _open("livez", "Whether the process answers.", {"200": "It does."})},
        "/readyz": {
            "get": _open(
                "readyz", "Whether the process can answer; it goes on with stale lists, too.", {"200": "It can."}
            )
        },
        "/healthz": {
            "get": _open(
                "healthz",
                "Whether somebody should look at the gate, and why. Not for a load balancer: it goes on deciding.",
                {
                    "200": "Nobody needs to.",
                    "503": "A list is stale, a reload, the policy or the record failed, or an alarm is open.",
                },
            )
        },
        "/metrics": {
            "get": _open(
                "metrics",
                "Metrics for Prometheus.",
                {"200": "Text.", **{str(status): _WORDS[status] for status in (401, 403, 503)}},
            )
            | {"security": [{"bearer": []}, {}]}
        },
    },
}
