"""`scan --account`: pseudonyms in the hits, the id of an account nowhere, groups by account out of any output."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from desk import Desk, local, page
from pyarrow import parquet

from linkgate.decisions.pseudonyms import pseudonyms
from linkgate.fronts.cli import run

if TYPE_CHECKING:
    from desk import Desk as DeskType

REST = '[decisions]\n[accounts]\nkeep = "30d"\nkey_env = "ACTORS"\n'


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskType:
    monkeypatch.setenv("ACTORS", "ab" * 32)
    monkeypatch.chdir(tmp_path)
    found = Desk(tmp_path, local())
    found.configure(local(), rest=REST)
    found.put("partner.txt", "".join(f"{page(each)}\n" for each in range(4)).encode())
    found.update()
    return found


def posts() -> list[dict[str, Any]]:
    """Zebra posts three pages, giraffe one page often, and many post nothing listed."""
    rows = [{"id": f"z{n}", "text": f"see {page(n)}", "user": "zebra"} for n in range(3)]
    rows += [{"id": f"g{n}", "text": page(0), "user": "giraffe"} for n in range(5)]
    return rows + [{"id": f"c{n}", "text": "good morning", "user": f"lion{n}"} for n in range(20)]


def jsonl(rows: list[dict[str, Any]]) -> str:
    Path("posts.jsonl").write_text(
        "".join(json.dumps({"text": r["text"], "id": r["id"], "by": {"id": r["user"]}}) + "\n" for r in rows)
    )
    return "by.id"


def csv_file(rows: list[dict[str, Any]]) -> str:
    with Path("posts.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text", "user"])
        writer.writeheader()
        writer.writerows(rows)
    return "user"


def parquet_file(rows: list[dict[str, Any]]) -> str:
    parquet.write_table(pa.Table.from_pylist(rows), "posts.parquet")
    return "user"


def telegram(rows: list[dict[str, Any]]) -> str:
    items = [
        {"id": n, "type": "message", "date_unixtime": "0", "from_id": r["user"], "text": r["text"]}
        for n, r in enumerate(rows)
    ]
    Path("posts.json").write_text(json.dumps({"name": "c", "type": "private_group", "id": 1, "messages": items}))
    return "from_id"


@pytest.mark.parametrize("write", [jsonl, csv_file, parquet_file, telegram])
@pytest.mark.parametrize("output", ["hits.jsonl", "hits.csv.gz", "hits.parquet"])
def test_groups_by_account_and_no_id_of_one(
    write: Any, output: str, made: DeskType, capsys: pytest.CaptureFixture[str]
) -> None:
    field = write(posts())
    (source,) = Path().glob("posts.*")
    assert run(["scan", str(source), "--account", field, "--config", "linkgate.toml", "-o", output]) == 1
    assert run(["decisions", "accounts", "--hits", output, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["accounts"]
    (zebra,) = pseudonyms(made.config, "zebra")
    assert (row["actor"], row["messages"], row["entries"]) == (zebra, 3, 3)
    assert run(["decisions", "accounts", "--hits", output, "--json", "--min-entries", "1"]) == 0
    assert [each["messages"] for each in json.loads(capsys.readouterr().out)["accounts"]] == [3, 5]
    source.unlink()
    for path in Path().rglob("*"):
        assert not path.is_file() or not any(word in path.read_bytes() for word in (b"zebra", b"giraffe", b"lion"))


def test_pages_about_accounts_hold_pseudonyms_alone(made: DeskType, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jinja2")
    assert made.path.exists()
    jsonl(posts())
    assert run(["scan", "posts.jsonl", "--account", "by.id", "--config", "linkgate.toml", "-o", "hits.jsonl"]) == 1
    for command in (["accounts"], ["campaigns", "--min-actors", "2"]):
        assert run(["decisions", *command, "--hits", "hits.jsonl", "--report", f"{command[0]}.html"]) == 0
        text = Path(f"{command[0]}.html").read_text()
        assert Path(f"{command[0]}.html").stat().st_mode & 0o777 == 0o600
        assert not any(word in text for word in ("zebra", "giraffe", "example"))
    assert "e1" in Path("accounts.html").read_text()
    said = capsys.readouterr()
    assert not any(word in said.out + said.err for word in ("zebra", "giraffe", "bad1."))


def test_several_workers_give_the_same_pseudonyms(made: DeskType) -> None:
    assert made.path.exists()
    field = jsonl(posts())
    for name, jobs in (("one.jsonl", "1"), ("two.jsonl", "2")):
        options = ["--account", field, "--config", "linkgate.toml", "-o", name, "--jobs", jobs]
        assert run(["scan", "posts.jsonl", *options]) == 1
    assert Path("one.jsonl").read_text() == Path("two.jsonl").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--account", "nobody", "--config", "linkgate.toml"], "no message had an account in the field 'nobody'"),
        (["--account", "by.id", "--config", "plain.toml"], "has no [accounts]: add the table"),
    ],
)
def test_an_account_that_cannot_be_named_is_told(
    options: list[str], said: str, made: DeskType, capsys: pytest.CaptureFixture[str]
) -> None:
    jsonl(posts())
    Path("plain.toml").write_text(made.path.read_text().replace(REST, ""))
    assert run(["scan", "posts.jsonl", *options, "-o", "hits.jsonl"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"actor": null, "list": "l", "entry": "1"}\n', "holds no pseudonyms"),
        (b'{"list": "l", "entry": "1"}\n', "holds no pseudonyms"),
        (b"[]\n", "holds no pseudonyms"),
        (b"\x00\xff", "cannot be read as .jsonl"),
        (None, "there is no such file"),
    ],
)
def test_what_is_no_output_with_accounts(
    data: bytes | None, said: str, made: DeskType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.path.exists()
    if data is not None:
        Path("hits.jsonl").write_bytes(data)
    assert run(["decisions", "accounts", "--hits", "hits.jsonl"]) == 2
    assert said in capsys.readouterr().err
    assert run(["decisions", "accounts", "--hits", "hits.jsonl", "--from", "2026-01-31"]) == 2
    assert "--from is about the record" in capsys.readouterr().err
