"""`linkgate policy …` and `linkgate decisions …`, as people meet them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk, local, page
from running import COMMAND, environment, run, sentence

from linkgate import Gate

if TYPE_CHECKING:
    from pathlib import Path

REST = '[decisions]\npath = "decisions"\n[surfaces]\nprivate = false\n[surge]\nentry_per_minute = 5\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A record of eleven matches, one alarm."""
    made = Desk(tmp_path, local())
    made.configure(local(more='actions = { loose = "log" }\nshare = "100%"'), rest=REST)
    made.put("partner.txt", "".join(f"{page(number)}\n" for number in range(3)).encode())
    made.update()
    with Gate.of(made.path, watch=None) as gate:
        for number in range(8):
            gate.check(page(1), message=f"={number}")
        gate.check("www.bad2.example/page/ and www.bad0.example/page")
        gate.check(page(2))
    return made


def told(desk: Desk, *arguments: str, code: int = 0) -> str:
    done = run(*arguments, cwd=desk.folder)
    assert done.returncode == code, done.stderr
    return quiet(done)


def quiet(done: subprocess.CompletedProcess[bytes]) -> str:
    """Its output, in which no address is."""
    assert b"example" not in done.stdout + done.stderr
    return done.stdout.decode()


def as_json(desk: Desk, *arguments: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told(desk, *arguments, "--json", code=code))
    return found


def test_report_as_table_json_and_csv(desk: Desk) -> None:
    found = as_json(desk, "decisions", "report")
    counts = {(row["kind"], row["action"]): row["matches"] for row in found["rows"]}
    assert counts == {("exact", "block"): 6, ("exact", "review"): 3, ("loose", "log"): 2}
    assert found["matches"] == 11
    rows = list(csv.DictReader(told(desk, "decisions", "report", "--csv").splitlines()))
    assert sum(int(row["matches"]) for row in rows) == 11
    assert {row["shadow"] for row in rows} == {"false"}
    table = told(desk, "decisions", "report").splitlines()
    assert table[0].split() == ["day", "list", "kind", "action", "matches"]
    assert table[-1] == "11 matches"
    assert as_json(desk, "decisions", "report", "--to", "2020-01-01")["matches"] == 0
    assert told(desk, "decisions", "report", "--from", "2999-01-01") == "no decision on record in this span\n"


def test_a_sample_goes_out_and_comes_back(desk: Desk) -> None:
    assert told(desk, "decisions", "sample", "-n", "5", "-o", "s.csv") == "s.csv: 5 decisions to look at\n"
    path = desk.folder / "s.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert {row["message"][:2] for row in rows if row["message"]} <= {"'="}  # a spreadsheet does not run it
    for number, row in enumerate(rows):
        row["verdict"] = ("confirmed", "confirmed", "wrong", "", "CONFIRMED")[number]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")  # as a spreadsheet may save it
        writer.writeheader()
        writer.writerows(rows)
    found = as_json(desk, "decisions", "review", "s.csv")
    assert (found["taken"], found["blank"]) == (4, 1)
    assert sum(row["confirmed"] for row in found["lists"] if row["kind"] is None) == 3
    assert as_json(desk, "decisions", "review", "s.csv")["lists"] == found["lists"]  # twice counts once
    assert told(desk, "decisions", "review").splitlines()[0].split()[:2] == ["list", "kind"]


