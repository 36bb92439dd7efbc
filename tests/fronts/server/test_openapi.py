"""The description of the API against real answers: every field that is answered is named, with its type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="the extra `serve` is not installed")

from sidecars import LISTED, TOML, ask_here, furnish

import linkgate
from linkgate.fronts.server.app import build, service_of
from linkgate.fronts.server.bearer_tokens import digest
from linkgate.fronts.server.openapi import DOCUMENT

if TYPE_CHECKING:
    from pathlib import Path

MORE = """shadow = true
category = "abuse"
[[list]]
name = "exceptions"
path = "allow.csv"
kind = "allow"
[[list]]
name = "short"
path = "short.txt"
kind = "shorteners"
[[list]]
name = "files"
path = "files.txt"
type = "sha256"
[shorteners]
report = true
action = "log"
[surfaces]
private = false
[decisions]
[cases]
key_env = "CASES"
capture = "link"
[feedback]
wrong = { after = 9, by = 9 }
[accounts]
keep = "30d"
key_env = "CASES"
"""
DIGEST = "3b" * 32
SCHEMAS = DOCUMENT["components"]["schemas"]
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def misfit(value: Any, schema: dict[str, Any]) -> str | None:
    """Where a value is not as its schema says; a field that is not named there does not fit."""
    if "$ref" in schema:
        return misfit(value, SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        found = [misfit(value, each) for each in schema["anyOf"]]
        return None if None in found else " and ".join(map(str, found))
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, TYPES[kind]) and not (kind == "integer" and value is True) for kind in kinds):
        return f"{value!r} is no {kinds}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{value!r} is none of {schema['enum']}"
    if isinstance(value, list):
        return next(filter(None, (misfit(each, schema["items"]) for each in value)), None)
    return _misfit_of(value, schema) if isinstance(value, dict) else None


def _misfit_of(value: dict[str, Any], schema: dict[str, Any]) -> str | None:
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    if missing := set(schema.get("required", ())) - set(value):
        return f"without {missing}"
    for name, each in value.items():
        if name not in known and more is None:
            return f"unknown {name}"
        if (wrong := misfit(each, known.get(name, more))) is not None:
            return f"{name}: {wrong}"
    return None


def referred(schema: Any) -> set[str]:
    """The named schemas that one refers to, and those that they do."""
    if isinstance(schema, list):
        return set().union(*map(referred, schema))
    if not isinstance(schema, dict):
        return set()
    found = referred([*schema.values()])
    name = schema["$ref"].rpartition("/")[2] if "$ref" in schema else None
    return found if name is None else found | {name} | referred(SCHEMAS[name])


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, Any]]]:
    """Answers of every endpoint: with matches and without, of all kinds, good and bad."""
    folder: Path = tmp_path_factory.mktemp("api")
    furnish(folder)
    (folder / "allow.csv").write_text("id,url,note,expires\ncase-7,allowed.worse.example,tested,2999-01-01\n")
    (folder / "linkgate.toml").write_text(TOML + MORE)
    (folder / "short.txt").write_text("sho.example\n")
    (folder / "files.txt").write_text(f"{DIGEST}\n")
    tokens = folder / "tokens"
    tokens.write_text(f"all check,lookup,lists,cases,metrics {digest('all')}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASES", "ab" * 32)
        config = linkgate.load_config(folder / "linkgate.toml")
        assert linkgate.update(config, config.open_store()).ok
        settings = {"config": str(config.path), "tokens": str(tokens), "watch": None, "lookups": True}
        service = service_of(settings)
        try:
            return _asked(build(service), config)
        finally:
            service.gate.close()


def _asked(app: Any, config: linkgate.Config) -> dict[str, list[tuple[int, Any]]]:
    found: dict[str, list[tuple[int, Any]]] = {}

    def ask(path: str, body: Any = None, *, token: str = "all") -> Any:  # noqa: S107  # its name
        found.setdefault(path, []).append(ask_here(app, path, body, token=token))
        return found[path][-1][1]

    message = {
        "text": f"see {LISTED}",
        "id": "m1",
        "account": "ann",
        "posted": "2026-01-31T10:00:00Z",
        "links": ["http://www.bad.example/page"],
    }
    for body in (
        message,
        {},
        {"text": "http://sho.example/a"},
        {"media": [{"id": "f", "sha256": DIGEST}], "offsets": "bytes"},
        {"messages": [message, {"text": "hello", "surface": "private"}]},
        {"text": 7},
    ):
        ask("/v1/check", body)
    target = {"link": "http://sho.example/a", "start": 0, "end": 20, "state": "redirects", "hops": [LISTED]}
    for again in ({"id": "m3", "targets": [target, target | {"state": "timeout", "hops": []}]}, {"targets": 7}):
        ask("/v1/recheck", again)
    ask("/v1/check", message, token="nobody")  # noqa: S106  # a name
    (config.path.parent / "partner.txt").write_text(f"{LISTED}\nhttp://more.example/\n*.worse.example\ncom\n")
    linkgate.update(config, config.open_store(), force=True)
    first, *_ = rows = linkgate.find_decisions(config.path.parent / "decisions", messages=["m1"])
    for url in ("bad.example/page", "bad.example/other", "allowed.worse.example", "mailto:x@y.example"):
        ask("/v1/lookup", {"url": url})
        ask("/v1/lookup", {"url": url, "explain": True})
        ask("/v1/why", {"asked": url})
    linkgate.OpinionFile.of(config).add(
        [
            linkgate.Opinion(
                list="partner", entry=first["entry"], opinion="disputed", by="ann", at="2026-01-31T10:00:00Z"
            )
        ]
    )
    gone = config.open_store().load(1).lookup("192.0.2.7/x").matches[0].entry.id
    allowed = config.open_store().load().explain("allowed.worse.example").allowed[0].id
    [held] = [each.id for state in config.open_store().current.lists for each in state.quarantine]
    for name in ("m1", held, first["decision"], first["entry"], gone, allowed, "m2"):
        ask("/v1/why", {"asked": name})
    case = linkgate.CaseStore.of(config).open(rows, by="ann", reason="report", until="2030-01-31")
    ask("/v1/decisions/show", {"decision": first["decision"]})
    ask("/v1/decisions/overturn", {"decision": first["decision"], "reason": "a school"})
    ask("/v1/decisions/show", {"decision": first["decision"]})
    ask("/v1/decisions/show", {"decision": "d0"})
    for path in ("/v1/lists", "/v1/cases", "/livez", "/readyz", "/healthz"):
        ask(path)
    ask("/v1/cases/show", {"case": case.id})
    return found


def test_every_answer_is_as_its_schema_says(answered: dict[str, list[tuple[int, Any]]]) -> None:
    paths = {path: next(iter(methods.values())) for path, methods in DOCUMENT["paths"].items()}
    assert set(answered) == set(paths) - {"/metrics"}
    for path, answers in answered.items():
        assert answers[0][0] == 200, path
        for status, told in answers:
            schema = paths[path]["responses"][str(status)]["content"]["application/json"]["schema"]
            assert misfit(told, schema) is None, (path, status, told)


def test_the_answers_hold_what_can_be_answered(answered: dict[str, list[tuple[int, Any]]]) -> None:
    """Every field of every named schema is seen with a value, so that the comparison means something."""
    seen: dict[str, set[str]] = {}

    def walk(value: Any, schema: dict[str, Any]) -> None:
        for each in schema.get("anyOf", ()):
            if misfit(value, each) is None:
                walk(value, each)
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            fields = {key for key, each in value.items() if each is not None} if isinstance(value, dict) else {"it"}
            seen.setdefault(name, set()).update(fields)
            walk(value, SCHEMAS[name])
        for each in value if isinstance(value, list) else ():
            walk(each, schema.get("items", {}))
        for key, each in value.items() if isinstance(value, dict) else ():
            walk(each, schema.get("properties", {}).get(key, {}))

    for path, answers in answered.items():
        responses = next(iter(DOCUMENT["paths"][path].values()))["responses"]
        for status, told in answers:
            walk(told, responses[str(status)]["content"]["application/json"]["schema"])
    bodies = [
        told["requestBody"]
        for methods in DOCUMENT["paths"].values()
        for told in methods.values()
        if "requestBody" in told
    ]
    asked = referred(bodies)
    rare = {"Problem"}  # of a gate that nobody needs to look at
    assert set(SCHEMAS) - set(seen) - asked == rare
    unseen = {name: set(SCHEMAS[name].get("properties", {})) - fields for name, fields in seen.items()}
    assert {name: fields for name, fields in unseen.items() if fields} == {
        "Match": {"distance"},  # of a picture
        "CaseEvent": {"form", "until"},  # of an export, and of a case that is held anew
        "LookupResult": {"surface", "opaque"},  # a URL alone stands nowhere, and is looked up as it is
        "UrlReport": {"surface", "opaque"},
        "Decision": {"late", "media", "distance"},  # of a link that was resolved; of a file beside a message
        "CaseDecision": {"late", "media", "distance"},
        "DecisionReport": {"media", "distance"},
        "EntryReport": {"accepted"},  # of an entry for which the guard was overruled
    }


def test_what_is_taken_is_what_the_decoder_takes() -> None:
    from linkgate.fronts.server import request_body as shapes  # noqa: PLC0415  # what it is compared with

    for name, shape in {
        "Message": shapes.CheckRequest,
        "Batch": shapes.BatchRequest,
        "Lookup": shapes.LookupRequest,
        "Why": shapes.WhyRequest,
        "CaseId": shapes.CaseRequest,
        "DecisionId": shapes.DecisionRequest,
        "Appeal": shapes.OverturnRequest,
    }.items():
        assert set(SCHEMAS[name]["properties"]) == set(shape.__struct_fields__)


def test_no_field_has_a_default() -> None:
    assert '"default"' not in json.dumps(SCHEMAS)  # a generator of clients would take such a field for a needed one


def test_operations_have_names_and_bodies_examples() -> None:
    operations = [told for methods in DOCUMENT["paths"].values() for told in methods.values()]
    assert len({told["operationId"] for told in operations}) == len(operations)
    for told in operations:
        for content in told.get("requestBody", {}).get("content", {}).values():
            assert misfit(content["example"], content["schema"]) is None
