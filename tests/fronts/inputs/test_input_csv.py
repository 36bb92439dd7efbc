"""How spreadsheets and other programs begin a CSV file."""

from pathlib import Path

import pytest
from gathering import PACK, Row, read
from running import rows, run

LINK = "see http://bad.example/page"
HEADS: dict[str, str] = {
    "commas": f"id,text\n1,{LINK}\n2,b\n",
    "semicolons": f"id;text\n1;{LINK}\n2;b\n",
    "a comma in a quoted name": f'"nr, if any";id;text\n0;1;{LINK}\n0;2;b\n',
    "more semicolons than commas": f"id;text;names, all\n1;{LINK};\n2;b;\n",
    "tabs": f"id\ttext\n1\t{LINK}\n2\tb\n",
    "bars": f"id|text\n1|{LINK}\n2|b\n",
    "blank lines first": f"\n\r\nid,text\n1,{LINK}\n2,b\n",
    "what Excel says of it": f"sep=;\nid;text\n1;{LINK}\n2;b\n",
}


def ids_and_texts(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row["id"], row["text"]) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", HEADS)
def test_heads(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / "posts.csv"
    mark = "\ufeff" if encoding.endswith("e") else ""
    path.write_bytes((mark + HEADS[name]).encode(encoding))
    found, bad = read(path)
    assert not bad
    assert ids_and_texts(found) == [("1", LINK), ("2", "b")]
    first = HEADS[name].count("\n")
    assert [row["place"] for row in found] == [first - 1, first]


@pytest.mark.parametrize("packing", ["", *PACK])
@pytest.mark.parametrize("form", ["csv", "txt", "jsonl"])
def test_utf_16_is_read(tmp_path: Path, form: str, packing: str) -> None:
    content = {"csv": "id;text\n1;caf\u00e9 \U0001f600\n", "txt": "caf\u00e9 \U0001f600\n"}
    content["jsonl"] = '{"text": "caf\u00e9 \U0001f600"}\n'
    path = tmp_path / f"posts.{form}{packing}"
    raw = content[form].encode("utf-16") + content[form].encode("utf-16-le") * 20_000
    path.write_bytes(PACK[packing](raw) if packing else raw)
    found, bad = read(path)
    assert not bad
    assert len(found) == {"csv": 40_001}.get(form, 20_001)
    assert {row["text"] for row in found} - {"text"} == {"caf\u00e9 \U0001f600"}


def test_half_a_character_of_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_bytes(b"\xff\xfe" + "good\nb\ud83dd\nend".encode("utf-16-le", "surrogatepass") + b"\x00")
    found, bad = read(path)
    assert [row["text"] for row in found] == ["good", "b\ufffdd", "end\ufffd"]
    assert bad == []


def test_utf_16_with_several_processes(tmp_path: Path) -> None:
    lines = (f"{number};{LINK if number % 1000 == 0 else 'x' * 90}\n" for number in range(60_000))
    (tmp_path / "posts.csv").write_bytes(("id;text\n" + "".join(lines)).encode("utf-16"))
    (tmp_path / "listed").write_text("http://bad.example/page\n")
    found = []
    for jobs in "12":
        done = run("scan", "posts.csv", "--list", "listed", "--max-bad", "0", "--jobs", jobs, cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        found.append([int(row["id"]) for row in rows(done.stdout)])
    assert found == [list(range(0, 60_000, 1000))] * 2
