"""Files in requests of the sidecar: digests in, ids out, and no digest in any answer or error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="the extra `serve` is not installed")

from sidecars import ask_here

import linkgate
from files import digest_of_word, flipped
from linkgate.fronts.server.app import build
from linkgate.fronts.server.request_body import BadRequestError, read_messages
from linkgate.fronts.server.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

MD5, PDQ = digest_of_word("md5", "zebra"), digest_of_word("pdq", "zebra")
FILE = {"id": "att1", "md5": MD5.upper()}


@pytest.fixture
def ask() -> Callable[[Any], tuple[int, Any]]:
    sources = [linkgate.Source(name=kind, data=each.encode(), type=kind) for kind, each in (("md5", MD5), ("pdq", PDQ))]
    app = build(Service(gate=linkgate.Gate.fixed(linkgate.compile_lists(sources).engine)))
    return lambda body: ask_here(app, "/v1/check", body)


def test_a_listed_file(ask: Callable[[Any], tuple[int, Any]]) -> None:
    status, verdict = ask({"text": "look", "media": [FILE, {"id": "att2", "sha256": "0" * 64}]})
    assert (status, verdict["flagged"]) == (200, True)
    [match] = verdict["matches"]
    assert (match["media"], match["kind"], match["steps"], match["start"]) == ("att1", "exact", ["md5"], None)
    assert MD5 not in json.dumps(verdict).lower()


@pytest.mark.parametrize("offsets", ["code-points", "utf-16", "bytes"])
def test_a_near_picture_in_a_batch(ask: Callable[[Any], tuple[int, Any]], offsets: str) -> None:
    pytest.importorskip("faiss", reason="the extra `media` is not installed")
    near = {"id": "p", "pdq": flipped(PDQ, 30), "pdq_quality": 87}
    status, told = ask({"messages": [{"text": "a"}, {"text": "b", "media": [near], "id": "m2", "offsets": offsets}]})
    assert status == 200
    assert [row["action"] for row in told["results"]] == [None, "review"]
    assert told["results"][1]["matches"][0]["distance"] == 30


def test_no_media_is_the_same_answer(ask: Callable[[Any], tuple[int, Any]]) -> None:
    assert ask({"text": "a", "media": []}) == ask({"text": "a"})


@pytest.mark.parametrize(
    ("media", "sentence"),
    [
        ([{"id": "a"}], "media has no digest"),
        ([{"md5": MD5}], "missing required field `id`"),
        ([{"id": "a", "md5": MD5[1:]}], "md5 must be 32 hexadecimal digits"),
        ([{"id": "a", "md5": 7}], "Expected `str | null`, got `int`"),
        ([{"id": "a", "pdq": PDQ, "pdq_quality": 200}], "pdq_quality must be from 0 to 100"),
        ([{"id": "a", "vpdq": "x"}], "vpdq must be a list of frames"),
        ([{"id": "a", "photodna": "00" * 144}], "photodna is compared by near_with"),
        ([{"id": "a", "photodna": "00" * 144, "near_with": "x"}], "photodna is compared by near_with"),
        (FILE, "Expected `array`, got `object`"),
        (None, "Expected `array`, got `null`"),
    ],
)
def test_what_does_not_fit(ask: Callable[[Any], tuple[int, Any]], media: Any, sentence: str) -> None:
    status, told = ask({"text": "a", "media": media})
    assert status == 400
    assert sentence in told["error"]
    assert "$.media" in told["error"]
    assert MD5[1:] not in told["error"]


def test_too_many_media() -> None:
    with pytest.raises(BadRequestError, match="more than 100 media in one message"):
        read_messages(json.dumps({"media": [FILE] * 101}).encode())
    assert len(read_messages(json.dumps({"media": [FILE] * 100}).encode()).messages[0].media) == 100
