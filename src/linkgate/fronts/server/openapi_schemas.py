"""The named schemas of the HTTP API: every field that is taken and that is answered.

`tests/fronts/server/test_openapi.py` holds them against real answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from linkgate import CaseEvent, Decision, GateProblem, Kind, Opinion, Review, Scope
from linkgate.fronts.server.request_body import MOST_HOPS, MOST_LINKS, MOST_MEDIA, MOST_MESSAGES, MOST_TARGETS, STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

_STRING = {"type": "string"}
_NULLABLE = {"type": ["string", "null"]}
_NUMBER = {"type": ["integer", "null"]}
_BOOLEAN = {"type": "boolean"}


def _object(properties: dict[str, Any], *, required: Sequence[str] = ()) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def reference(name: str) -> dict[str, str]:
    """What stands for a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _array(name: str, *, most: int | None = None) -> dict[str, Any]:
    return {"type": "array", "items": reference(name)} | ({"maxItems": most} if most else {})


_TEXTS = {"type": "array", "items": _STRING}
_ACTION: dict[str, Any] = reference("Action")


def _or_null(name: str) -> dict[str, Any]:
    return {"anyOf": [reference(name), {"type": "null"}]}


def _structs(*kinds: type[msgspec.Struct]) -> dict[str, Any]:
    """The schemas of what is kept as it is answered: derived from its fields.

    Without defaults: openapi-typescript takes a field that has one for a field that is always there.
    """
    _, found = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return {name: _object(_undefaulted(each["properties"]), required=each["required"]) for name, each in found.items()}


def _undefaulted(properties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        name: {key: each for key, each in schema.items() if key != "default"} for name, schema in properties.items()
    }


