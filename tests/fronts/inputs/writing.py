"""The same messages in every form: an independent writer for what the readers read."""

import csv
import datetime as dt
import io
import json
import sqlite3
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from pyarrow import ipc, parquet


class Post(NamedTuple):
    id: str
    time: int
    """Seconds."""
    text: str
    links: tuple[str, ...] = ()


def iso(post: Post) -> str:
    return dt.datetime.fromtimestamp(post.time, dt.UTC).isoformat()


def as_json_lines(posts: Sequence[Post], path: Path) -> Path:
    rows = ({"_id": post.id, "created_utc": post.time, "body": post.text, "urls": list(post.links)} for post in posts)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def as_json_list(posts: Sequence[Post], path: Path) -> Path:
    rows = [{"id": int(post.id), "date": iso(post), "data": {"text": post.text}, "links": post.links} for post in posts]
    path.write_text(json.dumps({"version": 3, "tags": ["a"], "posts": rows}, indent=2))
    return path


def as_csv(posts: Sequence[Post], path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["Message ID", "Created At", "links", "Message"])
        writer.writerows([post.id, iso(post), json.dumps(post.links), post.text] for post in posts)
    return path


def as_tsv(posts: Sequence[Post], path: Path) -> Path:
    rows = [f"{post.id}\t{post.time * 1000}\t{''.join(post.links)}\t{post.text}" for post in posts]
    path.write_text("\r\n".join(["id\ttimestamp\turl\tcontent", *rows]), newline="")
    return path


def table(posts: Sequence[Post]) -> pa.Table:
    times = pa.array([post.time for post in posts], pa.timestamp("s"))
    entities = [
        [{"type": "bold", "url": None}, *({"type": "link", "url": link} for link in post.links)] for post in posts
    ]
    message = [{"text": post.text, "lang": "en"} for post in posts]
    return pa.table({"id": [int(post.id) for post in posts], "sent": times, "message": message, "entities": entities})


def as_parquet(posts: Sequence[Post], path: Path) -> Path:
    parquet.write_table(table(posts), path, row_group_size=1500, compression="zstd")
    return path


def as_arrow_file(posts: Sequence[Post], path: Path) -> Path:
    with ipc.new_file(path, table(posts).schema) as writer:
        writer.write_table(table(posts), max_chunksize=2000)
    return path


def as_arrow_stream(posts: Sequence[Post], path: Path) -> Path:
    with ipc.new_stream(path, table(posts).schema) as writer:
        writer.write_table(table(posts), max_chunksize=700)
    return path


def _telegram(post: Post, number: int) -> dict[str, object]:
    row: dict[str, object] = {
        "id": int(post.id),
        "type": "message",
        "date": iso(post)[:19],
        "date_unixtime": str(post.time),
    }
    half = len(post.text) // 2
    bold, plain = post.text[:half], post.text[half:]
    row["text"] = post.text if number % 2 else [{"type": "bold", "text": bold}, plain]
    row["text_entities"] = [{"type": "plain", "text": post.text}]
    if post.links and number % 3:
        row["text_entities"] = [{"type": "text_link", "text": post.text, "href": link} for link in post.links]
    elif post.links:
        buttons = [{"type": "url", "text": "open", "data": link} for link in post.links]
        row["inline_bot_buttons"] = [[{"type": "callback", "text": "no", "data": "http://data.example/"}], buttons]
    return row


def as_telegram_chat(posts: Sequence[Post], path: Path) -> Path:
    chat = {"name": "c", "type": "private_supergroup", "id": 77, "messages": []}
    chat["messages"] = [_telegram(post, number) for number, post in enumerate(posts)]
    path.write_text(json.dumps(chat, indent=1, ensure_ascii=False))
    return path


def as_telegram_account(posts: Sequence[Post], path: Path) -> Path:
    rows = [_telegram(post, number) for number, post in enumerate(posts)]
    third = len(rows) // 3
    parts = [rows[:third], rows[third : 2 * third], rows[2 * third :]]
    chats = [
        {"name": "messages", "type": "personal_chat", "id": 5 + at, "messages": part} for at, part in enumerate(parts)
    ]
    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "bio": '{"messages": ['},
        "contacts": {"list": [{"first_name": "]}"}]},
        "chats": {"about": "x", "list": chats[:2]},
        "left_chats": {"about": "y", "list": chats[2:]},
    }
    path.write_text(json.dumps(account, indent=1))
    return path


