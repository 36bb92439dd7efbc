"""How much of another table of tracking parameters our own one covers (../shared, read for this test alone)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from linkgate.core.url.canonical import canonicalize
from linkgate.core.url.form import form_of
from linkgate.core.url.loose import Loosener
from linkgate.lists.packaged_rules import packaged_rules

if TYPE_CHECKING:
    from pathlib import Path

LEAST = 0.9


def an_example(pattern: str) -> str:
    """A parameter name that a simple pattern of the table meets."""
    pattern = pattern.replace("(?:%3F)?", "").replace("\\", "")
    pattern = re.sub(r"\[[^\]]*\]\*", "", pattern)
    pattern = re.sub(r"\([^|)]*\|[^)]*\)\??", lambda group: group[0].strip("()?").split("|")[0].strip("?:"), pattern)
    return re.sub(r"[^\w\-.]", "", pattern.replace("?", ""))


def test_global_parameters_are_covered(shared: Path) -> None:
    table = json.loads((shared / "data" / "guard" / "clearurls.json").read_text("utf-8"))
    names = [name for rule in table["providers"]["globalRules"]["rules"] if (name := an_example(rule))]
    loosener = Loosener(tracking=packaged_rules().tracking)
    urls = [canonicalize(f"http://any.example/x?{name}=1") for name in names]
    covered = [url for url in urls if url is not None and not loosener.loosest(form_of(url)).params]
    assert len(covered) / len(names) >= LEAST


def test_no_parameter_that_selects_content_is_dropped() -> None:
    """`eid` of an event page was one: two events met as the same page on real messages."""
    loosener = Loosener(tracking=packaged_rules().tracking)
    for url in (
        "http://www.facebook.com/event.php?eid=1",
        "http://www.youtube.com/watch?v=x",
        "http://any.example/index.php?id=1",
        "http://any.example/search?q=x",
        "http://any.example/?p=12",
        "http://any.example/view?page=2",
    ):
        canonical = canonicalize(url)
        assert canonical is not None
        assert loosener.loosest(form_of(canonical)).params, url
