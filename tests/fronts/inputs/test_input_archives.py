"""Exports as they come: each with the ids, times, texts and hidden links that must come out of it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from gathering import Row, gathered, read

from linkgate.fronts.inputs import open_inputs

B = "http://bad.example/page"
AT = 1672922096  # 2023-01-05 12:34:56 UTC

CHATS: dict[str, tuple[str, int | None]] = {
    "[05/01/2023, 12:34:56] Ann: {}": ("iPhone, day first", AT),
    "\u200e[13/01/23, 12:34:56] Ann: {}": ("iPhone, two digits", AT + 8 * 86400),
    "[05.01.23, 12:34:56] Ann: {}": ("iPhone, German", AT),
    "[2023-01-05, 12:34:56] Ann: {}": ("iPhone, Swedish", AT),
    "[1/5/23, 12:34:56\u202fPM] Ann: {}": ("iPhone, American", AT),
    "05.01.23, 12:34 - Ann: {}": ("Android, German", AT - 56),
    "05/01/2023, 12:34 - Ann: {}": ("Android, British", AT - 56),
    "1/5/23, 12:34 PM - Ann: {}": ("Android, American", AT - 56),
    "5/1/23, 12:34 p. m. - Ann: {}": ("Android, Spanish", AT - 56),
    "05/01/2023 12:34 - Ann: {}": ("Android, Brazilian", AT - 56),
    "05/01/2023 \u00e0 12:34 - Ann: {}": ("Android, French", AT - 56),
    "2023/01/05, 12:34 - Ann: {}": ("Android, South African", AT - 56),
    "05/01/23, 12:34 pm - Ann: {}": ("Android, Indian", AT - 56),
    "2023. 1. 5. \uc624\ud6c4 12:34, Ann : {}": ("Android, Korean", AT - 56),
    "[2023. 1. 5. \uc624\ud6c4 12:34:56] Ann: {}": ("iPhone, Korean", AT),
    "[2023/1/5 \u4e0b\u534812:34:56] Ann: {}": ("iPhone, Chinese", AT),
    "2023\u5e741\u67085\u65e5 12:34 - Ann: {}": ("Android, Chinese", AT - 56),
    "05.01.2023, 12.34 - Ann: {}": ("Android, Finnish", AT - 56),
    "5/1/23 kl. 12.34 - Ann: {}": ("Android, Danish", AT - 56),
    "2023-01-05 12:34 p.m. - Ann: {}": ("Android, Canadian", AT - 56),
}


@pytest.mark.parametrize("line", CHATS, ids=[name for name, _ in CHATS.values()])
def test_a_whatsapp_chat(tmp_path: Path, line: str) -> None:
    path = tmp_path / "_chat.txt"
    path.write_text("\n".join([line.format("hi"), line.format(f"see {B}"), "and more", line.format("x")]))
    rows, bad = read(path)
    assert not bad
    assert [row["text"] for row in rows] == ["hi", f"see {B}\nand more", "x"]
    assert [row["place"] for row in rows] == [1, 2, 3]
    assert {row["time"].timestamp() for row in rows} == {CHATS[line][1]}


def test_a_long_whatsapp_chat_is_cut_between_messages(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Ann.txt"
    lines = [f"05/01/2023, 12:34 - \u00e4nn: message {number}\nsecond line" for number in range(100_000)]
    path.write_text("\n".join(lines))
    rows, bad = read(path)
    assert not bad
    assert [row["text"] for row in rows] == [f"message {number}\nsecond line" for number in range(100_000)]
    assert [row["place"] for row in rows] == list(range(1, 100_001))


# ruff: noqa: E501  # pages as programs write them
TELEGRAM = f"""<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap"><div class="history">
     <div class="message service" id="message-1"> <div class="body details"> 5 January 2023 </div> </div>
     <div class="message default clearfix" id="message10">
      <div class="pull_left userpic_wrap"><div class="userpic userpic1"><div class="initials">A</div></div></div>
      <div class="body"><div class="pull_right date details" title="05.01.2023 13:34:56 UTC+01:00">13:34</div>
       <div class="from_name">Ann</div>
       <div class="text">see <a href="{B}?a=1&amp;b=2">here</a><br>and bad.example/<strong>page</strong></div></div></div>
     <div class="message default clearfix joined" id="message11"><div class="body">
       <div class="pull_right date details" title="05.01.2023 13:34:57 UTC+01:00">13:34</div>
       <div class="reply_to details">In reply to <a href="#go_to_message10" onclick="x">this message</a></div>
       <div class="media_wrap clearfix"><a class="media clearfix pull_left block_link" href="{B}">
         <div class="body"><div class="title bold">Title</div><div class="description">About</div></div></a></div>
       <table class="bot_buttons_table"><tr><td><div class="bot_button"><a href="{B}#2">Open</a></div></td></tr></table>
     </div></div></div></div></body></html>"""
DISCORD = f"""<!DOCTYPE html><html><head><title>g</title></head><body><div class=chatlog><div class=chatlog__message-group>
<div id=chatlog__message-container-1060538063470211102 class=chatlog__message-container data-message-id=1060538063470211102>
<div class=chatlog__message><div class=chatlog__message-aside><img class=chatlog__avatar src=a.png></div>
<div class=chatlog__message-primary><div class=chatlog__header><span class=chatlog__author title=ann>Ann</span>
<span class=chatlog__timestamp title="Thursday, January 5, 2023"><a href=#chatlog__message-container-1>x</a></span></div>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve>see <a href="{B}">here</a> now</span></div>
<div class=chatlog__embed><div class=chatlog__embed-title><a class=chatlog__embed-title-link href="{B}?e"><div>T</div></a></div>
<div class=chatlog__embed-description>bad.example/page</div></div></div></div></div>
<div id=chatlog__message-container-1060538063470211103 class=chatlog__message-container data-message-id=1060538063470211103>
<div class=chatlog__message><div class="chatlog__content chatlog__markdown">second</div></div></div></div></div></body></html>"""


def briefly(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [(row["id"], row["text"], [link for link in row["links"] or () if "bad." in link]) for row in rows]


def test_telegram_pages(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "style.css").write_text("x")
    for name in ("messages.html", "messages2.html"):
        (tmp_path / name).write_text(TELEGRAM)
    rows, bad = read(tmp_path)
    assert not bad
    assert len(rows) == 6
    assert briefly(rows[1:3]) == [
        ("10", "see here\nand bad.example/page", [f"{B}?a=1&b=2"]),
        ("11", "Title\nAbout", [B, f"{B}#2"]),
    ]
    assert [row["time"] and row["time"].timestamp() for row in rows[:3]] == [None, AT, AT + 1]
    assert [row["place"] for row in rows[:3]] == [1, 2, 3]


def test_discord_pages(tmp_path: Path) -> None:
    path = tmp_path / "chat.html"
    path.write_text(DISCORD)
    rows, bad = read(path)
    assert not bad
    assert briefly(rows) == [
        ("1060538063470211102", "see here now\nT\nbad.example/page", [B, f"{B}?e"]),
        ("1060538063470211103", "second", []),
    ]
    assert rows[0]["time"].date().isoformat() == "2023-01-05"


def test_a_discord_table(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text(
        "\ufeffAuthorID,Author,Date,Content,Attachments,Reactions\n"
        f'"1","Ann","2023-01-05T12:34:56.0000000+00:00","see","{B},{B}?2",""\n"1","Ann","2023-01-05T12:34:56.1234567+00:00","{B}","",""\n'
    )
    rows, bad = read(path)
    assert not bad
    assert [(row["text"], row["links"]) for row in rows] == [("see", [B, f"{B}?2"]), (B, None)]
    assert [int(row["time"].timestamp()) for row in rows] == [AT, AT]


def test_any_other_page_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><title>t</title><p>see <a href='{B}'>here</a>")
    rows, bad = read(path)
    assert not bad
    assert [(row["text"], row["links"]) for row in rows] == [("t\nsee here", [B])]


def test_a_stack_exchange_dump(tmp_path: Path) -> None:
    path = tmp_path / "Posts.xml"
    path.write_text(
        '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
        '  <row Id="4" PostTypeId="1" CreationDate="2023-01-05T12:34:56.000" Title="Why"'
        f' Body="&lt;p&gt;see &lt;a href=&quot;{B}?a&amp;amp;b&quot;&gt;here&lt;/a&gt;&#xA;" />\n'
        f'  <row Id="5" PostTypeId="2" CreationDate="2023-01-05T12:34:56.000" Body="{B}" />\n</posts>\n'
    )
    rows, bad = read(path)
    assert not bad
    assert briefly(rows) == [
        ("4", f'<p>see <a href="{B}?a&amp;b">here</a>\n\nWhy', [f"{B}?a&b"]),
        ("5", B, []),
    ]
    assert {int(row["time"].timestamp()) for row in rows} == {AT}


def test_other_xml_is_named_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text("<?xml version='1.0'?><rss><channel><item><title>x</title></item></channel></rss>")
    _, (bad,) = read(path)
    assert "convert it" in bad.reason


TWEETS = [
    {
        "tweet": {
            "id_str": str(number),
            "created_at": "Thu Jan 05 12:34:56 +0000 2023",
            "full_text": "see https://t.co/x",
            "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": f"{B}?{number}"}]},
        }
    }
    for number in range(3)
]


def twitter_archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/manifest.js", 'window.__THAR_CONFIG = {"userInfo": {"userName": "x"}}')
        archive.writestr("data/tweets.js", "window.YTD.tweets.part0 = " + json.dumps(TWEETS, indent=2))
        archive.writestr("data/account.js", 'window.YTD.account.part0 = [{"account": {"email": "x"}}]')
        archive.writestr("assets/a.png", b"x")
    return data.getvalue()


def test_a_twitter_archive_is_read_in_its_zip_and_out_of_it(tmp_path: Path) -> None:
    path = tmp_path / "twitter.zip"
    path.write_bytes(twitter_archive())
    zipfile.ZipFile(path).extractall(tmp_path / "twitter")
    for name in (path, tmp_path / "twitter", tmp_path / "twitter" / "data" / "tweets.js"):
        rows, _ = read(name)
        rows = [row for row in rows if row["text"]]
        assert [(row["id"], row["links"][1]) for row in rows] == [(str(n), f"{B}?{n}") for n in range(3)]
        assert {int(row["time"].timestamp()) for row in rows} == {AT}


def test_what_a_zip_holds_is_told(tmp_path: Path) -> None:
    for name, content, said in (
        ("a.zip", {"x.png": b""}, "a .zip without a file of messages (but: 1 .png)"),
        ("a.xlsx", {"xl/workbook.xml": b""}, "an Excel workbook; save the sheet as CSV"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, data in content.items():
                archive.writestr(member, data)
        _, (bad,) = read(tmp_path / name)
        assert said in bad.reason
    (tmp_path / "b.zip").write_bytes(twitter_archive()[:-30])
    _, (bad,) = read(tmp_path / "b.zip")
    assert bad.reason == "the ZIP archive is damaged or breaks off; copy it again"


def test_a_zip_of_every_form(tmp_path: Path) -> None:
    path = tmp_path / "mixed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", json.dumps({"id": 1, "text": B}) + "\n" + json.dumps({"id": 2, "text": "x"}))
        archive.writestr("b.csv", f"id,text\n3,{B}\n")
        archive.writestr("WhatsApp Chat/_chat.txt", f"[05/01/2023, 12:34:56] Ann: {B}\n")
    inputs = open_inputs([str(path)])
    assert [each.name for each in inputs] == [f"{path}/a.jsonl", f"{path}/b.csv", f"{path}/WhatsApp Chat/_chat.txt"]
    assert [row["text"] for each in inputs for row in gathered(each)[0]] == [B, "x", B, B]


def test_mojibake_of_facebook_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "message_1.json"
    path.write_text(
        '{"participants": [{"name": "A"}], "messages": [{"sender_name": "A", "timestamp_ms": 1672922096000, "content":'
        ' "caf\\u00c3\\u00a9 \\u00f0\\u009f\\u0098\\u0080 b\\u00c3\\u00a4d.example/p\\u00c3\\u00a4ge"}], "title": "A"}'
    )
    (row,), bad = read(path)
    assert not bad
    assert row["text"] == "caf\u00e9 \U0001f600 b\u00e4d.example/p\u00e4ge"
    assert row["time"].timestamp() == AT


def test_a_wide_zst(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard", reason="pip install 'linkgate[archive]'")
    path = tmp_path / "RC_2023-01.zst"
    lines = b"".join(json.dumps({"id": n, "body": B, "created_utc": AT}).encode() + b"\n" for n in range(1000))
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=31, enable_ldm=False)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    path.write_bytes(packer.compress(lines) + packer.flush())
    rows, bad = read(path)
    assert not bad
    assert [row["id"] for row in rows] == list(range(1000))
    path.write_bytes(path.read_bytes()[:-20])
    assert "breaks off" in read(path)[1][0].reason
