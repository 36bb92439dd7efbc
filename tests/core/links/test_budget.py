"""The bound on readings, in work counted: parses of links and looks into the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from core_rows import engine

from linkgate.core.index.index import Index
from linkgate.core.links.budget import Budget
from linkgate.core.links.find import find_links
from linkgate.core.verdict import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

PAD = "!" * 8
ENDS = ['"', ")", "]", "}", "'", "`", "[", "(", "({", "看", "\\n", "**", "...", "\x01"]
TAIL = "".join(PAD + end for end in ENDS) + PAD


def many_starts_and_ends(length: int) -> str:
    """A word with a link at every tenth character, and different ends behind all of them."""
    text, number = "see bad.example/page ", 0
    while len(text) < length - len(TAIL):
        text += f"&=//bad.example/?{number:x}"
        number += 1
    return text + TAIL


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    listed = engine("http://bad.example/")
    meet = Index.meet
    counted = [0]

    def counting(self: Index, *given: Any, **named: Any) -> Any:
        counted[0] += 1
        return meet(self, *given, **named)

    monkeypatch.setattr(Index, "meet", counting)

    def count(text: str) -> int:
        counted[0] = 0
        assert listed.check(text).flagged
        return counted[0]

    return count


@pytest.mark.parametrize("length", [400, 1_200, 4_096])
def test_no_more_than_a_look_for_ten_characters(looks: Callable[[str], int], length: int) -> None:
    assert looks(many_starts_and_ends(length)) <= 16 + length // 10


def test_the_budget_is_linear_in_the_word() -> None:
    assert Budget("a" * 2_000).left - Budget("a" * 1_000).left == Budget("a" * 1_000).left - Budget("").left


def test_a_spent_budget_still_finds_the_natural_end(looks: Callable[[str], int]) -> None:
    assert looks(f"{'&=//other.example/?x' * 400}&=//bad.example/ ") > 0


def test_no_link_ends_before_it_begins_when_the_budget_is_spent() -> None:
    """The next link begins inside the host of the one that is read, which is long and full of escapes."""
    host = f"%77ww%2e%39%2e%ef%bd%97{'w' * 12}%ef%bd%97%ef%bd%97%77{'w' * 13}{'%ef%bd%97' * 4}%77%77{'w' * 29}"
    found = find_links(f"http://{host}.examp%6c\uff45/./", tlds={"example", "test"})
    assert found
    assert all(link.start is not None and link.end is not None and link.start < link.end for link in found)


LONG = "https://bad.example/watch?v=abcdefghijk&u=http%3A%2F%2Fgood.example%2F&list=" + "x" * 150 + "&index=2"


@pytest.mark.parametrize(
    "before", ["[a](http://good.example/some/page)|", "http://good.example/x、", '"http://a.test/",']
)
@pytest.mark.parametrize("times", [1, 2, 4, 9, 30, 80])
def test_what_a_client_opens_is_found_however_many_links_stand_before_it(before: str, times: int) -> None:
    verdict = engine(LONG).check(f"{before * times}[b]({LONG})")
    assert [match.kind for match in verdict.matches] == [Kind.EXACT]


@pytest.mark.parametrize("before", ["[a](http://good.example/some/page)|", "http://good.example/?u=http://a.test/、"])
@pytest.mark.parametrize("times", [1, 9, 80])
def test_so_is_what_stands_inside_it(before: str, times: int) -> None:
    wrapped = "https://l.facebook.com/l.php?u=http%3A%2F%2Fbad.example%2Fpage"
    verdict = engine("http://bad.example/page").check(f"{before * times}[b]({wrapped})")
    assert [match.kind for match in verdict.matches] == [Kind.NESTED]
