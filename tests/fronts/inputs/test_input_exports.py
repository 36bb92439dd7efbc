"""What messengers and mail programs really write: row by row, each with what must be found in it."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from counted_work import calls, is_linear
from gathering import read

from linkgate.fronts.inputs import mails
from linkgate.fronts.inputs.exports import discord_json, slack_json, telegram_json
from linkgate.fronts.inputs.html_text import shown

LINK = "http://bad.example/page"

TELEGRAM: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"text": "plain"}, "plain", []),
    ({"text": ["a ", {"type": "link", "text": LINK}, " b"]}, f"a {LINK} b", []),
    ({"text": [{"type": "text_link", "text": "here", "href": LINK}]}, "here", [LINK]),
    ({"text": "here", "text_entities": [{"type": "text_link", "text": "here", "href": LINK}]}, "here", [LINK]),
    ({"text": "", "inline_bot_buttons": [[{"type": "url", "text": "x", "data": LINK}]]}, "", [LINK]),
    ({"text": "", "inline_bot_buttons": [[{"type": "web_view", "text": "x", "data": LINK}]]}, "", [LINK]),
    ({"text": "", "inline_bot_buttons": [[{"type": "callback", "text": "x", "data": LINK}]]}, "", []),
    ({"text": "", "poll": {"question": "q", "answers": [{"text": LINK, "voters": 1}]}}, f"q\n{LINK}", []),
    ({"text": "", "poll": {"question": [{"type": "link", "text": LINK}], "answers": []}}, LINK, []),
    ({"type": "service", "action": "edit_group_title", "title": LINK, "text": ""}, LINK, []),
    ({"text": "", "game_title": "g", "game_link": LINK}, "g", [LINK]),
    ({"text": ["a", 7, None, {"type": "bold"}, [["b"]]]}, "ab", []),
    ({"type": "service"}, "", []),
    ({"text": None}, "", []),
    (
        {"text": ["a ", {"type": "spoiler", "text": ["b ", {"type": "text_link", "text": "c", "href": LINK}]}]},
        "a b c",
        [LINK],
    ),
    ({"text": "", "poll": {"question": "q", "answers": [{"text": [{"text": "a", "href": LINK}]}]}}, "q\na", [LINK]),
    ({"text": "", "invoice_information": {"title": "t", "description": LINK, "amount": 5}}, f"t\n{LINK}", []),
    ({"text": "", "place_name": LINK, "address": "a"}, f"{LINK}\na", []),
]
SLACK: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"text": f"<{LINK}>"}, LINK, []),
    ({"text": f"<{LINK}|label> &lt;b&gt; &amp;amp;"}, "label <b> &amp;", [LINK]),
    ({"text": "<@U1|bob> <#C1|general> <!here> <!subteam^S1|team>"}, "bob general !here team", []),
    ({"text": f"bare {LINK} 1 < 2 > 0"}, f"bare {LINK} 1  2  0", []),
    ({"text": "", "attachments": [{"fallback": "f", "title": "t", "title_link": LINK}]}, "t\nf", [LINK]),
    (
        {"text": "see", "blocks": [{"elements": [{"elements": [{"type": "link", "url": LINK, "text": "see"}]}]}]},
        "see",
        [LINK],
    ),
    (
        {"text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"<{LINK}|x> more"}}]},
        "x more",
        [LINK],
    ),
    ({"text": "", "blocks": [{"accessory": {"type": "button", "text": {"text": "go"}, "url": LINK}}]}, "go", [LINK]),
    ({"text": "f", "files": [{"name": "a.txt", "url_private": LINK}]}, "f\na.txt", [LINK]),
    ({"text": None}, "", []),
    ({"text": "new", "edited": {"user": "U1"}, "previous_message": {"text": f"<{LINK}>"}}, f"new\n{LINK}", []),
    ({"text": "", "comment": {"comment": LINK}}, LINK, []),
    ({"text": "", "files": [{"transcription": {"preview": {"content": LINK}}}]}, LINK, []),
]
DISCORD: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"content": f"[label]({LINK})"}, f"[label]({LINK})", []),
    ({"content": "a", "embeds": [{"title": "t", "description": "d", "url": LINK}]}, "a\nt\nd", [LINK]),
    (
        {"content": "", "embeds": [{"fields": [{"name": "n", "value": LINK}], "author": {"url": LINK}}]},
        f"n\n{LINK}",
        [LINK],
    ),
    ({"content": "", "attachments": [{"url": LINK, "fileName": "x"}]}, "", [LINK]),
    ({"content": "", "forwardedMessage": {"content": LINK, "embeds": []}}, LINK, []),
    ({"content": "", "embeds": [{"image": {"url": "p", "canonicalUrl": LINK}}]}, "", ["p", LINK]),
    ({"content": "", "poll": {"question": {"text": "q"}, "answers": [{"text": LINK}]}}, f"q\n{LINK}", []),
]


@pytest.mark.parametrize(("row", "text", "links"), TELEGRAM)
def test_telegram(row: dict[str, Any], text: str, links: list[str]) -> None:
    found = telegram_json.message(row)
    assert not isinstance(found, str)
    assert (found.text, list(found.links)) == (text, links)


@pytest.mark.parametrize(("row", "text", "links"), SLACK)
def test_slack(row: dict[str, Any], text: str, links: list[str]) -> None:
    found = slack_json.message(row)
    assert not isinstance(found, str)
    assert (found.text, list(found.links)) == (text, links)


@pytest.mark.parametrize(("row", "text", "links"), DISCORD)
def test_discord(row: dict[str, Any], text: str, links: list[str]) -> None:
    found = discord_json.message(row)
    assert not isinstance(found, str)
    assert (found.text, list(found.links)) == (text, links)


def test_an_old_telegram_export_has_dates_only(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    chat = {
        "name": None,
        "type": "private_channel",
        "id": 1,
        "messages": [{"id": 1, "date": "2013-01-21T17:21:59", "text": "x"}],
    }
    path.write_text(json.dumps(chat))
    (row,), _ = read(path)
    assert row["time"].timestamp() == 1358788919


@pytest.mark.parametrize("field", ["text", "content"])
@pytest.mark.parametrize("value", [7, True, {"a": 1}])
def test_a_text_of_another_kind(field: str, value: object) -> None:
    for message in (slack_json.message, discord_json.message):
        found = message({field: value})
        assert isinstance(found, str) or found.text == ""


HTML = f'<html><body><a href="{LINK}">h\u00e9re</a></body></html>'
B64 = base64.b64encode(HTML.encode()).decode()
MAILS: list[tuple[bytes, str, list[str]]] = [
    (b"Subject: s\n\nbody", "s\n\nbody", []),
    (b"\nbody only", "body only", []),
    (b"Subject: =?utf-8?b?aMOpcmU=?=\n\n", "h\u00e9re", []),
    (b"Subject: =?utf-8?q?h=C3=A9?=\n =?utf-8?q?re?=\n\n", "h\u00e9re", []),
    (b"Subject: =?nonsense?b?aA==?= =?utf-8?b?broken\n\n", "", []),
    (
        f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{B64}".encode(),
        "h\u00e9re",
        [LINK],
    ),
    (f"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n{B64[:-7]}!!".encode(), "h\u00e9re", [LINK]),
    (b"Content-Transfer-Encoding: quoted-printable\n\nhttp://bad.=\nexample/=70age", LINK, []),
    (b"Content-Type: text/plain; charset=iso-8859-1\n\nh\xe9re", "h\u00e9re", []),
    (b"Content-Type: text/plain; charset=utf-8\n\nh\xe9re", "h\u00e9re", []),
    (b"Content-Type: text/plain; charset=us-ascii\n\nh\xc3\xa9re", "h\u00e9re", []),
    (b"Content-Type: text/plain; charset=x-none\n\nh\xe9re", "h\u00e9re", []),
    (b"Content-Type: text/plain; charset*=utf-8''nonsense\n\nhere", "here", []),
    (b"Content-Type: text/plain; charset=utf-16le\n\n" + "here".encode("utf-16le"), "here", []),
    (
        (
            b"Content-Type: multipart/alternative; boundary=x\n\n--x\n\nplain\n"
            b"--x\nContent-Type: text/html\n\n<p>rich\n--x--\n"
        ),
        "plain\n\nrich",
        [],
    ),
    (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nnever closed", "never closed", []),
    (b"Content-Type: multipart/mixed; boundary=x\n\nno part at all", "no part at all", []),
    (b"Content-Type: multipart/mixed\n\n--x\n\nno boundary", "no boundary", []),
    (b"Content-Type: message/rfc822\n\nSubject: inner\n\ndeep", "inner\n\ndeep", []),
    (
        b"Content-Type: text/plain; format=flowed; delsp=yes\n\nhttp://bad.exam \nple/page\n-- \nme",
        f"{LINK}\n-- \nme",
        [],
    ),
    (b"Content-Type: text/plain; format=flowed\n\none \n two\nthree", "one two\nthree", []),
    (
        b"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=A.HTM\n\n<a href="
        + LINK.encode()
        + b">",
        "",
        [LINK],
    ),
    (
        b"Content-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<a href=" + LINK.encode() + b">",
        "",
        [LINK],
    ),
    (b"Content-Type: application/pdf\n\n%PDF", "", []),
    (b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA", "", []),
]


@pytest.mark.parametrize(("content", "text", "links"), MAILS)
def test_mails(content: bytes, text: str, links: list[str]) -> None:
    found = mails.message(content)
    assert found is not None
    assert text in found.text
    assert list(found.links) == links


PAGES: list[tuple[str, str, tuple[str, ...]]] = [
    ("a &lt; b &amp; c", "a < b & c", ()),
    (f"<A\nHREF = '{LINK}'>x</A >", "x", (LINK,)),
    (f"<a href={LINK}>x", "x", (LINK,)),
    (f'<a title=">" href="{LINK}">x', "x", (LINK,)),
    (f'<a href="{LINK}" href="http://other.example/">x', "x", (LINK,)),
    ('<a href=" &#104;ttp://bad.example/page ">x', "x", (LINK,)),
    ("<area href=/page><base href='http://bad.example/'><area href=/page>", "", ("/page", LINK)),
    (f"<form action='{LINK}'>", "", (LINK,)),
    (f"<!-- <a href={LINK}> -->x", "x", ()),
    (f"<head><style>a{{}}</style><a href={LINK}>x", "x", (LINK,)),
    ("<script>a < b</script>x", "x", ()),
    ("<style>never closed <a href=x>", "never closed", ("x",)),
    ("<head><noframes><xml><style></xml></noframes></head>a<a href=x>b", "ab", ("x",)),
    ("<STYLE>a</styles>b</style >c", "c", ()),
    ("<title>a <b></title><textarea><a href=x></textarea><xmp>&amp;</xmp>", "a <b><a href=x>&", ()),
    ("<noframes><a href=x>a</a></noframes><noembed>b</noembed><iframe src=y><p>c</iframe>", "ab\nc", ("x", "y")),
    ("<noscript><a href=x>a</a></noscript>", "a", ("x",)),
    ("<script>a<style>b</script>c<style>d<a href=x>e", "cde", ("x",)),
    ("<!-->a<!--->b<!-- c --!>d", "abd", ()),
    ("<title>never <a href=x>", "never", ("x",)),
    ("1 < 2 <3 <", "1 < 2 <3 <", ()),
    ("a<br>b<p>c</p>d", "a\nb\nc\nd", ()),
    ("http://bad.<wbr>example/<b>page</b>", LINK, ()),
    ("<?xml version='1.0'?><!doctype html>x", "x", ()),
    (f'<meta http-equiv="Refresh" content="0;url={LINK}">x', "x", (LINK,)),
    (f"<meta content=\"5; URL='{LINK}'\" http-equiv=refresh>x", "x", (LINK,)),
    (f"<meta http-equiv=refresh content='3'><meta name=refresh content='0;url={LINK}'>x", "x", ()),
    (
        f'<!--[if mso]><v:roundrect xmlns:v="x" href="{LINK}"><w:anchorlock/>Open</v:roundrect><![endif]-->',
        "Open",
        (LINK,),
    ),
    (f'<v:imagedata src="{LINK}"/>x', "x", (LINK,)),
    (f'<!--[if gte vml 1]><!--[if mso]><v:rect href="{LINK}"><![endif]-->', "", ()),
    (f'<!--[if !mso]><!--><a href="{LINK}">x</a><!--<![endif]-->', "x", (LINK,)),
    (f'<svg><a xlink:href="{LINK}"><text>x</text></a></svg>', "x", (LINK,)),
    (f'<svg><image href="{LINK}"/></svg>x', "x", (LINK,)),
    (f'<iframe srcdoc="<p>in <a href=&quot;{LINK}&quot;>x</a>"></iframe>', "in x", (LINK,)),
    (f"<base href={LINK}><iframe srcdoc='<a href=?y>x'></iframe>", "x", (f"{LINK}?y",)),
    (f'<table background="{LINK}"><tr><td>x', "x", (LINK,)),
    (f"<a/href={LINK}>x", "x", (LINK,)),
    (f"<svg><a xlink:href='y' href='{LINK}'>x", "x", (LINK,)),
    ("<a href>x</a><a href=>y", "xy", ()),
    (f"<img alt='' src={LINK}><video poster={LINK}#1 src={LINK}#2></video>", "", (LINK, f"{LINK}#2", f"{LINK}#1")),
    (f"<button formaction={LINK}>x</button><iframe src='{LINK}#1'></iframe>", "x", (LINK, f"{LINK}#1")),
    ("<base href='http://bad.example/'><img src='page'><img src='cid:1'>", "", (LINK, "cid:1")),
    (f"x<a href='{LINK}", f"x<a href='{LINK}", ()),
]


@pytest.mark.parametrize(("page", "text", "links"), PAGES)
def test_pages(page: str, text: str, links: tuple[str, ...]) -> None:
    found, leads = shown(page)
    assert (found.strip(), leads) == (text, links)


HOSTILE = [
    "<",
    "<a ",
    "<!--",
    "<a href='",
    '<a x="',
    "&#",
    "<a b='> \"",
    "<script>",
    "</",
    "<a =",
    "<base href=x>",
    "a=",
    "<p>",
    "<style>",
    "<style></style>",
    "<noframes><style>",
    "<noframes></noframes>",
    "<div>",
    "<p><b a>",
    "<!-->",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_pages_take_linear_work(part: str) -> None:
    head = "<a " if part == "a=" else ""
    assert is_linear(lambda length: shown(head + part * (length // len(part))), 50_000)


def test_a_mail_of_boundaries_is_not_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    nested = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000))
    path.write_text(nested + LINK + "\n" * 1_000_000)
    assert calls(lambda: read(path)) < 100_000  # a tenth of its lines
    (row,), (bad,) = read(path)
    assert LINK in row["text"]
    assert bad.reason == "not a mail that can be taken apart (checked as plain text)"
