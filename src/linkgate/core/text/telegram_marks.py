r"""telegram_marks: marks of Telegram's Markdown inside a link, which Telegram drops before it looks for links.

Marks come in pairs. A host holds none of them, so whatever pair begins before the path is one of marks, wherever it
ends; a pair of `_` that stands in the path as a whole may belong to it, as it does in most paths.

>>> from linkgate.core.text.refang import refang
>>> refang("exa__mple.test/p__age/a__b__c"), refang("__init__.py")
('example.test/page/a__b__c', '__init__.py')
>>> refang(r"*exa_mple\.test/p_age/a_b_c~d~*")
'example.test/page/a_b_cd'
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKS = "*_~|`"
_TYPED = re.compile("__")
"""What Telegram reads in what people type, and no other row undoes."""
_ESCAPED = re.compile(rf"(?<!\\)(?:\|\||__|[{MARKS}])")
"""What it reads in MarkdownV2, where every other such sign is escaped."""
_BEFORE_PATH = re.compile(rf"(?:[^/:]*:(?:[\\{MARKS}]{{0,6}}/){{2}})?[^/]*")


def without_underscores(run: re.Match[str]) -> str:
    """A run without blanks, less the pairs of `__` that begin before its path; as it is where it has no slash."""
    if "/" not in run["core"]:  # `__init__.py`, mostly
        return run["core"]
    path = _path_of(run["core"])
    marks = _TYPED.finditer(run["core"])
    return _without(run["core"], chain.from_iterable(pair for pair in _pairs(marks) if pair[0].start() < path))


def without_marks(run: re.Match[str]) -> str:
    """One with escaped dots, without the marks before its path, those that close them, and pairs that no path has."""
    path = _path_of(run["core"])
    marks = list(_ESCAPED.finditer(run["core"]))
    pairs = (pair for pair in _pairs(marks) if pair[0].start() < path or pair[0][0] != "_")
    return _without(run["core"], [*(mark for mark in marks if mark.start() < path), *chain.from_iterable(pairs)])


def _path_of(run: str) -> int:
    """Where the path of a link begins, or its end where it has none."""
    before = _BEFORE_PATH.match(run)
    return before.end() if before else 0


def _pairs(marks: Iterable[re.Match[str]]) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Each mark that opens with the next one of its kind, which closes it."""
    opened: dict[str, re.Match[str]] = {}
    for mark in marks:
        opening = opened.pop(mark[0], None)
        if opening is None:
            opened[mark[0]] = mark
        else:
            yield opening, mark


def _without(run: str, marks: Iterable[re.Match[str]]) -> str:
    places = {place for mark in marks for place in range(*mark.span())}
    return "".join(char for place, char in enumerate(run) if place not in places)
