"""Two people who call an entry wrong move it to review, until somebody confirms it or its publisher sends it anew."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk import local, page
from policed import RECORD, desk, gate_of, records

from linkgate.decisions.appeal import overturn, shown_decision, tell_platform
from linkgate.decisions.decision_report import count_decisions
from linkgate.decisions.opinions import Opinion, OpinionFile, disputed_entries, note_sent_anew
from linkgate.decisions.review import kept_reviews, precision
from linkgate.errors import UsageError
from linkgate.fronts.cli import run

if TYPE_CHECKING:
    from desk import Desk

    from linkgate import Gate

WRONG = f'{RECORD}[feedback]\nwrong = {{ after = 2, by = 2, action = "review" }}\n'


def decided(folder: Path, *, rest: str = WRONG) -> tuple[Desk, dict[str, str]]:
    made = desk(folder, rest=rest)
    with gate_of(made) as gate:
        gate.check(page(1), message="m1", surface="forum")
    return made, records(made)[0]


def say(made: Desk, row: dict[str, str], opinion: str, by: str, *, decision: str | None = None) -> None:
    said = Opinion(entry=row["entry"], list=row["list"], opinion=opinion, by=by, at="", decision=decision)
    OpinionFile.of(made.config).add([said])


def action(gate: Gate) -> tuple[str | None, str | None]:
    gate.reload()
    verdict = gate.check(page(1))
    assert gate.check(page(2)).action == "block"  # another entry
    return verdict.action, verdict.rulings[0].held


def test_two_people_demote_an_entry_until_it_is_confirmed(tmp_path: Path) -> None:
    made, row = decided(tmp_path)
    with gate_of(made) as gate:
        plain = gate.check(page(1)).snapshot
        for by in ("ann", "ann"):
            say(made, row, "wrong", by, decision=by)
            assert action(gate) == ("block", None)
        say(made, row, "disputed", "bob")
        assert action(gate) == ("review", "disputed")
        assert gate.check(page(1)).snapshot.startswith(f"{plain}!")  # it can change a verdict (law 7)
        say(made, row, "confirmed", "eve", decision="d")  # of one decision: not of the entry
        assert action(gate) == ("review", "disputed")
        made.put("partner.txt", "".join(f"{page(each)}\n" for each in range(6)).encode())
        made.update()
        assert action(gate) == ("review", "disputed")
        made.store.rollback(1)
        assert action(gate) == ("review", "disputed")
        say(made, row, "confirmed", "eve")
        assert (action(gate), gate.check(page(1)).snapshot) == (("block", None), plain)
    with gate_of(made) as gate:
        assert action(gate) == ("block", None)


def test_an_entry_that_is_sent_anew_is_disputed_no_more(tmp_path: Path) -> None:
    made, row = decided(tmp_path)
    for by in ("ann", "bob"):
        say(made, row, "wrong", by)
    for number, last in enumerate((9, 1), 1):
        assert disputed_entries(made.config)
        made.put("partner.txt", "".join(f"{page(each)}\n" for each in (0, 2, 3, last)).encode())
        made.update()
        note_sent_anew(made.config, made.store, number, number + 1)
    assert not disputed_entries(made.config)


def test_without_a_rule_opinions_change_nothing(tmp_path: Path) -> None:
    made, row = decided(tmp_path, rest=RECORD)
    for by in ("ann", "bob"):
        say(made, row, "wrong", by)
    with gate_of(made) as gate:
        assert action(gate) == ("block", None)


def test_half_a_line_costs_no_other(tmp_path: Path) -> None:
    made, row = decided(tmp_path)
    say(made, row, "wrong", "ann")
    path = OpinionFile.of(made.config).path
    path.write_bytes(path.read_bytes()[:-20])
    for by in ("bob", "eve"):
        say(made, row, "wrong", by)
    assert [each.by for each in OpinionFile.of(made.config).read()] == ["bob", "eve"]


def test_a_decision_is_shown_and_overturned(tmp_path: Path) -> None:
    made, row = decided(tmp_path)
    name = row["decision"]
    told = shown_decision(made.config, name)
    assert (told["message"], told["surface"], told["entry"], told["action"]) == ("m1", "forum", row["entry"], "block")
    assert "example" not in str(told)
    review = overturn(made.config, name, reason="a school", by="ann", at="2026-01-31T10:00:00Z")
    assert (review.verdict, review.overturned) == ("wrong", True)
    told = shown_decision(made.config, name)
    assert (told["review"]["overturned"], told["opinions"][0]["opinion"]) == (True, "wrong")
    assert dict(count_decisions(tmp_path / "decisions").reviews) == {"overturned": 1}
    assert precision(kept_reviews(tmp_path / "decisions")) == ()  # nobody drew it
    with pytest.raises(UsageError, match="was overturned at"):
        overturn(made.config, name, reason="again", by="bob", at="")
    for unknown in ("d1", ""):
        with pytest.raises(UsageError, match="no decision"):
            shown_decision(made.config, unknown)


def test_the_platform_is_told(tmp_path: Path) -> None:
    code = "import sys; open('told.json', 'w').write(sys.stdin.read())"
    hook = (
        f"on_overturn = {json.dumps([sys.executable, '-c', code.replace('told.json', str(tmp_path / 'told.json'))])}\n"
    )
    made, row = decided(tmp_path, rest=RECORD + hook)
    review = overturn(made.config, row["decision"], reason="a school", by="ann", at="")
    assert tell_platform(made.config, row["decision"], review) is None
    told = json.loads((tmp_path / "told.json").read_text())
    assert (told["message"], told["decision"], told["by"]) == ("m1", row["decision"], "ann")
    made.configure(local(), rest=f'{RECORD}on_overturn = ["false"]\n')
    assert (
        tell_platform(made.config, row["decision"], review)
        == "on_overturn: false ended with 1; the platform may not know"
    )
    made.configure(local(), rest=f'{RECORD}on_overturn = ["/no/such"]\n')
    assert str(tell_platform(made.config, row["decision"], review)).startswith("on_overturn: /no/such cannot be run")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made, row = decided(tmp_path)
    monkeypatch.chdir(tmp_path)
    name = f"{row['list']}:{row['entry']}"
    assert run(["decisions", "sample", "-o", "sample.csv"]) == 0
    rows = list(csv.DictReader(Path("sample.csv").read_text().splitlines()))
    rows[0]["verdict"] = "wrong"
    with Path("sample.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run(["decisions", "review", "sample.csv", "--by", "ann"]) == 0
    assert run(["lists", "status"]) == 0
    assert "was called wrong" not in capsys.readouterr().out
    assert run(["decisions", "overturn", row["decision"], "--reason", "x", "--by", "bob"]) == 0
    assert "nobody told the platform" in capsys.readouterr().err
    assert run(["lists", "status"]) == 0
    assert f"entry {row['entry']} was called wrong" in capsys.readouterr().out
    assert run(["policy", "show"]) == 0
    assert run(["check", page(1), "--config", "linkgate.toml", "--json"]) == 1
    assert '"held": "disputed"' in capsys.readouterr().out
    assert run(["lists", "confirm", name, "--by", "eve"]) == 0
    assert run(["lists", "dispute", name, "--reason", "x", "--by", "eve"]) == 0
    assert disputed_entries(made.config) == frozenset()
    assert run(["lists", "dispute", "nolist:1", "--reason", "x"]) == 2
    assert run(["lists", "show", name]) == 0
    told = capsys.readouterr().out
    assert "since_version  1\n" in told
    assert "listed         True\n" in told
    assert "disputed by eve at " in told
    assert run(["lists", "show", "partner:none"]) == 2
    assert run(["lists", "dispute", page(1), "--reason", "x"]) == 2
    assert run(["decisions", "show", row["decision"]]) == 0
    said = capsys.readouterr()
    assert "overturned at" in said.out
    assert "bad1." not in said.out + said.err


CSV = b"url,id\nhttp://bad1.example/page,p-1\nhttp://bad2.example/page,p-2\nhttp://bad3.example/page,p-3\n"


def exported(form: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    Path("out").unlink(missing_ok=True)
    assert run(["feedback", "export", "partner", "-o", "out", "--as", form, *options]) == 0, capsys.readouterr().err
    assert Path("out").stat().st_mode & 0o777 == 0o600
    text = Path("out").read_text() + capsys.readouterr().out
    for word in ("bad1.", "bad2.", "ann", "bob", "m1"):
        assert word not in text
    return Path("out").read_text()


def test_a_publisher_is_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = desk(tmp_path)
    made.configure(local().replace("plain", "csv"), rest=RECORD)
    made.put("partner.txt", CSV)
    made.update(force=True)
    file = OpinionFile.of(made.config)
    for entry, word, by in (
        ("p-1", "wrong", "ann"),
        ("p-1", "confirmed", "ann"),
        ("p-2", "wrong", "ann"),
        ("x", "wrong", "a"),
    ):
        why = "see http://bad1.example/page" if word == "wrong" else "=looked"
        file.add([Opinion(entry=entry, list="partner", opinion=word, by=by, at="2026-01-31", reason=why)])
    assert exported("csv", capsys).splitlines()[1:] == [
        "p-1,,,confirmed,1,0,'=looked,2026-01-31",
        "p-2,,,wrong,0,1,,2026-01-31",
    ]
    told = [("p-1", "Blocked"), ("p-2", "NotBlocked")]
    assert json.loads(exported("stopncii", capsys)) == {
        "count": 2,
        "hashFeedbacks": [{"tags": [], "feedbackValue": word, "hashValue": name} for name, word in told],
    }
    assert run(["feedback", "export", "partner", "-o", "votes", "--as", "ncmec"]) == 2  # why is NCMEC's to list
    assert "give its id with --reason-id" in capsys.readouterr().err
    up, down = map(json.loads, exported("ncmec", capsys, "--reason-id", "g<7").splitlines())
    assert (up["id"], up["vote"], down["id"], down["vote"]) == ("p-1", "upvote", "p-2", "downvote")
    space = 'xmlns="https://hashsharing.ncmec.org/hashsharing/v2"'
    assert up["body"] == f"<feedbackSubmission {space}><affirmative /></feedbackSubmission>"
    reasons = "<negative><reasonIds><guid>g&lt;7</guid></reasonIds></negative>"
    assert down["body"] == f"<feedbackSubmission {space}>{reasons}</feedbackSubmission>"
    assert '"descriptor_id": "p-2", "reactions": "NOT_HELPFUL"' in exported("threatexchange", capsys)
    assert json.loads(exported("misp", capsys))[1] == {"uuid": "p-2", "type": "1"}
    assert run(["feedback", "export", "partner", "-o", "out"]) == 2
    said = capsys.readouterr().err
    assert "out is there already" in said


def test_a_list_without_ids_is_told_by_line_and_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made, row = decided(tmp_path)
    say(made, row, "wrong", "ann")
    cells = exported("csv", capsys).splitlines()[1].split(",")
    checksum = hashlib.sha256(Path("partner.txt").read_bytes()).hexdigest()
    assert cells[:6] == ["", "2", checksum, "wrong", "0", "1"]
    assert run(["feedback", "export", "partner", "-o", "other", "--as", "misp"]) == 2
    assert "has no ids of its publisher" in capsys.readouterr().err
