"""Exports of cases, and statements of reasons: fields and their order, what is missing, what must not be there."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from desk import local, page
from policed import RECORD, desk, gate_of, records

from linkgate.decisions.case_export import FORMS, ExportNotes, exported
from linkgate.decisions.case_store import CaseStore
from linkgate.decisions.find_decisions import find_decisions
from linkgate.decisions.platform_facts import read_facts
from linkgate.decisions.review import Review, keep_reviews
from linkgate.decisions.statement_rules import faults_of
from linkgate.decisions.statements import statements
from linkgate.errors import UsageError
from linkgate.fronts.cli import run

if TYPE_CHECKING:
    from desk import Desk

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "case.schema.json").read_text())
REST = f"""{RECORD}
[cases]
key_env = "CASES"
capture = "link"
[reporter]
organisation = "Chat"
service = "Chat groups"
first_name = "Ann"
last_name = "Lee"
email = "ann@chat.example"
terms = "No listed links."
legal_url = "https://chat.example/legal"
[reporter.contact]
phone = "+491"
[reporter.coop]
reporter_type = "t1"
reporter_id = "linkgate"
item_type = "t2"
policy = "p1"
links_field = "urls"
text_field = "body"
time_field = "sent"
[reporter.incident_types]
grooming = "Online Enticement of Children for Sexual Acts"
[dsa.category.csam]
legal_ground = "Article 5 of Directive 2011/93/EU"
explanation = "The message links to a page on a list of known pages."
territory = ["DE", "FR"]
content_language = "DE"
"""

POSTED = dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-2)))
LINKS = [f"{page(1)}?a=1&b", page(1), "www.bad2.example/page/"]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("CASES", "ab" * 32)
    monkeypatch.chdir(tmp_path)
    found = desk(tmp_path, more='category = "csam"\nactions = { loose = "review" }', rest=REST)
    with gate_of(found) as gate:
        gate.check(f"see {page(1)}?a=1&b", message="m1", surface="forum", posted=POSTED)
        gate.check(f"see {page(1)} and www.bad2.example/page/", message="m2")
    return found


MEDIA = [{"MD5": "D41D8CD98F00B204E9800998ECF8427E", "x-own": "00ff"}, {"md5": "0" * 32}, {"md5": "0" * 32}]


def opened(made: Desk) -> str:
    rows = find_decisions(made.folder / "decisions", messages=["m1", "m2"])
    return CaseStore.of(made.config).open(rows, by="ann", reason="report", until=None, media=MEDIA).id


def export(made: Desk, form: str, *options: str) -> tuple[bytes, list[str]]:
    name = opened(made)
    assert run(["cases", "export", name, "--as", form, "-o", f"{name}.out", "--by", "ann", *options]) == 0
    event = CaseStore.of(made.config).read(name, by="bob", act="show").events[-1]
    assert (event.what, event.form, event.by) == ("exported", form, "ann")
    path = Path(f"{name}.out")
    assert path.stat().st_mode & 0o777 == 0o600
    return path.read_bytes(), []


def fits(value: Any, schema: dict[str, Any], where: str = "") -> None:
    """As much of JSON Schema as the published one uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    if "const" in schema:
        assert value == schema["const"], where
        return
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert isinstance(value, tuple(kinds[each] for each in named)), where
    if isinstance(value, dict):
        assert set(schema.get("required", value)) == set(value) == set(schema.get("properties", value)), where
        for key, each in value.items():
            fits(each, schema.get("properties", {}).get(key) or schema["additionalProperties"], f"{where}/{key}")
    if isinstance(value, list):
        for each in value:
            fits(each, schema["items"], f"{where}/[]")


def test_the_neutral_form_is_as_published(made: Desk) -> None:
    told = json.loads(export(made, "neutral", "--subsequent-of", "r7", "--priority", "a child is in danger")[0])
    fits(told, SCHEMA)
    assert (told["subsequent_of"], told["priority"]) == ("r7", "a child is in danger")
    assert [each["link"] for each in told["decisions"]] == LINKS
    assert [each["posted"] for each in told["decisions"]] == ["2026-02-01T01:30:00.000000Z", None, None]
    assert told["media"] == [{"md5": "d41d8cd98f00b204e9800998ecf8427e", "x-own": "00ff"}, {"md5": "0" * 32}]
    assert any("the user's id" in each for each in told["missing"])
    assert all(each["record"]["h"] for each in told["decisions"])