def test_a_sample_as_json_lines(desk: Desk) -> None:
    first = told(desk, "decisions", "sample", "-n", "3", "--seed", "4")
    assert first == told(desk, "decisions", "sample", "-n", "3", "--seed", "4")
    assert len(first.splitlines()) == 3
    told(desk, "decisions", "sample", "-n", "3", "--seed", "4", "-o", "s.jsonl")
    rows = [json.loads(line) | {"verdict": "wrong"} for line in (desk.folder / "s.jsonl").read_text().splitlines()]
    (desk.folder / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert as_json(desk, "decisions", "review", "s.jsonl")["taken"] == 3


@pytest.mark.parametrize("name", ["s.csv", "s.jsonl"])
def test_a_sample_with_texts_shows_no_link_and_comes_back(name: str, desk: Desk) -> None:
    desk.configure(local(), rest='[decisions]\npath = "texts"\ntext = true\n')
    with Gate.of(desk.path, watch=None) as gate:
        gate.check(f"=look: {page(1)} (WWW.bad2.example/page/)\r\n\ud800 {'long' * 9_000}", message="m")
    done = run("decisions", "sample", "-o", name, cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    text = (desk.folder / name).read_text("utf-8")
    assert "bad1[.]example/page" in text
    assert "WWW[.]bad2[.]example/page/" in text
    assert not any(word in text.lower() for word in ("http", "1.example", "2.example", "www.bad"))
    rows = (
        list(csv.DictReader(text.splitlines(keepends=True)))
        if name == "s.csv"
        else list(map(json.loads, text.splitlines()))
    )
    assert all(len(row["text"]) <= 32_002 for row in rows)
    assert as_json(desk, "decisions", "review", name)["blank"] == 2


def test_a_sample_that_somebody_works_on_is_not_written_over(desk: Desk) -> None:
    (desk.folder / "s.csv").write_text("mine")
    done = run("decisions", "sample", "-o", "s.csv", cwd=desk.folder)
    assert "s.csv is there already" in sentence(done)
    assert (desk.folder / "s.csv").read_text() == "mine"


@pytest.mark.parametrize("name", ["s.csv", "s.jsonl"])
def test_a_sample_that_had_no_room_is_not_in_the_way(name: str, desk: Desk) -> None:
    script = f"ulimit -f 0; exec {COMMAND[0]} -m linkgate decisions sample -o {name}"
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607  # whichever bash there is
        cwd=desk.folder,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert f"{name}: file too large" in sentence(done)
    assert not (desk.folder / name).exists()
    told(desk, "decisions", "sample", "-o", name)


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe", b"[1, 2]\n", b"{" * 100_000, b"just words\n"])
@pytest.mark.parametrize("name", ["bad.csv", "bad.jsonl"])
def test_a_review_of_what_is_no_sample(name: str, data: bytes, desk: Desk) -> None:
    (desk.folder / name).write_bytes(data)
    done = run("decisions", "review", name, cwd=desk.folder)
    if done.returncode:
        assert "no sample" in sentence(done) or "no row of a sample" in sentence(done)
    else:
        assert b"0 verdicts taken" in done.stdout


def test_alarms_are_shown_and_confirmed(desk: Desk) -> None:
    found = as_json(desk, "policy", "alarms", code=2)["alarms"]
    assert [(alarm["list"], alarm["rate"], alarm["limit"]) for alarm in found] == [("partner", 6, 5)]
    name = f"partner:{found[0]['entry']}"
    assert told(desk, "policy", "alarms", code=2).startswith(f"{name}: 6 in a minute, may 5; since ")
    assert told(desk, "policy", "confirm", name) == "1 alarm confirmed; 0 open\n"
    assert told(desk, "policy", "alarms") == "no alarm is open\n"
    assert "confirmed" in told(desk, "policy", "alarms", "--all")
    done = run("policy", "confirm", "http://bad.example/page", cwd=desk.folder)
    assert "no open alarm of this name" in sentence(done)
    with Gate.of(desk.path, watch=None) as gate:
        assert gate.check(page(1)).action == "block"


def test_the_policy_is_shown(desk: Desk) -> None:
    rows = told(desk, "policy", "show").splitlines()
    assert rows[0] == "partner: exact block, nested block, loose log, near review"
    assert rows[1] == "surge, for lists without limits of their own: 5 a minute for an entry"
    assert rows[2:] == [
        "surface private: off, not scanned",
        "public and private, where they are not named here: on",
        "any other surface: on, and counted as unknown",
    ]
    assert as_json(desk, "policy", "show")["lists"]["partner"]["loose"] == "log"
    own = "surge = { list_per_minute = 1000, times_usual = 2.5 }"
    desk.configure(
        local(more=f'shadow = true\nshare = "12.5%"\n{own}'), 'name = "own"\nkind = "allow"\npath = "own.txt"'
    )
    rows = told(desk, "policy", "show").splitlines()
    assert rows[0].endswith(
        "; in shadow: reports only; on 12.5 % of all messages"
        "; surge: 1,000 a minute for a list, 2.5 times the usual, if above 30 a minute"
    )
    assert rows[1] == "own: of kind allow, so it has no matches"
    assert rows[2].endswith(": no limit")
    assert rows[3] == "surfaces: all on"
    shown = as_json(desk, "policy", "show")
    assert (shown["lists"]["own"], shown["shorteners"]) == ({"kind": "allow"}, None)


def test_what_short_links_ask_for_is_shown(desk: Desk) -> None:
    table = "[shorteners]\nreport = true\n"
    for action, row in (
        ("", "counted"),
        ('action = "review"\nsurfaces = { private = "none" }\n', "review, on private counted"),
    ):
        desk.configure(local(), rest=table + action)
        assert f"short links that no entry covers: {row}" in told(desk, "policy", "show").splitlines()
    assert as_json(desk, "policy", "show")["shorteners"] == {"action": "review", "surfaces": {"private": None}}


@pytest.mark.parametrize(
    ("short", "resolve", "rows", "told_resolve"),
    [
        ("", "", ["counted", "nobody asks"], None),
        (
            'action = "log"\nsurfaces = { private = "none", forum = "review" }',
            'on_timeout = "review"\nbudget = "500ms"',
            [
                "log, on private counted, on forum review",
                "a message waits for 0.5 s at most, and then: review; a link of which nothing is told: log",
            ],
            {"mode": "hold", "on_failure": "log", "budget_seconds": 0.5, "on_timeout": "review"},
        ),
        (
            "",
            'mode = "after"\non_failure = "review"\nwebhook = "https://hook.example/secret"',
            [
                "counted",
                (
                    "asked after a message is published; told of what is listed: webhook; "
                    "a link of which nothing is told: review"
                ),
            ],
            {"mode": "after", "on_failure": "review", "on_late": False, "webhook": True},
        ),
    ],
    ids=["noted", "hold", "after"],
)
def test_what_becomes_of_short_links_is_shown(
    short: str, resolve: str, rows: list[str], told_resolve: dict[str, Any] | None, desk: Desk
) -> None:
    contact = "a@platform.test"
    asked = f'[resolve]\ncontact = "{contact}"\n{resolve}\n' if told_resolve else ""
    desk.configure(local(), rest=f"{REST}[shorteners]\nreport = true\n{short}\n{asked}")
    found = [row for row in told(desk, "policy", "show").splitlines() if "short links" in row]
    assert [row.partition(": ")[2] for row in found] == rows
    shown = as_json(desk, "policy", "show")
    assert shown["resolve"] == (told_resolve and told_resolve | {"contact": contact})


def test_allow_entries_are_shown_with_reason_and_end(desk: Desk) -> None:
    """By id, so that an operator sees what will end; `lookup --explain` says it of one page."""
    own = 'name = "own"\nkind = "allow"\npath = "own.csv"\nformat = "csv"'
    desk.configure(local(), own, rest=REST)
    desk.put(
        "own.csv", b"url,id,expires,note\nhttp://bad1.example/page,A-1,2999-12-31,case 7\nbad9.example,A-2,,case 8\n"
    )
    desk.update()
    rows = [row for row in told(desk, "policy", "show").splitlines() if row.startswith("allowed")]
    assert rows == [
        "allowed, entry A-1 of own: case 7; until 3000-01-01T00:00:00Z",
        "allowed, entry A-2 of own: case 8",
    ]
    shown = as_json(desk, "policy", "show")["allowed"]
    assert shown[0] == {"list": "own", "entry": "A-1", "reason": "case 7", "ends": "3000-01-01T00:00:00Z"}
    lookup = ("lookup", "http://bad1.example/page", "--explain", "--list", "store")
    done = run(*lookup, cwd=desk.folder)
    assert b"  allowed     entry A-1 (list own): case 7; until 3000-01-01T00:00:00Z\n" in done.stdout
    assert json.loads(run(*lookup, "--json", cwd=desk.folder).stdout)["allowed"] == shown[:1]


def test_purge_needs_a_limit_and_keeps_to_it(desk: Desk) -> None:
    (desk.folder / "decisions" / "2020-01-01.jsonl").write_text("{}\n")
    assert told(desk, "decisions", "purge").startswith("1 file of days before ")
    assert as_json(desk, "decisions", "purge", "--before", "2999-01-01")["files"] == 1
    assert as_json(desk, "decisions", "report")["matches"] == 0
    desk.configure(local(), rest='[decisions]\nkeep = "forever"\n')
    assert "keeps decisions forever" in sentence(run("decisions", "purge", cwd=desk.folder))


def test_a_purge_that_cannot_look_is_no_purge(desk: Desk) -> None:
    """Who must remove decisions by a day must not be told that there were none."""
    desk.configure(local(), rest='[decisions]\npath = "elsewhere"\n')
    assert told(desk, "decisions", "purge").startswith("0 files ")  # no gate has written yet
    (desk.folder / "elsewhere").write_text("a file")
    assert "elsewhere: not a directory" in sentence(run("decisions", "purge", cwd=desk.folder))
    (desk.folder / "elsewhere").unlink()
    (desk.folder / "elsewhere").symlink_to("elsewhere")
    assert "elsewhere: too many levels" in sentence(run("decisions", "purge", cwd=desk.folder))


def test_the_policy_is_shown_where_the_version_is_damaged(desk: Desk) -> None:
    [snapshot] = (desk.folder / "store" / "snapshots").iterdir()
    snapshot.write_bytes(snapshot.read_bytes()[:100])
    done = run("policy", "show", cwd=desk.folder)
    assert "version 1 is cut short" in sentence(done)
    assert done.stdout.decode().splitlines()[0] == "partner: exact block, nested block, loose log, near review"
    found = json.loads(run("policy", "show", "--json", cwd=desk.folder).stdout)
    assert (found["allowed"], found["lists"]["partner"]["loose"]) == (None, "log")


def test_without_a_record_nothing_is_made_up(desk: Desk) -> None:
    desk.configure(local())
    for command in (("report",), ("sample",), ("review",), ("purge",)):
        assert "has no [decisions]" in sentence(run("decisions", *command, cwd=desk.folder))
    assert "cannot be read" in sentence(run("decisions", "report", "--config", "absent.toml", cwd=desk.folder))


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("[surfaces]\nprivate = 1\n", "line 6: surfaces.private must be true or false"),
        ("[surfaces]\nPRIVATE = false\n", "surfaces.PRIVATE must be small letters"),
        ("[surge]\nlist_per_minute = 0\n", "surge.list_per_minute must be 1 or more"),
        (f"[surge]\nlist_per_minute = 1{'0' * 400}\n", "surge.list_per_minute must be 1 or more, a billion at most"),
        ("[surge]\ntimes_usual = 1\n", "surge.times_usual must be a number above 1"),
        ("[surge]\ntimes_usual = inf\n", "surge.times_usual must be a number above 1, a million at most"),
        ("[surge]\ntimes_usual = nan\n", "surge.times_usual must be a number above 1"),
        ('[surge]\nconfirmed_for = "99999999d"\n', "surge.confirmed_for must be a hundred years or less"),
        ('[decisions]\nkeep = "99999999d"\n', 'decisions.keep must be a hundred years or less, or "forever"'),
        ('[decisions]\nmax_size = "0MB"\n', "decisions.max_size must be 1KB or more"),
        ("[surge]\nper_minute = 7\n", "surge.per_minute is no key that linkgate knows; did you mean list_per_minute?"),
        ('[decisions]\nkeep = "90m"\n', "decisions.keep must be one day or several"),
        ('[decisions]\nfsync = "sometimes"\n', "decisions.fsync must be one of always, interval, never"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(rest: str, words: str, tmp_path: Path) -> None:
    Desk(tmp_path).configure(rest=rest)
    assert words in sentence(run("policy", "alarms", cwd=tmp_path))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('share = "120%"', "list.share must be a percentage from 0% to 100%"),
        ("share = 0.5", "list.share must be a percentage"),
        ('shadow = "yes"', "list.shadow must be true or false"),
        ("surge = { list_per_minute = true }", "list.surge.list_per_minute must be a whole number"),
    ],
)
def test_a_wrong_setting_of_a_list(more: str, words: str, tmp_path: Path) -> None:
    Desk(tmp_path, local(more=more))
    assert words in sentence(run("policy", "alarms", cwd=tmp_path))


def test_a_report_tells_versions_entries_and_the_time_from_the_post(desk: Desk) -> None:
    posted = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    with Gate.of(desk.path, watch=None) as gate:
        gate.check(page(1), message="late", posted=posted)
        for wrong in (posted.replace(tzinfo=None), posted.isoformat(), 7):
            with pytest.raises(TypeError, match="posted must be a datetime with its time zone"):
                gate.check("clear", posted=wrong)  # type: ignore[arg-type]  # what is tested
    found = as_json(desk, "decisions", "report")
    assert (found["matched"], found["listed"]) == ({"partner": 3}, {"partner": 3})
    assert [each["version"] for each in found["versions"]] == [1]
    assert found["delays"] == {"known": 1, "median": pytest.approx(7200, 0.01), "p90": pytest.approx(7200, 0.01)}
    shown = told(desk, "decisions", "report")
    assert "3 entries matched (partner 3 of 3); by surface" in shown
    assert "decided by versions: 1\n" in shown
    assert "from post to decision: half within 2:00:" in shown
    desk.path.write_text(desk.path.read_text().replace('path = "store"', 'path = "elsewhere"'))
    (desk.folder / "store").rename(desk.folder / "gone")
    found = as_json(desk, "decisions", "report")
    assert (found["listed"], found["versions"], found["matches"]) == (None, None, 12)