def as_discord(posts: Sequence[Post], path: Path) -> Path:
    rows = [
        {"id": post.id, "type": "Default", "timestamp": iso(post), "content": post.text, "attachments": []}
        | {"embeds": [{"title": "", "url": link, "fields": []} for link in post.links]}
        for post in posts
    ]
    export = {"guild": {"id": "1", "name": "g"}, "channel": {"id": "2"}, "dateRange": {}, "messages": rows}
    path.write_text(json.dumps(export, indent=2))
    return path


def as_slack(posts: Sequence[Post], path: Path) -> Path:
    """A folder, with two channels of several days."""
    path.mkdir()
    for name in ("users", "channels"):
        (path / f"{name}.json").write_text('[{"id": "U1", "name": "http://bad.example/"}]')
    size = -(-len(posts) // 4)
    for at, day in enumerate(("a/2020-01-01", "a/2020-01-02", "b/2020-01-01", "b/2020-01-02")):
        part = posts[at * size : (at + 1) * size]
        (path / day).parent.mkdir(exist_ok=True)
        (path / f"{day}.json").write_text(json.dumps([_slack(post) for post in part], indent=4))
    return path


def _slack(post: Post) -> dict[str, object]:
    text = post.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = "".join(f"<{link.replace('&', '&amp;')}|{text}>" for link in post.links) or text
    return {"type": "message", "user": "U1", "ts": f"{post.time}.000000", "text": shown}


def _mail(post: Post, *, html: bool) -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = f"<{post.id}@mail.example>"
    mail["Date"] = format_datetime(dt.datetime.fromtimestamp(post.time, dt.UTC))
    mail["From"] = "a@mail.example"
    if html:
        text = post.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
        anchors = "".join(f'<a href="{link}"></a>' for link in post.links)
        mail.set_content(f"<html><body>{text}{anchors}</body></html>", subtype="html", charset="utf-8")
    else:
        mail.set_content(post.text)
    return mail


def as_mbox(posts: Sequence[Post], path: Path) -> Path:
    out = io.BytesIO()
    for number, post in enumerate(posts):
        out.write(b"From a@mail.example Thu Jan  1 00:00:00 2015\n")
        mail = _mail(post, html=bool(post.links) or number % 2 == 0)
        out.write(mail.as_bytes().replace(b"\nFrom ", b"\n>From ") + b"\n")
    path.write_bytes(out.getvalue())
    return path


def as_eml_folder(posts: Sequence[Post], path: Path) -> Path:
    path.mkdir()
    for number, post in enumerate(posts):
        (path / f"{number:06}.eml").write_bytes(_mail(post, html=bool(post.links)).as_bytes())
    return path


def as_sqlite(posts: Sequence[Post], path: Path) -> str:
    """The URL of a table."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, created_at TEXT, body TEXT, links TEXT)")
        rows = [(int(post.id), iso(post), post.text, json.dumps(post.links)) for post in posts]
        connection.executemany("INSERT INTO posts VALUES (?, ?, ?, ?)", rows[::-1])
    connection.close()
    return f"sqlite:///{path}?table=posts"


FILES: dict[str, tuple[str, Callable[[Sequence[Post], Path], Path]]] = {
    "JSON lines": ("posts.jsonl", as_json_lines),
    "JSON": ("posts.json", as_json_list),
    "CSV": ("posts.csv", as_csv),
    "TSV": ("posts.tsv", as_tsv),
    "Parquet": ("posts.parquet", as_parquet),
    "Arrow file": ("posts.arrow", as_arrow_file),
    "Arrow stream": ("posts.arrows", as_arrow_stream),
    "Telegram chat": ("result.json", as_telegram_chat),
    "Telegram account": ("account.json", as_telegram_account),
    "Discord": ("channel.json", as_discord),
    "mbox": ("posts.mbox", as_mbox),
}
"""What fits in one file: its name, its writer."""
