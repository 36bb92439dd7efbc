"""Records wherever they lie in JSON: what platforms export and answer, on one line, on many, and as JSON lines."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from counted_work import is_linear
from gathering import gathered, read
from pyarrow import parquet

from linkgate.fronts.inputs import Fields, open_inputs

B = "http://bad.example/page"
AT = 1672920000  # 2023-01-05 12:00:00 UTC

RECORDS: dict[str, Any] = {}
RECORDS["mastodon outbox"] = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": "outbox.json",
    "type": "OrderedCollection",
    "totalItems": 3,
    "orderedItems": [
        {
            "id": "https://m.example/1/activity",
            "type": "Create",
            "actor": "https://m.example/u",
            "published": "2023-01-05T12:00:00Z",
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "object": {
                "id": "https://m.example/1",
                "type": "Note",
                "summary": None,
                "published": "2023-01-05T12:00:00Z",
                "content": f'<p>look <a href="{B}?a&amp;b" rel="nofollow">here</a></p>',
                "attachment": [],
                "tag": [],
            },
        },
        {"id": "https://m.example/2/activity", "type": "Announce", "published": "2023-01-05T12:00:01Z", "object": B},
        {
            "id": "https://m.example/3/activity",
            "type": "Create",
            "published": "2023-01-05T12:00:02Z",
            "object": {
                "id": "https://m.example/3",
                "content": "<p></p>",
                "attachment": [{"type": "Document", "url": B}],
                "tag": [{"type": "Mention", "href": B + "2"}],
            },
        },
    ],
}
RECORDS["matrix sync"] = {
    "next_batch": "x",
    "rooms": {
        "join": {
            "!a:m.example": {
                "timeline": {
                    "events": [
                        {
                            "type": "m.room.message",
                            "event_id": "$1",
                            "origin_server_ts": 1672920000000,
                            "sender": "@a:b",
                            "content": {
                                "body": "hi",
                                "format": "org.matrix.custom.html",
                                "formatted_body": f"<a href='{B}'>hi</a>",
                            },
                        },
                        {
                            "type": "m.room.member",
                            "event_id": "$2",
                            "origin_server_ts": 1672920000001,
                            "content": {"membership": "join"},
                        },
                    ]
                },
                "state": {"events": []},
            },
            "!b:m.example": {
                "timeline": {
                    "events": [
                        {
                            "type": "m.room.message",
                            "event_id": "$3",
                            "origin_server_ts": 1672920000000,
                            "content": {"body": B},
                        }
                    ]
                }
            },
        }
    },
}
RECORDS["hangouts"] = {
    "conversations": [
        {
            "conversation": {"conversation_id": {"id": "c"}, "conversation": {"type": "GROUP", "name": "n"}},
            "events": [
                {
                    "conversation_id": {"id": "c"},
                    "sender_id": {"gaia_id": "1"},
                    "timestamp": "1672920000000000",
                    "chat_message": {
                        "message_content": {"segment": [{"type": "TEXT", "text": "look "}, {"type": "LINK", "text": B}]}
                    },
                    "event_id": "e1",
                },
                {"timestamp": "1672920000000001", "event_id": "e2", "hangout_event": {"event_type": "START"}},
            ],
        }
    ]
}
RECORDS["facebook"] = {
    "participants": [{"name": "A"}, {"name": "B"}],
    "messages": [
        {
            "sender_name": "A",
            "timestamp_ms": 1672920000000,
            "content": "caf\u00c3\u00a9",
            "share": {"link": B},
            "type": "Share",
        },
        {
            "sender_name": "B",
            "timestamp_ms": 1672920000001,
            "photos": [{"uri": "photos/x.jpg", "creation_timestamp": 1}],
            "type": "Generic",
        },
    ],
    "title": "A and B",
    "is_still_participant": True,
    "thread_path": "inbox/x",
}
RECORDS["facebook posts"] = [
    {
        "timestamp": 1672920000,
        "attachments": [{"data": [{"external_context": {"url": B}}]}],
        "data": [{"post": "hello bad.example/page"}],
        "title": "A updated his status.",
    },
    {"timestamp": 1672920001, "data": [{"update_timestamp": 1}]},
]
RECORDS["instagram posts"] = [
    {"media": [{"uri": "media/1.jpg", "creation_timestamp": 1672920000, "title": f"see {B}"}]},
    {
        "media": [
            {"uri": "a", "creation_timestamp": 1, "title": ""},
            {"uri": "b", "creation_timestamp": 1, "title": ""},
        ],
        "title": f"see {B}",
        "creation_timestamp": 1672920000,
    },
]
RECORDS["twitter"] = [
    {
        "tweet": {
            "id": "5",
            "id_str": "5",
            "created_at": "Wed Oct 10 20:19:24 +0000 2018",
            "full_text": "see https://t.co/x",
            "entities": {
                "urls": [
                    {"url": "https://t.co/x", "expanded_url": B, "display_url": "bad.example/…", "indices": ["0", "23"]}
                ],
                "media": [{"expanded_url": B + "2", "id": "9"}],
            },
        }
    }
]
RECORDS["twitter dm"] = [
    {
        "dmConversation": {
            "conversationId": "1-2",
            "messages": [
                {
                    "messageCreate": {
                        "recipientId": "2",
                        "reactions": [],
                        "urls": [{"url": "https://t.co/x", "expanded": B, "display": "bad"}],
                        "text": "hi https://t.co/x",
                        "mediaUrls": [],
                        "senderId": "1",
                        "id": "77",
                        "createdAt": "2020-01-01T00:00:00.000Z",
                    }
                }
            ],
        }
    }
]
RECORDS["mattermost"] = {
    "type": "post",
    "post": {
        "team": "t",
        "channel": "c",
        "user": "u",
        "message": "hi",
        "create_at": 1672920000000,
        "replies": [{"user": "v", "message": f"see {B}", "create_at": 1672920000001}],
    },
}
RECORDS["bluesky"] = {
    "uri": "at://did:plc:x/app.bsky.feed.post/3k",
    "cid": "b",
    "value": {
        "$type": "app.bsky.feed.post",
        "text": "look here",
        "createdAt": "2023-01-05T12:00:00.000Z",
        "facets": [
            {"index": {"byteStart": 5, "byteEnd": 9}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": B}]}
        ],
        "embed": {"$type": "app.bsky.embed.external", "external": {"uri": B + "2", "title": "t", "description": "d"}},
    },
}
RECORDS["tumblr"] = {
    "meta": {"status": 200, "msg": "OK"},
    "response": {
        "blog": {"name": "x", "title": "y", "description": "z"},
        "posts": [
            {"id": 1, "timestamp": 1672920000, "type": "text", "title": "t", "body": f"<p><a href='{B}'>x</a></p>"},
            {"id": 2, "timestamp": 1672920001, "type": "link", "url": B},
            {"id": 3, "timestamp": 2, "type": "photo", "caption": f"see {B}"},
        ],
    },
}
RECORDS["tiktok dm"] = {
    "Direct Messages": {
        "Chat History": {
            "ChatHistory": {
                "Chat History with x:": [{"Date": "2023-01-05 12:00:00", "From": "x", "Content": f"see {B}"}]
            }
        }
    },
    "Comment": {"Comments": {"CommentsList": [{"date": "2023-01-05 12:00:00", "comment": f"see {B}"}]}},
    "Profile": {"Profile Information": {"ProfileMap": {"bioDescription": f"at {B}"}}},
}
RECORDS["slackdump"] = {
    "channel_id": "C1",
    "name": "general",
    "messages": [
        {
            "type": "message",
            "user": "U",
            "text": f"see <{B}|here>",
            "ts": "1672920000.000100",
            "slackdump_thread_replies": [{"ts": "1672920001.000100", "text": f"<{B}2>"}],
        }
    ],
}
RECORDS["telegram account"] = {
    "about": "x",
    "personal_information": {"user_id": 1, "bio": f"my {B}"},
    "contacts": {
        "about": "y",
        "list": [{"user_id": 2, "first_name": "bad.example/page", "date": "2023-01-05T12:00:00"}],
    },
    "chats": {
        "about": "z",
        "list": [
            {
                "name": "c",
                "type": "personal_chat",
                "id": 7,
                "messages": [
                    {
                        "id": 1,
                        "type": "message",
                        "date": "2023-01-05T12:00:00",
                        "date_unixtime": "1672920000",
                        "text": B,
                    }
                ],
            }
        ],
    },
    "other_data": {"drafts": [{"chat": "c", "html": f"<a href='{B}'>x</a>"}]},
}
RECORDS["api twitter v2"] = {
    "data": [{"id": "1", "text": f"see {B}"}, {"id": "2", "text": "no"}],
    "meta": {"result_count": 2},
}
RECORDS["api status"] = {"status": "ok", "message": "success", "data": [{"id": 1, "text": B}]}
RECORDS["single"] = {"id": 7, "text": f"see {B}", "created_at": 1672920000}
RECORDS["mattermost map"] = {
    "order": ["a"],
    "posts": {
        "a": {"id": "a", "create_at": 1672920000000, "message": f"see {B}"},
        "b": {"id": "b", "message": "x"},
        "c": {"id": "c", "message": B},
    },
}
RECORDS["4chan"] = {"posts": [{"no": 1, "now": "x", "time": 1672920000, "com": f'see <a href="{B}">x</a>'}]}
RECORDS["wordpress"] = [
    {
        "id": 1,
        "date": "2023-01-05T12:00:00",
        "title": {"rendered": "t"},
        "content": {"rendered": f"<p><a href='{B}'>x</a></p>"},
    }
]
RECORDS["signal"] = [
    {"id": "m1", "body": f"see {B}", "sent_at": 1672920000000, "conversationId": "c", "preview": [{"url": B}]}
]

# Of each record its id, its time, and how often the listed page is read in it.
EXPECTED: dict[str, list[tuple[str | int | None, int | None, int]]] = {
    "mastodon outbox": [
        ("https://m.example/1", 1672920000, 2),
        ("https://m.example/2/activity", 1672920001, 1),
        ("https://m.example/3", 1672920002, 2),
    ],
    "matrix sync": [
        ("$1", 1672920000, 1),
        ("$3", 1672920000, 1),
    ],
    "hangouts": [
        ("e1", 1672920000, 1),
    ],
    "facebook": [
        (None, 1672920000, 1),
        (None, 1672920000, 0),
    ],
    "facebook posts": [
        (None, 1672920000, 2),
    ],
    "instagram posts": [
        (None, 1672920000, 1),
        (None, 1672920000, 1),
    ],
    "twitter": [
        ("5", 1539202764, 2),
    ],
    "twitter dm": [
        ("77", 1577836800, 1),
    ],
    "mattermost": [
        (None, 1672920000, 1),
    ],
    "bluesky": [
        ("at://did:plc:x/app.bsky.feed.post/3k", 1672920000, 2),
    ],
    "tumblr": [
        (1, 1672920000, 1),
        (2, 1672920001, 1),
        (3, 2, 1),
    ],
    "tiktok dm": [
        (None, 1672920000, 1),
        (None, 1672920000, 1),
        (None, None, 1),
    ],
    "slackdump": [
        ("1672920000.000100", 1672920000, 2),
    ],
    "telegram account": [
        (None, 1672920000, 1),
        ("7/1", 1672920000, 1),
        (None, None, 1),
        (None, None, 1),
    ],
    "api twitter v2": [
        ("1", None, 1),
        ("2", None, 0),
    ],
    "api status": [
        (1, None, 1),
    ],
    "single": [
        (7, 1672920000, 1),
    ],
    "mattermost map": [
        ("a", 1672920000, 1),
        ("b", None, 0),
        ("c", None, 1),
    ],
    "4chan": [
        (1, 1672920000, 1),
    ],
    "wordpress": [
        (1, 1672920000, 1),
    ],
    "signal": [
        ("m1", 1672920000, 2),
    ],
}


def counted(path: Path) -> list[tuple[Any, ...]]:
    (opened,) = open_inputs([str(path)])
    rows, bad = gathered(opened)
    assert all(each.empty for each in bad)
    told, found = {each.place for each in bad}, []
    for row in rows:
        if row["place"] in told:
            assert (row["text"], row["links"]) == ("", None)
            continue
        places = row["text"].count("bad.example/page") + sum("bad.example/page" in link for link in row["links"] or ())
        found.append((row["id"], row["time"] and round(row["time"].timestamp()), places))
    return found


@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "pretty"])
@pytest.mark.parametrize("name", RECORDS)
def test_records_wherever_they_lie(tmp_path: Path, name: str, indent: int | None) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(RECORDS[name], indent=indent))
    assert counted(path) == EXPECTED[name]


def test_records_of_several_kinds_have_ids_and_times_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "mattermost.jsonl"
    posts = [
        {"type": "post", "post": {"id": "p", "message": "hi", "create_at": AT * 1000, "user": {"id": "u"}}},
        {"type": "direct_post", "direct_post": {"id": "d", "message": B, "create_at": AT * 1000, "user": {"id": "u"}}},
        {"type": "post", "post": {"message": "x", "create_at": AT * 1000, "replies": [{"id": "r", "message": B}]}},
    ]
    path.write_text("".join(json.dumps(post) + "\n" for post in posts))
    assert counted(path) == [("p", AT, 0), ("d", AT, 1), (None, AT, 1)]


@pytest.mark.parametrize("name", ["posts.csv", "posts.parquet"])
def test_links_of_several_columns(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text(f"text,one,two\nx,{B}1,{B}2\ny,,{B}2\nz,{B}1,{B}1\n")
    else:
        columns = {"text": ["x", "y", "z"], "one": [f"{B}1", None, f"{B}1"], "two": [[f"{B}2"], [f"{B}2"], [f"{B}1"]]}
        parquet.write_table(pa.table(columns), path)
    rows, bad = read(path, links=("one", "two"))
    assert not bad
    assert [row["links"] for row in rows] == [[f"{B}1", f"{B}2"], [f"{B}2"], [f"{B}1"]]


@pytest.mark.parametrize("name", ["mattermost", "bluesky", "single"])
def test_records_one_a_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "export.json"  # whatever it is called
    path.write_text(f"{json.dumps(RECORDS[name])}\n" * 3)
    found = counted(path)
    assert len(found) == 3
    assert all(places for _, _, places in found)


def test_the_list_that_was_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"Comment": {"Comments": {"CommentsList": [{"comment": f"see {B}"}]}}}, indent=2))
    for form, text in ((None, None), ("json", None), ("json", "comment")):
        (opened,) = open_inputs([str(path)], form=form, fields=Fields(text=text))
        rows, bad = gathered(opened)
        assert (len(rows), bad) == (1, [])
        assert opened.remark
        assert "records in Comment.Comments.CommentsList; text from comment" in opened.remark


def test_pages_of_an_answer_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    pages = [
        {"data": [{"id": f"{page}-{n}", "text": B} for n in range(3)], "meta": {"page": page}} for page in range(4)
    ]
    path.write_text("".join(json.dumps(page) + "\n" for page in pages))
    rows, bad = read(path)
    assert not bad
    assert [row["id"] for row in rows] == [f"{page}-{n}" for page in range(4) for n in range(3)]


def test_links_are_named_several_times(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps({"text": "x", "a": f"{B}1", "b": [{"c": f"{B}2"}], "d": f"{B}3"}) + "\n{}\n")
    rows, bad = read(path, links=("a", "b.c"))
    assert [row["links"] for row in rows] == [[f"{B}1", f"{B}2"]]
    assert [each.empty for each in bad] == [True]


def test_many_lists_take_linear_work(tmp_path: Path) -> None:
    path = tmp_path / "export.json"

    def work(count: int) -> None:
        rooms = {
            f"room{n}": {"n": n, "events": [{"id": n, "body": B}], "people": [{"name": "x"}]} for n in range(count)
        }
        path.write_text(json.dumps({"rooms": rooms, "empty": [[{}]] * count}))
        rows, _ = read(path)
        assert len(rows) == count

    assert is_linear(work, 500)


def test_a_long_document_with_lists_behind_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    rooms = {f"!{n}:x": {"timeline": {"events": [{"event_id": f"${n}", "content": {"body": B}}]}} for n in range(3000)}
    path.write_text(
        json.dumps({"pad": "x" * 300_000, "rooms": {"join": rooms}, "late": {"posts": [{"id": "p", "text": B}]}})
    )
    rows, bad = read(path)
    assert not bad
    assert [row["id"] for row in rows] == [*(f"${n}" for n in range(3000)), "p"]
