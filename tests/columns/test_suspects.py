"""A search of a whole column finds every message in which the matcher finds something, whatever stands beside it."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linkgate
from addresses import Address, addresses, engine_of, entry
from linkgate.columns import suspects
from linkgate.columns.suspects import Suspects
from spellings import spellings
from strategies import disguised, messages, noise

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate import Engine

LISTED = (
    Address("bad.example", None, "/page", None),
    Address("sub.worse.test", None, "/a/b.html", "id=7"),
    Address("t.me", None, "/name", None),
    Address("192.0.2.7", None, "/", None),
    Address("xn--bcher-kva.example", None, "/", None),
)
ENGINE = engine_of([entry(address) for address in LISTED])
SUSPECTS = Suspects(ENGINE.hosts)
BESIDE = st.sampled_from(("", ".", " .", "a", "9", "-", "g:", "(", "=", "hello there", "see 10.04.", "café", "\n", "]"))
MANY = settings(max_examples=2 * settings().max_examples)


def flagged(engine: Engine, texts: list[str]) -> set[int]:
    return {number for number, text in enumerate(texts) if engine._matcher.message(text)}


def found_in_many(several: Suspects, texts: list[str]) -> set[int]:
    """What is found where there are so many texts that cues, and expressions for folded texts, are searched for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suspects, "_FEW", -1)
        return set(several.of(pa.array(texts)).tolist())


@MANY
@given(st.data())
def test_nothing_is_missed(data: st.DataObject) -> None:
    texts: list[str] = []
    for address in data.draw(st.lists(st.sampled_from(LISTED), min_size=1, max_size=3)):
        spelled = data.draw(disguised(data.draw(spellings(address, hidden=False)), most=2) | messages(address))
        texts += (data.draw(BESIDE), spelled.encode("utf-8", "replace").decode(), data.draw(BESIDE))
    assert flagged(ENGINE, texts) <= set(SUSPECTS.of(pa.array(texts)).tolist())
    assert flagged(ENGINE, texts) <= found_in_many(SUSPECTS, texts)


@given(st.data(), addresses())
def test_nothing_is_missed_of_any_host(data: st.DataObject, address: Address) -> None:
    engine = engine_of([entry(address)])
    drawn = st.lists(messages(address) | noise(), min_size=1, max_size=4)
    texts = [text.encode("utf-8", "replace").decode() for text in data.draw(drawn)]
    assert flagged(engine, texts) <= set(Suspects(engine.hosts).of(pa.array(texts)).tolist())


DISGUISES = """\
bad[.]example/page
bad(dot)example/page
bad (point) example/page
bad dot example/page
bad .example/page
bad . example/page
BAD.EXAMPLE/page
http://b%61d.example/page
bad&#46;example/page
bad\\.example/page
hxxp://bad.example/page
<a href = "http://bad.example/page">
https://bad-example.translate.goog/page
https://r.example/?u=aHR0cDovL2JhZC5leGFtcGxlL3BhZ2U=
https://urldefense.com/v2/url?u=http-3A__bad.example_page
sub . worse . test/a/b.html?id=7
http://0xC0000207/
http://3221225991/
http://0300.0.519/
http://u:p@192.0.2.7/
192.0.2.7
192 dot 0 dot 2 dot 7
http://[::ffff:192.0.2.7]/
tg:resolve?domain=name
http://b\u00fccher.example/
\uff42ad\u3002\uff45xample/page
bad\u200b.example/page""".splitlines()


@pytest.mark.parametrize("text", DISGUISES)
@pytest.mark.parametrize("beside", [("", ""), ("x", "y"), (" ", " "), ("the end.", "(and"), ("9", "9"), ("é", "é")])
def test_every_disguise_at_every_seam(text: str, beside: tuple[str, str]) -> None:
    assert ENGINE.check(text).matches
    for texts in ([text], [beside[0], text, beside[1]], [beside[0] * 20, text, text, beside[1] * 20]):
        assert flagged(ENGINE, texts) <= set(SUSPECTS.of(pa.array(texts)).tolist()) & found_in_many(SUSPECTS, texts)


@pytest.mark.parametrize(
    ("listed", "text"),
    [
        ("http://sub.worse.test/", "sub . worse.test"),
        ("http://sub.worse.test/", "sub  .\tworse.test"),
        ("http://sub.worse.test/", "sub . worse . test/"),
        ("http://10.worse.test/", "http://10 . worse.test"),
        ("http://192.0.2.7/", "http://192.519/"),
        ("http://192.0.2.7/", "http://192.0.0x207/"),
        ("http://192.0.2.7/x/1.2.3.4", "http://192.519/x/1.2.3.4"),
        ("http://192.0.2.7/", "http____192.519"),
        ("http://192.0.2.7/", "https://www.google.com/url?q=\x01192.519"),
        ("http://localhost/page", "localhost.translate .goog/page"),
        ("http://bad.example/page", "bad-example.translate .goog/page"),
        ("http://bad.example/page", "https://urldefense . com/v3/__http://bad.example/page__;"),
        ("zzbrand.*", "http://zzbrand.$"),
        ("zzbrand.*", "http://zzbrand.~com/"),
        ("http://localhost/page", "http____localhost/page"),
    ],
)
def test_far_from_the_edges_of_a_column(listed: str, text: str) -> None:
    source = linkgate.Source(name="demo", data=listed.encode())
    engine = linkgate.compile_lists([source], accept={listed: "a test of hosts without a dot"}).engine
    assert engine.check(text).matches
    beside = ["a message that has no link in it"] * 3
    assert Suspects(engine.hosts).of(pa.array([*beside, text, *beside])).tolist() == [3]
    assert found_in_many(Suspects(engine.hosts), [*beside, text, *beside]) == {3}


@pytest.mark.parametrize("messages_file", ["ubuntu_irc_231k", "reddit_224k"])
def test_real_messages(shared: Path, messages_file: str) -> None:
    lines = (shared / "data" / "lists" / "reddit_tech_6k.txt").read_text("utf-8").splitlines()
    engine = linkgate.compile_lines(lines).engine
    with gzip.open(shared / "data" / "messages" / f"{messages_file}.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in islice(file, 20_000)]
    found = Suspects(engine.hosts).of(pa.array(texts)).tolist()
    assert {number for number, text in enumerate(texts) if engine.check(text).matches} <= set(found)
    assert messages_file.startswith("reddit") or len(found) < len(texts) / 20