_KEPT = _structs(Decision, Review, Opinion, CaseEvent)
_DECISION = {name: each for name, each in _KEPT["Decision"]["properties"].items() if name != "text"}
_CHAINED = _DECISION | {
    "w": _NULLABLE | {"description": "Who wrote the line."},
    "n": _NUMBER | {"description": "Its number among those of this writer."},
}
_MATCH = _object(
    {
        "start": _NUMBER | {"description": "Where the link begins, in the unit of `offsets`; null for a hidden link."},
        "end": _NUMBER,
        "entry": _STRING | {"description": "The id of the list entry; never its address."},
        "scope": reference("Scope"),
        "list": _STRING,
        "category": _NULLABLE,
        "kind": reference("Kind"),
        "steps": _TEXTS | {"description": "What had to be undone for both to meet; of a file the digest's type."},
        "media": _STRING | {"description": "Of a file: its id. There is no start and no end then."},
        "distance": _NUMBER | {"description": "Of a picture: in how many bits its PDQ value differs."},
        "action": _ACTION | {"description": "What counts; with `asked` and `held` only under a policy."},
        "asked": _ACTION | {"description": "What the list asks for."},
        "held": _NULLABLE | {"description": "Why less is done than was asked for; null where it is not."},
    },
    required=("entry", "scope", "list", "kind", "steps"),
)
_MEDIA = _object(
    {
        "id": _STRING | {"description": "By which a match names the file."},
        **{kind: _NULLABLE | {"description": "Hexadecimal digits."} for kind in ("sha256", "sha1", "md5", "pdq")},
        "vpdq": _NULLABLE | {"description": "JSON text: a list of the frames of a video, `HEX,QUALITY,SECONDS` each."},
        "pdq_quality": _NUMBER | {"description": "From 0 to 100; below 50 a picture is never near."},
    },
    required=("id",),
)
_VERDICT: dict[str, Any] = {
    "flagged": _BOOLEAN | {"description": "Whether the action is block or review."},
    "action": _or_null("Action") | {"description": "The heaviest of the matches; null where nothing matched."},
    "snapshot": _STRING | {"description": "The id of what decided."},
    "surface": _NULLABLE | {"description": "Under a policy: where the message stands."},
    "scanned": _BOOLEAN | {"description": "Under a policy: false where nobody looked, as the surface is off."},
    "matches": _array("Match"),
    "opaque": _array("OpaqueLink") | {"description": "Short links that no entry covers, where the lists note them."},
}
_NEEDED = ("flagged", "action", "snapshot", "matches")
_STEPS = {"steps": _array("Step") | {"description": "With `explain`: the forms of the URL, defanged."}}
_READABLE = {"readable": _BOOLEAN | {"description": "Whether a browser would open it."}}
_CASE = {
    "id": _STRING,
    "opened": _STRING,
    "by": _STRING,
    "reason": _STRING,
    "held_until": _NULLABLE | {"description": "The last day on which it may not be removed; null once released."},
}
_NAMES = {"type": "object", "additionalProperties": _STRING}
SCHEMAS: dict[str, Any] = {
    "Message": _object(
        {
            "text": _STRING,
            "links": _TEXTS | {"maxItems": MOST_LINKS, "description": "Links that the text does not show."},
            "media": _array("Media", most=MOST_MEDIA) | {"description": "Its files, by their digests alone."},
            "id": _NULLABLE | {"description": "For the record, and for lists with a share; given back in a batch."},
            "surface": _STRING | {"description": "Where the message stands; public if absent."},
            "account": _NULLABLE | {"description": "Who posted it; kept by pseudonym, where that is configured."},
            "posted": _NULLABLE | {"description": "When, as ISO 8601 with its time zone; for the record."},
            "offsets": {
                "type": "string",
                "enum": ["code-points", "utf-16", "bytes"],
                "description": "The unit of start and end; code-points if absent. JavaScript and Java count in utf-16.",
            },
        }
    ),
    "Media": _MEDIA,
    "Batch": _object({"messages": _array("Message", most=MOST_MESSAGES)}, required=("messages",)),
    "CheckRequest": {"anyOf": [reference("Message"), reference("Batch")]},
    "Match": _MATCH,
    "OpaqueLink": _object({"start": _NUMBER, "end": _NUMBER}, required=("start", "end")),
    "Recheck": _object(
        {
            "targets": _array("Target", most=MOST_TARGETS),
            "id": _NULLABLE | {"description": "Of the message; for the record, and for lists with a share."},
            "surface": _STRING | {"description": "Where the message stands; public if absent."},
            "account": _NULLABLE | {"description": "Who posted it, as for a check."},
            "posted": _NULLABLE | {"description": "When, as ISO 8601 with its time zone; for the record."},
            "late": _BOOLEAN | {"description": "Whether the message was published before."},
        },
        required=("targets",),
    ),
    "Target": _object(
        {
            "link": _STRING | {"description": "The short link, as it was asked for."},
            "start": _NUMBER | {"description": "Given back; null for a hidden link."},
            "end": _NUMBER,
            "state": {"type": "string", "enum": list(STATES)},
            "hops": _TEXTS | {"maxItems": MOST_HOPS, "description": "The addresses that it leads to."},
            "at": {"type": "number", "description": "When it was asked, in seconds since 1970."},
        },
        required=("link", "state"),
    ),
    "Action": {"type": "string", "enum": ["block", "review", "log"]},
    "Kind": {"type": "string", "enum": [kind.value for kind in Kind]},
    "Scope": {"type": "string", "enum": [scope.value for scope in Scope]},
    "Verdict": _object(
        {"id": _NULLABLE | {"description": "In a batch: that of the message."}, **_VERDICT}, required=_NEEDED
    ),
    "BatchResult": _object({"results": _array("Verdict")}, required=("results",)),
    "CheckResult": {"anyOf": [reference("Verdict"), reference("BatchResult")]},
    "Step": _object({"step": _STRING, "url": _STRING}, required=("step", "url")),
    "Lookup": _object({"url": _STRING, "explain": _BOOLEAN}, required=("url",)),
    "LookupResult": _object(
        _VERDICT | _READABLE | _STEPS,
        required=(*_NEEDED, "readable"),
    ),
    "Why": _object(
        {"asked": _STRING | {"description": "The id of a message, a decision or an entry, or a URL."}},
        required=("asked",),
    ),
    "WhyResult": _object(
        {"decisions": _array("Decision"), "entries": _array("EntryReport"), "url": _or_null("UrlReport")},
        required=("decisions", "entries", "url"),
    ),
    "Decision": _object(_DECISION, required=_KEPT["Decision"]["required"]),
    "EntryReport": _object(
        {
            "entry": _STRING,
            "list": _STRING,
            "listed": _BOOLEAN | {"description": "Whether the current version has it."},
            "allow": _BOOLEAN | {"description": "Whether it lifts what others list."},
            "scope": _or_null("Scope"),
            "category": _NULLABLE,
            "since_version": _NUMBER | {"description": "The oldest kept version that has it."},
            "since": _NULLABLE | {"description": "When that was published."},
            "last_version": _NUMBER | {"description": "The newest one, of an entry that is not listed any more."},
            "changed_in": {"type": "array", "items": {"type": "integer"}},
            "held_back": _NULLABLE | {"description": "Why the guard keeps it out."},
            "publisher_id": _NULLABLE,
            "line": _NUMBER | {"description": "The line of its publisher's file, where that gives no id."},
            "ends": _NULLABLE | {"description": "Of an allow entry: until when it lifts."},
            "reason": _NULLABLE | {"description": "Of an allow entry: why it stands."},
            "accepted": _NULLABLE | {"description": "Why the guard was overruled."},
            "policy": _object({kind.value: reference("Ruling") for kind in Kind})
            | {"description": "What becomes of a match with it, by kind."},
            "opinions": _array("EntryOpinion"),
        },
        required=("entry", "list", "listed", "allow"),
    ),
    "Ruling": _object({"action": _ACTION, "asked": _ACTION, "held": _NULLABLE}, required=("action", "asked", "held")),
    "EntryOpinion": _object(
        dict.fromkeys(("opinion", "by", "at", "reason"), _STRING), required=("opinion", "by", "at", "reason")
    ),
    "UrlReport": _object(
        {**_VERDICT, **_READABLE, "steps": _array("Step"), "near": _array("Near"), "allowed": _array("Allowed")},
        required=(*_NEEDED, "readable", "steps", "near", "allowed"),
    ),
    "Near": _object(
        {"reason": _STRING, "entries": _TEXTS, "number": {"type": "integer", "description": "Of all such entries."}},
        required=("reason", "entries", "number"),
    ),
    "Allowed": _object(
        {"list": _STRING, "entry": _STRING, "reason": _NULLABLE, "ends": _NULLABLE},
        required=("list", "entry", "reason", "ends"),
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
            "shadow": _BOOLEAN | {"description": "Whether it reports and never blocks."},
        },
        required=("name", "kind", "entries", "confirmed", "age", "stale", "shadow"),
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
    "Alive": _object({"ok": _BOOLEAN}, required=("ok",)),
    "Ready": _object({"ok": _BOOLEAN, "snapshot": _STRING}, required=("ok", "snapshot")),
    "Health": _object(
        {"ok": _BOOLEAN, "snapshot": _STRING, "problems": _array("Problem")}, required=("ok", "snapshot", "problems")
    ),
    "Cases": _object({"cases": _array("CaseRow")}, required=("cases",)),
    "CaseRow": _object(
        {**_CASE, "decisions": {"type": "integer", "description": "How many."}}, required=(*_CASE, "decisions")
    ),
    "CaseId": _object({"case": _STRING}, required=("case",)),
    "CaseReport": _object(
        {
            **_CASE,
            "decisions": _array("CaseDecision"),
            "captured": _TEXTS | {"description": "The decisions of which something was captured."},
            "reviews": _NAMES | {"description": "What reviewers said, by decision."},
            "actors": _NAMES | {"description": "The account's pseudonym, by decision."},
            "media": {"type": "array", "items": _TEXTS, "description": "Of each file, the algorithms of its digests."},
            "events": _array("CaseEvent"),
        },
        required=(*_CASE, "decisions", "captured", "reviews", "actors", "media", "events"),
    ),
    "CaseDecision": _object(_CHAINED | {"h": _STRING}, required=_KEPT["Decision"]["required"]),
    "CaseEvent": _KEPT["CaseEvent"],
    "DecisionId": _object({"decision": _STRING}, required=("decision",)),
    "DecisionReport": _object(
        _CHAINED | {"review": _or_null("Review"), "opinions": _array("Opinion")},
        required=(*_KEPT["Decision"]["required"], "review", "opinions"),
    ),
    "Review": _KEPT["Review"],
    "Opinion": _KEPT["Opinion"],
    "Appeal": _object(
        {"decision": _STRING, "reason": _STRING | {"pattern": r"\S"}},
        required=("decision", "reason"),
    ),
    "Overturned": _object(
        {"decision": _STRING, "overturned": _BOOLEAN, "platform_told": _BOOLEAN},
        required=("decision", "overturned", "platform_told"),
    ),
    "Error": _object({"error": _STRING}, required=("error",)),
}
