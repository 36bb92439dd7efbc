"""Names to inputs: folders, patterns, exports, databases; none of it opens a file."""

import subprocess
import sys
from pathlib import Path

import pytest
from gathering import read
from running import environment

from linkgate.fronts.inputs import open_inputs


def lay(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one\n")


def named(*names: Path | str, form: str | None = None) -> list[str]:
    return [opened.name for opened in open_inputs(map(str, names), form=form)]


def test_a_folder_is_read_in_order_and_depth(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "b.jsonl",
        "a.txt.zst",
        "c/d.PARQUET",
        "c/a.eml",
        "photo.jpg",
        ".hidden/x.txt",
        ".x.txt",
        "_SUCCESS",
        "z/_d/x.csv",
    )
    found = [Path(name).relative_to(tmp_path).as_posix() for name in named(tmp_path)]
    assert found == ["a.txt.zst", "b.jsonl", "c/a.eml", "c/d.PARQUET"]


def test_every_file_of_a_folder_when_its_form_is_said(tmp_path: Path) -> None:
    lay(tmp_path, "part-0000", "part-0001")
    assert len(named(tmp_path, form="jsonl")) == 2
    assert named(tmp_path) == [str(tmp_path)]


def test_a_folder_without_messages(tmp_path: Path) -> None:
    lay(tmp_path, "a.jpg", "b.jpg", "c")
    _, (bad,) = read(tmp_path)
    assert bad.place is None
    assert "2 .jpg" in bad.reason


def test_a_telegram_folder_is_its_result(tmp_path: Path) -> None:
    lay(tmp_path, "x/result.json", "x/files/list.txt", "x/photos/a.jpg", "y/a.txt")
    assert [Path(name).relative_to(tmp_path).as_posix() for name in named(tmp_path)] == ["x/result.json", "y/a.txt"]


def test_a_slack_folder_is_its_channels(tmp_path: Path) -> None:
    lay(tmp_path, "users.json", "channels.json", "integration_logs.json", "general/2020-01-01.json")
    assert [Path(name).name for name in named(tmp_path)] == ["2020-01-01.json"]


def test_a_maildir(tmp_path: Path) -> None:
    mail = "Subject: s\n\nsee http://bad.example/page"
    for name in ("cur/1.host:2,S", "new/2.host", "tmp/3.host"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(mail)
    rows, bad = read(tmp_path)
    assert not bad
    assert [row["text"] for row in rows] == ["s\n\nsee http://bad.example/page"] * 2


def test_a_pattern(tmp_path: Path) -> None:
    lay(tmp_path, "a.txt", "b.txt", "c.csv", "d/e.txt", "[x].txt")
    assert [Path(name).name for name in named(tmp_path / "[ab].txt")] == ["a.txt", "b.txt"]
    assert [Path(name).name for name in named(tmp_path / "**" / "e*")] == ["e.txt"]
    assert [Path(name).name for name in named(tmp_path / "[x].txt")] == ["[x].txt"]  # a name before a pattern
    _, (bad,) = read(tmp_path / "*.parquet")
    assert bad.reason == "no file has such a name; check the pattern"


@pytest.mark.parametrize("name", ["https://bad.example/page", "s3://bucket/bad.example"])
def test_an_address_is_neither_fetched_nor_shown(name: str) -> None:
    (opened,) = open_inputs([name])
    (chunk,) = opened.chunks()
    for shown in (opened.name, repr(opened), repr(chunk)):
        assert "bad.example" not in shown


def test_a_folder_of_many_files_holds_none_open(tmp_path: Path) -> None:
    lay(tmp_path, *(f"{number}.txt" for number in range(2000)))
    found = open_inputs([str(tmp_path)])
    chunks = [next(opened.chunks()) for opened in found]
    assert len(chunks) == 2000


def test_the_package_is_light_until_something_is_read() -> None:
    code = "import sys, linkgate.fronts.inputs; print('pyarrow' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment())
    assert done.stdout == b"False False\n"


def test_what_is_left_out_of_a_folder_is_told(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "c.md", "d.dat", "e.dat", "_SUCCESS", ".hidden"):
        (tmp_path / name).write_text("")
    notes = [each.note for each in open_inputs([str(tmp_path)])]
    assert notes == [f"{tmp_path}: left out, by their names: 2 .dat, 1 .md; name them, or say --format", None]
    assert [each.note for each in open_inputs([str(tmp_path / "a.jsonl")])] == [None]
