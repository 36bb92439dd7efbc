"""MEGA's addresses: an old and a new form of each, and hosts that are one.

`#!ID!KEY` became `/file/ID#KEY` and `#F!ID!KEY` became `/folder/ID#KEY`; MEGA turns the old into the new. The id
alone says what is shown, the key only opens it. A file or folder in a shared folder follows the key.

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.url.form import form_of
>>> for link in ("mega.co.nz/#!AbCdEfGh!key", "mega.nz/embed/AbCdEfGh#key", "mega.nz/#F!AbCdEfGh!key?HiJkLmNo"):
...     form = target(form_of(canonicalize(link)))
...     form.host, form.path, form.fragment and form.fragment.path
('mega.nz', '/file/AbCdEfGh', None)
('mega.nz', '/file/AbCdEfGh', None)
('mega.nz', '/folder/AbCdEfGh', '/file/HiJkLmNo')
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from linkgate.core.text.fold import decode_once
from linkgate.core.url.form import Form, fragment_text

HOST = "mega.nz"
HOSTS = frozenset({HOST, "mega.co.nz"})
_ID = r"([A-Za-z0-9_\-]+)"
_OLD = re.compile(rf"([FE]?)!{_ID}(?:![A-Za-z0-9_\-]*)?(?:([!?]){_ID})?")
_NEW = re.compile(rf"/(file|folder|embed)/{_ID}/?")
_INSIDE = re.compile(rf"(?:.*/)?(file|folder)/{_ID}/?")


def is_mega(host: str) -> bool:
    """True for the hosts that serve MEGA's shared files.

    >>> is_mega("www.mega.nz"), is_mega("omega.nz")
    (True, False)
    """
    return host.removeprefix("www.") in HOSTS


def target(form: Form) -> Form:
    """A form with the address that MEGA gives the same file or folder today; any other form as it is."""
    if not is_mega(form.host):
        return form
    path, fragment = form.path, fragment_text(form.fragment)
    if path.startswith("/%23"):
        path, fragment = "/", path[4:] + (f"?{form.params[0]}" if form.params else "")
    fragment = decode_once(fragment)
    if old := _OLD.fullmatch(fragment):
        inside = "file" if old[3] == "?" else "folder"
        return _located(form, "folder" if old[1] == "F" else "file", old[2], old[4] and f"/{inside}/{old[4]}")
    if new := _NEW.fullmatch(path):
        sub = _INSIDE.fullmatch(fragment)
        return _located(form, new[1].replace("embed", "file"), new[2], sub and f"/{sub[1]}/{sub[2]}")
    return form if form.host == HOST else replace(form, host=HOST)


def _located(form: Form, kind: str, name: str, inside: str | None) -> Form:
    fragment = Form("", None, inside, ()) if inside and kind == "folder" else None
    return Form(HOST, form.port, f"/{kind}/{name}", (), fragment)
