"""Addresses of Matrix: rooms, users and messages by `matrix.to` and by the scheme `matrix:`.

`matrix.to/#/#room:host` names a room, a message in it follows behind a slash, and all parameters only say how to
get there (https://spec.matrix.org/latest/appendices/#uris).

>>> web_form("matrix:r/room:bad.example/e/message?via=other.example")
'https://matrix.to/#/#room:bad.example/$message'
>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.url.form import form_of
>>> target(form_of(canonicalize("https://matrix.to/#/%23room%3Abad.example/$message?via=other.example"))).fragment
Form(host='', port=None, path='/#room:bad.example', params=('$message',), fragment=None)
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from linkgate.core.text.fold import decode_once
from linkgate.core.url.form import Form

HOST = "matrix.to"
_SCHEME = re.compile(
    r"[\x00-\x20]*matrix:(?://)?(r|room|roomid|u|user)/([^/?#]+)(?:/(?:e|event)/([^/?#]+))?", re.IGNORECASE
)
_SIGILS = {"r": "#", "room": "#", "roomid": "!", "u": "@", "user": "@"}


def web_form(link: str) -> str | None:
    """A `matrix:` link as the `https://matrix.to/` link that opens the same; None for any other link."""
    match = _SCHEME.match(link)
    if match is None:
        return None
    message = f"/${match[3]}" if match[3] else ""
    return f"https://{HOST}/#/{_SIGILS[match[1].lower()]}{match[2]}{message}"


def target(form: Form) -> Form:
    """A form whose fragment names a room or user and nothing more, a message as its parameter."""
    fragment = form.fragment
    if form.host != HOST or fragment is None or not fragment.path.startswith("/"):
        return form
    name, _, message = decode_once(fragment.path[1:]).partition("/")
    named = Form("", None, f"/{name}", (message,) if message else ())
    return form if named == fragment else replace(form, fragment=named)
