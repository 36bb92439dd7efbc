"""Disguises and messages: what posters do to a link so that a machine does not see it, as hypothesis strategies."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING
from urllib.parse import quote

from hypothesis import strategies as st

from spellings import choices, some, spellings, sprinkled

if TYPE_CHECKING:
    from addresses import Address


def _broken_dots(draw: st.DrawFn, url: str) -> str:
    dots = (
        "[.]",
        "(.)",
        "{.}",
        "<.>",
        "[dot]",
        "(точка)",
        "[ . ]",
        "( .)",
        "(punto )",
        " dot ",
        " . ",
        "&#46;",
        "\\.",
        "。",
    )
    dot = draw(st.sampled_from(dots))
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.replace('.', dot)}{slash}{path}"


def _broken_scheme(draw: st.DrawFn, url: str) -> str:
    schemes = (
        "hxxp://",
        "hXXps://",
        "h**p://",
        "h t t p : / / ",
        "http[:]//",
        "http&colon;//",
        "http：//",
        "http:⁄⁄",
        "",
    )
    return draw(st.sampled_from(schemes)) + url.partition("://")[2]


def _invisible(draw: st.DrawFn, url: str) -> str:
    invisible = iter(choices(draw, ("\u200b", "\u200d", "\u202e", "\u0336", "\u2063"), len(url)))
    return some(draw, url, lambda char: char + next(invisible))


def _entities(draw: st.DrawFn, url: str) -> str:
    form = draw(st.sampled_from(("&#%d;", "&#x%x;", "&#%07d;")))
    return some(draw, url, lambda part: "".join(form % ord(char) for char in part))


def _markup(draw: st.DrawFn, url: str) -> str:
    forms = ("[x](%s)", "<%s>", '"%s"', "«%s»", "**%s**", '<a href="%s">x</a>', "<img src='%s'>", "[url=%s]x[/url]")
    return draw(st.sampled_from((*forms, "(%s)", "%s.", "%s!!!", "看%s看", "ดู%s", "👍%s👍", "[1]: %s", "<%s|x>"))) % url


def _attribute(draw: st.DrawFn, url: str) -> str:
    spaced = url[:7] + sprinkled(draw, url[7:], ("", "", "\t", "\n", "&#9;"))
    quoted = html.escape(spaced).replace("&amp;#9;", "&#9;")
    return draw(st.sampled_from(('<a href="%s">', "<img src = '%s'>", '<form ACTION="%s">'))) % quoted


def _inside(draw: st.DrawFn, url: str) -> str:
    coded = base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    forms = ("other.test/out?u=%s", "other.test/%s", "go.test/url?x=1&q=%s&y=2", "other.test/?a=1&u=%s#x")
    inner = (quote(url, safe=""), quote(quote(url, safe=""), safe=""), url)
    return draw(
        st.sampled_from((*(f"https://{form}" % i for form in forms for i in inner), f"http://x.test/?r={coded}"))
    )


DISGUISES = (_broken_dots, _broken_scheme, _invisible, _entities, _markup, _attribute, _inside)


@st.composite
def disguised(draw: st.DrawFn, url: str, *, most: int = 1) -> str:
    """A link as posters disguise it, once or more often."""
    for disguise in draw(st.lists(st.sampled_from(DISGUISES), min_size=1, max_size=most)):
        url = disguise(draw, url)
    return url


SCRAPS = (
    *(
        "http://",
        "https:",
        "//",
        "[.",
        ".]",
        "(.)",
        " dot ",
        " . ",
        "&#",
        "&amp;",
        "%25",
        "%2e",
        "\\",
        'href="',
        "src='",
    ),
    *(
        "aHR0c",
        "tg:",
        "hxxp",
        "h t t p",
        "@",
        ":",
        "?u=",
        "#",
        "0x",
        "3221225991",
        "1.2.3.",
        "[::",
        "。",
        "٠",
        "\u200b",
        "\u0301",
    ),
)
WORDS = (
    "hello ",
    "смотри ",
    "انظر ",
    "ดู",
    "看这里",
    "👨‍👩‍👧",
    "e\u0301\u0323 ",
    "\ud800",
    "\x00\x1f",
    "\u202e",
    "שלום ",
    "हिंदी ",
    "\n",
    ", ",
)


def noise() -> st.SearchStrategy[str]:
    """Words of any script, scraps of links, and any code points at all, surrogates included."""
    anything = st.text(st.characters(exclude_categories=()), max_size=8)
    return st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(SCRAPS), anything), max_size=4).map("".join)


@st.composite
def messages(draw: st.DrawFn, address: Address) -> str:
    """Any message: noise around and inside spellings and disguises of one address, glued or not."""
    known = st.one_of(
        spellings(address, hidden=False), spellings(address, hidden=True), disguised(str(address), most=3)
    )
    parts = draw(st.lists(st.one_of(noise(), known), min_size=1, max_size=4))
    text = draw(st.sampled_from(("", " ", ",", "看", "。", "①", "ａ", "٣", "5"))).join(parts)
    cut = draw(st.integers(0, len(text)))
    return text[:cut] + draw(noise()) + text[cut:] if draw(st.booleans()) else text
