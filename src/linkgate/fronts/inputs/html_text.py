r"""HTML as a mail program shows it: the text, where anchors, areas and forms lead, what pictures it shows.

A small tokenizer after the HTML standard's own, made of possessive expressions. Neither Python's html.parser nor a
parser that builds a tree will do: the one takes quadratic time for a mail of `<a ` again and again, the other, as the
standard asks, for one of `<div>` (Lexbor: 7 s for 250 KB) and quadratic memory for one of `<p><b n>`.

>>> shown("<base href=http://bad.example/><p>Look <a title='>' HREF='page?a&amp;b'>h&eacute;re</a><!-- no -->")
('\nLook hére', ('http://bad.example/page?a&b',))
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterator

_VALUE = r"""\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+"""
_ATTRIBUTE = rf"[\s/=]*+[^\s/>=]++(?:{_VALUE})?+"
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<[!?][^>]*+(?:>|\Z)"
    rf"|<(/?)([a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE})*+)[\s/=]*+>"
    r"|</?[a-zA-Z].*|<|[^<]++",  # a tag that never ends takes all that follows: it is shown, to be looked at
    re.DOTALL,
)
_PAIR = re.compile(r"""([^\s/>=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
_SHOWS = ("src", "poster", "data")
LEADS = {
    **dict.fromkeys(("a", "area", "base"), ("href",)),
    **dict.fromkeys(("img", "iframe", "frame", "embed", "object", "video", "audio", "source"), _SHOWS),
    **dict.fromkeys(("button", "input"), ("formaction", "src")),
    "form": ("action",),
}
"""Where a click leads, and what is shown from elsewhere."""
_BREAKS = {"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "table", "ul", "ol", "blockquote", "pre", "hr"}


_HIDDEN = {"style", "script"}
_TEXT = {"title", "textarea", "xmp"}
_RAW = {*_HIDDEN, *_TEXT, "noframes", "noembed", "iframe"}
"""In these a tag is text, up to the end tag of their own name."""
_NESTED = 2


class Token(NamedTuple):
    """A text, or a tag with its attributes as written; `closes`: it is an end tag."""

    text: str = ""
    tag: str = ""
    attributes: str = ""
    closes: bool = False


def tokens(markup: str) -> Iterator[Token]:
    """Take markup apart. What stands in raw text elements is a text; one that is never closed hides nothing."""
    at, unclosed = 0, set[str]()
    while found := _TOKEN.match(markup, at):
        at = found.end()
        tag = (found[2] or "").lower()
        if tag:
            yield Token("", tag, found[3], bool(found[1]))
        elif not found[0].startswith(("<!", "<?")):
            yield Token(html.unescape(found[0]))
        if tag in _RAW and not found[1] and tag not in unclosed:
            end = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(markup, at)
            if end is None:
                unclosed.add(tag)  # nor is it behind any later one
            else:
                raw = markup[at : end.start()]
                yield Token(html.unescape(raw) if tag in _TEXT else raw, tag, closes=True)
                at = end.start()


def shown(markup: str, *, depth: int = 0) -> tuple[str, tuple[str, ...]]:
    """Give the text that is shown, and the links, each once, against the document's base if it has one."""
    texts: list[str] = []
    links: dict[str, None] = {}
    base = ""
    for token in tokens(markup):
        tag = token.tag
        if not tag or (token.text and tag in _TEXT):
            texts.append(token.text)
        elif token.text and tag not in _HIDDEN and depth < _NESTED:  # shown by programs that know no frames
            inner, leads = shown(token.text, depth=depth + 1)
            texts.append(inner)
            links |= dict.fromkeys(leads)
        elif token.closes or tag not in LEADS:
            texts.append("\n" if tag in _BREAKS else "")
        else:
            leads = tuple(lead for name in LEADS[tag] if (lead := attribute(token.attributes, name)))
            base = base or (leads[0] if tag == "base" and leads else "")
            links |= dict.fromkeys(_against(base, lead) for lead in leads if tag != "base")
    return "".join(texts), tuple(links)


def attribute(attributes: str, name: str) -> str:
    """The value of an attribute; of two alike the first counts."""
    for found in _PAIR.finditer(attributes):
        if found[1].lower() == name:
            value = found[2] or ""
            return html.unescape(value[1:-1] if value[:1] in {'"', "'"} else value).strip()
    return ""


def _against(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if base else link
    except ValueError:
        return link
