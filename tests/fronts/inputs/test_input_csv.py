"""How spreadsheets and other programs begin a CSV file."""

from pathlib import Path

import pytest
from gathering import PACK, Row, read

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
    rows, bad = read(path)
    assert not bad
    assert ids_and_texts(rows) == [("1", LINK), ("2", "b")]
    first = HEADS[name].count("\n")
    assert [row["place"] for row in rows] == [first - 1, first]


@pytest.mark.parametrize("packing", ["", *PACK])
@pytest.mark.parametrize("form", ["csv", "txt", "jsonl"])
def test_utf_16_is_read(tmp_path: Path, form: str, packing: str) -> None:
    content = {"csv": "id;text\n1;caf\u00e9 \U0001f600\n", "txt": "caf\u00e9 \U0001f600\n"}
    content["jsonl"] = '{"text": "caf\u00e9 \U0001f600"}\n'
    path = tmp_path / f"posts.{form}{packing}"
    raw = content[form].encode("utf-16") + content[form].encode("utf-16-le") * 20_000
    path.write_bytes(PACK[packing](raw) if packing else raw)
    rows, bad = read(path)
    assert not bad
    assert len(rows) == {"csv": 40_001}.get(form, 20_001)
    assert {row["text"] for row in rows} - {"text"} == {"caf\u00e9 \U0001f600"}


def test_half_a_character_of_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "posts.txt"
    path.write_bytes(b"\xff\xfe" + "good\nb\ud83dd\nend".encode("utf-16-le", "surrogatepass") + b"\x00")
    rows, bad = read(path)
    assert [row["text"] for row in rows] == ["good", "b\ufffdd", "end\ufffd"]
    assert bad == []
