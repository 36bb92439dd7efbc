r"""HTML as a mail program shows it: the text, where anchors, areas and forms lead, what pictures it shows.

A small tokenizer after the HTML standard's own, made of possessive expressions. Python's html.parser will
not do: of the versions in use some take quadratic time for a mail of `<a ` again and again.

>>> shown("<base href=http://bad.example/><p>Look <a title='>' HREF='page?a&amp;b'>h&eacute;re</a><!-- no -->")
('\nLook hére', ('http://bad.example/page?a&b',))
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

_VALUE = r"""\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+"""
_ATTRIBUTE = rf"[\s/=]*+[^\s/>=]++(?:{_VALUE})?+"
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<[!?][^>]*+(?:>|\Z)"
    rf"|<(/?)([a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE})*+)[\s/=]*+>"
    r"|</?[a-zA-Z].*|<|[^<]++",  # a tag that never ends takes all that follows: it is shown, to be looked at
    re.DOTALL,
)
_PAIR = re.compile(r"""([^\s/>=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
_SHOWS = ("src", "poster", "data")
_LEADS = {
    **dict.fromkeys(("a", "area", "base"), ("href",)),
    **dict.fromkeys(("img", "iframe", "frame", "embed", "object", "video", "audio", "source"), _SHOWS),
    **dict.fromkeys(("button", "input"), ("formaction", "src")),
    "form": ("action",),
}
"""Where a click leads, and what is shown from elsewhere."""
_BREAKS = {"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "table", "ul", "ol", "blockquote", "pre", "hr"}


def shown(markup: str) -> tuple[str, tuple[str, ...]]:
    """Give the text that is shown, and the links, each once, against the document's base if it has one."""
    texts: list[str] = []
    links: dict[str, None] = {}
    base, at = "", 0
    while found := _TOKEN.match(markup, at):
        at = found.end()
        tag = (found[2] or "").lower()
        if not tag:
            texts.append("" if found[0].startswith(("<!", "<?")) else html.unescape(found[0]))
        elif found[1] or tag not in _LEADS:
            texts.append("\n" if tag in _BREAKS else "")
        else:
            leads = [lead for name in _LEADS[tag] if (lead := _attribute(found[3], name))]
            base = base or (leads[0] if tag == "base" and leads else "")
            links |= dict.fromkeys(_against(base, lead) for lead in leads if tag != "base")
        if tag in {"script", "style"} and not found[1]:
            end = re.compile(rf"</{tag}", re.IGNORECASE).search(markup, at)
            at = end.start() if end else len(markup)
    return "".join(texts), tuple(links)


def _attribute(attributes: str, name: str) -> str:
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