FACTS = {
    "user": {
        "id": "u1",
        "first_name": "Max",
        "emails": ["max@chat.example"],
        "phones": ["+490000"],
        "screen_name": "max",
        "display_names": ["Max", "M"],
        "profile_urls": ["https://chat.example/max"],
        "ip_events": [
            {
                "address": "192.0.2.7",
                "event": "Upload",
                "time": "2026-01-31T10:00:00Z",
                "possible_proxy": False,
                "port": 443,
            },
            {"address": "2001:db8::1"},
        ],
        "prior_reports": [123],
        "group": "g",
        "more": "seen before",
    },
    "chat": {"client": "Chat", "room": "r"},
}
ORDER = {
    "report": "incidentSummary internetDetails reporter personOrUserReported additionalInfo",
    "incidentSummary": "incidentType platform escalateToHighPriority incidentDateTime incidentDateTimeDescription",
    "webPageIncident": "url additionalInfo",
    "chatImIncident": "chatClient chatRoomName content additionalInfo",
    "reporter": "reportingPerson contactPerson companyTemplate termsOfService legalURL",
    "reportingPerson": "firstName lastName phone email",
    "contactPerson": "firstName lastName phone email",
    "personOrUserReportedPerson": "firstName lastName phone email",
    "personOrUserReported": "personOrUserReportedPerson espIdentifier espService screenName displayName profileUrl "
    "ipCaptureEvent priorCTReports groupIdentifier additionalInfo",
    "ipCaptureEvent": "ipAddress eventName dateTime possibleProxy port",
}
"""The sequences of NCMEC's schema, as far as a report uses them."""


def ncmec(made: Desk, facts: dict[str, Any] | None = None, *options: str) -> ET.Element:
    if facts is not None:
        Path("facts.json").write_text(json.dumps(facts))
        options = ("--with", "facts.json", *options)
    return ET.fromstring(export(made, "ncmec", *options)[0])  # noqa: S314  # our own


@pytest.mark.parametrize("facts", [None, FACTS, {"user": {"id": "u1"}}])
def test_ncmecs_elements_stand_in_their_order(facts: dict[str, Any] | None, made: Desk) -> None:
    root = ncmec(made, facts, "--priority", "urgent")
    for element in root.iter():
        order = ORDER.get(element.tag, "").split()
        places = [order.index(each.tag) for each in element] if order else []
        assert places == sorted(places), element.tag
    assert {each.tag for each in root.iter() if len(each)} <= {*ORDER, "internetDetails"}


def test_ncmec_gets_each_link_as_a_url_and_as_it_was_posted(made: Desk) -> None:
    root = ncmec(made)
    pages = list(root.iter("webPageIncident"))
    assert [page.findtext("url") for page in pages] == [*LINKS[:2], f"http://{LINKS[2]}"]
    assert all(page.attrib == {"thirdPartyHostedContent": "true"} for page in pages)
    assert all(link in (page.findtext("additionalInfo") or "") for page, link in zip(pages, LINKS, strict=True))
    assert root.findtext("incidentSummary/incidentDateTime") == "2026-02-01T01:30:00.000000Z"  # of the post
    assert root.find("personOrUserReported") is None  # nothing is known of anybody
    assert "file 1: MD5 d41d8cd98f00b204e9800998ecf8427e" in (root.findtext("additionalInfo") or "")


def test_ncmec_gets_what_the_platform_knows(made: Desk) -> None:
    root = ncmec(made, FACTS)
    user = root.find("personOrUserReported")
    assert user is not None
    assert [user.findtext(name) for name in ("espIdentifier", "espService", "screenName")] == [
        "u1",
        "Chat groups",
        "max",
    ]
    assert [each.text for each in user.findall("displayName")] == ["Max", "M"]
    assert [each.findtext("port") for each in user.findall("ipCaptureEvent")] == ["443", None]
    assert user.findtext("ipCaptureEvent/possibleProxy") == "false"
    assert root.findtext("internetDetails/chatImIncident/chatRoomName") == "r"
    assert root.findtext("reporter/contactPerson/phone") == "+491"


