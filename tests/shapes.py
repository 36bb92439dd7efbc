"""Messages that are hard on a parser, each made to length; every one names the listed host."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

NAMED = "see http://bad.example/x "
BASE = "http://bad.example/"


def repeated(unit: str, *, after: str = NAMED, before: str = "") -> Callable[[int], str]:
    """The unit over and over."""
    return lambda size: after + unit * (size // len(unit) + 1) + before


def numbered(form: str, *, after: str) -> Callable[[int], str]:
    """The form over and over, with another number each time."""
    return lambda size: after + "".join(form % number for number in range(size // len(form)))


def tower(size: int) -> str:
    """A link inside a link inside a link."""
    link = f"{BASE}page"
    while len(link) < size:
        link = f"{BASE}?u={quote(link, safe='')}"
    return link


REPEATED = (
    *(".", "a.", "@", "a@", "a:b@", "//", "http://", "https:", "http:a", "http://bad.example/x", "bad.example,"),
    *(
        "bad.example/x,",
        "//[",
        "[",
        "(",
        "{",
        "<",
        "[]",
        "()",
        "[:",
        "[2001:db8::7",
        "\u0301\u0323\u0300",
        "e\u0327\u0301",
    ),
    *(
        "&#",
        "&#97;",
        "&amp;",
        "&amp",
        "&quot;",
        'href="',
        "href='",
        "href= ",
        "src=",
        " dot ",
        "ab dot ",
        "(.)",
        "a(.)",
    ),
    *(
        "[.",
        ". ",
        " .",
        ",",
        "a,",
        ";a",
        "a|",
        "a:",
        "'a",
        "**",
        "**bad.example**",
        "~~",
        "a(b[c{d,e;f:g|h",
        "h t t p : / / ",
    ),
    *(
        "http :// ",
        "hxxp://",
        "hxxp://bad.example ",
        "h ",
        "h",
        "\u200b",
        "a\u200b",
        "看",
        "看。",
        "看a",
        "看bad.example/x",
        "👍a.example",
    ),
    *(
        "tg:a",
        "tg:resolve?domain=a&",
        "\0",
        "\\",
        "\\u0041",
        "\\x41",
        "%41",
        "%C3",
        "%25",
        "%",
        "\ud800",
        "1",
        "1.",
        "0x",
    ),
    *(
        "0xf.",
        "www.",
        "xn--a.",
        "<bad.example>",
        "[x](http://bad.example/x)",
        "[x](",
        "**http://a.test",
        "_dot_",
        " / ",
    ),
    *(
        "http://bad.example/page ",
        "http://bad.example/page,",
        "http://bad.example/page\n",
        "bad.example ",
        "wicked.example,",
    ),
    *(
        "intent://bad.example/",
        "javascript:",
        "aHR0c",
        "aHR0cDovL2JhZC5leGFtcGxl.",
        "%2525",
        "«",
        "«bad.example",
        "·a.b",
    ),
)
INSIDE = (
    *(
        "a/",
        "a/../",
        "%252e%252e/",
        "%2541/",
        "index.html/",
        "a&",
        "&",
        "=",
        "?",
        "#",
        "!",
        ")",
        "!)",
        "(",
        "%zz",
        "//",
    ),
    *("http://bad.example/?u=", "http%3A%2F%2Fbad.example%2F%3Fu%3D", "//r.jina.ai/", "//web.archive.org/web/2020/"),
    *("aHR0cDovL2JhZC5leGFtcGxlL3BhZ2U&", "aHR0c", '"', "'", "|", "~", "`", "\\", "a;", "é", "%E4", "+", "看", "a看"),
)
MANY = (
    *(
        "&=//bad.example/?%x",
        "bad.example/%d,",
        "//bad.example/?a%d=b&",
        "http://bad.example/?id=%d&",
        "<bad.example/%d>",
    ),
    *("http://bad.example/%d?u=http%%3A//bad.example/%%2570age;", "看bad.example/%d", "u%d@bad.example/page)"),
)
ENDS = ('"', ")", "]", "}", "'", "`", "[", "(", "({", "看", "\\n", "**", "...", "\x01", "^", "%", "é", "|", "&quot;")
"""Where a link may end, each in another way."""
PAD = "!" * 8
EVERY_END = "".join(PAD + end for end in ENDS) + PAD


def many_ends(form: str) -> Callable[[int], str]:
    """Links one behind the other, and behind them every way in which one may end."""
    begun = numbered(form, after="see bad.example/page ")
    return lambda size: begun(size // 2) + (EVERY_END * (size // 2 // len(EVERY_END) + 1))[: size // 2]


SHAPES: dict[str, Callable[[int], str]] = {
    **{f"{unit!a} repeated": repeated(unit) for unit in REPEATED},
    **{f"{unit!a} in a link": repeated(unit, after=f"{BASE}dir/page") for unit in INSIDE},
    **{f"{unit!a} in a query": repeated(unit, after=f"{BASE}page?id=7&") for unit in INSIDE},
    **{f"{unit!a} after a script": repeated(unit, after=f"{NAMED}javascript:") for unit in ("http://a.test/", "a.b,")},
    "percent tower": lambda size: f"{BASE}%{'25' * (size // 2)}41",
    "one label": lambda size: f"{NAMED}http://{'a' * size}.bad.example/",
    "one label of another script": lambda size: f"{NAMED}http://{'ü' * size}.bad.example/",
    "one label of marks": lambda size: f"{NAMED}http://a{chr(0x301) * size}.bad.example/",
    "userinfo": lambda size: f"http://{'a' * size}@bad.example/page",
    "labels before the host": lambda size: f"http://{'a.' * (size // 2)}bad.example/page",
    "blanks before a dot": lambda size: f"{NAMED}a{' ' * size}.{' ' * size}b",
    "blanks around dots behind a foreign letter": repeated(" " * 8 + "." + " " * 8 + "w" * 80, after=f"{NAMED}é "),
    "blanks around dots behind an escape": repeated(" " * 8 + "." + " " * 8 + "w" * 80, after=f"{NAMED}%41 "),
    "blanks in a bracket": lambda size: f"{NAMED}a[{' ' * size}. ]b",
    "blanks after href": lambda size: f"{NAMED}href{' ' * size}x",
    "hexadecimal number": lambda size: f"{NAMED}http://0x{'f' * size}/",
    "zeros": lambda size: f"{NAMED}http://{'0' * size}300.0.2.7/",
    "schemes, then one end": lambda size: NAMED + "http:" * (size // 5) + "//x.example/",
    "commas, then one end": lambda size: NAMED + "a," * (size // 2) + "//x.example",
    "trailing marks, many times": lambda size: f"{BASE}x{'!' * 300} " * (size // 320 + 1),
    "trailing marks, glued": lambda size: f"{BASE}x{'!' * 300}" * (size // 320 + 1),
    "parameters": numbered("a%d=1&", after=f"{BASE}page?"),
    "listed parameters": numbered("id=%d&", after=f"{BASE}view?"),
    "listed pages": numbered(f"{BASE}view?id=%d ", after=""),
    **{f"{form!a}, then every end": many_ends(form) for form in MANY},
    "redirects": numbered("a%d=http%%3A%%2F%%2Fx.test&", after=f"{BASE}?"),
    "tower of links": tower,
}
