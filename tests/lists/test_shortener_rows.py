"""A table of shorteners of one's own: what its lines may say, and that it takes the place of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linkgate import ListError, UsageError, packaged_rules, update
from linkgate.lists.config import parse_config
from linkgate.lists.packaged_tables import table
from linkgate.lists.shortener_rows import joined, shortener_rows

if TYPE_CHECKING:
    from pathlib import Path


def test_our_own_table_is_sound() -> None:
    data = "\n".join(table("shorteners")).encode()
    read = shortener_rows(data)
    assert not read.rejected
    assert len(read.rows) == len(table("shorteners")) > 600
    short = packaged_rules().short
    assert short.target("j.mp", "/3xYz") == ("bit.ly", "/3xYz")
    assert short.is_open("tinyurl.com")
    assert not short.is_open("youtu.be")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Sho.Example", "sho.example head open"),
        ("bücher.example get", "xn--bcher-kva.example get open"),
        ("a.example head closed # why", "a.example head closed"),
        ("192.0.2.7", None),
        ("[2001:db8::1]", None),
        ("0x7f000001", None),
        ("localhost", None),
        ("a.example:8080", None),
        ("a.example/x", None),
        ("a.example head open a.example", None),
        ("a.example head open b.example", None),
        ("a.example wrong", None),
    ],
)
def test_lines(line: str, kept: str | None) -> None:
    read = shortener_rows(f"z.example\n{line}\n".encode())
    assert read.rows == (("z.example head open", kept) if kept else ("z.example head open",))
    assert read.rejected == (() if kept else (2,))


def test_a_chain_of_sisters_is_none() -> None:
    read = shortener_rows(b"a.example\nb.example head open a.example\nc.example head open b.example\n")
    assert read.rejected == (3,)


@pytest.mark.parametrize("data", [b"", b"<html>", b"# nothing\n", b"\xff\xfea\0"])
def test_a_file_that_is_no_table(data: bytes) -> None:
    with pytest.raises(ListError):
        shortener_rows(data)


def test_of_two_tables_the_first_counts() -> None:
    assert joined([("a.example head open",), ("a.example get open", "b.example head open")]) == (
        "a.example head open",
        "b.example head open",
    )


CONFIG = """
[store]
path = "store"
[shorteners]
report = true
[[list]]
name = "demo"
path = "demo.txt"
[[list]]
name = "short"
kind = "shorteners"
path = "short.txt"
"""


def test_a_table_in_the_store_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "demo.txt").write_text("http://bad.example/page\n")
    (tmp_path / "short.txt").write_text("sho.example\nsis.example head open sho.example\nbroken one two\n")
    config = parse_config(CONFIG, name=str(tmp_path / "linkgate.toml"))
    store = config.open_store(create=True)
    outcome = update(config, store)
    assert [(each.list, each.state, each.rejected) for each in outcome.outcomes] == [
        ("demo", "updated", 0),
        ("short", "updated", 1),
    ]
    engine = store.load()
    assert [link.url for link in engine.check("http://sho.example/a http://bit.ly/a").opaque] == [
        "http://sho.example/a"
    ]
    assert engine.shorteners.open_hosts == {"sho.example", "sis.example"}
    off = parse_config(CONFIG.replace("report = true", "report = false"), name=str(tmp_path / "linkgate.toml"))
    update(off, store)
    assert store.load().opaque is None
    assert store.load().snapshot != engine.snapshot
    (tmp_path / "short.txt").write_text("<html>login</html>")
    kept = update(config, store).outcomes[1]
    assert (kept.state, kept.list) == ("kept", "short")
    assert store.load().shorteners.open_hosts == {"sho.example", "sis.example"}


RESOLVE = '[shorteners]\nreport = true\n[resolve]\ncontact = "a"'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[shorteners]\naction = "log"', "line 2: shorteners.action has no effect without report"),
        ('[shorteners]\nreport = true\naction = "block"', "must be one of"),
        ('[shorteners]\nreport = true\nsurfaces = { private = "x" }', "must be one of log, none, review"),
        ('[resolve]\nmode = "hold"', "needs contact"),
        ('[resolve]\ncontact = "a@example.test"', "nothing to follow"),
        (RESOLVE.replace('"a"', '"a b)"'), "without brackets"),
        (RESOLVE + '\nbudget = "9s"', "4 seconds at most"),
        (
            RESOLVE + '\nmode = "after"\nbudget = "1s"',
            "has no effect with mode",
        ),
        (
            RESOLVE + '\nwebhook = "http://x.test/"',
            "has no effect with mode",
        ),
        (
            RESOLVE + '\nmode = "after"\nwebhook = "http://u:p@x.test/"',
            "holds credentials",
        ),
        ('[[list]]\nname = "a"\npath = "a"\nkind = "shorteners"\nformat = "plain"', "has no effect with kind"),
    ],
)
def test_settings_without_effect_are_told(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parse_config(text, name="linkgate.toml")