def test_no_text_is_longer_than_ncmec_takes(made: Desk) -> None:
    facts = {
        "user": {"id": "i" * 999, "screen_name": "s\x00" * 999, "profile_urls": ["https://chat.example/" + "p" * 9999]}
    }
    root = ncmec(made, facts, "--priority", "p" * 9999)
    longest = {each.tag: len(each.text or "") for each in root.iter()}
    assert (longest["espIdentifier"], longest["screenName"], longest["profileUrl"]) == (255, 256, 2083)
    assert longest["escalateToHighPriority"] == 3000


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('{"user": {"id": 7}}', "Expected `str | null`"),
        ('{"user": {"ip_events": [{"address": "chat.example"}]}}', "the address of IP event 1 is no IP address"),
        ('{"user": {"ip_events": [{"address": "192.0.2.7", "event": "Left"}]}}', "Invalid enum value"),
        ('{"user": {"ip_events": [{"address": "192.0.2.7", "time": "2026-01-31T10:00:00"}]}}', "timezone"),
        ('{"users": []}', "unknown field"),
        ("u1", "malformed"),
    ],
)
def test_facts_that_are_none_write_no_file(
    facts: str, said: str, made: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    name = opened(made)
    Path("facts.json").write_text(facts)
    capsys.readouterr()
    assert run(["cases", "export", name, "--as", "ncmec", "--with", "facts.json", "-o", "out"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "example" not in told
    assert not Path("out").exists()


def test_what_is_missing_is_named(made: Desk) -> None:
    case = CaseStore.of(made.config).read(opened(made), by="ann", act="show")
    told = exported(case, "ncmec", made.config.reporter, ExportNotes())
    assert not any(each.startswith("reporter.") for each in told.missing)
    assert "the user's ip_events" in told.missing
    facts = read_facts(json.dumps(FACTS).encode(), name="")
    told = exported(case, "ncmec", made.config.reporter, ExportNotes(facts=facts))
    assert not any("the user's" in each for each in told.missing)
    assert any("fileDetails" in each for each in told.missing)


def test_coop_gets_a_body_for_each_message(made: Desk) -> None:
    bodies = [json.loads(line) for line in export(made, "coop")[0].splitlines()]
    assert [body["reportedItem"]["id"] for body in bodies] == ["m1", "m2"]
    for body in bodies:
        assert set(body) == {"reporter", "reportedAt", "reportedForReason", "reportedItem"}
        assert body["reporter"] == {"kind": "user", "typeId": "t1", "id": "linkgate"}
        assert body["reportedItem"]["typeId"] == "t2"
        assert (body["reportedForReason"]["csam"], body["reportedForReason"]["policyId"]) == (True, "p1")
        dt.datetime.fromisoformat(body["reportedAt"])
    assert bodies[0]["reportedItem"]["data"] == {"urls": LINKS[:1], "sent": "2026-02-01T01:30:00.000000Z"}
    assert bodies[1]["reportedItem"]["data"] == {"urls": LINKS[1:]}
    assert not any("example" in body["reportedForReason"]["reason"] for body in bodies)


def test_without_coops_ids_there_is_no_export_for_it(made: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    made.path.write_text(made.path.read_text().replace("[reporter.coop]", "[reporter.coop_]"))
    with pytest.raises(UsageError, match="did you mean coop"):
        _ = made.config
    text = made.path.read_text()
    made.path.write_text(text[: text.index("[reporter.coop_]")] + text[text.index("[reporter.incident_types]") :])
    name = opened(made)
    assert run(["cases", "export", name, "--as", "coop", "-o", "x"]) == 2
    assert "there is no [reporter.coop]" in capsys.readouterr().err


def test_a_hotline_gets_no_link_and_no_users_data(made: Desk) -> None:
    data, _ = export(made, "hotline")
    for word in (b"example", b"m1", b"m2", b"forum"):
        assert word not in data
    rows = json.loads(data)["entries"]
    assert [(row["category"], row["count"]) for row in rows] == [("csam", 2), ("csam", 1)]


def test_the_ncas_columns_are_marked(made: Desk) -> None:
    rows = list(csv.DictReader(export(made, "nca", "--subsequent-of", "r7")[0].decode().splitlines()))
    assert all(name.endswith("(unverified)") for name in rows[0])
    assert rows[0]["report and subsequent report (unverified)"].endswith("follows r7")
    assert len(rows) == 3


def test_every_form_has_a_command(made: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMS:
        export(made, form)
    name = opened(made)
    assert run(["cases", "export", name, "--as", "other", "-o", "x"]) == 2
    said = capsys.readouterr()
    assert "missing: the user's id" in said.err
    assert "example" not in said.out + said.err.replace("linkgate.example", "")


# --- statements of reasons


def test_only_what_had_an_effect_gets_a_statement(made: Desk) -> None:
    folder = made.folder / "decisions"
    block, review = (row for row in records(made) if row["message"] == "m2")
    assert (block["action"], review["action"]) == ("block", "review")

    def told() -> dict[str, str]:
        found = statements(folder, made.config.dsa, first=None, last=None)
        return {row["puid"]: row["automated_decision"] for row in found}

    assert told() == {block["decision"]: "AUTOMATED_DECISION_FULLY"}
    for decision, verdict in ((review, "confirmed"), (block, "wrong")):
        keep_reviews(
            folder,
            [Review(at="", decision=decision["decision"], list="partner", kind=decision["kind"], verdict=verdict)],
        )
    assert told() == {review["decision"]: "AUTOMATED_DECISION_PARTIALLY"}
    made.configure(local(more='shadow = true\ncategory = "csam"'), rest=REST)
    with gate_of(made) as gate:
        gate.check(page(3), message="m3")
    assert len(told()) == 1


def test_statements_are_written_in_hundreds(made: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with gate_of(made) as gate:
        for number in range(150):
            gate.check(page(number % 4), message=f"n{number}")
    assert run(["decisions", "statements", "-o", "sor.jsonl"]) == 0
    assert "151 statements in 2 requests" in capsys.readouterr().out
    rows = [row for line in Path("sor.jsonl").read_text().splitlines() for row in json.loads(line)["statements"]]
    assert len({row["puid"] for row in rows}) == 151
    assert all(faults_of(row) == [] for row in rows)
    assert rows[0]["territorial_scope"] == ["DE", "FR"]
    assert {row["content_date"] for row in rows} == {dt.datetime.now(dt.UTC).date().isoformat()}
    assert "example" not in Path("sor.jsonl").read_text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decision_visibility", []),
        ("decision_visibility", ["CONTENT_DISABLED"]),
        ("decision_ground", "ILLEGAL"),
        ("illegal_content_legal_ground", ""),
        ("illegal_content_legal_ground", "x" * 501),
        ("illegal_content_explanation", "x" * 2001),
        ("decision_facts", "x" * 5001),
        ("content_type", "CONTENT_TYPE_TEXT"),
        ("category", "PROTECTION_OF_MINORS"),
        ("category_specification", ["CSAM"]),
        ("territorial_scope", ["Germany"]),
        ("territorial_scope", ["US"]),
        ("category", "STATEMENT_CATEGORY_MINORS"),
        ("category_specification", ["KEYWORD_CSAM"]),
        ("decision_visibility", ["DECISION_VISIBILITY_OTHER"]),
        ("content_type", ["CONTENT_TYPE_OTHER"]),
        ("content_date", "1999-12-31"),
        ("application_date", "2038-01-02"),
        ("content_language", "XX"),
        ("content_language", "de"),
        ("content_date", "2026-1-31"),
        ("application_date", None),
        ("source_type", "VOLUNTARY"),
        ("source_identity", "somebody"),
        ("automated_detection", True),
        ("automated_decision", "FULLY"),
        ("puid", "d 1"),
        ("puid", ""),
    ],
)
def test_the_rules_refuse(field: str, value: object, made: Desk) -> None:
    row = next(statements(made.folder / "decisions", made.config.dsa, first=None, last=None))
    assert faults_of(row) == []
    assert len(faults_of(row | {field: value})) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a page on a list", "bad1.example", "explanation holds an address or an account"),
        ("a page on a list", "what @ann posted", "explanation holds an address or an account"),
        ("[dsa.category.csam]", "[dsa.category.other]", "no template for category 'csam'"),
        ('"DE", "FR"', '"Germany"', "territorial_scope must hold words"),
    ],
)
def test_a_template_that_breaks_a_rule_writes_nothing(
    old: str, new: str, said: str, made: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    made.path.write_text(made.path.read_text().replace(old, new))
    assert run(["decisions", "statements", "-o", "sor.jsonl"]) == 2
    assert said in capsys.readouterr().err
    assert not Path("sor.jsonl").exists()


def test_a_template_says_on_what_ground(made: Desk) -> None:
    made.path.write_text(made.path.read_text().replace('legal_ground = "Article', 'explanations = "Article'))
    with pytest.raises(UsageError, match="is no key that linkgate knows; did you mean explanation"):
        _ = made.config
    made.path.write_text(made.path.read_text().replace('explanations = "Article', '# "Article'))
    with pytest.raises(UsageError, match=r"dsa\.category\.csam needs legal_ground"):
        _ = made.config
