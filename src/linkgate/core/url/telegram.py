"""Telegram's own addresses: many spellings, one target each.

`t.me`, `telegram.me`, `telegram.dog`, `www.` and `name.t.me` are one host; `/s/name` is the web view of
`/name`; `t.me/+X`, `t.me/joinchat/X` and `tg:join?invite=X` are one invitation; `tg:resolve?domain=name`
opens `t.me/name` (https://core.telegram.org/api/links), and so does `web.telegram.org/k/#@name`.

>>> web_form("tg://resolve?domain=Name&post=7"), web_form("tg:join?invite=AbC"), web_form("tg:settings")
('https://t.me/Name/7', 'https://t.me/+AbC', None)
>>> target("name.t.me", "/7"), target("telegram.me", "/joinchat/AbC"), target("t.me", "/s/Name/7")
('/name/7', '/+AbC', '/name/7')
>>> target("k.t.me", "/name"), target("t.me", "/boost/@name"), target("web.telegram.org", "/k/", "@name")
('/name', '/name', '/name')
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from linkgate.core.text.fold import decode_once

_WEB = "web.telegram.org"
HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog", "tx.me", _WEB})
_SCHEME = re.compile(r"[\x00-\x20]*tg:(?://)?([A-Za-z]+)/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_CLIENTS = frozenset({"a", "k", "z"})  # `k.t.me/name` opens `t.me/name` in one of the web clients
_RESERVED = _CLIENTS | frozenset(
    {"addemoji", "addlist", "addstickers", "addtheme", "auth", "bg", "boost", "c", "confirmphone", "contact"}
    | {"giftcode", "invoice", "iv", "joinchat", "login", "m", "msg", "nft", "proxy", "s", "setlanguage", "share"}
    | {"socks", "web", "www"}
)
# In a web client the fragment is a name, or a parameter that holds one, or a whole `tg:` link.
_NAMED = re.compile(r"(?:/?im\?)?(?:p=)?@([A-Za-z0-9_]+)(?:/([0-9]+))?(?:[&?/].*)?")
_ADDRESSED = re.compile(r"(?:.*[?&])?tgaddr=([^&]*)")
_LEVELS = 3


def web_form(link: str) -> str | None:
    """A `tg:` link as the `https://t.me/` link that opens the same; None for any other link."""
    match = _SCHEME.match(link)
    if not match:
        return None
    values = dict(parse_qsl(match[2]))
    place = _place(match[1].lower(), values)
    return f"https://t.me/{place}" if place else None


def _place(action: str, values: dict[str, str]) -> str | None:
    """The path on `t.me` of what a `tg:` link names."""
    if action == "join" and values.get("invite"):
        return f"+{values['invite']}"
    if action in {"resolve", "openmessage", "boost"} and values.get("domain"):
        post = f"/{values['post']}" if values.get("post") else ""
        return f"{values['domain']}{post}"
    if action == "privatepost" and values.get("channel") and values.get("post"):
        return f"c/{values['channel']}/{values['post']}"
    if action in {"addstickers", "addemoji"} and values.get("set"):
        return f"{action}/{values['set']}"
    if action == "addlist" and values.get("slug"):
        return f"{action}/{values['slug']}"
    return None


def is_telegram(host: str) -> bool:
    """True for the hosts that serve Telegram's public links, and for its web client."""
    return host in HOSTS or host.endswith(".t.me") or (host.startswith("www.") and host[4:] in HOSTS)


def target(host: str, path: str, fragment: str = "") -> str | None:
    """The path on `t.me` that names the same target: user names in lower case, invitations as `/+X`.

    None for a page of the web client that names none.
    """
    if host.removeprefix("www.") == _WEB:
        found = _in_client(fragment)
        return found and target("t.me", found)
    if host.endswith(".t.me") and (name := host[:-5]) not in _RESERVED:
        path = f"/{name}{path if path != '/' else ''}"
    first, _, rest = path[1:].partition("/")
    while first in {"s", "boost"} and rest:
        first, _, rest = rest.partition("/")
    if first == "joinchat" and rest:
        first, _, rest = f"+{rest}".partition("/")
    if first.startswith(("%20", "%2B")):
        first = f"+{first[3:]}"
    if not first.startswith("+"):
        first = first.lower().removeprefix("%40").removeprefix("@")
    return f"/{first}/{rest}" if rest else f"/{first}"


def _in_client(fragment: str) -> str | None:
    """The path on `t.me` for what a fragment names in a web client."""
    for _ in range(_LEVELS):
        if named := _NAMED.fullmatch(fragment):
            return f"/{named[1]}/{named[2]}" if named[2] else f"/{named[1]}"
        if addressed := _ADDRESSED.match(fragment):
            link = web_form(decode_once(addressed[1])) or web_form(decode_once(decode_once(addressed[1])))
            return link and link.removeprefix("https://t.me")
        fragment = decode_once(fragment)
    return None
