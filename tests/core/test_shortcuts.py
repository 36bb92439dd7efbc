"""Each short cut gives what the long way gives."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from core_rows import engine
from hypothesis import given
from hypothesis import strategies as st

import linkgate
from linkgate.core.links import tokenizer
from linkgate.core.links.budget import Budget
from linkgate.core.text.fold import decode_escapes, fold
from linkgate.core.url.canonical import canonicalize, read

if TYPE_CHECKING:
    from pathlib import Path

    from linkgate.core.url.canonical import CanonicalUrl

LABEL = st.text("abcxyz0189-_", min_size=1, max_size=6)
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
TAIL = st.text("ab/.~-_,;:@=&+!$*()'?#%|\\ 2eE[]", max_size=20)
NEAR = """\
(http://abc.xyz/ab)
http://abc.xyz/abc
http://abc.xyz/ab/.
abc.xyz/b
"abc.xyz/b/x",
abc.xyz/ab?!
abc.xyz/AB
abc.xyz/ab.html?
http://abc.xyz/AB/index.html)
https://abc.xyz/?u=abc.xyz/ab
x.a1.xyz/
a1.xyz!
b.xyz?
zzbrand.abc/x
http://web.archive.org/web/2020/abc.xyz/ab
c.abc?y=1&z=2,
h t t p : / / abc.xyz / ab
http: //abc.xyz/ab
hxxp://abc.xyz/ab
x:http://abc.xyz/ab
<http://abc.xyz/ab>
abc.xyz/ab/?utm_source=x.
abc.xyz/ab's
abc.xyz/ab...
-abc.xyz/ab-""".splitlines()
PLAINISH = st.builds("{}{}{}".format, st.sampled_from(["", "http://", "https://", "HTTP://"]), HOST, TAIL)


@given(PLAINISH)
def test_canonical_form_of_plain_links(link: str) -> None:
    quick, parsed = canonicalize(link), read(link)
    assert quick == parsed
    assert quick is None or parsed is None or quick.fragment == parsed.fragment


def test_canonical_form_of_real_links(shared: Path) -> None:
    lines = (shared / "data" / "lists" / "reddit_tech_6k.txt").read_text("utf-8").splitlines()
    assert [canonicalize(line) for line in lines] == [read(line) for line in lines]


@given(PLAINISH)
def test_readings_of_plain_tokens(token: str) -> None:
    """What a plain token's one reading finds is what all readings find, as surely."""
    listed = engine("http://abc.xyz/ab", "*.a1.xyz", "http://abc.xyz/b/*")
    known = tokenizer.Known(frozenset({"xyz", "abc"}))
    index = listed._matcher.index
    quick = [piece.target for piece in tokenizer.pieces(token, known)]
    reader = tokenizer._Reader.of(token, known, Budget(token))
    natural = [piece.target for piece in reader.read() if not piece.steps]

    def met(targets: list[CanonicalUrl | None]) -> set[str]:
        return {meeting.entry.id for target in targets if target is not None for meeting in index.meet(target)}

    assert met(natural) <= met(quick)


@given(st.lists(PLAINISH | st.sampled_from(NEAR), min_size=1, max_size=3), st.sampled_from((" ", ", ", "\n", "; /")))
def test_a_glance_clears_nothing_that_the_judge_flags(tokens: list[str], between: str) -> None:
    listed = engine("http://abc.xyz/ab", "*.a1.xyz", "http://abc.xyz/b/*", "b.xyz", "zzbrand.*", "http://c.abc/?y=1")
    text = between.join(tokens)
    assert listed.check(text).matches == listed._matcher.message(text)


@given(
    st.sampled_from(
        ("", "index.html", "Home/", "ab", "/AB/", "-a", "a%62/", "%2541b", "a/../ab", "~a", "?a=1", "é", "1/2")
    ),
    st.sampled_from(("www.", "")),
    st.text("aAbB1/.-_?=&%~", max_size=6),
    st.sampled_from(
        ("", "/", "//ab", "/index.html", "ab", "AB", "a", "/%61b", "?utm_source=1", "/./ab", "é", ")", "...")
    ),
)
def test_a_head_hides_no_page(listed: str, www: str, before: str, behind: str) -> None:
    """Whatever the loose steps change: case, slashes, index files, dots, escapes, tracking parameters."""
    some = engine(f"http://abc.xyz/{listed}", "http://abc.xyz/zz")
    for text in (f"{www}abc.xyz/{before}{behind}", f"(http://{www}abc.xyz/{listed}{behind}), {www}abc.xyz{behind}"):
        assert some.check(text).matches == some._matcher.message(text), text


FRAGMENTS = st.sampled_from(
    ("", "#", "#t=90s", "#abcKEY7", "#top", "#!x", "#!/x", "#/x", "#a?b=1", "#q=a&b=1", "#@name")
)


@given(
    FRAGMENTS,
    st.sampled_from(("", "?id=7", "?id=7&x=1")),
    FRAGMENTS,
    st.sampled_from(("", "?id=7", "?x=1&id=7", "?id=8", "?channels=")),
    st.sampled_from(("", ".", ",x", "&id=7", "=", ")", "#t=90s")),
)
def test_a_fragment_hides_no_page(listed: str, query: str, fragment: str, asked: str, behind: str) -> None:
    some = engine(
        f"http://abc.xyz/watch{query}{listed}", f"http://abc.xyz/{query}{listed}", "http://abc.xyz/watch?id=9"
    )
    for page in ("watch", ""):
        text = f"see http://abc.xyz/{page}{asked}{fragment}{behind} here"
        assert some.check(text).matches == some._matcher.message(text), text


def test_a_link_to_a_place_in_another_page_is_cleared_at_once() -> None:
    reject = engine("http://abc.xyz/watch?id=7", "http://abc.xyz/watch?id=8#key=1")._reject
    assert reject.clears("http://abc.xyz/watch?id=9#t=90s", [11])
    assert not reject.clears("http://abc.xyz/watch?id=8#key=1", [11])
    assert not reject.clears("http://abc.xyz/watch?id=7#t=90s", [11])


BEFORE = [
    "http://",
    "https://",
    "HTTP://",
    "see:http://",
    "...http://",
    ",http://",
    "?http://",
    "x.abc?http://",
    "<",
    "(",
    "'",
    "=",
    "me@",
    "first.last@",
    "abc.xyz@",
    "u:p@",
    "abc.xyz/ab,http://",
    "http://c.abc/?u=",
    "http://c.abc/",
    "http://c.abc/url?q=https://",
    "x.abc/http://",
]
BEHIND = [
    "/",
    "/ab",
    "/Ab/",
    "/ab/c",
    "/ab.html",
    "/ab&x=1",
    "/&x=1",
    "/b",
    "/ab?z=1",
    "/p?id=7",
    "/p?x=1&id=7",
    "/p?id=8",
    "/p?id=7&y=2",
    "/p",
    "/p?",
    "?id=7",
    "/ab#f",
    "/ab@c.abc",
    "/abhttp://c.abc/",
    "/ab:80",
    ":80/ab",
    "/c.abc/?y=1",
    "/a/../ab",
]
ENDS = [".", "-", "-,", "_", "?", ")", ").", "...", "'s", "`", '">', "!!!!!!!!!", "|x", ":)", "\\n", "=1", "&", "/"]
HOSTS = ["abc.xyz", "www.abc.xyz", "c.abc", "x.a1.xyz", "b.xyz", "ABC.xyz", "t.me"]
TOKEN = st.builds("{}{}{}{}".format, *(st.sampled_from(["", *parts]) for parts in (BEFORE, HOSTS, BEHIND, ENDS)))


@given(st.lists(TOKEN, min_size=1, max_size=2), st.sampled_from([" ", "\n", ",", ""]))
def test_a_glance_reads_how_a_link_begins(tokens: list[str], between: str) -> None:
    listed = engine("http://abc.xyz/ab", "http://abc.xyz/p?id=7", "*.a1.xyz", "http://b.xyz/ab/*", "http://c.abc/?y=1")
    text = between.join(tokens)
    assert listed.check(text).matches == listed._matcher.message(text)


@pytest.mark.parametrize("before", ["", *BEFORE])
def test_a_glance_and_the_judge_read_every_link_alike(before: str, at_length: bool) -> None:  # noqa: FBT001  # a fixture
    """Each two of beginning, middle and end meet in several texts; in a long run each three."""
    listed = engine("http://abc.xyz/ab", "http://abc.xyz/p?id=7", "http://abc.xyz/", "http://c.abc/?y=1")
    middles, ends = ["", *BEHIND], ["", *ENDS]
    first = BEFORE.index(before) if before else len(BEFORE)
    for (second, behind), (third, end) in product(enumerate(middles), enumerate(ends)):
        if not at_length and (first + second - third) % len(ends) not in (0, 1, 7):
            continue
        text = f"{before}abc.xyz{behind}{end}"
        assert listed.check(text).matches == listed._matcher.message(text), text


PARAM = st.sampled_from(
    ["id=7", "id=8", "q=a|b", "q=a)", "q=a+b", "amp", "x=[1]", "Id=7", "u=http://abc.xyz/p?id=7", "#f", "b'", '"']
)
QUERY = st.tuples(st.sampled_from(["&", "&amp;", "&amp;amp;"]), st.lists(PARAM, max_size=3)).map(
    lambda two: two[0].join(two[1])
)
AFTER = st.sampled_from(["", "|", "//", "*", "~~", ",", ";", "**x", "...", "[/url]", "*********", "Next", "\\", "_"])
CELL = st.builds("{}[x](http://{}/p?{}){}".format, AFTER, st.sampled_from(HOSTS), QUERY, AFTER)
WRAPPED = st.builds(
    "{}http://{}/p?{}{}{}".format,
    st.sampled_from(
        ["http://e.org/?u=", "http://e.org/", "https://url.avanan.click/v2/___", "http://f.org/?v=http://e.org/"]
    ),
    st.sampled_from(HOSTS),
    QUERY,
    st.sampled_from(["", *";,!@'^|", "___.YX", "*x"]),
    st.sampled_from(["", "k=1", ";k", ")|[y](http://e.org/"]),
)


@given(st.lists(CELL | TOKEN | WRAPPED, min_size=1, max_size=4), st.sampled_from(["", "|", " "]))
def test_a_table_of_links_hides_no_page(cells: list[str], between: str) -> None:
    """Wherever links of one word may end, also inside another one, all that their queries may hold is known."""
    listed = engine(
        "http://abc.xyz/p?id=7",
        "http://abc.xyz/p?q=a%7Cb",
        "http://abc.xyz/p?q=a)&id=8",
        "http://c.abc/p?amp",
        "http://abc.xyz/p?id=7-",
        "http://abc.xyz/p?q=a%20b",
        "http://c.abc/p?x=[1]",
    )
    text = between.join(cells)
    assert listed.check(text).matches == listed._matcher.message(text)


SPACED = st.lists(st.sampled_from([*"x1. \t/_!\n", "abc", "xyz", "ab", " . "]), max_size=16).map("".join)


@given(SPACED, st.sampled_from(["abc . xyz/ab", "abc .xyz/ab", "x . abc.xyz/ab", "192 . 0 . 2 . 7/x", ""]))
def test_spaced_dots_hide_no_host(text: str, last: str) -> None:
    listed = engine("http://abc.xyz/ab", "http://x.abc.xyz/ab", "http://192.0.2.7/x", "b.xyz")
    assert listed.check(text + last).matches == listed._matcher.message(text + last)


def test_a_glance_clears_most_links_to_other_pages(shared: Path) -> None:
    lines = (shared / "data" / "lists" / "reddit_tech_6k.txt").read_text("utf-8").splitlines()
    listed, others = linkgate.compile_lines(lines[::2]).engine, lines[1::2]
    suspects = [text for line in others if listed._prefilter.search(text := f"see {line}").words]
    cleared = [text for text in suspects if not listed._words(text, listed._prefilter.search(text))]
    assert len(cleared) > len(suspects) / 2
    assert not any(listed._matcher.message(text) for text in cleared)


@pytest.mark.parametrize("text", ["%41%42", "%2541", "%25%34%31", "100%", "%%34%31", "é%C3%A9", "%e2%82%ac%ZZ"])
def test_one_pass_of_decoding_is_all_where_nothing_is_uncovered(text: str) -> None:
    assert decode_escapes(decode_escapes(text)) == decode_escapes(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["joe@-bad.example", "joe@--bad.example.", "joe@-bad.example)", "joe@bad.example"])
def test_an_address_of_mail_has_no_hyphen_in_front_of_its_host(text: str) -> None:
    some = engine("bad.example")
    assert some.check(text).matches == some._matcher.message(text)
    assert bool(some.check(text).matches) == ("-" in text)
