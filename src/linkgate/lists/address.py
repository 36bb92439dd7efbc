"""ListItem -> Entry: what an address covers, read from its spelling (DESIGN §3) and never widened.

>>> from linkgate.lists.formats import ListItem
>>> def scope(address, scope=None):
...     found = to_entry(ListItem(line=1, address=address, scope=scope), list_name="demo")
...     return found if isinstance(found, str) else found.scope.value
>>> [scope(a) for a in ("bad.example", "bad.example:8080", "http://bad.example", "bad.example/x")]
['host', 'host', 'page', 'page']
>>> [scope(a) for a in ("*.bad.example", ".bad.example", "badlabel.*", "http://bad.example/dir/*")]
['domain', 'domain', 'brand', 'prefix']
>>> [scope(a) for a in ("bad.example,spam", "192.0.2.", "192.0.2.0/24")]
['not a host name', 'a piece of an address', 'a network, no host']
>>> scope("http://bad.example/x?y=*"), scope("http://bad.example/x", "host")
('wildcard', 'scope wider than the address')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from msgspec import structs

from linkgate.core.index.entry import ADDRESSED, Entry, Scope
from linkgate.core.text.refang import refang
from linkgate.core.url.canonical import CanonicalUrl, canonicalize
from linkgate.core.url.fragment import selecting
from linkgate.core.url.host import is_address
from linkgate.lists.cleanup import tidy
from linkgate.lists.hostname import NETWORK, NOT_A_HOST, PIECE, bare_ip, is_host_name, is_label, is_piece
from linkgate.lists.shortcut import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linkgate.lists.formats import ListItem

EMPTY = "no address"
TRUNCATED = "truncated"
SPACE = "space inside"
WILDCARD = "wildcard"
NOT_WEB = "not a web address"
MAIL = "mail address"
UNOPENABLE = "no browser would open it"
NO_DOT = "a bare word, no host"
UNKNOWN_SCOPE = "unknown scope"
WIDER = "scope wider than the address"
DISAGREES = "scope and spelling disagree"
BRAND_LABEL = "a brand is one label and .*"
PREFIX_QUERY = "a prefix has no query"

# Signs of a defanged host; `[` opens an IPv6 literal too, so a colon behind it is none.
_DEFANGED = re.compile(r"(?:[a-z]+:[/\\]*)?[^/?#]*?(?:[({\\]|\[(?![0-9a-f:.]+\]))|\[\.\]", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?:[/\\]*|\*?://|//)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:(?!\d*(?:[/?#]|\Z))|[a-z][a-z0-9+\-]*://", re.IGNORECASE)
# A star at the end, in the host, or in a masked run stands for something. Any other is text, as in Google's
# own URLs; so read it covers less than a pattern would, never more.
_WILD = re.compile(r"\*/?\Z|\*{3}|\A[^/?#]*\*")
_STEP_UP = re.compile(r"[/\\](?:\.|%2e){2}(?:[/\\*]|\Z)", re.IGNORECASE)
_CUT_OFF = re.compile(r"(?:…|\.\.\.)[\])]?\Z|\A[^/?#]*…")
_NETWORK = re.compile(r"[0-9.]+/[0-9.]+\Z")  # or a page of a bare IP address: the plain road tells
_HOST_TEXT = re.compile(r"(?:https?://)?(?:[^/?#]*@)?([^/?#:]*).*", re.DOTALL)
_PAGE = Scope.PAGE
# Publishers' words for the five scopes; anything else is refused, never guessed.
_SCOPES = {scope.value: scope for scope in ADDRESSED} | {
    "url": Scope.PAGE,
    "hostname": Scope.HOST,
    "fqdn": Scope.HOST,
    "ip": Scope.HOST,
}


@dataclass(frozen=True, slots=True)
class _Spelled:
    """An address cut open: what is left to canonicalise, and the scope that its spelling gives."""

    text: str
    scope: Scope
    with_scheme: bool = False
    starred: bool = False


def to_entry(
    item: ListItem,
    *,
    list_name: str,
    category: str | None = None,
    entry_id: str | None = None,
    default_scope: Scope | None = None,
) -> Entry | str:
    """The entry that an item stands for, or the reason (a short stable phrase) why there is none.

    `category` fills in where the item has none; `entry_id` is used where the publisher gives no id;
    `default_scope` is for a bare host, whose spelling says least, where the item has no scope.
    """
    located = locate(item.address, item.scope, default_scope)
    if isinstance(located, str):
        return located
    scope, url = located
    entry = Entry(
        id=safe(item.id, url.host) or entry_id or f"{list_name}:{item.line}",
        scope=scope,
        list=list_name,
        url=url,
        category=safe(item.category, url.host) or category,
    )
    return structs.replace(entry, allow=True, lifts=item.lifts) if item.allow else entry


def locate(address: str, wanted: str | None = None, default: Scope | None = None) -> tuple[Scope, CanonicalUrl] | str:
    """What an address covers: its scope and canonical URL, or the reason why it is no entry.

    In: the address as the publisher wrote it, his word for its scope, and the scope of a bare host.
    """
    found = None if _NETWORK.match(address) else plain(address)
    if found is None:
        return _locate(address, wanted, default)
    if wanted is None and (default is None or found[0] is _PAGE):
        return _checked(found)
    return _checked(_settled(wanted, default, _Spelled(address, found[0], with_scheme=found[0] is _PAGE), found[1]))


def _locate(address: str, wanted: str | None, default: Scope | None) -> tuple[Scope, CanonicalUrl] | str:
    """The plain road, for an address of any shape."""
    text = tidy(address)
    hoped = default if wanted is None else _SCOPES.get(wanted.strip().lower())
    if "." not in text and hoped is Scope.BRAND:
        text = f"{text}.*"
    read = _read(text)
    if isinstance(read, str) or _DEFANGED.match(text):
        mended = _read(refang(text))
        read = read if isinstance(mended, str) else mended
    return read if isinstance(read, str) else _checked(_settled(wanted, default, *read))


def _checked(located: tuple[Scope, CanonicalUrl] | str) -> tuple[Scope, CanonicalUrl] | str:
    """What was located, if a link can have such a host; one label may be a host of the reader's own network."""
    if isinstance(located, str):
        return located
    scope, url = located
    if scope is Scope.BRAND or "." not in url.host:
        sound = url.host.startswith("[") or is_label(url.host)
    else:
        sound = is_host_name(url.host)
    return located if sound else NOT_A_HOST


