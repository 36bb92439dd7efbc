"""Law 9 for files: no listed digest leaves the store, in whichever command; nor does one that a message held."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from test_nothing_leaves import EVIDENCE, WHY, Room

from files import digest_of_word, flipped

if TYPE_CHECKING:
    from pathlib import Path

MD5, SHA1, PDQ = (digest_of_word(kind, "zebra") for kind in ("md5", "sha1", "pdq"))
SECRET = tuple(digits[:14] for digits in (MD5, SHA1, PDQ))
LISTS = """
[[list]]
name = "hashes"
path = "hashes.csv"
[[list]]
name = "pictures"
path = "pictures.txt"
type = "pdq"
"""
ROWS = f"id,digest,type,category\nmd5-{MD5},{MD5.upper()},md5,{SHA1}\n{SHA1},{SHA1},sha1,A1\n"
BROKEN = ROWS + f"3,{MD5[1:]},md5,\n4,{SHA1},md5,\n5,{MD5},crc,\n6,{'0' * 32},md5,\n{MD5},{MD5},md5,\n"
DECIDE = f"""
import linkgate
gate = linkgate.Gate.of("linkgate.toml", watch=None)
for number in range(3):
    files = [linkgate.Media(id="att1", md5="{MD5}"), linkgate.Media(id="att2", pdq="{flipped(PDQ, 9)}")]
    gate.check("hello", media=files, message=f"m{{number}}", account="hyenaaccount")
gate.close()
print(linkgate.find_decisions(gate._enforcement.log.folder, messages=["m1"])[0]["decision"])
"""


class FileRoom(Room):
    """A room whose store has lists of digests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.desk.path.write_text(self.desk.path.read_text() + LISTS + EVIDENCE)
        self.desk.put("hashes.csv", ROWS.encode())
        self.desk.put("pictures.txt", f"{PDQ}\n".encode())
        self.inputs |= {folder / name for name in ("hashes.csv", "posts.jsonl", "decide.py")}

    def check(self) -> None:
        super().check()
        shown = self.said.decode().lower()
        assert not [digits for digits in SECRET if digits in shown], shown
        for path in self.desk.folder.rglob("*"):
            if path.is_file() and path not in self.inputs and path.suffix != ".txt":
                data = path.read_bytes()
                assert not [d for d in SECRET if d.encode() in data.lower() or bytes.fromhex(d) in data], path


@pytest.fixture
def room(tmp_path: Path) -> FileRoom:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    return FileRoom(tmp_path)


def test_every_command_of_lists(room: FileRoom) -> None:
    assert room.run("lists", "update") == 0
    room.desk.put("hashes.csv", BROKEN.encode())
    room.run("lists", "update", "--json")
    for command in (["status"], ["history"], ["diff", "1", "2"], ["verify"], ["accept", "hashes"]):
        room.run("lists", *command)
    for command in (["status"], ["history"], ["update"]):
        room.run("lists", *command, "--json")
    room.run("lists", "compile", "hashes.csv", "-o", "tmp.bin", "--report", "report.json", "--max-rejected", "90%")
    assert (room.desk.folder / "report.json").exists()
    room.inputs.add(room.desk.folder / "tmp.bin")
    assert room.run("lists", "add", "more", "more.txt", "--type", "sha1") == 0
    assert room.run("lists", "add", "wrong", "more.txt", "--type", MD5[:14] + "x") == 2
    room.said = room.said.replace(MD5[:14].encode() + b"x", b"")  # which the person typed
    assert room.run("check", "hello", "--list", "store", "--md5", MD5, "--pdq", flipped(PDQ, 3), "--explain") == 1
    assert room.run("check", "hello", "--list", "store", "--md5", MD5, "--show-urls", "--json") == 1
    assert room.run("check", "hello", "--list", "store", "--md5", MD5[1:]) == 2
    assert room.run("lookup", "--list", "store", "--sha1", SHA1[1:]) == 2
    posts = [{"id": n, "text": "", "media": [{"md5": MD5, "pdq": flipped(PDQ, n)}]} for n in range(3)]
    posts.append({"id": 9, "text": "", "media": [{"md5": MD5[1:]}]})
    (room.desk.folder / "posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in posts))
    scan = ("scan", "posts.jsonl", "--list", "store", "--media", "media", "--show-urls", "--max-bad", "50%")
    assert room.run(*scan, "-o", "hits.jsonl", "--rejects", "rejects.jsonl", "--report", "page.html") in {1, 2}
    assert room.run(*scan) == 1
    room.check()


def test_every_command_of_the_record(room: FileRoom) -> None:
    assert room.run("lists", "update") == 0
    assert room.python(DECIDE) == 0
    decision = room.said.decode().split()[-1]
    row = json.loads(next(room.desk.folder.glob("decisions/????-??-??.jsonl")).read_text().splitlines()[0])
    assert row["media"] == "att1"
    for command in (
        ["report"],
        ["sample"],
        ["review"],
        ["verify"],
        ["show", decision, "--json"],
        ["find", "--message", "m1"],
    ):
        assert room.run("decisions", *command) == 0
    for command in (["show", f"hashes:{row['entry']}"], ["dispute", f"hashes:{row['entry']}", "--reason", WHY]):
        room.run("lists", *command)
    for name in ("m1", decision, row["entry"]):
        assert room.run("why", name, "--json") in {0, 1}
    assert room.run("cases", "open", "--message", "m1", "--reason", "x") == 0
    case = next(path.stem for path in room.desk.folder.glob("cases/*.case"))
    for command in (["list"], ["show", case], ["show", case, "--json"], ["show", case, "--show-urls"]):
        assert room.run("cases", *command) == 0
    assert room.run("cases", "export", case, "--as", "hotline", "-o", "hotline.json") == 0
    room.check()
    assert room.run("cases", "export", case, "--as", "neutral", "-o", "neutral.json") == 0
    assert {"md5": MD5} in json.loads((room.desk.folder / "neutral.json").read_text())["media"]  # asked for by name
