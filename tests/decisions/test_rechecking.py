"""A verdict with what its short links lead to: matches at their place, what is left asks for what was configured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from linkgate import Gate, Policy, ShortTarget, Source, compile_lists, update
from linkgate.lists.config import parse_config

if TYPE_CHECKING:
    from pathlib import Path

LISTED = "http://bad.example/page"
SHORT = "http://sho.example/3xYz"
CONFIG = """
[store]
path = "store"
[decisions]
[shorteners]
report = true
{shorteners}
[resolve]
contact = "abuse@example.test"
{resolve}
[[list]]
name = "demo"
path = "demo.txt"
[[list]]
name = "short"
kind = "shorteners"
path = "short.txt"
"""


def gate_of(folder: Path, *, shorteners: str = "", resolve: str = "") -> Gate:
    (folder / "demo.txt").write_text(f"{LISTED}\nhttp://sho.example/listed\n")
    (folder / "short.txt").write_text("sho.example\n")
    config = parse_config(CONFIG.format(shorteners=shorteners, resolve=resolve), name=str(folder / "linkgate.toml"))
    update(config, config.open_store(create=True))
    return Gate.of(config, watch=None)


def target(state: str, *hops: str, link: str = SHORT) -> ShortTarget:
    return ShortTarget(link, state, hops, 0.0)


def rows(folder: Path) -> list[dict[str, object]]:
    files = sorted((folder / "decisions").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines() if '"kind"' in line]


@pytest.mark.parametrize(
    ("hops", "kind", "steps"),
    [
        ((LISTED,), "nested", ("shortener",)),
        (("https://other.test/", "HTTP://BAD.example:80/%70age"), "nested", ("shortener",)),
        (("https://www.bad.example/page/",), "loose", ("shortener", "www", "trailing-slash")),
        (("https://other.test/?u=http%3A%2F%2Fbad.example%2Fpage",), "nested", ("shortener",)),
        (("http://bad.example/other",), None, ()),
        (("mailto:joe@bad.example",), None, ()),
    ],
)
def test_hops_are_judged_at_the_place_of_the_link(
    hops: tuple[str, ...], kind: str | None, steps: tuple[str, ...]
) -> None:
    engine = compile_lists([Source(name="demo", data=LISTED.encode())], shorteners=("sho.example",), opaque=True).engine
    with Gate.fixed(engine, policy=Policy()) as gate:
        verdict = gate.check(f"see {SHORT}!")
        assert (verdict.action, [(link.start, link.end) for link in verdict.opaque]) == (None, [(4, 27)])
        after = gate.recheck(verdict, [target("redirects", *hops)])
    assert [(each.kind.value, each.steps, each.link.start, each.link.end) for each in after.matches] == (
        [(kind, steps, 4, 27)] if kind else []
    )
    assert after.opaque == ()
    assert after.action == {"nested": "block", "loose": "review", None: None}[kind]


@pytest.mark.parametrize(
    ("shorteners", "resolve", "targets", "action", "opaque"),
    [
        ("", "", [target("redirects", "http://other.test/")], None, 0),
        ("", "", [target("timeout")], None, 1),
        ("", 'on_timeout = "review"', [target("timeout")], "review", 1),
        ("", 'on_timeout = "review"', [target("overload")], "review", 1),
        ("", 'on_timeout = "review"', [target("gone")], None, 0),
        ("", "", [], "log", 1),
        ("", 'on_failure = "review"', [], "review", 1),
        ('action = "review"', "", [target("refused")], "review", 1),
        ('action = "review"', "", [target("not_redirect")], "review", 1),
        ('action = "review"', "", [target("gone")], None, 0),
        ('action = "review"\nsurfaces = { public = "none" }', "", [target("refused")], None, 1),
        ('action = "log"', "", [target("limit", LISTED)], "block", 0),
        ("", "", [target("redirects", LISTED, link="http://sho.example/other")], "log", 1),
    ],
)
def test_what_is_left_asks_for_what_was_configured(  # noqa: PLR0913, PLR0917  # one argument a column
    shorteners: str, resolve: str, targets: list[ShortTarget], action: str | None, opaque: int, tmp_path: Path
) -> None:
    with gate_of(tmp_path, shorteners=shorteners, resolve=resolve) as gate:
        after = gate.recheck(gate.check(f"see {SHORT}", message="m"), targets)
        assert (after.action, len(after.opaque), after.flagged) == (action, opaque, action in {"block", "review"})


def test_the_record_has_short_links_and_late_decisions(tmp_path: Path) -> None:
    with gate_of(tmp_path, shorteners='action = "log"', resolve='mode = "after"') as gate:
        verdict = gate.check(f"{SHORT} {SHORT}x", message="m1")
        after, ids = gate.rechecked(verdict, [target("redirects", LISTED)], late=True)
    told = rows(tmp_path)
    assert [(row["kind"], row["list"], row["action"], row.get("late")) for row in told] == [
        ("opaque", "linkgate-shorteners", "log", None),
        ("opaque", "linkgate-shorteners", "log", None),
        ("nested", "demo", "block", True),
    ]
    assert [row["decision"] for row in told[2:]] == list(ids)
    assert {row["message"] for row in told} == {"m1"}
    assert (after.action, len(after.opaque)) == ("block", 1)
    assert "sho.example" not in json.dumps(told)
    assert "bad.example" not in json.dumps([*told, after.as_dict(), repr(after), repr(target("redirects", LISTED))])


def test_nothing_is_recorded_where_nothing_is_asked_for(tmp_path: Path) -> None:
    with gate_of(tmp_path) as gate:
        assert gate.check(f"see {SHORT}", message="m1").as_dict()["opaque"] == [{"start": 4, "end": 27}]
    assert rows(tmp_path) == []


def test_a_surface_of_its_own(tmp_path: Path) -> None:
    with gate_of(tmp_path, shorteners='action = "log"\nsurfaces = { private = "review" }') as gate:
        told = {name: gate.check(SHORT, surface=name).action for name in ("public", "private", "forum")}
    assert told == {"public": "log", "private": "review", "forum": "log"}