def safe(text: str | None, host: str) -> str | None:
    """A publisher's word, unless it names the address and so must not leave the process (law 9)."""
    if text is None or "://" in text or "[.]" in text or host in text.lower():
        return None
    return text


def shrunk(address: str, url: CanonicalUrl) -> bool:
    """Whether normalising an address took its path away, so that it covers more than was written.

    >>> shrunk("http://bad.example/x/../", canonicalize("http://bad.example/x/../"))
    True
    >>> shrunk("http://bad.example/./x", canonicalize("http://bad.example/./x"))
    False
    """
    if url.path != "/" or url.query is not None or url.fragment is not None or address.endswith(url.host):
        return False
    return _STEP_UP.search(address) is not None


def _read(text: str) -> tuple[_Spelled, CanonicalUrl] | str:
    spelled = _spell(text)
    if isinstance(spelled, str):
        return spelled
    url = _canonical(spelled)
    return url if isinstance(url, str) else (spelled, url)


def _spell(text: str) -> _Spelled | str:
    if not text:
        return EMPTY
    if _CUT_OFF.search(text):
        return TRUNCATED
    if re.search(r"\s", text):
        return SPACE
    if (host := bare_ip(text)) is not None:
        return NETWORK if host == NETWORK else _Spelled(host, Scope.HOST)
    scheme = _SCHEME.match(text)
    if scheme is None and _OTHER_SCHEME.match(text):
        return NOT_WEB
    return _bare(text) if scheme is None else _schemed(scheme[0], text[scheme.end() :])


def _schemed(scheme: str, rest: str) -> _Spelled | str:
    stem = rest.removesuffix("/*")
    if stem.startswith("*.") and stem != rest and not re.search(r"[*/?#]", stem[2:]):
        return _Spelled(stem[2:], Scope.DOMAIN, starred=True)
    if _WILD.search(stem):
        return WILDCARD
    web = "https://" if scheme.lower().startswith("https") else "http://"
    if stem != rest:
        return _prefix(web + stem)
    return _Spelled(web + rest, Scope.PAGE, with_scheme=True)


