"""Telegram's own addresses: many spellings, one target each.

`t.me`, `telegram.me`, `telegram.dog`, `www.` and `name.t.me` are one host; `/s/name` is the web view of
`/name`; `t.me/+X`, `t.me/joinchat/X` and `tg:join?invite=X` are one invitation; `tg:resolve?domain=name`
opens `t.me/name` (https://core.telegram.org/api/links).

>>> web_form("tg://resolve?domain=Name&post=7"), web_form("tg:join?invite=AbC"), web_form("tg:settings")
('https://t.me/Name/7', 'https://t.me/+AbC', None)
>>> target("name.t.me", "/7"), target("telegram.me", "/joinchat/AbC"), target("t.me", "/s/Name/7")
('/name/7', '/+AbC', '/name/7')
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog", "tx.me"})
_SCHEME = re.compile(r"[\x00-\x20]*tg:(?://)?([A-Za-z]+)/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_RESERVED = frozenset(
    {"addemoji", "addlist", "addstickers", "addtheme", "bg", "boost", "c", "confirmphone", "contact", "giftcode"}
    | {"invoice", "iv", "joinchat", "login", "m", "msg", "proxy", "s", "setlanguage", "share", "socks", "web", "www"}
)


def web_form(link: str) -> str | None:
    """A `tg:` link as the `https://t.me/` link that opens the same; None for any other link."""
    match = _SCHEME.match(link)
    if not match:
        return None
    values = dict(parse_qsl(match[2]))
    action = match[1].lower()
    if action == "join" and values.get("invite"):
        return f"https://t.me/+{values['invite']}"
    if action in {"resolve", "openmessage"} and values.get("domain"):
        post = f"/{values['post']}" if values.get("post") else ""
        return f"https://t.me/{values['domain']}{post}"
    if action in {"addstickers", "addemoji"} and values.get("set"):
        return f"https://t.me/{action}/{values['set']}"
    return None


def is_telegram(host: str) -> bool:
    """True for the hosts that serve Telegram's public links."""
    return host in HOSTS or host.endswith(".t.me") or (host.startswith("www.") and host[4:] in HOSTS)


def target(host: str, path: str) -> str:
    """The path on `t.me` that names the same target: user names in lower case, invitations as `/+X`."""
    if host.endswith(".t.me") and (name := host[:-5]) not in _RESERVED:
        path = f"/{name}{path if path != '/' else ''}"
    first, _, rest = path[1:].partition("/")
    if first == "s" and rest:
        first, _, rest = rest.partition("/")
    if first == "joinchat" and rest:
        first, _, rest = f"+{rest}".partition("/")
    if first.startswith(("%20", "%2B")):
        first = f"+{first[3:]}"
    if not first.startswith("+"):
        first = first.lower()
    return f"/{first}/{rest}" if rest else f"/{first}"
