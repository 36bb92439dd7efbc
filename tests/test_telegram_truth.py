"""Law 5, asked of Telegram's own library: what it makes clickable is found as exact. It needs the extra `truth`."""

from __future__ import annotations

import gzip
import json
import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from linkgate import Source, canonicalize, compile_lists
from linkgate.core.links.find import find_links
from linkgate.lists.packaged_rules import packaged_rules

if TYPE_CHECKING:
    from linkgate.core.engine import Engine

tdjson = pytest.importorskip("tdjson", reason="the extra `truth` is not installed: Telegram's library is not asked")

UNMET = Path(__file__).parent / "data" / "telegram" / "unmet.jsonl"
OTHERS = (
    "\u00a0\u00ad\u00b5\u00b7\u00e9\u0301\u0416\u05d0\u0627\u1160\u200b\u200e\u2014\u2022"
    "\u2026\u202e\u2060\u2192\u3001\u3002\u300d\u4e2d\ufe0f\uff0c\uff21\U0001f44d"
)
CHARACTERS = [*string.punctuation, "\x01", "\x1f", "a", "Z", "0", *OTHERS]
ONE = ("{}{host}", "{host}{}", "{host}{}x", "see {}http://{host}/page now", "http://{host}/page{}", "http://{host}{}/")
ONE_MORE = (
    "{host}/page{}x",
    "a{}{host}/page",
    "u{}u@{host}",
    "http://u{}u@{host}/page",
    "other.org{}{host}",
    "{host}:80{}",
)
TWO = ("{}{host}{}", "{host}{}{}x", "http://{host}/page{}{}", "{}{}{host}/page", "{host}{}x{}")
MESSAGES = 20_000
NO_PAGE = re.compile(r"^-|:(?:2[0-9]|53|110|119|143|389|465|587|636|99[35]|506[01]|6566|666[5-9]|6697)(?:[/?#]|\Z)")
"""No name begins with a hyphen, and a browser asks for nothing at these ports."""


def ask(**question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(question).encode()))
    return answer


ask(**{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def clickable(text: str) -> list[str]:
    """The links that Telegram sees in a text; its places are in UTF-16."""
    units = text.encode("utf-16-le", "surrogatepass")
    found = ask(**{"@type": "getTextEntities", "text": text}).get("entities", [])
    return [
        units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le", "surrogatepass")
        for one in found
        if one["type"]["@type"] == "textEntityTypeUrl"
    ]


@cache
def engine(listed: str) -> Engine:
    return compile_lists([Source(name="demo", data=listed.encode())], accept={listed: "a test"}).engine


@cache
def unmet() -> tuple[str, ...]:
    return tuple(json.loads(line)["pattern"] for line in UNMET.read_text("utf-8").splitlines())


def not_exact(text: str, listed: str) -> bool:
    """Whether Telegram leads from a text to the listed page, and the engine does not say so for sure."""
    page = canonicalize(listed)
    if page not in map(canonicalize, clickable(text)) or any(re.search(pattern, text) for pattern in unmet()):
        return False
    return "exact" not in {match.kind.value for match in engine(listed).check(text).matches}


@pytest.mark.parametrize("host", ["example.com", "192.0.2.7"])
@pytest.mark.parametrize("form", [*ONE, *ONE_MORE])
def test_one_character_beside_a_link(form: str, host: str) -> None:
    texts = [form.replace("{}", char).replace("{host}", host) for char in CHARACTERS]
    for listed in (f"http://{host}/", f"http://{host}/page"):
        assert not [text for text in texts if not_exact(text, listed)]


@pytest.mark.parametrize("form", TWO)
def test_two_characters_beside_a_link(form: str) -> None:
    one, other = form.split("{}", 1)[0] + "{}", form.split("{}", 1)[1]
    texts = [
        (one.replace("{}", a) + other.replace("{}", b)).replace("{host}", "example.com")
        for a in CHARACTERS
        for b in CHARACTERS
    ]
    for listed in ("http://example.com/", "http://example.com/page"):
        assert not [text for text in texts[::7] if not_exact(text, listed)]


@pytest.mark.parametrize("name", ["ubuntu_irc_231k", "reddit_224k"])
def test_real_messages(shared: Path, name: str) -> None:
    path = shared / "data" / "messages" / f"{name}.jsonl.gz"
    tlds = packaged_rules().tlds
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for number, line in enumerate(lines) if number % 23 == 0]
    for text in texts[: MESSAGES // 2]:
        wanted = {canonicalize(link) for link in clickable(text) if not NO_PAGE.search(link)} - {None}
        if wanted:
            found = {link.target for link in find_links(text, tlds=tlds) if not link.steps and not link.nested}
            assert wanted <= found, text
