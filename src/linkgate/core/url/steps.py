"""The loose steps that need no data: each a small function from a Form to the form with one difference undone.

A step that changes nothing gives back the form that it got. `loose` names them and puts them in order;
those of a path or a query are done to a fragment that holds one, too.

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.url.form import form_of
>>> path_case(form_of(canonicalize("http://bad.example/Page"))).path
'/page'
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec.structs import replace

from linkgate.core.text.fold import decode_escapes, decode_once
from linkgate.core.url import gateways, telegram
from linkgate.core.url.form import fragment_text
from linkgate.core.url.fragment import is_id
from linkgate.core.url.host import mapped_ipv4, nat64_ipv4, without_www

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.core.url.form import Form

_SLASHES = re.compile(r"//+")
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|shtml|xhtml|php[3-7]?|aspx?|jsp|cgi|cfm)$", re.IGNORECASE)
# What a server reads as it stands: `&` parts parameters, the first `=` ends a name, `+` in a query is a blank.
_IN_PATH = "/!$&'()*+,;=:@?~"
_IN_VALUE = "/!$'()*,;=:@?~"
_IN_NAME = "/!$'()*,;:@?~"
_TO_RECODE = re.compile(r"[^A-Za-z0-9/!$&'()*,;=:@?~_.\-]")


def telegram_target(form: Form) -> Form:
    """Telegram's addresses, whose many spellings open one target."""
    if not telegram.is_telegram(form.host):
        return form
    path = telegram.target(form.host, form.path, fragment_text(form.fragment))
    return form if path is None else replace(form, host="t.me", path=path, fragment=None)


def gateway(form: Form) -> Form:
    """What a Tor2web or IPFS gateway shows, by its own address."""
    shown = gateways.shown(form.host, form.path)
    return replace(form, host=shown[0], path=shown[1]) if shown else form


def ipv4_mapped(form: Form) -> Form:
    """An IPv4-mapped IPv6 address as the IPv4 address that it is."""
    address = mapped_ipv4(form.host)
    return replace(form, host=address) if address else form


def nat64(form: Form) -> Form:
    """An IPv6 address by which a network that has IPv6 alone reaches an IPv4 address, as that address."""
    address = nat64_ipv4(form.host)
    return replace(form, host=address) if address else form


def www(form: Form) -> Form:
    """The host without `www.`, mistyped or not."""
    bare = without_www(form.host)
    return form if bare == form.host else replace(form, host=bare)


def extra_dots(form: Form) -> Form:
    """The host without dots around it."""
    bare = form.host.strip(".")
    return replace(form, host=bare) if bare and bare != form.host else form


def double_encoding(form: Form) -> Form:
    """What was escaped more than once, escaped once."""
    path = _path(form.path, _fully) if _is_double(form.path) else form.path
    params = form.params
    if "%" in "&".join(params) and any(map(_is_double, params)):
        params = tuple(_param(param, _fully) if _is_double(param) else param for param in params)
    return form if (path, params) == (form.path, form.params) else replace(form, path=path, params=params)


def percent_encoding(form: Form) -> Form:
    """One spelling for each character, escaped or not; what parts parameters or stands for a blank stays apart."""
    if not _TO_RECODE.search(form.path) and not _TO_RECODE.search("&".join(form.params)):
        return form
    path, params = _path(form.path, _once), tuple(_param(param, _once) for param in form.params)
    return form if (path, params) == (form.path, form.params) else replace(form, path=path, params=params)


def _is_double(text: str) -> bool:
    return "%" in text and _fully(text) != _once(text)


def _once(text: str) -> str:
    # Escaped bytes that are no UTF-8 stay the bytes that they are.
    return decode_once(text, errors="surrogateescape")


def _fully(text: str) -> str:
    return decode_escapes(text, errors="surrogateescape")


def _path(path: str, decode: Callable[[str], str]) -> str:
    return _resolve(_quote(decode(path), _IN_PATH))


def recoded(param: str) -> str:
    """A parameter as `percent_encoding` spells it.

    >>> recoded("a=1+2)|[")
    'a=1%202)%7C%5B'
    """
    return _param(param, _once) if _TO_RECODE.search(param) else param


def _param(param: str, decode: Callable[[str], str]) -> str:
    name, equals, value = param.replace("+", "%20").partition("=")
    return _quote(decode(name), _IN_NAME) + equals + _quote(decode(value), _IN_VALUE)


def _quote(text: str, safe: str) -> str:
    # A letter and its mark are one character or two, as keyboards and file systems have it.
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    return quote(composed, safe, errors="surrogateescape")


def _resolve(path: str) -> str:
    """Resolve the dot segments that decoding uncovered (RFC 3986 §5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    ends = path.endswith(("/.", "/.."))
    return f"/{'/'.join(kept)}{'/' if ends and kept else ''}"


def double_slash(form: Form) -> Form:
    """Slashes beside each other in the path as one."""
    return replace(form, path=_SLASHES.sub("/", form.path)) if "//" in form.path else form


def hashbang(form: Form) -> Form:
    """`#!/page`, as sites wrote `#/page` for crawlers."""
    return replace(form, path=form.path[1:]) if form.path.startswith("!/") else form


def path_case(form: Form) -> Form:
    """The path in lower case, but for what is a random id."""
    if form.host == "t.me" and form.path.startswith("/+"):
        return form  # an invitation that differs in case is another one
    if form.path == form.path.lower():
        return form
    lower = "/".join(segment if is_id(segment) else segment.lower() for segment in form.path.split("/"))
    return form if lower == form.path else replace(form, path=lower)


def index_file(form: Form) -> Form:
    """The path without the file that a server gives for its directory."""
    index = _INDEX.search(form.path)
    return replace(form, path=form.path[: index.start() + 1]) if index else form


def trailing_slash(form: Form) -> Form:
    """The path without a slash at its end."""
    return replace(form, path=form.path.rstrip("/")) if form.path.endswith("/") else form


def query_order(form: Form) -> Form:
    """The parameters in the order of the alphabet, empty ones left out."""
    if len(form.params) < 2 and all(form.params):  # noqa: PLR2004  # nothing to put in order
        return form
    return replace(form, params=tuple(sorted(filter(None, form.params))))
