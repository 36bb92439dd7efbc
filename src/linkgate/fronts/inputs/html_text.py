r"""HTML as a mail program shows it: the text, where anchors, areas and forms lead, what pictures it shows.

A small tokenizer after the HTML standard's own, made of possessive expressions. Neither Python's html.parser nor a
parser that builds a tree will do: the one takes quadratic time for a mail of `<a ` again and again, the other, as the
standard asks, for one of `<div>` (Lexbor: 7 s for 250 KB) and quadratic memory for one of `<p><b n>`.

>>> shown("<base href=http://bad.example/><p>Look <a title='>' HREF='page?a&amp;b'>h&eacute;re</a><!-- no -->")
('\nLook hére', ('http://bad.example/page?a&b',))
>>> shown("<meta http-equiv=refresh content='0; URL=http://bad.example/'><svg><a xlink:href=http://bad.example/x>")
('', ('http://bad.example/', 'http://bad.example/x'))
>>> shown("<!--[if mso]><v:rect href='http://bad.example/x'>Hi<![endif]--><iframe srcdoc='<a href=/y>you</a>'>")
('Hiyou', ('http://bad.example/x', '/y'))
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
_SHAPES = ("rect", "roundrect", "shape", "oval", "line", "polyline", "arc", "curve", "group")
LEADS = {
    **dict.fromkeys(("a", "area", "base", "image", "use", "feimage"), ("href",)),
    **dict.fromkeys((f"v:{shape}" for shape in _SHAPES), ("href",)),  # VML, in which Outlook's buttons are drawn
    **dict.fromkeys(("v:image", "v:imagedata", "v:fill"), ("src", "href")),
    **dict.fromkeys(("body", "table", "td", "th"), ("background",)),
    **dict.fromkeys(("img", "iframe", "frame", "embed", "object", "video", "audio", "source"), _SHOWS),
    **dict.fromkeys(("button", "input"), ("formaction", "src")),
    "form": ("action",),
}
"""Where a click leads, and what is shown from elsewhere."""
_CONDITIONAL = re.compile(r"<!--\s*+\[if[^\]>]*+\]>(.*?)(?:<!\[endif\])?+--!?>\Z", re.DOTALL | re.IGNORECASE)
"""A comment that Outlook reads as markup, once: there are none inside another one."""
_REFRESH = re.compile(
    r"""\s*+[0-9.]*+\s*+[;,\s]\s*+(?:url\s*+=\s*+)?+(?:"([^"]*+)|'([^']*+)|(.*))""", re.IGNORECASE | re.DOTALL
)
"""Where a page leads by itself (HTML §4.2.5.3)."""
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


def tokens(markup: str, *, conditional: bool = True) -> Iterator[Token]:
    """Take markup apart. What stands in raw text elements is a text; one that is never closed hides nothing.

    conditional: whether to take Outlook's conditional comments apart, too.
    """
    at, unclosed = 0, set[str]()
    while found := _TOKEN.match(markup, at):
        at = found.end()
        tag = (found[2] or "").lower()
        if tag:
            yield Token("", tag, found[3], bool(found[1]))
        elif not found[0].startswith(("<!", "<?")):
            yield Token(html.unescape(found[0]))
        elif conditional and (comment := _CONDITIONAL.match(found[0])):
            yield from tokens(comment[1], conditional=False)
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
        elif not token.closes:
            leads = _leads(token)
            base = base or (leads[0] if tag == "base" and leads else "")
            if tag == "iframe" and depth < _NESTED and (document := attribute(token.attributes, "srcdoc")):
                inner, within = shown(document, depth=depth + 1)
                texts.append(inner)
                leads += within
            links |= dict.fromkeys(_against(base, lead) for lead in leads if tag != "base")
        texts.append("\n" if tag in _BREAKS and not token.text else "")
    return "".join(texts), tuple(links)


def _leads(token: Token) -> tuple[str, ...]:
    """Where a tag leads, as written."""
    if token.tag == "meta" and attribute(token.attributes, "http-equiv").lower() == "refresh":
        found = _REFRESH.match(attribute(token.attributes, "content"))
        lead = found and (found[1] or found[2] or found[3] or "").strip()
        return (lead,) if lead else ()
    leads = [attribute(token.attributes, name) for name in LEADS.get(token.tag, ())]
    if leads == [""] and "xlink:" in token.attributes:  # as SVG was before version 2
        leads = [attribute(token.attributes, "xlink:href")]
    return tuple(filter(None, leads))


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
