"""The fields are guessed from what records of platforms really look like, and told."""

import json
from pathlib import Path
from typing import Any

import pytest
from gathering import gathered

from linkgate.fronts.inputs import Fields, open_inputs
from linkgate.fronts.inputs.guessing import paths_in, seen_in

RECORDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "reddit comment": (
        {"id": "c1", "author": "a", "body": "x", "created_utc": 1, "score": 3, "permalink": "/r/x"},
        {"text": "body", "id": "id", "time": "created_utc", "links": ()},
    ),
    "reddit post": (
        {"name": "t3_1", "id": "p1", "title": "t", "selftext": "x", "url": "http://x.example/", "created_utc": 1.0},
        {"text": "selftext", "id": "id", "time": "created_utc", "links": ("url",)},
    ),
    "tweet": (
        {
            "id_str": "1",
            "created_at": "Wed Oct 10 20:19:24 +0000 2018",
            "full_text": "x",
            "entities": {"urls": [{"url": "s", "expanded_url": "http://x.example/"}]},
            "user": {"id_str": "9", "description": "y"},
        },
        {
            "text": "full_text",
            "id": "id_str",
            "time": "created_at",
            "links": ("entities.urls.url", "entities.urls.expanded_url"),
        },
    ),
    "telegram bot update": (
        {
            "update_id": 1,
            "message": {
                "message_id": 2,
                "from": {"id": 3},
                "date": 4,
                "text": "x",
                "entities": [{"type": "text_link", "url": "http://x.example/"}],
            },
        },
        {
            "text": "message.text",
            "id": "message.message_id",
            "time": "message.date",
            "links": ("message.entities.url",),
        },
    ),
    "mongo": (
        {"_id": "1", "message": "x", "createdAt": "2020-01-01"},
        {"text": "message", "id": "_id", "time": "createdAt"},
    ),
    "spoken": (
        {"Message ID": 1, "Sent At": "2020-01-01", "Message": "x"},
        {"text": "Message", "id": "Message ID", "time": "Sent At"},
    ),
    "list of texts": ({"text": ["a", "b"], "body": "x"}, {"text": "body"}),
    "numbers": ({"text": 7, "comment": "x"}, {"text": "comment"}),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_fields_of_a_known_record(name: str) -> None:
    row, expected = RECORDS[name]
    paths = paths_in(seen_in([{}, row]), Fields())
    assert paths
    for part, path in expected.items():
        found = getattr(paths, part)
        told = tuple(map(".".join, found)) if part == "links" else ".".join(found) if found else None
        assert told == path


def test_a_date_of_a_tweet(tmp_path: Path) -> None:
    path = tmp_path / "tweets.jsonl"
    path.write_text(json.dumps(RECORDS["tweet"][0]))
    (opened,) = open_inputs([str(path)])
    (row,), _ = gathered(opened)
    assert row["time"].isoformat() == "2018-10-10T20:19:24+00:00"


def test_the_guess_is_told(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("Nr,Text,url\n1,x,y\n")
    (opened,) = open_inputs([str(path)], fields=Fields(id="Nr"))
    gathered(opened)
    assert opened.remark == "CSV; text from Text, id from Nr, no time, links from url (guessed but for --id)"


def test_a_name_that_no_first_record_has_is_told(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"text": "x"}\n' * 3)
    (opened,) = open_inputs([str(path)], fields=Fields(links=("entities.url",)))
    gathered(opened)
    assert opened.remark
    assert "links from entities.url (not in its first records)" in opened.remark


def test_keys_of_records_are_not_told(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps({"http://bad.example/": {"text": "x"}, "data": {"text": "y"}}))
    (opened,) = open_inputs([str(path)])
    (row,), _ = gathered(opened)
    assert row["text"] == "y"
    assert opened.remark
    assert "bad.example" not in opened.remark
