"""Accounts: never the id on the disk, pseudonyms that die with their keys, exactly the groups that are there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from desk import page
from policed import RECORD, desk, gate_of, records

from linkgate.decisions.accounts import accounts_of
from linkgate.decisions.actor_log import find_actors, purge_actors
from linkgate.decisions.campaigns import campaigns_of
from linkgate.decisions.decision_report import count_decisions
from linkgate.decisions.opinions import Opinion, OpinionFile, disputed_entries
from linkgate.decisions.pseudonyms import FILE, EpochKeys, epoch_of, pseudonyms
from linkgate.decisions.review import Review, keep_reviews
from linkgate.errors import StoreError, UsageError
from linkgate.fronts.cli import run

if TYPE_CHECKING:
    from pathlib import Path

    from desk import Desk

KEY = "ab" * 32
ACCOUNTS = f'{RECORD}[accounts]\nkeep = "30d"\nkey_env = "ACTORS"\n'
SPELLINGS = [
    "http://bad{}.example/page",
    "HTTP://bad{}.example/page",
    "http://BAD{}.example/page",
    "http://bad{}.example:80/page",
    "http://me@bad{}.example/page",
    "http://bad{}.example/./page",
    "http://bad{}.example/x/../page",
    "http://bad{}.example/%70age",
    "http://bad{}.example/page#top",
    "http://bad{}.example./page",
    "https://bad{}.example/page",
    "hTTp:\\\\bad{}.example/page",
    "http://bad{}.example/p%61ge",
    "http://bad{}.example/pa%67e",
]


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTORS", KEY)


def posted(made: Desk, *posts: tuple[str, str, str]) -> None:
    """Messages by account, id and text."""
    with gate_of(made) as gate:
        for account, message, text in posts:
            gate.check(text, message=message, account=account)
        assert gate.status().record_error is None


def test_the_id_of_an_account_is_nowhere(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=ACCOUNTS)
    posted(made, ("zebra-account", "m1", page(1)), ("zebra-account", "m2", "good morning"))
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"zebra-account" not in path.read_bytes()
    (row,) = records(made)
    assert "actor" not in row
    (mine,) = pseudonyms(made.config, "zebra-account")
    assert find_actors(tmp_path / "decisions", {row["decision"]}, days={row["time"][:10]}) == {row["decision"]: mine}
    assert mine.startswith(f"e{epoch_of(row['time'])}:")
    assert pseudonyms(made.config, "another") != (mine,)


def test_without_the_key_no_pseudonym_can_be_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = EpochKeys(tmp_path, bytes(32))
    before = keys.pseudonym("ann", day="2026-01-31")
    later = keys.pseudonym("ann", day="2026-04-01")
    assert before[5:] != later[5:]
    assert keys.spelling("x", day="2026-01-31") != keys.spelling("x", day="2026-04-01")
    keys.forget(before="2026-06-30")
    assert EpochKeys(tmp_path, bytes(32)).known("ann") == (later, before)
    keys.forget(before="2026-07-01")
    assert EpochKeys(tmp_path, bytes(32)).known("ann") == (later,)
    assert EpochKeys(tmp_path, bytes(32)).pseudonym("ann", day="2026-01-31") != before  # another key was drawn
    with pytest.raises(StoreError, match="another one than it was encrypted with"):
        EpochKeys(tmp_path, bytes(31) + b"1").known("ann")
    (tmp_path / FILE).unlink()
    assert EpochKeys(tmp_path, bytes(32)).known("ann") == ()
    monkeypatch.delenv("ACTORS")
    (tmp_path / "x").mkdir()
    with pytest.raises(UsageError, match="ACTORS is not set"):
        gate_of(desk(tmp_path / "x", rest=ACCOUNTS))


def test_exactly_the_accounts_that_repeat_are_told(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=ACCOUNTS)
    many = [
        (f"bad{account}", f"b{account}-{entry}", f"see {SPELLINGS[(account + entry) % 14].format(entry)}")
        for entry in (1, 2, 3)
        for account in range(28)
    ]
    few = [(f"once{number}", f"o{number}", page(0)) for number in range(4)]
    twice = [("twice", f"t{number}", page(0)) for number in range(5)]  # often, but one entry
    clear = [(f"good{number}", f"g{number}", "good morning") for number in range(50)]
    posted(made, *many, *few, *twice, *clear)
    folder = tmp_path / "decisions"
    found = list(accounts_of(folder))
    wanted = {pseudonyms(made.config, f"bad{account}")[0] for account in range(28)}
    assert {row.actor for row in found} == wanted
    assert {(row.messages, row.entries, row.lists, row.spellings) for row in found} == {(3, 3, ("partner",), 3)}
    assert all(len(row.decisions) == 3 and (row.first or "") <= (row.last or "") and not row.confirmed for row in found)
    campaigns = campaigns_of(folder)
    assert [(row.actors, row.within, row.messages, row.cluster) for row in campaigns] == [(28, 28, 28, 1)] * 3 + [
        (5, 5, 9, None)
    ]
    assert [row.spellings for row in campaigns[:3]] == [14, 14, 14]
    assert campaigns_of(folder, min_actors=6) == campaigns[:3]
    assert next(accounts_of(folder, min_messages=5, min_entries=1)).messages == 5


def test_what_says_nothing_of_an_account_does_not_count(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=ACCOUNTS)
    folder = tmp_path / "decisions"
    posted(made, *(("ann", f"m{number}", f"www.bad{number}.example/page/") for number in range(3)))  # loose

    def told(**options: Any) -> list[tuple[int, int]]:
        found = accounts_of(folder, min_messages=1, min_entries=1, **options)
        return [(row.messages, row.confirmed) for row in found]

    assert told() == []
    for row in records(made):
        keep_reviews(folder, [_review(row, "confirmed")])
    assert told() == [(3, 3)]
    keep_reviews(folder, [_review(records(made)[0], "wrong")])
    assert told() == [(2, 2)]
    said = Opinion(entry=records(made)[1]["entry"], list="partner", opinion="disputed", by="ann", at="")
    OpinionFile.of(made.config).add([said])
    made.path.write_text(made.path.read_text() + "[feedback]\nwrong = { after = 1, by = 1 }\n")
    assert told(disputed=disputed_entries(made.config)) == [(1, 1)]


def _review(row: dict[str, Any], verdict: str) -> Review:
    return Review(at="", decision=row["decision"], list=row["list"], kind=row["kind"], verdict=verdict)


def test_accounts_are_removed_alone(tmp_path: Path) -> None:
    made = desk(tmp_path, rest=ACCOUNTS)
    posted(made, *(("ann", f"m{number}", page(number)) for number in range(3)))
    folder = tmp_path / "decisions"
    before = count_decisions(folder)
    assert (len(list(accounts_of(folder))), purge_actors(folder, before="9")) == (1, 1)
    assert (list(accounts_of(folder)), count_decisions(folder)) == ([], before)
    assert not list(folder.glob("*actors.jsonl"))


def test_a_repeat_is_told_once_a_day(tmp_path: Path) -> None:
    code = f"import sys; open({str(tmp_path / 'told')!r}, 'a').write(sys.stdin.read())"
    hook = f"repeat = {{ messages = 3, entries = 2 }}\non_repeat = {json.dumps([sys.executable, '-c', code])}\n"
    made = desk(tmp_path, rest=ACCOUNTS + hook)
    posted(made, *(("ann", f"m{number}", page(number % 3)) for number in range(9)), ("bob", "m", page(1)))
    (line,) = next((tmp_path / "decisions").glob("*.repeats.jsonl")).read_text().splitlines()
    told = json.loads(line)
    assert (told["actor"], told["messages"], told["entries"]) == (pseudonyms(made.config, "ann")[0], 3, 3)
    assert (tmp_path / "told").read_text() == line


def test_what_cannot_be_kept_stops_no_message(tmp_path: Path) -> None:
    class Nameless:
        def __str__(self) -> str:
            raise ValueError

    made = desk(tmp_path, rest=ACCOUNTS)
    with gate_of(made) as gate:
        assert gate.check(page(1), account=Nameless()).flagged  # type: ignore[arg-type]
        assert gate.status().record_error == "accounts cannot be kept: ValueError"
        assert gate.check(page(1), account=7).flagged  # type: ignore[arg-type]
        assert gate.status().record_error is None
    (tmp_path / "none").mkdir()
    with gate_of(desk(tmp_path / "none", rest=RECORD)) as gate:
        assert gate.check(page(1), account="ann").flagged
    assert not list((tmp_path / "none" / "decisions").glob("*actors*"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[accounts]\nkeep = "30d"\nkey_env = "ACTORS"\n', "nothing is recorded"),
        (f'{RECORD}[accounts]\nkeep = "30d"\n', "needs key_env"),
        (f'{RECORD}[accounts]\nkey_env = "ACTORS"\n', "keep must be a time in days"),
        (f'{ACCOUNTS}on_repeat = "true"\n', "is told of nothing"),
        (f"{ACCOUNTS}repeat = {{ messages = 0 }}\n", "must be 1 or more"),
    ],
)
def test_a_configuration_with_no_effect_is_told(table: str, said: str, tmp_path: Path) -> None:
    made = desk(tmp_path)
    made.path.write_text(made.path.read_text().replace(RECORD, table))
    with pytest.raises(UsageError, match=said):
        gate_of(made)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = desk(tmp_path, rest=ACCOUNTS)
    monkeypatch.chdir(tmp_path)
    assert run(["decisions", "accounts"]) == run(["decisions", "campaigns"]) == 2
    assert "it does not exist" in capsys.readouterr().err
    posted(made)
    assert run(["decisions", "accounts"]) == 0
    assert "no such account" in capsys.readouterr().out
    posted(made, *((f"a{number % 6}", f"m{number}", page(number % 4)) for number in range(48)))
    assert run(["decisions", "accounts", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["accounts"]) == 6
    assert run(["decisions", "campaigns", "--json", "--min-actors", "3"]) == 0
    assert {row["actors"] for row in json.loads(capsys.readouterr().out)["campaigns"]} == {3}
    for command in (["accounts"], ["accounts", "--csv"], ["campaigns", "--min-actors", "2"], ["campaigns", "--csv"]):
        assert run(["decisions", *command]) == 0
    said = capsys.readouterr()
    assert "bad1." not in said.out + said.err
    assert run(["decisions", "accounts", "--csv", "--json"]) == 2
    assert run(["decisions", "purge", "--accounts"]) == 0
    assert "the decisions stay" in capsys.readouterr().out
    made.configure(rest=RECORD)
    assert run(["decisions", "campaigns"]) == 2
    assert "has no [accounts]" in capsys.readouterr().err