def _bare(text: str) -> _Spelled | str:
    """An address without a scheme."""
    stem = text.removesuffix("/*")
    under = stem.removeprefix("*").removeprefix(".")
    if stem.startswith(("*.", ".")) and under and not re.search(r"[*/?#]", under):
        return _Spelled(under, Scope.DOMAIN, starred=True)
    if stem.endswith(".*") and stem == text and not re.search(r"[*/?#:@]", stem[:-2]):
        label = stem[:-2]
        return BRAND_LABEL if "." in label or not label else _Spelled(label, Scope.BRAND, starred=True)
    if _WILD.search(stem):
        return WILDCARD
    if stem != text:
        return _prefix(_with_scheme(stem))
    paged = re.search(r"[/?#\\]", text)
    if "@" in text and not paged:
        return MAIL
    return _Spelled(text, Scope.PAGE if paged else Scope.HOST)


def _prefix(stem: str) -> _Spelled | str:
    if "?" in stem or "#" in stem:
        return WILDCARD
    return _Spelled(f"{stem}/", Scope.PREFIX, with_scheme=True, starred=True)


def _with_scheme(text: str) -> str:
    """A bare address with the scheme that its port stands for: `host:443` is the default page of https."""
    return ("https://" if re.match(r"[^/?#]*:443(?![0-9])", text) else "http://") + text


def _canonical(spelled: _Spelled) -> CanonicalUrl | str:
    url = canonicalize(spelled.text if spelled.with_scheme else _with_scheme(spelled.text))
    if url is None:
        return UNOPENABLE
    number = url.host[-1:].isdigit()
    written = _HOST_TEXT.sub(r"\1", spelled.text) if number else url.host
    if is_piece(written):
        return PIECE
    dotless = "." not in written and not url.host.startswith("[")
    if dotless and not spelled.with_scheme and (number or spelled.scope in {Scope.HOST, Scope.PAGE}):
        return NO_DOT
    return url


def _settled(
    wanted: str | None, default: Scope | None, spelled: _Spelled, url: CanonicalUrl
) -> tuple[Scope, CanonicalUrl] | str:
    """The scope, and the parts of the URL that count for it."""
    scope = _settle(wanted, default, spelled, url)
    if not isinstance(scope, Scope):
        return scope
    shaped = _shaped(url, scope)
    return Scope.HOST if scope is Scope.DOMAIN and is_address(url.host) else scope, shaped


def _settle(wanted: str | None, default: Scope | None, spelled: _Spelled, url: CanonicalUrl) -> Scope | str:
    """The publisher's explicit scope where it holds no more than the address; else the reason against it."""
    if wanted is None:
        bare = spelled.scope is Scope.HOST and not spelled.starred
        if not bare or default is None:
            return spelled.scope
        return _too_narrow(default, url) or default
    scope = _SCOPES.get(wanted.strip().lower())
    if scope is None:
        return UNKNOWN_SCOPE
    if spelled.starred:
        return scope if scope is spelled.scope else DISAGREES
    return _too_narrow(scope, url) or scope


def _too_narrow(scope: Scope, url: CanonicalUrl) -> str | None:
    """The reason why an address without a star is too narrow for the scope; None when it is not."""
    if scope is Scope.PREFIX and (url.query is not None or url.fragment is not None):
        return PREFIX_QUERY
    if scope in {Scope.HOST, Scope.DOMAIN} and (url.path, url.query, url.fragment) != ("/", None, None):
        return WIDER
    return BRAND_LABEL if scope is Scope.BRAND else None


def _shaped(url: CanonicalUrl, scope: Scope) -> CanonicalUrl:
    """The parts of the URL that count for the scope."""
    if scope is Scope.PREFIX:
        return CanonicalUrl(url.host, url.port, url.path if url.path.endswith("/") else f"{url.path}/", None)
    if scope is not Scope.PAGE:
        if url.path == "/" and url.query is None and url.fragment is None:
            return url
        return CanonicalUrl(url.host, url.port, "/", None)
    fragment = selecting(url)
    return url if fragment == url.fragment else structs.replace(url, fragment=fragment)
